"""The whole test command: in a new clone without an environment, and once more with it."""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.table import Section, duration
from tests.operate.processes import ROOT

NOT_ASKED = "The whole test command: not measured, since it takes about a quarter of an hour twice; `bench tests` does."


def measure() -> Section:
    section = Section("The whole test command", ("Run", "time", "its last line"))
    with tempfile.TemporaryDirectory(prefix="twoway-bench-") as folder:
        clone = Path(folder) / "clone"
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
        python = getattr(sys, "_base_executable", sys.executable)
        for name in ("cold: a new clone, no environment", "warm: once more"):
            began = time.perf_counter()
            done = subprocess.run([python, "dev.py", "test"], cwd=clone, stdout=subprocess.PIPE, text=True)
            last = ([line for line in done.stdout.splitlines() if line.strip()] or ["nothing"])[-1]
            section.rows.append((name, duration(time.perf_counter() - began), last))
    return section
