"""A private Python environment for each peer, made when it is first wanted and kept beside the checkout's own.

The packages are fetched by name and version only, and are no part of what Twoway needs: the tests never ask for them.
"""

import shutil
import subprocess
import sys
from pathlib import Path

from bench.installation import Broken, say
from tests.operate.processes import ROOT

FOLDER = ROOT / ".dev" / "peers"
VERSIONS = {
    "mentor-match": "7.0.1",
    "matching": "1.4.3",
    "algmatch": "1.5.2",
    "mentormatch": "1.1",
    "ortools": "9.15.6755",
}
"""mentor-match and matching have the same import name: another reason for one environment each."""


def python_of(package: str) -> Path:
    """The Python of a peer's environment, whether it is there or not."""
    return FOLDER / f"{package}-{VERSIONS[package]}" / "bin" / "python"


def is_there(package: str) -> bool:
    return _stamp(package).exists()


def make(package: str) -> Path:
    """The Python of a peer's environment, made first if it has to be."""
    python = python_of(package)
    if is_there(package):
        return python
    say(f"making an environment for {package} {VERSIONS[package]}")
    shutil.rmtree(python.parent.parent, ignore_errors=True)
    base = getattr(sys, "_base_executable", sys.executable)
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    for command in ([base, "-m", "venv", str(python.parent.parent)], [*pip, f"{package}=={VERSIONS[package]}"]):
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        if done.returncode:
            raise Broken(f"{package} could not be installed; is the package registry reached?")
    _stamp(package).touch()
    return python


def _stamp(package: str) -> Path:
    """Made last: an environment without it was never finished."""
    return python_of(package).parent.parent / "finished"
