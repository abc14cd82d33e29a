"""`python3 dev.py mutants`: turn each predicate of each rules.py to true, one at a time. The access suite must
fail every time; a predicate that nobody misses is not guarding anything."""

import ast
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

SOURCE = Path(__file__).parents[1] / "src"
SUITE = ["tests/house/test_access.py", "tests/house/test_labels.py", "tests/loops/test_access.py"]


def predicates() -> list[str]:
    """Every public function of every rules.py, and the one that decides audiences: "twoway.people.rules:may_..."."""
    files = [*sorted(SOURCE.glob("twoway/*/rules.py")), SOURCE / "twoway/people/audience.py"]
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


def survives(mutant: str) -> bool:
    """Whether the access suite still passes although this predicate always says yes."""
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *SUITE],
        env={**os.environ, "TWOWAY_MUTANT": mutant},
        capture_output=True,
        text=True,
    )
    if run.returncode not in (0, 1):
        raise SystemExit(f"{mutant}: the suite did not run\n{run.stdout[-3000:]}{run.stderr[-1000:]}")
    return run.returncode == 0


def main() -> int:
    everyone = predicates()
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 2) as pool:
        alive = [mutant for mutant, lives in zip(everyone, pool.map(survives, everyone), strict=True) if lives]
    for mutant in alive:
        print(f"survived: {mutant}")
    print(f"{len(everyone) - len(alive)} passed, {len(alive)} failed")
    return 1 if alive else 0


if __name__ == "__main__":
    sys.exit(main())
