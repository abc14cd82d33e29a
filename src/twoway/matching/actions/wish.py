"""Asking for wishes, and marking them. What somebody marks is written into no record: it is theirs."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse

from twoway.history.actions import record
from twoway.matching.models import Round, Wish, WishList, WishTime
from twoway.matching.queries.wish import MENTORED, waiting_to_be_told, whom_to_tell
from twoway.people.models import Intake, Person
from twoway.people.telling import already_told, tell
from twoway.signup.models import Application, Question

MOST_WISHES = 5


class NotOpen(Exception):
    """Wishes are not asked for in this intake now."""


class TooMany(Exception):
    """Five are marked already."""


@transaction.atomic
def open_wishes(*, intake: Intake, weight: int, by: Person, now: datetime) -> WishTime:
    """Ask the mentees of an intake for their wishes; the clock tells everybody in it, and mentees again when it is open
    again. Where they are asked already, only the weight is changed."""
    time, new = WishTime.objects.select_for_update().get_or_create(intake=intake, defaults={"opened_at": now})
    was_open, time.weight = not new and time.is_open(), weight
    if not was_open:
        time.by, time.opened_at, time.closed_at = by, now, None
    time.save()
    _record("wishes.weighed" if was_open else "wishes.opened", intake, by, now, weight=weight)
    return time


@transaction.atomic
def close_wishes(*, intake: Intake, by: Person, now: datetime) -> bool:
    """No more is marked; what is marked counts. False where nothing was open."""
    if not WishTime.objects.filter(intake=intake, closed_at=None).update(closed_at=now):
        return False
    _record("wishes.closed", intake, by, now)
    return True


@transaction.atomic
def take_closing_back(*, round: Round, by: Person, now: datetime) -> bool:
    """Where the start of this round ended the wishes of its intake and it is stopped, they are open as before, and
    nobody is told again. False where they were over already, or another round has begun since."""
    since = Round.objects.filter(intake=round.intake, made_at__gte=round.made_at).exclude(pk=round.pk)
    if since.exclude(state=Round.State.CANCELLED).exists():
        return False
    if not WishTime.objects.filter(intake=round.intake, closed_at=round.made_at).update(closed_at=None):
        return False
    _record("wishes.opened", round.intake, by, now)
    return True


@transaction.atomic
def mark(*, application: Application, mentor: Application, kind: str, now: datetime) -> None:
    """Mark a mentor as one to meet or rather not; nothing in `kind` takes the mark away. Raises NotOpen and TooMany."""
    mine = _my_list(application)
    marks = Wish.objects.filter(list=mine)
    if not kind:
        marks.filter(mentor=mentor).delete()
        return
    others = marks.filter(kind=Wish.Kind.WISH).exclude(mentor=mentor)
    if kind == Wish.Kind.WISH and others.count() >= MOST_WISHES:
        raise TooMany
    Wish.objects.update_or_create(list=mine, mentor=mentor, defaults={"kind": kind})


@transaction.atomic
def say_what_matters(*, application: Application, question: Question | None) -> None:
    """The one question that counts double for somebody; none, and all count as they do for others. Raises NotOpen."""
    mine = _my_list(application)
    mine.question = question
    mine.save(update_fields=["question"])


def _my_list(application: Application) -> WishList:
    """The list of a mentee, held until the end so that two presses at once count both."""
    if (
        not WishTime.objects.select_for_update()
        .filter(intake=application.intake_id, intake__programme__archived_at=None, closed_at=None)
        .exists()
    ):
        raise NotOpen
    mine, _new = WishList.objects.get_or_create(application=application)
    return WishList.objects.select_for_update().get(pk=mine.pk)


@transaction.atomic
def tell_of_wishes(*, time: WishTime, now: datetime) -> int:
    """Tell mentees that they may mark wishes, each time they are asked for, and mentors once that mentees read what
    they share."""
    if not waiting_to_be_told().filter(pk=time.pk).select_related(None).update(told_at=now):
        return 0
    programme, told = time.intake.programme, 0
    url = reverse("matching:wishes", args=[programme.organisation.slug, programme.slug])
    everybody = list(whom_to_tell(time))
    keys = {row.pk: f"matching.wishes {time.pk} {row.public_id}" for row in everybody}
    known = already_told(keys.values())
    for row in everybody:
        assert row.person is not None  # only members are asked for
        key, mentee = keys[row.pk], row.role in MENTORED
        again = key in known
        if again and not mentee:
            continue
        tell(
            row.person, "matching.wishes", key=f"{key} {time.opened_at.isoformat()}" if again else key, url=url,
            programme=programme, now=now, facts={"programme": programme.name, "mentee": mentee, "again": again},
        )  # fmt: skip
        told += 1
    return told


def _record(kind: str, intake: Intake, by: Person, now: datetime, **facts: Any) -> None:
    record(kind, by=by, programme=intake.programme, about=f"intake {intake.public_id}", now=now, **facts)
