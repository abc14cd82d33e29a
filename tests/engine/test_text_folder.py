"""A model in a folder is used as it was sealed, byte for byte, or not at all."""

import json
from pathlib import Path
from typing import Any

import pytest

from matchengine.text import folder as folder_module
from matchengine.text.folder import SEAL, FolderModel, read_seal, seal
from matchengine.text.models import open_model
from matchengine.text.reader import UnusableModel, as_bytes, thousandths_between
from tests.engine.compass import Compass, make_folder, onnx_of

pytestmark = pytest.mark.row("M-05")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = make_folder(tmp_path / "model")
    seal(made, "compass")
    return made


def test_a_sealed_folder_reads_as_its_table_says(folder: Path) -> None:
    model, same = open_model(str(folder)), Compass()

    for sentence in ("Budgets", "speak of money", "I paint at night, tired."):
        assert thousandths_between(as_bytes(model.vector(sentence)), as_bytes(same.vector(sentence))) >= 985
    assert (model.name, model.size, model.everything) == ("compass", 2, read_seal(folder).everything)
    assert as_bytes(model.vector("")) == as_bytes(model.vector("unknown words only")) == b"\0\0"


def test_the_checksum_is_of_all_of_it(folder: Path, tmp_path: Path) -> None:
    same, other = make_folder(tmp_path / "same"), make_folder(tmp_path / "other")

    assert seal(same, "compass").checksum == FolderModel(folder).checksum
    assert seal(other, "compass", prefix="query: ").checksum != FolderModel(folder).checksum


@pytest.mark.parametrize("name", ["onnx/model.onnx", "tokenizer.json", "1_Pooling/config.json", "modules.json"])
def test_one_changed_byte_is_refused(folder: Path, name: str) -> None:
    data = bytearray((folder / name).read_bytes())
    data[len(data) // 2] ^= 1
    (folder / name).write_bytes(data)

    with pytest.raises(UnusableModel, match=f"{name} is not the file that was sealed"):
        FolderModel(folder)


def test_a_missing_file_and_a_new_one_are_refused(folder: Path) -> None:
    (folder / "extra.onnx").write_bytes(b"")
    with pytest.raises(UnusableModel, match=r"extra\.onnx was not there"):
        FolderModel(folder)

    (folder / "extra.onnx").unlink()
    (folder / "tokenizer.json").unlink()
    with pytest.raises(UnusableModel, match=r"tokenizer\.json is not the file"):
        FolderModel(folder)


@pytest.mark.parametrize(
    "change",
    [{"nothing": 1}, {"pooling": "first"}, {"size": "2"}, {"format": "?"}, {"more": 1}, {"checksum": "0" * 64}],
)
def test_a_changed_seal_is_refused(folder: Path, change: dict[str, Any]) -> None:
    content = json.loads((folder / SEAL).read_text())
    (folder / SEAL).write_text(json.dumps(content | change))

    with pytest.raises(UnusableModel, match=SEAL):
        FolderModel(folder)


def test_a_folder_without_a_seal_or_without_anything_is_refused(tmp_path: Path) -> None:
    for missing in (make_folder(tmp_path / "unsealed"), tmp_path / "nowhere"):
        with pytest.raises(UnusableModel, match="holds no sealed text model"):
            open_model(str(missing))


def test_a_link_out_of_the_folder_is_refused(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere.json").write_text("{}")
    (folder / "linked.json").symlink_to(tmp_path / "elsewhere.json")

    with pytest.raises(UnusableModel, match="leads out of the folder"):
        FolderModel(folder)


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"onnx__model.onnx": b"no model"}, "the model does not load"),
        ({"tokenizer.json": b"{}"}, "the model does not load"),
        ({"modules.json": [{"type": "x.models.Dense"}]}, "a step Dense that its ONNX file does not hold"),
        ({"1_Pooling__config.json": {"pooling_mode_lasttoken": True}}, "way of pooling is not known"),
        ({"1_Pooling__config.json": {"pooling_mode": "max"}}, "way of pooling is not known: max"),
        ({"1_Pooling__config.json": b"{"}, "is not JSON"),
        ({"sentence_bert_config.json": []}, "is not JSON"),
    ],
)
def test_what_cannot_be_read_rightly_is_not_sealed(tmp_path: Path, files: dict[str, Any], said: str) -> None:
    made = make_folder(tmp_path / "model", **files)

    with pytest.raises(UnusableModel, match=said):
        seal(made, "compass")
    assert not (made / SEAL).exists()


def test_a_folder_must_hold_a_model_and_a_tokenizer(tmp_path: Path) -> None:
    made = make_folder(tmp_path / "model")
    (made / "tokenizer.json").unlink()
    with pytest.raises(UnusableModel, match=r"no tokenizer\.json"):
        seal(made, "compass")

    (made / "onnx" / "model.onnx").unlink()
    with pytest.raises(UnusableModel, match="no ONNX file"):
        seal(made, "compass")
    with pytest.raises(UnusableModel, match="is not a folder"):
        seal(tmp_path / "nowhere", "compass")


def test_a_model_that_tells_nothing_apart_is_not_sealed(tmp_path: Path) -> None:
    made = make_folder(tmp_path / "model", **{"onnx__model.onnx": onnx_of([(1.0, 0.0)] * 400)})

    with pytest.raises(UnusableModel, match="does not put sentences that mean the same nearer"):
        seal(made, "flat")


@pytest.mark.parametrize(
    ("config", "pooling"),
    [
        ({"pooling_mode_mean_tokens": True, "include_prompt": True}, "mean"),
        ({"pooling_mode_cls_token": True, "pooling_mode_mean_tokens": False}, "first"),
        ({"pooling_mode": "cls"}, "first"),
        ({}, "mean"),
    ],
)
def test_the_way_of_pooling_is_read_old_and_new(folder: Path, config: dict[str, Any], pooling: str) -> None:
    (folder / "1_Pooling" / "config.json").write_text(json.dumps(config))

    assert folder_module._pooling(folder) == pooling
