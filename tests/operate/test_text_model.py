"""A text model comes onto the machine by hand, once, whole or not at all; then `twoway check` knows it."""

import json
import threading
from collections.abc import Iterator
from functools import partial
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from matchengine.text.folder import FolderModel, read_seal
from tests.engine.compass import make_folder
from tests.operate.processes import free_port
from twoway.operate.checks import settings_findings
from twoway.operate.cli import main
from twoway.operate.trouble import Trouble

pytestmark = pytest.mark.row("P-02")
COMMIT = "0123456789abcdef0123456789abcdef01234567"


class Publisher(BaseHTTPRequestHandler):
    """A place that publishes what is in a folder, on this machine, as model publishers do."""

    def __init__(self, *args: Any, folder: Path, **kwargs: Any) -> None:
        self.folder = folder
        super().__init__(*args, **kwargs)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def _answer(self, with_body: bool) -> None:
        files = {path.relative_to(self.folder).as_posix(): path for path in self.folder.rglob("*") if path.is_file()}
        name = self.path.partition(f"/resolve/{COMMIT}/")[2]
        if self.path.startswith("/api/models/our/compass"):
            about = {
                "id": "our/compass", "sha": COMMIT, "siblings": [{"rfilename": name} for name in sorted(files)],
                "cardData": {"license": "apache-2.0"},
            }  # fmt: skip
            body = json.dumps(about).encode()
        elif self.path.startswith("/our/compass/") and name in files:
            body = files[name].read_bytes()
        else:
            self.send_response(404)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("ETag", f'"{sha256(body).hexdigest()}"')
        self.send_header("X-Repo-Commit", COMMIT)
        self.end_headers()
        if with_body:
            self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        """Says nothing."""


@pytest.fixture
def published(tmp_path: Path) -> Path:
    folder = make_folder(tmp_path / "published")
    (folder / "weights.pickle").write_bytes(b"never fetched")
    return folder


@pytest.fixture
def mirror(published: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Publisher, folder=published))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def fetch(mirror: str, into: Path, name: str = "our/compass") -> int:
    return main(["fetch-text-model", name, "--into", str(into), "--mirror", mirror])


def test_a_model_is_fetched_sealed_and_ready(mirror: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert fetch(mirror, tmp_path / "model") == 0

    model = FolderModel(tmp_path / "model")
    assert (read_seal(tmp_path / "model").name, read_seal(tmp_path / "model").revision) == ("our/compass", COMMIT)
    assert sorted(read_seal(tmp_path / "model").files) == [
        "1_Pooling/config.json", "modules.json", "onnx/model.onnx", "sentence_bert_config.json", "tokenizer.json",
    ]  # fmt: skip
    said = capsys.readouterr().out.splitlines()
    assert said[-3:] == [
        "Its publisher names this licence: apache-2.0.",
        f"our/compass is sealed, checksum {model.checksum}.",
        f"To use it set TWOWAY_TEXT_MODEL={tmp_path / 'model'} for the web processes and the worker, "
        "then start them again.",
    ]


def test_what_is_there_is_never_overwritten(mirror: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "model").mkdir()

    assert fetch(mirror, tmp_path / "model") == 2
    assert capsys.readouterr().err == (
        f"twoway: {tmp_path / 'model'} is there already. Name a folder that does not exist yet.\n"
    )
    assert list((tmp_path / "model").iterdir()) == []


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("onnx/model.onnx", "is published without onnx/model.onnx or model.onnx"),
        ("tokenizer.json", "no tokenizer.json"),
    ],
)
def test_a_model_that_cannot_be_used_leaves_nothing_behind(
    mirror: str, published: Path, tmp_path: Path, file: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (published / file).unlink()
    before = sorted(tmp_path.iterdir())

    assert fetch(mirror, tmp_path / "model") == 2
    assert words in capsys.readouterr().err
    assert sorted(tmp_path.iterdir()) == before


def test_numbers_kept_elsewhere_are_refused(
    mirror: str, published: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (published / "onnx" / "model.onnx_data").write_bytes(b"")

    assert fetch(mirror, tmp_path / "model") == 2
    assert "keeps its numbers outside onnx/model.onnx" in capsys.readouterr().err


def test_a_name_nobody_publishes_is_said(mirror: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert fetch(mirror, tmp_path / "model", "our/nothing") == 2
    assert capsys.readouterr().err.splitlines()[-1].startswith("twoway: our/nothing could not be fetched: ")
    assert not (tmp_path / "model").exists()


def test_no_network_is_said_in_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert fetch(f"http://127.0.0.1:{free_port()}", tmp_path / "model") == 2
    assert capsys.readouterr().err.splitlines()[-1].startswith("twoway: our/compass could not be fetched: ")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_brought_by_other_means_is_sealed(published: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (published / "weights.pickle").unlink()

    assert main(["seal-text-model", str(published), "--name", "ours"]) == 0
    assert FolderModel(published).name == "ours"
    assert main(["seal-text-model", str(published / "nowhere")]) == 2
    assert capsys.readouterr().err == f"twoway: {published / 'nowhere'} is not a folder.\n"


@pytest.mark.django_db
def test_check_says_whether_the_model_loads(published: Path, settings: Any) -> None:
    main(["seal-text-model", str(published), "--name", "ours"])

    def said() -> list[tuple[str, str]]:
        return [(one.level, one.words[:34]) for one in settings_findings() if "text" in one.words.casefold()]

    settings.TEXT_MODEL = str(published)
    assert said() == [("good", "Free texts are read by ours, check")]
    published.chmod(0o777)
    assert [level for level, _words in said()] == ["good", "warning"]
    settings.TEXT_MODEL = str(published / "onnx")
    assert said() == [("fault", "TWOWAY_TEXT_MODEL cannot be used: ")]


def test_the_command_is_trouble_without_its_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from twoway.operate import text_model

    monkeypatch.setitem(__import__("sys").modules, "huggingface_hub", None)

    with pytest.raises(Trouble, match="its extra text: the package huggingface-hub is missing"):
        text_model.fetch(name="our/compass", into=str(tmp_path / "m"), revision="", prefix="", mirror="")
