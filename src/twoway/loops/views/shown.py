"""What the pages of a loop show, gathered from queries and labelled by the rules that let it be seen."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.safestring import SafeString
from django.utils.text import format_lazy
from django.utils.translation import gettext as _

from twoway.loops import rules
from twoway.loops.models import AgendaItem, Agreement, Meeting, MeetingAnswer, Message, Participation
from twoway.loops.queries import Standing
from twoway.loops.queries.agenda import carried_over_from
from twoway.loops.queries.card import is_contradicted, is_held
from twoway.loops.queries.meeting import answers_to, has_time_ahead, times_of
from twoway.loops.terms import Line, as_compared, lines_of
from twoway.loops.written import excerpt_of, html_of
from twoway.people.audience import Audience, Label, Relation, admits, label_for


@dataclass(frozen=True)
class Bubble:
    """One message as the reader sees it."""

    message: Message
    name: str
    key: str
    mine: bool
    body: SafeString | None  # none: withdrawn
    quoted_name: str
    quoted: str
    may_change: bool

    @property
    def id(self) -> str:
        return f"m-{self.message.public_id}"


def bubbles_of(standing: Standing, messages: list[Message]) -> list[Bubble]:
    """Messages with names as the loop knows them and what they answer."""
    names = {one.person_id: one.name for one in standing.everybody}
    return [_bubble(standing, message, names) for message in messages]


def _bubble(standing: Standing, message: Message, names: dict[int, str]) -> Bubble:
    quotes = message.quotes
    return Bubble(
        message=message,
        name=names.get(message.by_id, message.by.name),
        key=message.by.public_id,
        mine=message.by_id == standing.me.person_id,
        body=None if message.withdrawn_at else html_of(message.body),
        quoted_name=names.get(quotes.by_id, "") if quotes else "",
        quoted=_quoted(quotes) if quotes else "",
        may_change=rules.may_write(standing) and rules.may_change_message(standing, message),
    )


def _quoted(message: Message) -> str:
    return _("This message was withdrawn.") if message.withdrawn_at else excerpt_of(message.body)


@dataclass(frozen=True)
class Question:
    """One item of the agenda as the reader sees it."""

    item: AgendaItem
    is_draft: bool
    carried_from: datetime | None
    label: Label


def questions_of(items: list[AgendaItem], now: datetime) -> list[Question]:
    return [
        Question(
            item=item,
            is_draft=item.state == AgendaItem.State.DRAFT,
            carried_from=carried_over_from(item, now),
            label=label_for(rules.audience_of_item(item)),
        )
        for item in items
    ]


@dataclass(frozen=True)
class Word:
    """What one participant said about a meeting, as far as the reader may see it."""

    name: str
    mine: bool
    happened: bool | None
    take_away: str
    take_away_label: Label
    next_step: str
    heard: bool


@dataclass(frozen=True)
class Over:
    """A meeting that is over, and what was said about it."""

    meeting: Meeting
    words: list[Word]

    @property
    def held(self) -> bool:
        return is_held([word.happened for word in self.words])

    @property
    def contradicted(self) -> bool:
        return is_contradicted([word.happened for word in self.words])

    @property
    def mine(self) -> Word | None:
        return next((word for word in self.words if word.mine), None)


def over_of(standing: Standing, meeting: Meeting) -> Over:
    names = {one.person_id: one.name for one in standing.everybody}
    return Over(meeting, [_word(standing, answer, names) for answer in answers_to(meeting)])


def _word(standing: Standing, answer: MeetingAnswer, names: dict[int, str]) -> Word:
    return Word(
        name=names.get(answer.person_id, ""),
        mine=answer.person_id == standing.me.person_id,
        happened=answer.happened,
        take_away=answer.take_away if rules.may_see_take_away(standing, answer) else "",
        take_away_label=label_for(rules.audience_of_take_away(answer)),
        next_step=answer.next_step,
        heard=answer.heard,
    )


@dataclass(frozen=True)
class Offer:
    """Times that wait to be picked."""

    meeting: Meeting
    times: list[Any]
    mine: bool
    is_over: bool  # all of them


def offer_of(standing: Standing, meeting: Meeting, now: datetime) -> Offer:
    is_mine = meeting.by_id == standing.me.person_id
    return Offer(meeting, times_of(meeting), is_mine, not has_time_ahead(meeting, now))


def labels() -> dict[str, Label]:
    """Who can see what, made from the rules that decide it."""
    return {
        "conversation": label_for(rules.CONVERSATION),
        "meeting": _meeting_label(),
        "agreement": _agreement_label(),
        "card": label_for(rules.CARD),
        "draft": label_for(Audience.OWNER),
    }


def _meeting_label() -> Label:
    """What is said about a meeting belongs to the two; its day stands on the card, which others may see."""
    meeting = label_for(rules.MEETING)
    if not admits(rules.CARD, Relation.COORDINATOR):
        return meeting
    return Label(meeting.symbol, format_lazy("{} {}", meeting.words, _("They see the day alone, on your card.")))


def _agreement_label() -> Label:
    """What is agreed belongs to the two; how often they meet and when they look at it again stands on their card."""
    agreement = label_for(rules.AGREEMENT)
    if not admits(rules.CARD, Relation.COORDINATOR):
        return agreement
    words = _("They see the step, the rhythm and the day of the review alone, on your card.")
    return Label(agreement.symbol, format_lazy("{} {}", agreement.words, words))


@dataclass(frozen=True)
class Agreed:
    """How far two people are with what they expect of each other, as one of them sees it. No question is asked."""

    mine_sent: bool
    other_sent: bool
    has_begun: bool
    newest: Agreement | None  # once both have sent theirs
    holds: Agreement | None  # the version that both confirmed last
    is_agreed: bool  # and nothing newer waits
    confirmed_by_me: bool
    confirmed_by_other: bool

    @property
    def lines(self) -> list[Line]:
        """What holds, or what lies before the two."""
        terms = self.holds or self.newest
        return lines_of(terms) if terms is not None else []

    @property
    def facts(self) -> list[Line]:
        return [line for line in self.lines if not line.is_text]

    @property
    def on(self) -> str:
        return next((line.words for line in self.lines if line.name == "on_the_table"), "")

    @property
    def off(self) -> list[str]:
        """What is off the table: at once where one of them writes it, and until both confirm that it no longer is."""
        limits = {as_compared(one.off_the_table): one.off_the_table for one in (self.newest, self.holds) if one}
        return [words for words in limits.values() if words]


def agreed_of(standing: Standing) -> Agreed:
    loop, others = standing.loop, standing.others
    return Agreed(
        mine_sent=standing.me.expectations_sent_at is not None,
        other_sent=bool(others) and all(one.expectations_sent_at is not None for one in others),
        has_begun=standing.has_begun,
        newest=loop.agreement,
        holds=loop.agreed,
        is_agreed=loop.agreed_at is not None,
        confirmed_by_me=loop.agreement_id is not None and standing.me.confirmed_id == loop.agreement_id,
        confirmed_by_other=bool(others) and all(
            loop.agreement_id is not None and one.confirmed_id == loop.agreement_id for one in others
        ),
    )  # fmt: skip


def zone_of(participation: Participation) -> ZoneInfo:
    return ZoneInfo(participation.person.time_zone)
