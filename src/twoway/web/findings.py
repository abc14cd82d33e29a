"""What a desk finds in each room: the lines of it in their order, and the words of their items."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import get_current_timezone_name
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy

from twoway.history.kept import kept
from twoway.loops.queries.desk import LoopNeed, SeenNeed, loop_needs, placed_mentees, seen_needs
from twoway.matching.queries import desk as matching
from twoway.outbox.queries import addresses_not_reached
from twoway.people import queries as people
from twoway.people.phases import moments_of
from twoway.people.role_words import role_word
from twoway.signup.queries import desk as signup
from twoway.web.addresses import at
from twoway.web.templatetags.twoway import day_of

if TYPE_CHECKING:
    from twoway.matching.models import Proposal
    from twoway.matching.queries.desk import RoundWithDrafts, Unmatched
    from twoway.outbox.models import Delivery
    from twoway.people.models import Person, Programme, SupportLine
    from twoway.signup.models import Application, Invitation

SOON = timedelta(days=7)
T = TypeVar("T")
Placed = QuerySet[Any, Any]
"""The ids of people who have a mentor, as a condition for other questions."""

_WORDS: dict[str, tuple[Any, Any]] = {
    "applications": (
        ngettext_lazy("%(n)s person waits for your yes or no", "%(n)s people wait for your yes or no", "n"),
        gettext_lazy("Read and decide"),
    ),
    "drafts": (gettext_lazy("Drafts wait to be published"), gettext_lazy("Look and publish")),
    "running-out": (
        ngettext_lazy("%(n)s proposal runs out soon", "%(n)s proposals run out soon", "n"),
        gettext_lazy("Give them more time"),
    ),
    "lapsed": (
        ngettext_lazy("%(n)s proposal ran out unanswered", "%(n)s proposals ran out unanswered", "n"),
        gettext_lazy("Find someone else"),
    ),
    "unmatched": (
        ngettext_lazy("%(n)s person is still not matched", "%(n)s people are still not matched", "n"),
        gettext_lazy("Propose by hand"),
    ),
    "quiet": (
        ngettext_lazy("%(n)s pair has gone quiet", "%(n)s pairs have gone quiet", "n"),
        gettext_lazy("See the cards"),
    ),
    "stuck": (
        ngettext_lazy("%(n)s pair has not met for a while", "%(n)s pairs have not met for a while", "n"),
        gettext_lazy("See the cards"),
    ),
    "letters": (
        ngettext_lazy("%(n)s address cannot be reached", "%(n)s addresses cannot be reached", "n"),
        gettext_lazy("Look at the people"),
    ),
    "suggestions": (
        ngettext_lazy("%(n)s person is suggested by a member", "%(n)s people are suggested by members", "n"),
        gettext_lazy("Invite or leave it"),
    ),
    "contact": (gettext_lazy("No contact and deputy yet"), gettext_lazy("Name them")),
    "closed": (gettext_lazy("Nobody can sign up yet"), gettext_lazy("Switch sign-up on")),
    "dates": (gettext_lazy("A date is near"), gettext_lazy("Look at the dates")),
    "support": (
        ngettext_lazy("%(n)s support line needs a fresh look", "%(n)s support lines need a fresh look", "n"),
        gettext_lazy("Check"),
    ),
}
"""What stands over the lines of each kind, for how many there are, and what can be done."""


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
class Found:
    """Like things as they were found: the steady name of each, and how to put some of them into words."""

    kind: str
    url: str
    keys: tuple[str, ...]
    say: Callable[[Sequence[int]], list[Item]]  # by their places among the keys
    decide: bool = False

    @property
    def key(self) -> str:
        return f"all {self.kind}"

    def title(self, n: int) -> str:
        return str(_WORDS[self.kind][0] % {"n": n})

    @property
    def action(self) -> str:
        return str(_WORDS[self.kind][1])


def findings_in(programme: Programme, now: datetime) -> list[Found]:
    """Everything that needs somebody in a programme, the most pressing line first."""
    placed = placed_mentees(programme)
    return [one for make in _LINES for one in make(programme, now, placed) if one.keys]


def _found(
    kind: str, url: str, rows: Sequence[T], key: Callable[[T], str], say: Callable[[T], Item], *, decide: bool = False
) -> Found:
    """Rows of one kind, each put into words by itself."""
    keys = tuple(key(row) for row in rows)
    return Found(kind, url, keys, lambda places: [say(rows[place]) for place in places], decide)


# --- sign-up ----------------------------------------------------------------------------------------


def _applications(programme: Programme, now: datetime, placed: Placed) -> list[Found]:
    rows = signup.waiting_in(programme)
    if not rows:
        return []

    def say(row: Application) -> Item:
        return Item(
            key=f"application {row.public_id}", title=row.name or row.address, face=row.public_id, value=row.public_id,
            reason=_("%(role)s, signed up %(ago)s")
            % {"role": role_word(programme, row.role), "ago": _ago(row.sent_at, now)},
            url=reverse("signup:application", args=[*at(programme), row.public_id]),
        )  # fmt: skip

    url = reverse("signup:applications", args=at(programme)) + "?state=waiting"
    return [_found("applications", url, rows, lambda row: f"application {row.public_id}", say, decide=True)]


def _suggestions(programme: Programme, now: datetime, placed: Placed) -> list[Found]:
    rows = signup.suggestions_in(programme)
    if not rows:
        return []
    url = reverse("signup:invitations", args=at(programme))

    def say(row: Invitation) -> Item:
        return Item(
            key=f"suggestion {row.public_id}", title=row.application.name or row.application.address,
            face=row.application.public_id, url=url,
            reason=_("suggested by %(name)s") % {"name": row.by.name if row.by else _("a member")},
        )  # fmt: skip

    return [_found("suggestions", url, rows, lambda row: f"suggestion {row.public_id}", say)]


# --- matching ---------------------------------------------------------------------------------------


def _proposals(programme: Programme, now: datetime, placed: Placed) -> list[Found]:
    """Drafts to publish, and what runs out or ran out. One look tells which of them there are."""
    waiting = matching.waiting_in(programme, now)
    drafts = matching.rounds_with_drafts(waiting.drafts)
    soon = matching.proposals_running_out(programme, now) if waiting.running_out else []
    over = matching.lapsed_proposals(programme, now, placed) if waiting.lapsed else []
    url = reverse("matching:proposals", args=at(programme)) if soon or over else ""

    def running(row: Proposal) -> Item:
        return _proposal(programme, row, _("open until %(day)s") % {"day": day_of(row.lapses_at)})

    def lapsed(row: Proposal) -> Item:
        return _proposal(programme, row, _("ran out on %(day)s") % {"day": day_of(row.ended_at)})

    return [
        _drafts(programme, drafts),
        _found("running-out", url, soon, _proposal_key, running),
        _found("lapsed", url, over, _proposal_key, lapsed),
    ]


def _drafts(programme: Programme, rows: list[RoundWithDrafts]) -> Found:
    def page(row: RoundWithDrafts) -> str:
        if row.public_id:
            return reverse("matching:round", args=[*at(programme), row.public_id])
        return reverse("matching:rounds", args=at(programme))

    def say(row: RoundWithDrafts) -> Item:
        reason = ngettext("%(n)s draft, seen by nobody else yet", "%(n)s drafts, seen by nobody else yet", row.drafts)
        name = row.name or _("Made by hand")
        return Item(f"drafts {row.public_id}", name, reason % {"n": row.drafts}, page(row))

    return _found("drafts", page(rows[0]) if rows else "", rows, lambda row: f"drafts {row.public_id}", say)


def _proposal_key(row: Proposal) -> str:
    return f"proposal {row.public_id}"


def _proposal(programme: Programme, row: Proposal, reason: str) -> Item:
    return Item(
        key=_proposal_key(row), title=_two(row.mentee.name, row.mentor.name), reason=reason,
        face=row.mentee.public_id, url=reverse("matching:proposal", args=[*at(programme), row.public_id]),
    )  # fmt: skip


def _unmatched(programme: Programme, now: datetime, placed: Placed) -> list[Found]:
    rows = matching.unmatched_after_round(programme, now, placed) if programme.archived_at is None else []
    if not rows:
        return []

    def say(row: Unmatched) -> Item:
        return Item(
            key=f"unmatched {row.public_id}", title=row.name, face=row.public_id,
            reason=_("not placed since the round “%(round)s”, %(ago)s")
            % {"round": row.round, "ago": _ago(row.since, now)},
            url=reverse("matching:by-hand-one", args=[*at(programme), row.public_id]),
        )  # fmt: skip

    url = reverse("matching:by-hand", args=at(programme))
    return [_found("unmatched", url, rows, lambda row: f"unmatched {row.public_id}", say)]


# --- loops: the card and nothing else ---------------------------------------------------------------


def _loops(programme: Programme, now: datetime, placed: Placed) -> list[Found]:
    name = ("needs", programme.pk, get_current_timezone_name())  # days begin at the reader's midnight
    needs = kept(name, partial(loop_needs, programme, now), now=now)
    if not needs:
        return []
    quiet, stuck = [need for need in needs if need.quiet], [need for need in needs if not need.quiet]
    url = reverse("loops:programme-loops", args=at(programme))

    def found(kind: str, some: list[LoopNeed]) -> Found:
        def say(places: Sequence[int]) -> list[Item]:
            return [_loop(programme, seen) for seen in seen_needs(programme, [some[place] for place in places])]

        return Found(kind, url, tuple(f"loop {need.key}" for need in some), say)

    return [found("quiet", quiet), found("stuck", stuck)]


def _loop(programme: Programme, seen: SeenNeed) -> Item:
    need, members = seen.need, seen.people
    since = _("%(n)s days since they met") if need.has_met else _("%(n)s days, no meeting yet")
    reason = since % {"n": need.days}
    if need.quiet:
        reason = _("%(days)s; last contact: %(contact)s") % {"days": reason, "contact": need.last_contact.words}
    return Item(
        key=f"loop {need.key}", title=_two(", ".join(seen.mentees), ", ".join(seen.mentors)), reason=reason,
        face=need.key,
        url=reverse("web:profile", args=[*at(programme), members[0]]) if members
        else reverse("loops:programme-loops", args=at(programme)),
    )  # fmt: skip


# --- the house itself -------------------------------------------------------------------------------


def _letters(programme: Programme, now: datetime, placed: Placed) -> list[Found]:
    letters = addresses_not_reached(programme.pk, now)
    if not letters:
        return []

    def say(places: Sequence[int]) -> list[Item]:
        some = [letters[place] for place in places]
        pages = _pages_of(programme, some)
        return [
            Item(
                key=f"letter {letter.pk}", title=letter.to, face=pages[letter.to] or letter.to,
                reason=_("a letter of %(day)s came back") % {"day": day_of(letter.made_at)},
                url=reverse("web:profile", args=[*at(programme), pages[letter.to]]) if pages[letter.to] else "",
            )
            for letter in some
        ]  # fmt: skip

    url = reverse("web:people", args=at(programme))
    keys = tuple(f"letter {letter.pk}" for letter in letters)
    return [Found("letters", url, keys, say)]


def _pages_of(programme: Programme, letters: Sequence[Delivery]) -> dict[str, str]:
    """The ids of the people some letters were for, by address; empty for somebody unknown."""
    members = people.member_ids_of(programme, [letter.person for letter in letters if letter.person is not None])
    entries = signup.application_ids_at(programme, [letter.to for letter in letters])
    return {letter.to: members.get(letter.person or 0) or entries.get(letter.to.lower(), "") for letter in letters}


def _duty(programme: Programme, now: datetime, placed: Placed) -> list[Found]:
    if programme.duty_of_care != "named_contact" or people.has_contact_and_deputy(programme):
        return []
    url = reverse("people:offices", args=at(programme))
    reason = _("You promised a named contact with a deputy. Both need a name.")
    return [_said("contact", url, [Item("contact", _("Somebody to turn to"), reason, url)])]


def _sign_up(programme: Programme, now: datetime, placed: Placed) -> list[Found]:
    """A programme that nobody has come into, and nobody can."""
    if programme.sign_up_on or programme.archived_at is not None or people.members_of(programme).exists():
        return []
    url = reverse("people:programme-edit", args=at(programme)) + "#id_sign_up_on"
    reason = _("The programme is set up, and its public page says that sign-up is closed.")
    return [_said("closed", url, [Item("closed", _("Sign-up is off"), reason, url)])]


def _support(programme: Programme, now: datetime, placed: Placed) -> list[Found]:
    rows = list(people.old_support_lines(programme, people.today_in(programme, now)).select_related(None))
    if not rows:
        return []

    def say(row: SupportLine) -> Item:
        return Item(
            key=f"support {row.public_id}", title=row.name,
            reason=_("last checked on %(day)s") % {"day": date_format(row.checked_on, "j F Y")},
            url=reverse("people:support-line-edit", args=[*at(programme), row.public_id]),
        )  # fmt: skip

    url = reverse("people:support-lines", args=at(programme))
    return [_found("support", url, rows, lambda row: f"support {row.public_id}", say)]


def _dates(programme: Programme, now: datetime, placed: Placed) -> list[Found]:
    """Sign-up that opens or closes within a week, while it is switched on."""
    if not programme.sign_up_on or programme.archived_at is not None:
        return []
    words = {"sign_up_opens_on": _("Sign-up opens"), "sign_up_closes_on": _("Last day to sign up")}
    items = [
        Item(
            key=f"date {intake.public_id} {moment.phase.field} {moment.day}",
            title=f"{words[moment.phase.field]}: {day_of(moment.day, 'l j F')}", reason=intake.name,
            url=reverse("people:intake-edit", args=[*at(programme), intake.public_id]),
        )
        for intake in programme.intakes.order_by("-pk") for moment in moments_of(intake)
        if moment.phase.field in words and now < moment.at <= now + SOON
    ]  # fmt: skip
    return [_said("dates", reverse("people:intakes", args=at(programme)), items)]


def _said(kind: str, url: str, items: list[Item]) -> Found:
    """A few items that are in words already."""
    return _found(kind, url, items, lambda item: item.key, lambda item: item)


_LINES: tuple[Callable[[Programme, datetime, Placed], list[Found]], ...] = (
    _applications, _proposals, _unmatched, _loops, _letters, _suggestions, _duty, _sign_up, _dates, _support,
)  # fmt: skip


def _two(one: str, other: str) -> str:
    return _("%(one)s with %(other)s") % {"one": one, "other": other}


def _ago(moment: datetime | None, now: datetime) -> str:
    days = (now - moment).days if moment is not None else 0
    if days < 1:
        return _("today")
    return ngettext("%(n)s day ago", "%(n)s days ago", days) % {"n": days}
