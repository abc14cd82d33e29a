"""`python3 dev.py mutants`: turn each predicate of each rules.py to true, one at a time. The access suite must
fail every time; a predicate that nobody misses is not guarding anything.

First the suite runs as it is, and must pass: else every failure after it would mean nothing. A predicate counts as
missed only where a test failed; a suite that did not come to its tests stops everything.
"""

import ast
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from xml.etree import ElementTree

SOURCE = Path(__file__).parents[1] / "src"
SUITE = ["tests/loops/test_access.py", "tests/house/test_access.py", "tests/house/test_labels.py"]  # the quickest first


class Broken(Exception):
    """The suite did not come to its tests, or failed around them."""


def main() -> int:
    began = time.monotonic()
    everyone = predicates()
    pool = ThreadPoolExecutor(max_workers=os.cpu_count() or 2)
    try:
        if failed := first_failure(""):
            print(f"FAILED: {failed}, while every predicate is as it should be")
            return 1
        print(f"The access suite passes as it is. Now {len(everyone)} predicates, one at a time:", flush=True)
        killers = zip(everyone, pool.map(first_failure, everyone), strict=True)
        alive = sum(survives(mutant, killer) for mutant, killer in killers)
    except Broken as broken:
        print(f"FAILED: {broken}")
        return 1
    finally:
        pool.shutdown(cancel_futures=True)
    print(f"{time.monotonic() - began:.0f} s")
    print(f"{len(everyone) - alive} passed, {alive} failed")
    return 1 if alive else 0


def predicates() -> list[str]:
    """Every public function of every rules.py, and the one that decides audiences: "twoway.people.rules:may_..."."""
    files = [*sorted(SOURCE.glob("twoway/**/rules.py")), SOURCE / "twoway/people/audience.py"]
    found = []
    for path in files:
        module = ".".join(path.relative_to(SOURCE).with_suffix("").parts)
        for node in ast.parse(path.read_text()).body:
            if (
                isinstance(node, ast.FunctionDef)
                and not node.name.startswith("_")
                and ast.unparse(node.returns or ast.Constant("")) == "bool"
            ):
                found.append(f"{module}:{node.name}")
    return found


def first_failure(mutant: str) -> str:
    """The first test of the access suite that fails where this predicate always says yes; "" where none does."""
    with tempfile.TemporaryDirectory(prefix="twoway-mutant-") as scratch:
        report = Path(scratch) / "report.xml"
        run = subprocess.run(
            [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", f"--junitxml={report}", *SUITE],
            env={**os.environ, "TWOWAY_MUTANT": mutant, "TMPDIR": scratch},
            capture_output=True,
            text=True,
        )
        killer = failed_in(report) if run.returncode == 1 else ""
    if run.returncode not in (0, 1) or (run.returncode == 1 and not killer):
        raise Broken(f"{mutant or 'as it is'}: the suite did not run\n{run.stdout[-3000:]}{run.stderr[-1000:]}")
    return killer


def failed_in(report: Path) -> str:
    """The first failed test of pytest's report. An error before or after a test is none."""
    for case in ElementTree.parse(report).iter("testcase"):
        if case.find("failure") is not None:
            return f"{case.get('classname', '').replace('.', '/')}.py::{case.get('name')}"
    return ""


def survives(mutant: str, killer: str) -> bool:
    """Says what became of it."""
    print(f"{mutant} killed by {killer}" if killer else f"SURVIVED: {mutant}", flush=True)
    return not killer


if __name__ == "__main__":
    sys.exit(main())
