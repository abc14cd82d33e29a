"""Rooms above this one that keep somebody's answers without a foreign key, such as the kept problem of a round.

They register here when Twoway starts, and are asked to let go in the same transaction in which the answers go.
"""

from collections.abc import Callable, Collection

from twoway.people.models import Intake

LetsGo = Callable[[Intake, Collection[str]], None]
"""Given an intake and the public ids of applications in it, deletes what a room has kept of their answers."""

_rooms: list[LetsGo] = []


def ask_when_answers_go(lets_go: LetsGo) -> None:
    """Have a room asked from now on; twice is once."""
    if lets_go not in _rooms:
        _rooms.append(lets_go)


def let_go_of_answers(intake: Intake, public_ids: Collection[str]) -> None:
    for lets_go in _rooms:
        lets_go(intake, public_ids)
