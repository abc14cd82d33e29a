"""The engine on a crowd that takes long: kept after each round, and gone on from there by whoever runs it again."""

import json
import sys
from pathlib import Path

from ours import wake_all
from stopwatch import Stopwatch, most_memory, tell

from bench.matching.crowd import crowd
from bench.matching.people import problem_of
from matchengine import solve
from matchengine.keeping import KeptFile

BROKEN = 75


class Counted(KeptFile):
    """Beside the search lies what it has cost so far: of each part that was broken, up to its last whole round."""

    def __init__(self, path, most):
        super().__init__(path)
        self.beside, self.most, self.watch = Path(f"{path}.cost"), most, Stopwatch()
        self.before = {"seconds": 0, "cpu": 0, "memory": 0, "rounds": 0, "parts": 0}
        self.here = 0

    def take_up(self, mark, people, mentors):
        state = super().take_up(mark, people, mentors)
        if state is not None and self.beside.exists():
            self.before = json.loads(self.beside.read_text())
        return state

    def keep(self, mark, state):
        super().keep(mark, state)
        self.here += 1
        part = self.beside.with_name(self.beside.name + ".part")
        part.write_text(json.dumps(self.cost()))
        part.replace(self.beside)
        if self.here == self.most:
            sys.exit(BROKEN)

    def cost(self):
        spent = {**self.watch.read(), "rounds": self.here, "parts": 1}
        whole = {name: self.before[name] + value for name, value in spent.items()}
        return {**whole, "memory": max(self.before["memory"], most_memory())}

    def remove(self):
        super().remove()
        self.beside.unlink(missing_ok=True)


def main(kind, mentees, mentors, out, file, gap, threads, small, most):
    problem = problem_of(crowd(kind, int(mentees), int(mentors)))
    wake_all()
    kept = Counted(Path(file), int(most))
    result = solve(problem, gap=gap, threads=int(threads), small=int(small), kept=kept)
    cost = kept.cost()
    pairs = [(int(one.mentee[1:]), int(one.mentor[1:])) for one in result.pairs]
    best = result.bound - result.per_person * len(result.pairs)
    below = result.bound - result.value
    tell(out, **cost, pairs=pairs, below=below, best=best)
    kept.remove()


if __name__ == "__main__":
    main(*sys.argv[1:])
