"""What one more place with a mentor would bring a round, read off the prices that prove it (`matchengine.Seat`)."""

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from matchengine import Result
from twoway.matching.models import Round
from twoway.matching.queries.round import named_in

MOST = 3


def one_more_facts(result: Result, told: bool) -> list[list[str | int]]:
    """Mentors who are full, by public id, with the people and points that one more seat of theirs would bring: those
    who bring most first, and none who bring nothing. None at all where wishes counted: such a list would tell who is
    wished for."""
    worth = [
        (seat.places, seat.points or 0, seat.mentor)
        for seat in result.seats
        if seat.places is not None and 0 < seat.seats == seat.taken and seat.price > 0
    ]
    worth.sort(key=lambda one: (-one[0], -one[1], one[2]))
    return [[mentor, places, points] for places, points, mentor in worth[:MOST]] if told else []


def one_more_lines(round: Round) -> list[str]:
    """A sentence for each of them who is still there."""
    facts = round.figures.get("one_more", [])
    names = named_in(round.intake.programme, [one[0] for one in facts]) if facts else {}
    return [_line(names[mentor].name, places, points) for mentor, places, points in facts if mentor in names]


def one_more_is_held_back(round: Round) -> bool:
    """Whether somebody was full and nothing is said of them, because wishes counted."""
    return round.figures.get("full", 0) > 0 and not round.figures.get("rather", {"named": True})["named"]


def _line(name: str, places: int, points: int) -> str:
    said = {"name": name, "points": number_format(abs(points))}
    if not places:
        return _("%(name)s: better by %(points)s points in all.") % said
    if not points:
        return _("%(name)s: a match for one more person.") % said
    if points > 0:
        return _("%(name)s: a match for one more person, and %(points)s points more in all.") % said
    return _("%(name)s: a match for one more person, and %(points)s points less in all.") % said
