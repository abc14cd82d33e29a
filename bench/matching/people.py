"""A crowd as the engine is asked about it."""

from bench.matching.crowd import GRADES, SPAN, Crowd, Side
from matchengine import Apart, Criterion, Limit, Mentee, Mentor, Problem

Answers = dict[str, str | int | tuple[str, ...]]

LIMITS = (
    Limit("Grade", "higher", "grade", order=tuple(map(str, range(GRADES)))),
    Limit("Team", "differs", "team"),
)
CRITERIA = (
    Criterion("Skills", "wish", "wants", "offers", weight=6),
    Criterion("Site", "same", "site", weight=2),
    Criterion("Years", "near", "years", weight=2, span=SPAN),
)


def problem_of(people: Crowd) -> Problem:
    """The same people and rules. Mentees are called e0, e1 and so on, mentors o0, o1."""
    hers, his = _answers(people.mentees, "wants"), _answers(people.mentors, "offers")
    seats = people.seats.tolist()
    return Problem(
        mentees=tuple(Mentee(f"e{at}", one) for at, one in enumerate(hers)),
        mentors=tuple(Mentor(f"o{at}", one, seats[at]) for at, one in enumerate(his)),
        limits=LIMITS,
        criteria=CRITERIA,
        apart=tuple(Apart(f"e{row}", f"o{col}") for row, col in people.apart.tolist()),
    )


def _answers(side: Side, skills: str) -> list[Answers]:
    columns = (side.grade, side.team, side.site, side.years, side.skills)
    return [
        {"grade": str(grade), "team": str(team), "site": str(site), "years": years, skills: tuple(map(str, some))}
        for grade, team, site, years, some in zip(*(column.tolist() for column in columns), strict=True)
    ]
