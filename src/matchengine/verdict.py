"""What the verifier found, and the sentence that says it."""

from __future__ import annotations

from dataclasses import dataclass

from matchengine.result import Gap


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the verifier found. `proven`: valid, and best possible or within the gap that the receipt states. `faults`
    says in English what is wrong.

    `value` is what the pairs are worth by the verifier's own count; `bound` what no match can exceed by the
    receipt's prices; `gap` the difference, 0 when best, and without meaning where the pairs break a rule.
    `levels` is the most mentors that anybody wants, `made` the number of pairs.
    `within` is there where the receipt states a gap, counted by the verifier; `scorer` names the model that read the
    texts, if one did.
    """

    proven: bool
    faults: tuple[str, ...]
    placed: int
    people: int
    total: int
    value: int
    bound: int
    objective: str
    per_person: int
    floor: int
    within: Gap | None = None
    scorer: str = ""
    levels: int = 1
    made: int = 0

    @property
    def gap(self) -> int:
        """How much better a match could still be at most."""
        return self.bound - self.value

    @property
    def about_texts(self) -> str:
        """What is not proven of texts that a model read; empty where none did."""
        if not self.scorer:
            return ""
        return (
            f"The texts count by the numbers that {self.scorer} gave them, as the problem keeps them: "
            f"the points were counted again from these numbers, but the texts were not read again."
        )

    @property
    def sentence(self) -> str:
        """One sentence: what was proven, or what is wrong first."""
        if not self.proven:
            return f"Not proven: {self.faults[0]}"
        if self.within is not None:
            return self._near
        if self.objective == "stable":
            could = self.bound // self.per_person
            return (
                f"Proven: {self.placed} of {self.people} people are placed with {self.total} points in all, "
                f"every rule and seat is kept, and no two would both rather have each other. "
                f"At most {could} could be placed, then with {self.bound - could * self.per_person} points at most."
            )
        if self.objective == "maximin_then_best":
            return (
                f"Proven: {self.placed} of {self.people} people are placed, no match places more, every rule and seat "
                f"is kept, no pair could be lifted above {self.floor} points without another falling below it, and "
                f"with {self.total} points in all no such match is better (value and bound are both {self.value})."
            )
        boards = "" if self.levels == 1 else f" in {self.made} pairs"
        if self.levels > 1 and self.objective == "most_then_best":
            boards += ", nobody has a second mentor where somebody else could have a first,"
        return (
            f"Proven: {self.placed} of {self.people} people are placed{boards} with {self.total} points in all, "
            f"every rule and seat is kept, and no other match under these rules is better "
            f"(value and bound are both {self.value})."
        )

    @property
    def _near(self) -> str:
        """As `sentence`, where another match may be better, and by how much at most."""
        assert self.within is not None
        told = f"Proven: {self.placed} of {self.people} people are placed"
        told += "" if self.levels == 1 else f" in {self.made} pairs"
        points = "1 point" if self.within.points == 1 else f"{self.within.points} points"
        by = f"at most {self.within.per_cent} % ({points}) below"
        numbers = f"(the value is {self.value}, the bound {self.value + self.within.points})"
        if self.objective == "best_total":
            return (
                f"{told}, every rule and seat is kept, and the total of {self.total} points is {by} the best {numbers}."
            )
        if self.objective == "maximin_then_best":
            return (
                f"{told}, no match places more, every rule and seat is kept, no pair could be lifted above "
                f"{self.floor} points without another falling below it, and the total of {self.total} points is {by} "
                f"the best that such a match can have {numbers}."
            )
        most = "no match places more"
        if self.levels > 1:
            most += " or fills more places, nobody has a second mentor where somebody else could have a first"
        return (
            f"{told}, {most}, every rule and seat is kept, and the total of {self.total} points is {by} "
            f"the best possible {numbers}."
        )
