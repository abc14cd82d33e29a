"""Checking a kept receipt again, with the verifier that shares no code with the solver."""

from dataclasses import dataclass

from matchengine import InvalidProblem, UnreadableReceipt, problem_from_json, receipt_from_json, verify
from matchengine.canonical import canonical
from twoway.matching.models import Round
from twoway.matching.wished import NAMED
from twoway.signup.models import Question

SMALL = 20_000
"""So many pairs are checked while the reader waits; more are left to the clock."""


@dataclass(frozen=True)
class Check:
    holds: bool
    words: str


def check_receipt(round: Round) -> Check:
    """Whether the kept receipt proves the kept problem's match. A changed byte in either makes it fail."""
    try:
        problem = problem_from_json(problem_text(round))
        verdict = verify(problem, receipt_from_json(receipt_text(round)))
    except (InvalidProblem, UnreadableReceipt) as fault:
        return Check(False, str(fault))
    return Check(verdict.proven, verdict.sentence)


def is_small(round: Round) -> bool:
    return round.figures.get("mentees", 0) * round.figures.get("mentors", 0) <= SMALL


def holds_wishes(round: Round) -> bool:
    """Whether the kept problem says who wished for whom, or what matters most to somebody: that is theirs alone."""
    problem = round.problem or {}
    named = any(one["kind"] == NAMED for one in problem.get("criteria", []))
    return named or any("matters_most" in one for one in problem.get("mentees", []))


def holds_private(round: Round) -> bool:
    """Whether the kept problem says what is somebody's own: their wishes, whom they would rather not be put together
    with, or what they said of themselves for such wishes alone."""
    problem = round.problem or {}
    asked = [one for one in problem.get("criteria", []) if one["kind"] == Question.Use.PREFERENCE]
    of_traits = any(
        one["mentor" if side == "mentors" else "mentee"] in person["answers"]
        for side in ("mentees", "mentors")
        for one in asked
        for person in problem[side]
    )
    # A round of before this was noted may hold private wishes wherever it keeps anybody apart.
    apart = round.figures.get("private", bool(problem.get("apart")))
    return of_traits or apart or holds_wishes(round)


def problem_text(round: Round) -> str:
    """The problem as the engine writes it."""
    return canonical(round.problem) + "\n"


def receipt_text(round: Round) -> str:
    """The receipt as the engine writes it."""
    return canonical(round.receipt) + "\n"
