"""A long run that is broken goes on: what its search knows lies in one file, written anew after each round.

The file says whose search it is (people, rules, objective, seed and engine) and holds plain arrays under a sha256,
so that it is never taken for another's and no damage goes unseen. It begins with that digest of all the rest and a
line break; then a line of JSON; then the arrays in the order of `_arrays`, lowest byte first.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, fields
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO, Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from matchengine.canonical import canonical, digest, digest_of_people, rules_of
from matchengine.problem import TOP_SCORE, Problem
from matchengine.receipt import ENGINE
from matchengine.shares import Ints
from matchengine.solvers.pairs import Assignment
from matchengine.solvers.standing import Standing

T = TypeVar("T")

FORMAT = "matchengine search 2"
CHUNK = 1 << 20


class UnusableSearch(ValueError):
    """What is kept in this file cannot be gone on from. The text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Whose search it is: digests of people and rules, and what was asked. Threads and a gap may be others."""

    engine: str
    people: str
    rules: str
    objective: str
    seed: int


@dataclass(frozen=True, slots=True)
class State:
    """Where a run of several searches stands: those `finished`, each with n mentees and m mentors, and the one under
    way."""

    finished: tuple[Assignment, ...]
    standing: Standing | None


class Keeper(Protocol):
    """Somewhere to keep the state of a run between its rounds."""

    def take_up(self, mark: Mark, people: int, mentors: int) -> State | None:
        """What was kept, or None. Raises UnusableSearch where it is not that of this mark."""

    def keep(self, mark: Mark, state: State) -> None:
        """Keep this in place of what was kept before: all of it, or nothing."""


class KeptFile:
    """A file to keep a run in. Example: `solve(problem, kept=KeptFile(Path("search.kept")))`.

    It is written beside itself and then put in its place, so that a run killed at any moment leaves the last whole
    round. `rounds` says how many there were when it was taken up. Size: six bytes a pair on the lists, some for each
    person; as much memory while it is written.
    """

    def __init__(self, path: Path) -> None:
        self.path, self.rounds, self.is_ours = path, 0, False
        self._part = path.with_name(path.name + ".part")

    def take_up(self, mark: Mark, people: int, mentors: int) -> State | None:
        if not self.path.exists():
            return None
        try:
            with self.path.open("rb") as file:
                state = _read(file, mark, people, mentors)
        except UnusableSearch as error:
            raise UnusableSearch(
                f"{self.path}: {error} Name another file, or remove this one to begin anew."
            ) from error
        self.is_ours = True
        self.rounds = state.standing.rounds if state.standing is not None else 0
        return state

    def keep(self, mark: Mark, state: State) -> None:
        try:
            with self._part.open("wb") as file:
                _write(file, mark, state)
            self._part.replace(self.path)
        except OSError as error:
            self._part.unlink(missing_ok=True)
            raise OSError(error.errno, error.strerror, str(self.path)) from error
        self.is_ours = True

    def remove(self) -> None:
        """When the run is over and its result written. A file that was never of this run stays."""
        if self.is_ours:
            self._part.unlink(missing_ok=True)
            self.path.unlink(missing_ok=True)


class Searches:
    """The searches of one run, one after the other. What a keeper has of them is not done again."""

    def __init__(self, keeper: Keeper | None, mark: Callable[[], Mark], people: int, mentors: int) -> None:
        self.keeper, self.at = keeper, 0
        self.finished: list[Assignment] = []
        self.begun: Standing | None = None
        if keeper is None:
            return
        self.mark = mark()
        state = keeper.take_up(self.mark, people, mentors)
        if state is not None:
            self.finished, self.begun = list(state.finished), state.standing

    def run(self, search: Callable[..., Assignment], *, is_last: bool) -> Assignment:
        """The next search, called with `begun` where it stood and with `keep`. The last of them is never kept as
        finished: how near to the best it has to come may be asked anew."""
        self.at += 1
        if self.at <= len(self.finished):
            return self.finished[self.at - 1]
        begun, self.begun = self.begun, None
        found = search(begun=begun, keep=self._keep)
        if not is_last:
            self.finished.append(found)
            self._keep(None)
        return found

    def only(self, search: Callable[..., T]) -> T:
        """As `run` for a run of one search."""
        begun, self.begun = self.begun, None
        return search(begun=begun, keep=self._keep)

    def _keep(self, standing: Standing | None) -> None:
        if self.keeper is not None:
            self.keeper.keep(self.mark, State(tuple(self.finished), standing))


def mark_of(problem: Problem, objective: str, seed: int) -> Mark:
    """Of a run of this problem by this engine."""
    return Mark(ENGINE, digest_of_people(problem), digest(rules_of(problem)), objective, seed)


# --- the file ---------------------------------------------------------------------------------------

_SAID = {
    "people": "was kept of other people.",
    "rules": "was kept under other rules.",
    "objective": "was kept for another objective: {}.",
    "seed": "was kept with another seed: {}.",
    "engine": "was kept by another engine: {}.",
}
_DAMAGED = "this is not a kept search, or it was damaged."
_EARLIER = "this search was kept by another version of the engine. Name a new file, or remove this."


def _arrays(
    people: int, mentors: int, entries: int, finished: int, boards: int = 0
) -> dict[str, tuple[str, tuple[int, ...]]]:
    """Each array's type and shape. `counts` are the lengths of the lists. With `boards` (1) the match is which entries
    sit together."""
    match = {"sits": ("|u1", (entries,))} if boards else {"mentor_of": ("<i4", (people,))}
    return {
        "counts": ("<i4", (people,)),
        "cols": ("<i4", (entries,)),
        "scores": ("<i2", (entries,)),
        **match,
        "prices": ("<i8", (mentors,)),
        "finished_mentor_of": ("<i4", (finished, people)),
        "finished_prices": ("<i8", (finished, mentors)),
        "finished_gains": ("<i8", (finished, people)),
    }


def _write(file: BinaryIO, mark: Mark, state: State) -> None:
    """Until it is on the disk."""
    sealed = sha256()
    file.write(bytes(2 * sealed.digest_size) + b"\n")
    for piece in _written(mark, state):
        sealed.update(piece)
        file.write(piece)
    file.seek(0)
    file.write(sealed.hexdigest().encode("ascii"))
    file.flush()
    os.fsync(file.fileno())


def _written(mark: Mark, state: State) -> Iterable[bytes | memoryview]:
    at, done = state.standing, state.finished
    sizes = {"people": 0, "mentors": 0, "entries": 0, "finished": len(done)}
    values: dict[str, npt.NDArray[Any]] = {}
    if at is not None:
        people, mentors = len(at.mentor_of), len(at.prices)
        sizes |= {"people": people, "mentors": mentors, "entries": len(at.cols)}
        sizes |= {} if at.sits is None else {"boards": 1}
        counts = np.bincount(at.rows, minlength=people)
        values |= {
            "counts": counts, "cols": at.cols, "scores": at.scores, "mentor_of": at.mentor_of, "prices": at.prices
        }  # fmt: skip
        values |= {} if at.sits is None else {"sits": at.sits}
    if done:
        sizes |= {"people": len(done[0].mentor_of), "mentors": len(done[0].prices)}
        for name in ("mentor_of", "prices", "gains"):
            values[f"finished_{name}"] = np.stack([getattr(one, name) for one in done])
    under_way = None if at is None else {"rounds": at.rounds, "is_best": at.is_best}
    head = {"format": FORMAT, "mark": asdict(mark), "sizes": sizes, "standing": under_way}
    yield canonical(head).encode("ascii") + b"\n"
    for name, (kind, _shape) in _arrays(**sizes).items():
        if name in values:
            yield np.ascontiguousarray(values[name], dtype=kind).data


def _read(file: BinaryIO, mark: Mark, people: int, mentors: int) -> State:
    """Raises UnusableSearch unless every byte is as it was written, of this mark, and of so many people."""
    told = file.read(65)
    sealed = sha256()
    while piece := file.read(CHUNK):
        sealed.update(piece)
    if told != sealed.hexdigest().encode("ascii") + b"\n":
        raise UnusableSearch(_DAMAGED)
    file.seek(65)
    try:
        head = json.loads(file.readline())
        if head["format"] != FORMAT:
            raise UnusableSearch(_EARLIER if str(head["format"]).startswith(FORMAT[:-1]) else _DAMAGED)
        kept = Mark(**head["mark"])
        for field in fields(Mark):
            if getattr(kept, field.name) != getattr(mark, field.name):
                raise UnusableSearch(f"this search {_SAID[field.name].format(getattr(kept, field.name))}")
        sizes, under_way = head["sizes"], head["standing"]
        found = _read_arrays(file, sizes, people, mentors, is_begun=under_way is not None)
        return State(_finished(found, sizes["finished"]), _standing(found, under_way))
    except UnusableSearch:
        raise
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise UnusableSearch(_DAMAGED) from error


def _read_arrays(
    file: BinaryIO, sizes: dict[str, int], people: int, mentors: int, *, is_begun: bool
) -> dict[str, Ints]:
    """All of them with their shapes and within their bounds, as the solvers have them."""
    if (sizes["people"], sizes["mentors"]) != (people, mentors):
        raise UnusableSearch(_DAMAGED)
    found = {}
    for name, (kind, shape) in _arrays(**sizes).items():
        if is_begun or name.startswith("finished"):
            number = int(np.prod(shape))
            values = np.fromfile(file, dtype=kind, count=number)
            if len(values) != number:
                raise UnusableSearch(_DAMAGED)
            found[name] = values.astype(np.int64).reshape(shape)
    if file.read(1) or not all(_is_within(name, values, mentors) for name, values in found.items()):
        raise UnusableSearch(_DAMAGED)
    if is_begun and int(found["counts"].sum()) != sizes["entries"]:
        raise UnusableSearch(_DAMAGED)
    return found


def _is_within(name: str, values: Ints, mentors: int) -> bool:
    if not values.size:
        return True
    least, most = int(values.min()), int(values.max())
    if name.endswith("mentor_of"):
        return least >= -1 and most < mentors
    bounds = {"cols": mentors - 1, "scores": TOP_SCORE, "sits": 1}
    return least >= 0 and most <= bounds.get(name, most)


def _standing(found: dict[str, Ints], under_way: dict[str, Any] | None) -> Standing | None:
    if under_way is None:
        return None
    rows = np.repeat(np.arange(len(found["counts"])), found["counts"])
    nobody = np.full(len(found["counts"]), -1, dtype=np.int64)
    sits = found["sits"].astype(np.bool_) if "sits" in found else None
    match = found.get("mentor_of", nobody)
    return Standing(rows, found["cols"], found["scores"], match, found["prices"], **under_way, sits=sits)


def _finished(found: dict[str, Ints], number: int) -> tuple[Assignment, ...]:
    each = (found["finished_mentor_of"], found["finished_prices"], found["finished_gains"])
    return tuple(Assignment(*(values[at] for values in each)) for at in range(number))
