"""Who needs somebody today: the items of a coordinator's desk, found anew each time and kept nowhere.

Like items are one line. An item ends by being done: it is only there while its reason is. Its key is steady, so
that what coordinators said about it (taken, passed on, resting) finds it again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from twoway.loops.queries.desk import LoopNeed, loop_needs, placed_mentees
from twoway.matching.queries import desk as matching
from twoway.outbox.queries import addresses_not_reached
from twoway.people import queries as people
from twoway.people.phases import moments_of
from twoway.signup.queries import desk as signup
from twoway.web.addresses import at

if TYPE_CHECKING:
    from twoway.matching.models import Proposal
    from twoway.people.models import DeskNote, Person, Programme

SOON = timedelta(days=7)


@dataclass(frozen=True)
class Item:
    """One person, pair or thing that needs something: who, why, and where the next action is."""

    key: str
    title: str
    reason: str
    url: str
    face: str = ""  # a steady key for the face beside it; none: no face
    value: str = ""  # what a tick of it sends
    taken_by: Person | None = None
    resting_until: date | None = None


@dataclass(frozen=True)
class Line:
    """Like items in one line, with the one thing to do about them."""

    kind: str
    title: str
    action: str
    url: str
    items: tuple[Item, ...]
    decide: bool = False  # some or all can be approved here
    resting_until: date | None = None

    @property
    def key(self) -> str:
        return f"all {self.kind}"


@dataclass(frozen=True)
class Desk:
    """What needs somebody now, and what was put to rest until a day."""

    lines: tuple[Line, ...]
    resting: tuple[Line | Item, ...]

    @property
    def count(self) -> int:
        return sum(len(line.items) for line in self.lines)

    def holds(self, key: str) -> bool:
        """Whether something by this name is on the desk, at work or at rest."""
        named = {line.key for line in self.lines} | {item.key for line in self.lines for item in line.items}
        return key in named or key in {one.key for one in self.resting}


def desk_of(programme: Programme, now: datetime) -> Desk:
    """The desk of a programme as it is at this moment."""
    today = people.today_in(programme, now)
    placed = placed_mentees(programme)
    found = [line for make in _LINES for line in make(programme, now, placed) if line.items and line.url]
    return _as_said(found, people.desk_notes_of(programme), today)


def _as_said(lines: list[Line], notes: dict[str, DeskNote], today: date) -> Desk:
    """Lay what coordinators said over what was found."""
    awake: list[Line] = []
    resting: list[Line | Item] = []
    for line in lines:
        items = [_noted(item, notes.get(item.key), today) for item in line.items]
        until = _rests_until(notes.get(line.key), today)
        if until is not None:
            resting.append(replace(line, items=tuple(items), resting_until=until))
            continue
        resting += [item for item in items if item.resting_until]
        left = tuple(item for item in items if not item.resting_until)
        if left:
            awake.append(replace(line, items=left))
    return Desk(tuple(awake), tuple(resting))


def _noted(item: Item, note: DeskNote | None, today: date) -> Item:
    if note is None:
        return item
    return replace(item, taken_by=note.taken_by, resting_until=_rests_until(note, today))


def _rests_until(note: DeskNote | None, today: date) -> date | None:
    return note.snoozed_until if note and note.snoozed_until and note.snoozed_until > today else None


# --- sign-up ----------------------------------------------------------------------------------------


def _applications(programme: Programme, now: datetime, placed: Collection[int]) -> list[Line]:
    rows = signup.waiting_in(programme)
    items = [
        Item(
            key=f"application {row.public_id}", title=row.name or row.address, face=row.public_id, value=row.public_id,
            reason=_("%(role)s, signed up %(ago)s") % {"role": row.get_role_display(), "ago": _ago(row.sent_at, now)},
            url=reverse("signup:application", args=[*at(programme), row.public_id]),
        )
        for row in rows
    ]  # fmt: skip
    n = len(rows)
    title = ngettext("%(n)s person waits for your yes or no", "%(n)s people wait for your yes or no", n) % {"n": n}
    url = reverse("signup:applications", args=at(programme)) + "?state=waiting"
    return [Line("applications", title, _("Read and decide"), url, tuple(items), decide=True)]


def _suggestions(programme: Programme, now: datetime, placed: Collection[int]) -> list[Line]:
    rows = signup.suggestions_in(programme)
    url = reverse("signup:invitations", args=at(programme))
    items = [
        Item(
            key=f"suggestion {row.public_id}", title=row.application.name or row.application.address,
            face=row.application.public_id, url=url,
            reason=_("suggested by %(name)s") % {"name": row.by.name if row.by else _("a member")},
        )
        for row in rows
    ]  # fmt: skip
    n = len(rows)
    title = ngettext("%(n)s person is suggested by a member", "%(n)s people are suggested by members", n) % {"n": n}
    return [Line("suggestions", title, _("Invite or leave it"), url, tuple(items))]


# --- matching ---------------------------------------------------------------------------------------


def _drafts(programme: Programme, now: datetime, placed: Collection[int]) -> list[Line]:
    items, url = [], ""
    for row in matching.rounds_with_drafts(programme):
        page = reverse("matching:rounds", args=at(programme))
        if row.public_id:
            page = reverse("matching:round", args=[*at(programme), row.public_id])
        url = url or page
        reason = ngettext("%(n)s draft, seen by nobody else yet", "%(n)s drafts, seen by nobody else yet", row.drafts)
        items.append(
            Item(f"drafts {row.public_id}", row.name or _("Made by hand"), reason % {"n": row.drafts}, page)
        )  # fmt: skip
    return [Line("drafts", _("Drafts wait to be published"), _("Look and publish"), url, tuple(items))]


def _proposals(programme: Programme, now: datetime, placed: Collection[int]) -> list[Line]:
    url = reverse("matching:proposals", args=at(programme))
    soon = matching.proposals_running_out(programme, now)
    over = matching.lapsed_proposals(programme, now, placed)
    running = [_proposal(programme, row, _("open until %(day)s") % {"day": _day(row.lapses_at)}) for row in soon]
    lapsed = [_proposal(programme, row, _("ran out on %(day)s") % {"day": _day(row.ended_at)}) for row in over]
    n, m = len(running), len(lapsed)
    ending = ngettext("%(n)s proposal runs out soon", "%(n)s proposals run out soon", n) % {"n": n}
    ended = ngettext("%(n)s proposal ran out unanswered", "%(n)s proposals ran out unanswered", m) % {"n": m}
    return [
        Line("running-out", ending, _("Give them more time"), url, tuple(running)),
        Line("lapsed", ended, _("Find someone else"), url, tuple(lapsed)),
    ]


def _proposal(programme: Programme, row: Proposal, reason: str) -> Item:
    return Item(
        key=f"proposal {row.public_id}", title=_two(row.mentee.name, row.mentor.name), reason=reason,
        face=row.mentee.public_id, url=reverse("matching:proposal", args=[*at(programme), row.public_id]),
    )  # fmt: skip


def _unmatched(programme: Programme, now: datetime, placed: Collection[int]) -> list[Line]:
    rows = matching.unmatched_after_round(programme, now, placed)
    items = [
        Item(
            key=f"unmatched {row.application.public_id}", title=row.application.name, face=row.application.public_id,
            reason=_("no mentor since the round “%(round)s”, %(ago)s")
            % {"round": row.round.name, "ago": _ago(row.round.finished_at, now)},
            url=reverse("matching:by-hand-one", args=[*at(programme), row.application.public_id]),
        )
        for row in rows
    ]  # fmt: skip
    n, url = len(rows), reverse("matching:by-hand", args=at(programme))
    title = ngettext("%(n)s person still has no mentor", "%(n)s people still have no mentor", n) % {"n": n}
    return [Line("unmatched", title, _("Propose by hand"), url, tuple(items))]


# --- loops: the card and nothing else ---------------------------------------------------------------


def _loops(programme: Programme, now: datetime, placed: Collection[int]) -> list[Line]:
    needs = loop_needs(programme, now)
    quiet = [_loop(programme, need) for need in needs if need.quiet]
    stuck = [_loop(programme, need) for need in needs if not need.quiet]
    url = reverse("loops:programme-loops", args=at(programme))
    n, m = len(stuck), len(quiet)
    no_meeting = ngettext("%(n)s pair has not met for a while", "%(n)s pairs have not met for a while", n) % {"n": n}
    silent = ngettext("%(n)s pair has gone quiet", "%(n)s pairs have gone quiet", m) % {"n": m}
    return [
        Line("quiet", silent, _("See the cards"), url, tuple(quiet)),
        Line("stuck", no_meeting, _("See the cards"), url, tuple(stuck)),
    ]


def _loop(programme: Programme, need: LoopNeed) -> Item:
    card = need.loop.card
    since = _("%(n)s days since they met") if card.last_met_on else _("%(n)s days, no meeting yet")
    reason = since % {"n": need.days}
    if need.quiet:
        reason = _("%(days)s; last contact: %(contact)s") % {"days": reason, "contact": card.last_contact.words}
    members = need.people
    return Item(
        key=f"loop {need.key}", title=_two(", ".join(need.loop.mentees), ", ".join(need.loop.mentors)), reason=reason,
        face=need.key,
        url=reverse("web:profile", args=[*at(programme), members[0]]) if members
        else reverse("loops:programme-loops", args=at(programme)),
    )  # fmt: skip


# --- the house itself -------------------------------------------------------------------------------


def _letters(programme: Programme, now: datetime, placed: Collection[int]) -> list[Line]:
    letters = addresses_not_reached(programme.pk, now)
    if not letters:
        return []
    members = people.member_ids_of(programme, [letter.person for letter in letters if letter.person is not None])
    entries = signup.application_ids_at(programme, [letter.to for letter in letters])
    pages = {letter.to: members.get(letter.person or 0) or entries.get(letter.to.lower(), "") for letter in letters}
    items = [
        Item(
            key=f"letter {letter.pk}", title=letter.to, face=pages[letter.to] or letter.to,
            reason=_("a letter of %(day)s came back") % {"day": _day(letter.made_at)},
            url=reverse("web:profile", args=[*at(programme), pages[letter.to]]) if pages[letter.to] else "",
        )
        for letter in letters
    ]  # fmt: skip
    n = len(items)
    title = ngettext("%(n)s address cannot be reached", "%(n)s addresses cannot be reached", n) % {"n": n}
    return [Line("letters", title, _("Look at the people"), reverse("web:people", args=at(programme)), tuple(items))]


def _duty(programme: Programme, now: datetime, placed: Collection[int]) -> list[Line]:
    url = reverse("people:offices", args=at(programme))
    needs = programme.duty_of_care == "named_contact" and not people.has_contact_and_deputy(programme)
    reason = _("You promised a named contact with a deputy. Both need a name.")
    items = [Item("contact", _("Somebody to turn to"), reason, url)] if needs else []
    return [Line("contact", _("No contact and deputy yet"), _("Name them"), url, tuple(items))]


def _support(programme: Programme, now: datetime, placed: Collection[int]) -> list[Line]:
    rows = list(people.old_support_lines(programme, people.today_in(programme, now)))
    items = [
        Item(
            key=f"support {row.public_id}", title=row.name,
            reason=_("last checked on %(day)s") % {"day": date_format(row.checked_on, "j F Y")},
            url=reverse("people:support-line-edit", args=[*at(programme), row.public_id]),
        )
        for row in rows
    ]  # fmt: skip
    n, url = len(rows), reverse("people:support-lines", args=at(programme))
    title = ngettext("%(n)s support line needs a fresh look", "%(n)s support lines need a fresh look", n) % {"n": n}
    return [Line("support", title, _("Check"), url, tuple(items))]


def _dates(programme: Programme, now: datetime, placed: Collection[int]) -> list[Line]:
    """Sign-up that opens or closes within a week, while it is switched on."""
    if not programme.sign_up_on or programme.archived_at is not None:
        return []
    words = {"sign_up_opens_on": _("Sign-up opens"), "sign_up_closes_on": _("Last day to sign up")}
    items = [
        Item(
            key=f"date {intake.public_id} {moment.phase.field} {moment.day}",
            title=f"{words[moment.phase.field]}: {date_format(moment.day, 'l j F')}", reason=intake.name,
            url=reverse("people:intake-edit", args=[*at(programme), intake.public_id]),
        )
        for intake in people.intakes_of(programme) for moment in moments_of(intake)
        if moment.phase.field in words and now < moment.at <= now + SOON
    ]  # fmt: skip
    return [Line("dates", _("A date is near"), _("Look at the dates"), reverse("people:intakes", args=at(programme)),
                 tuple(items))]  # fmt: skip


_LINES: tuple[Callable[[Programme, datetime, Collection[int]], list[Line]], ...] = (
    _applications, _drafts, _proposals, _unmatched, _loops, _letters, _suggestions, _duty, _dates, _support,
)  # fmt: skip


def _two(one: str, other: str) -> str:
    return _("%(one)s with %(other)s") % {"one": one, "other": other}


def _day(moment: datetime | None) -> str:
    return date_format(timezone.localtime(moment), "j F") if moment is not None else ""


def _ago(moment: datetime | None, now: datetime) -> str:
    days = (now - moment).days if moment is not None else 0
    if days < 1:
        return _("today")
    return ngettext("%(n)s day ago", "%(n)s days ago", days) % {"n": days}
