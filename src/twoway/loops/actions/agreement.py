"""What two people expect of each other: answered apart, laid side by side, made into one version that both confirm."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse

from twoway.history.actions import record
from twoway.loops.actions.message import note_contact
from twoway.loops.models import Agreement, Expectations, Loop, Participation
from twoway.loops.models.agreement import TERMS, Terms
from twoway.loops.queries.agreement import all_expectations_in, expectations_of
from twoway.loops.queries.loop import hold_loop, participations_in, sponsor_of
from twoway.loops.terms import common_of
from twoway.people.models import Person
from twoway.people.telling import tell

Said = Mapping[str, Any]  # every one of TERMS


class Changed(Exception):
    """It is no longer as it was when the page was opened."""


class Shown(Exception):
    """All answers have been sent, and both have them before them: each stays as it was sent."""


class Empty(Exception):
    """There is nothing in it yet."""


@transaction.atomic
def keep_expectations(
    *, loop: Loop, said: Said, by: Person, now: datetime, seen: int | None = None, sends: bool = False
) -> Expectations:
    """Keep what somebody expects: a draft until they send it. It may be changed until the others have sent theirs too.

    With the last answers sent, the first version of the agreement is made of all of them, and those who were waiting
    are told. `seen` is how often the answers had been kept when the page was opened. Raises Changed, Shown or Empty,
    and then changes nothing.
    """
    _hold(loop)
    if loop.agreement_id is not None:
        raise Shown
    mine = expectations_of(loop, by) or Expectations(loop=loop, person=by)
    if seen not in (None, mine.changes) and said != mine.said():
        raise Changed
    _put(mine, said)
    everybody = participations_in(loop)
    me = next(one for one in everybody if one.person_id == by.pk)
    if mine.is_empty and (sends or me.expectations_sent_at is not None):
        raise Empty
    mine.changes, mine.written_at = mine.changes + 1, now
    mine.save()
    _record("expectations.kept", loop, by, now, concerns=[by.pk])
    if sends and me.expectations_sent_at is None:
        me.expectations_sent_at = now
        me.save(update_fields=["expectations_sent_at"])
        note_contact(loop, now)
        _record("expectations.sent", loop, by, now, concerns=_ids(everybody))
        if len(everybody) > 1 and all(one.expectations_sent_at is not None for one in everybody):
            _make_first_version(loop, everybody, by, now)
    return mine


def _make_first_version(loop: Loop, everybody: Sequence[Participation], by: Person, now: datetime) -> None:
    first = _write(loop, common_of(all_expectations_in(loop)), by=None, now=now)
    _record("agreement.begun", loop, by, now, concerns=_ids(everybody), version=first.number)
    _tell_others(loop, everybody, by, now, event="expectations_sent", key=f"expectations {loop.public_id}")


@transaction.atomic
def write_agreement(
    *, loop: Loop, said: Said, by: Person, now: datetime, seen: int | None = None, confirms: bool = False
) -> Agreement:
    """Write the next version, which nobody has confirmed but its writer, if they say so. The same words again are no
    new version.

    `seen` is the number of the version that the page was made from. Raises Changed where another was written since,
    and Empty.
    """
    version = _newest(loop)
    is_the_same = said == version.said()
    if seen not in (None, version.number) and not is_the_same:
        raise Changed
    everybody = participations_in(loop)
    had_confirmed = [one for one in everybody if one.confirmed_id == version.pk and one.person_id != by.pk]
    if not is_the_same:
        version = _write(loop, said, by=by, now=now)
        note_contact(loop, now)
        _record("agreement.changed", loop, by, now, concerns=_ids(everybody), version=version.number)
    if confirms:
        _confirm(loop, version, everybody, by, now)
    elif had_confirmed and not is_the_same:
        _ask_to_confirm(loop, version, had_confirmed, by, now)
    return version


@transaction.atomic
def confirm_agreement(*, loop: Loop, seen: int, by: Person, now: datetime) -> bool:
    """Confirm the version of this number; whether everybody has. Once all have confirmed it, it holds.

    Raises Changed where a newer one was written, and Empty.
    """
    version = _newest(loop)
    if version.number != seen:
        raise Changed
    return _confirm(loop, version, participations_in(loop), by, now)


def _confirm(loop: Loop, version: Agreement, everybody: Sequence[Participation], by: Person, now: datetime) -> bool:
    if version.is_empty:
        raise Empty
    me = next(one for one in everybody if one.person_id == by.pk)
    if me.confirmed_id != version.pk:
        me.confirmed = version
        me.save(update_fields=["confirmed"])
        note_contact(loop, now)
        _record("agreement.confirmed", loop, by, now, concerns=_ids(everybody), version=version.number)
    missing = [one for one in everybody if one.confirmed_id != version.pk]
    if missing:
        _ask_to_confirm(loop, version, missing, by, now)
    elif loop.agreed_at is None:
        loop.agreed, loop.agreed_at = version, now
        loop.rhythm_days = version.rhythm_days or loop.rhythm_days
        loop.review_on = version.review_on
        loop.save(update_fields=["agreed", "agreed_at", "rhythm_days", "review_on"])
    return not missing


def _newest(loop: Loop) -> Agreement:
    _hold(loop)
    if loop.agreement is None:
        raise Changed
    return loop.agreement


def _hold(loop: Loop) -> None:
    """Wait for whoever else is writing in the loop, then look how it stands now."""
    hold_loop(loop)
    loop.refresh_from_db()
    if loop.state not in (Loop.State.OPEN, Loop.State.PAUSED, Loop.State.INFORMAL):
        raise Changed


def _write(loop: Loop, said: Said, *, by: Person | None, now: datetime) -> Agreement:
    number = loop.agreement.number + 1 if loop.agreement is not None else 1
    version = Agreement(loop=loop, number=number, by=by, at=now)
    _put(version, said)
    version.save()
    loop.agreement, loop.agreed_at = version, None
    loop.save(update_fields=["agreement", "agreed_at"])
    return version


def _put(terms: Terms, said: Said) -> None:
    for name in TERMS:
        setattr(terms, name, said[name])


def _ids(everybody: Sequence[Participation]) -> list[int]:
    return [one.person_id for one in everybody]


def _ask_to_confirm(loop: Loop, version: Agreement, whom: Sequence[Participation], by: Person, now: datetime) -> None:
    """One letter about each version, to those whose yes it waits for."""
    _tell_others(
        loop, whom, by, now, event="agreement_waiting", key=f"agreement {loop.public_id} {version.number}",
        is_change=loop.agreed_id is not None,
    )  # fmt: skip


def _tell_others(
    loop: Loop, whom: Sequence[Participation], by: Person, now: datetime, *, event: str, key: str, **facts: Any
) -> None:
    name = next((one.name for one in participations_in(loop) if one.person_id == by.pk), "")
    for one in whom:
        if one.person_id != by.pk:
            tell(
                one.person, f"loops.{event}", key=f"{key} {one.person.public_id}", facts={"other": name, **facts},
                url=reverse("loops:agreement", args=[loop.public_id]), programme=sponsor_of(loop), now=now,
            )  # fmt: skip


def _record(kind: str, loop: Loop, by: Person, now: datetime, *, concerns: Sequence[int], **facts: Any) -> None:
    record(kind, by=by, about=f"loop {loop.public_id}", concerns=concerns, now=now, **facts)
