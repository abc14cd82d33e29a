"""From a published proposal to a loop, or to its kind end. Every path to a loop goes through `_open`."""

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse

from twoway.history.actions import record
from twoway.loops.actions.loop import AlreadyOpen, NoSeat, open_loop
from twoway.matching.apart import apart_in
from twoway.matching.models import HeldAnswer, Proposal, ProposalAnswer
from twoway.matching.queries.proposal import (
    SETTLES_AFTER,
    TAKEN_BACK_WITHIN,
    opens_at,
    side_of,
    turned_back_until,
)
from twoway.matching.showing import introduction
from twoway.matching.words import moment_words
from twoway.people.models import Person
from twoway.people.telling import tell
from twoway.signup.models import Application

State, End, Answer = Proposal.State, Proposal.End, ProposalAnswer.Answer


class Over(Exception):
    """The proposal does not wait for an answer any more."""


def locked(proposal: Proposal) -> Proposal:
    """The row as it is now; whoever else acts on it waits."""
    rows = Proposal.objects.select_for_update(of=("self",))
    return rows.select_related(
        "intake__programme__organisation",
        "mentee__person",
        "mentor__person",
        "mentee__membership",
        "mentor__membership",
    ).get(pk=proposal.pk)


@transaction.atomic
def put_forward(*, proposal: Proposal, now: datetime, by: Person | None = None) -> bool:
    """Tell both of a published proposal; its days run from now. Where no yes is asked for, the loop begins."""
    row = locked(proposal)
    if row.state != State.PUBLISHED or row.told_at is not None:
        return False
    programme = row.intake.programme
    row.told_at = now
    kind = "proposal.excepted" if row.override else "proposal.published"
    _record(kind, row, by=by, now=now, concerns=[row.mentee.person_id, row.mentor.person_id])
    if not programme.both_say_yes and not row.override:
        row.save(update_fields=["told_at"])
        _open(row, by=by, now=now)
        return True
    row.lapses_at = now + timedelta(days=programme.proposal_days)
    row.save(update_fields=["told_at", "lapses_at"])
    for side in (row.mentee, row.mentor):
        _tell(row, side, "matching.proposal", now, until=row.lapses_at, **_introduced(row, side))
    return True


@transaction.atomic
def put_waiting_forward(*, proposal: Proposal, now: datetime) -> bool:
    """As `put_forward`, of one that has waited since it was published. What came between the two meanwhile ends it
    before anybody hears of it; it looks withdrawn, whatever it was."""
    row = locked(proposal)
    if row.state == State.PUBLISHED and row.told_at is None and _is_barred(row):
        _end(row, End.WITHDRAWN, now, tell_sides=())
        return False
    return put_forward(proposal=row, now=now)


@transaction.atomic
def answer_proposal(
    *, proposal: Proposal, side: Application, answer: str, reason: str, by: Person, now: datetime
) -> Proposal:
    """Take one side's yes or no. The last yes opens the loop in the same transaction. Raises Over.

    A no is held for an hour, or until the proposal would end or open by itself, where that is sooner. Till then
    nobody else finds a trace of it: what stood before still stands. Each no has its own hour, which nothing the other
    side says moves; saying no again gives it no new one. A yes within one's own hour takes the no back. The proposal
    ends once a no's hour is over and no other is still in its own, and whoever said no is not written to about it.
    """
    row, reason = _waiting(proposal, now), reason.strip()[:500]
    held = {one.application_id: one for one in row.held_answers.all()}
    mine = held.pop(side.pk, None)
    theirs = next(iter(held.values()), None)
    if mine is not None and mine.is_no() and not mine.is_fresh_no(now):
        raise Over
    if answer == Answer.NO and mine is not None and mine.is_no():
        mine.reason = reason or mine.reason
        mine.save(update_fields=["reason"])
        return row
    if answer == Answer.NO:
        _hold(row, side, answer, reason, by=by, now=now, final_at=_final_at(row, now))
    elif theirs is not None and theirs.is_fresh_no(now) and _says_yes(row, theirs.application_id):
        _hold(row, side, answer, reason, by=by, now=now, final_at=None)
    else:
        _write(row, side.pk, {"answer": answer, "reason": reason, "by": by, "at": now})
    _record("proposal.answered", row, by=by, now=now, concerns=[by.pk])
    go_on(row, by=by, now=now)
    return row


@transaction.atomic
def record_yes(*, proposal: Proposal, side: Application, by: Person, now: datetime) -> Proposal:
    """Note a yes given by word of mouth. Its owner is told, and has a day to take it back before it opens the loop;
    a word of their own opens it sooner. Raises Over."""
    row = _waiting(proposal, now)
    _, new = ProposalAnswer.objects.get_or_create(
        proposal=row, application=side,
        defaults={"answer": Answer.YES, "by": by, "at": now, "by_word_of_mouth": True},
    )  # fmt: skip
    if new:
        _record("proposal.yes_recorded", row, by=by, now=now, concerns=[side.person_id])
        _tell(row, side, "matching.yes_recorded", now, at=now, by=by.name, settles_at=now + SETTLES_AFTER)
        go_on(row, by=by, now=now)
    return row


@transaction.atomic
def open_settled(*, proposal: Proposal, now: datetime) -> bool:
    """Open the loop of two yeses once the recorded ones have had their time to be taken back."""
    row = locked(proposal)
    if row.state != State.PUBLISHED or row.told_at is None or row.held_answers.exists():
        return False
    from_then = opens_at(row.answers.all())
    if from_then is None or from_then > now:
        return False
    _open(row, by=None, now=now)
    return True


@transaction.atomic
def undo_recorded_yes(*, proposal: Proposal, side: Application, by: Person, now: datetime) -> None:
    """Take back a yes that was recorded for oneself. Raises Over once the loop is open, or it was never there."""
    row = _waiting(proposal, now)
    if row.held_answers.filter(application=side).exists():
        raise Over
    gone, _ = ProposalAnswer.objects.filter(proposal=row, application=side, by_word_of_mouth=True).delete()
    if not gone:
        raise Over
    _record("proposal.yes_undone", row, by=by, now=now, concerns=[by.pk])


@transaction.atomic
def extend_proposal(*, proposal: Proposal, days: int, by: Person, now: datetime) -> None:
    """Give both more days, counted from the present end. Raises Over."""
    row = _waiting(proposal, now)
    if row.lapses_at is None:
        raise Over
    row.lapses_at, row.reminded_at = row.lapses_at + timedelta(days=days), None
    row.save(update_fields=["lapses_at", "reminded_at"])
    _record("proposal.extended", row, by=by, now=now, concerns=[], days=days)


@transaction.atomic
def withdraw_proposal(*, proposal: Proposal, by: Person, now: datetime) -> None:
    """End a published proposal. Both read the same sentence as after a no. Raises Over."""
    row = locked(proposal)
    if row.state != State.PUBLISHED:
        raise Over
    _record("proposal.withdrawn", row, by=by, now=now, concerns=[])
    _end(row, End.WITHDRAWN, now, tell_sides=(row.mentee, row.mentor))


@transaction.atomic
def lapse_proposal(*, proposal: Proposal, now: datetime) -> bool:
    """End a proposal whose days are over; whoever said yes and whoever said nothing read the same."""
    row = locked(proposal)
    if row.state != State.PUBLISHED or row.lapses_at is None or row.lapses_at > now:
        return False
    if row.held_answers.exists():  # a no was said in time: it ends by that
        return False
    if opens_at(row.answers.all()) is not None:  # both said yes: it opens, however late the clock comes
        return False
    _end(row, End.LAPSED, now, tell_sides=(row.mentee, row.mentor))
    return True


@transaction.atomic
def remind_of_proposal(*, proposal: Proposal, now: datetime) -> bool:
    """Remind whoever has not answered; once."""
    row = locked(proposal)
    if row.state != State.PUBLISHED or row.told_at is None or row.reminded_at is not None or row.lapses_at is None:
        return False
    row.reminded_at = now
    row.save(update_fields=["reminded_at"])
    answered = {one.application_id for answers in (row.answers, row.held_answers) for one in answers.all()}
    for side in (row.mentee, row.mentor):
        if side.pk not in answered:
            _tell(row, side, "matching.proposal_reminder", now, until=row.lapses_at)
    return True


# --- how it ends ------------------------------------------------------------------------------------


def _waiting(proposal: Proposal, now: datetime) -> Proposal:
    row = locked(proposal)
    if row.state != State.PUBLISHED or row.told_at is None or (row.lapses_at is not None and row.lapses_at <= now):
        raise Over
    return row


def _final_at(row: Proposal, now: datetime) -> datetime:
    """An hour from now, or when the proposal would end or its loop begin, where that is sooner: a day named on the
    coordinator's page would otherwise pass and tell that something is in its way."""
    moments = (now + TAKEN_BACK_WITHIN, row.lapses_at, opens_at(row.answers.all()))
    return min(moment for moment in moments if moment is not None)


def _says_yes(row: Proposal, application: int) -> bool:
    return row.answers.filter(application=application, answer=Answer.YES).exists()


def _hold(
    row: Proposal, side: Application, answer: str, reason: str, *, by: Person, now: datetime, final_at: datetime | None
) -> None:
    HeldAnswer.objects.update_or_create(
        proposal=row, application=side,
        defaults={"answer": answer, "reason": reason, "by": by, "at": now, "final_at": final_at},
    )  # fmt: skip


def _write(row: Proposal, application: int, said: dict[str, Any]) -> None:
    """An answer for those to read who may. It takes the place of one that was held, and of a recorded one."""
    HeldAnswer.objects.filter(proposal=row, application=application).delete()
    ProposalAnswer.objects.update_or_create(
        proposal=row, application_id=application, defaults={"by_word_of_mouth": False, **said}
    )


def go_on(row: Proposal, *, by: Person | None, now: datetime) -> None:
    """What the answers lead to, seen together. Held ones come out once no no is in its hour any more."""
    held = list(row.held_answers.all())
    waits = any(one.is_fresh_no(now) for one in held)
    come_out = [] if waits else held
    for one in come_out:
        _write(row, one.application_id, {"answer": one.answer, "reason": one.reason, "by_id": one.by_id, "at": one.at})
    if row.state != State.PUBLISHED:
        return
    refusing = {one.application_id for one in come_out if one.is_no()}
    if refusing:
        _end(row, End.NO, now, tell_sides=tuple(side for side in (row.mentee, row.mentor) if side.pk not in refusing))
        return
    from_then = opens_at(row.answers.all())
    if from_then is None:
        return
    if from_then <= now:
        if not waits:
            _open(row, by=by, now=now)
    elif row.lapses_at is not None and row.lapses_at < from_then + SETTLES_AFTER:
        row.lapses_at = from_then + SETTLES_AFTER  # whoever takes a yes back has a day to answer themselves
        row.save(update_fields=["lapses_at"])


def _open(row: Proposal, *, by: Person | None, now: datetime) -> None:
    """The one way from a proposal to a loop. Who comes late for a seat is told kindly; a wish to be kept apart that
    came meanwhile ends it like a withdrawal."""
    was_asked, mentee, mentor = row.lapses_at is not None, row.mentee.membership, row.mentor.membership
    if mentee is None or mentor is None or _is_barred(row):
        _end(row, End.WITHDRAWN, now, tell_sides=(row.mentee, row.mentor))
        return
    try:
        loop = open_loop(mentee=mentee, mentor=mentor, intake=row.intake, by=by, now=now, tells=was_asked)
    except NoSeat:
        _end(row, End.FULL, now, tell_sides=(row.mentee, row.mentor))
        return
    except AlreadyOpen:
        _end(row, End.WITHDRAWN, now, tell_sides=())
        return
    row.state, row.loop, row.ended_at = State.OPENED, loop, now
    row.save(update_fields=["state", "loop", "ended_at"])
    if was_asked:
        return
    out, until = reverse("matching:proposal-answer", args=[row.public_id]), turned_back_until(row)
    for side in (row.mentee, row.mentor):
        page = reverse("loops:loop", args=[loop.public_id])
        _tell(row, side, "matching.begun", now, page=page, until=until, out=f"{out}?no=1#no", **_introduced(row, side))


def _is_barred(row: Proposal) -> bool:
    """Whether something has come between the two, or one of them is no member any more."""
    if any(side.membership is None or side.membership.ended_at is not None for side in (row.mentee, row.mentor)):
        return True
    apart = apart_in(row.intake, [frozenset({row.mentee_id, row.mentor_id})])
    return apart.is_firm(row.mentee, row.mentor) or (apart.is_in_line(row.mentee, row.mentor) and not row.override)


def _end(row: Proposal, end: str, now: datetime, *, tell_sides: tuple[Application, ...]) -> None:
    """Whoever's no is in its hour is told nothing: to them it stands as they left it."""
    told = row.told_at is not None
    row.state, row.end, row.ended_at = State.ENDED, end, now
    row.save(update_fields=["state", "end", "ended_at"])
    if not told:
        return
    _record("proposal.ended", row, by=None, now=now, concerns=[row.mentee.person_id, row.mentor.person_id])
    refusing = {one.application_id for one in row.held_answers.all() if one.is_no()}
    for side in tell_sides:
        if side.pk not in refusing:
            tell_of_end(row, side, now)


def tell_of_end(row: Proposal, side: Application, now: datetime) -> None:
    """One of the two, in the same words whatever ended it; only a last seat that was taken is named."""
    _tell(row, side, "matching.proposal_over", now, full=row.end == End.FULL)


def _introduced(row: Proposal, reader: Application) -> dict[str, Any]:
    """Public answers of the other, and the reasons built from them."""
    side = side_of(reader.person, row) if reader.person is not None else None
    return asdict(introduction(side, side.me.person)) if side is not None and side.me.person is not None else {}


def _tell(
    row: Proposal, side: Application, kind: str, now: datetime, *, at: datetime | None = None, page: str = "",
    **facts: object,
) -> None:  # fmt: skip
    """One of the two, by name of the other and nothing more; `at` where the same may happen again, `page` where it is
    not the proposal's. Moments are said in the words of the receiver."""
    if side.person is None:
        return
    reader = side.person
    facts = {key: moment_words(fact, reader) if isinstance(fact, datetime) else fact for key, fact in facts.items()}
    other = row.mentor if side.pk == row.mentee_id else row.mentee
    tell(
        side.person, kind, key=f"{kind} {row.public_id} {side.public_id} {at or row.reminded_at or ''}".strip(),
        url=page or reverse("matching:proposal-answer", args=[row.public_id]), programme=row.intake.programme, now=now,
        facts={
            "other": other.name, "programme": row.intake.programme.name, "mentee": side.pk == row.mentee_id,
            "words": row.words if kind in ("matching.proposal", "matching.begun") else "", **facts,
        },
    )  # fmt: skip


def _record(
    kind: str, row: Proposal, *, by: Person | None, now: datetime, concerns: list[int | None], **facts: Any
) -> None:
    record(
        kind, by=by, programme=row.intake.programme, about=f"proposal {row.public_id}", now=now,
        concerns=[person for person in concerns if person is not None], **facts,
    )  # fmt: skip
