"""The dates of an intake: when each begins on the clock, and what it does.

A day belongs to the programme's own time zone. The list a coordinator reads before saving and the code that opens
and closes sign-up are made from the same moments, so the list cannot promise anything else.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from twoway.people.models import Intake, Programme


@dataclass(frozen=True)
class Phase:
    """One date of an intake: its field, its name, and what a member reads beside it."""

    field: str
    name: Promise
    for_members: Promise
    ends_the_day: bool = False  # it happens when its day is over


PHASES = (
    Phase("sign_up_opens_on", _("Sign-up opens"), _("You can sign up from here on.")),
    Phase("sign_up_closes_on", _("Last day to sign up"), _("You can sign up until this day is over."), True),
    Phase("matching_on", _("Matching"), _("The coordinators put together who could meet whom.")),
    Phase("starts_on", _("Start"), _("First conversations begin.")),
    Phase("mid_term_on", _("Mid-term"), _("A moment to look at how it is going.")),
    Phase("closing_on", _("Closing"), _("Time for a last talk within the programme.")),
    Phase("ends_on", _("End"), _("The intake is over. What you two go on with is yours."), True),
)
FIELDS = tuple(phase.field for phase in PHASES)


@dataclass(frozen=True)
class Moment:
    """A phase of an intake with its day, and the instant on the clock at which it happens."""

    phase: Phase
    day: date
    at: datetime


def moments_of(intake: Intake) -> list[Moment]:
    """The dated phases of an intake, in the order in which they happen."""
    zone = ZoneInfo(intake.programme.time_zone)
    dated = [(phase, getattr(intake, phase.field)) for phase in PHASES]
    moments = [Moment(phase, day, _instant(day, zone, over=phase.ends_the_day)) for phase, day in dated if day]
    return sorted(moments, key=lambda moment: moment.at)


def sign_up_window(intake: Intake) -> tuple[datetime | None, datetime | None]:
    """From when until when the dates let people sign up; None where a side is open."""
    at = {moment.phase.field: moment.at for moment in moments_of(intake)}
    ends = [at[field] for field in ("sign_up_closes_on", "ends_on") if field in at]
    return at.get("sign_up_opens_on"), min(ends, default=None)


@dataclass(frozen=True)
class SignUp:
    """How sign-up stands at one moment, for every page that opens, closes or speaks of it."""

    state: str  # open, not yet, over, off; none where there is no intake
    day: date | None = None  # the last day it is open, the first it is closed, or the one on which it opens
    words: str = ""

    @property
    def is_open(self) -> bool:
        return self.state == "open"


def sign_up_of(intake: Intake, now: datetime) -> SignUp:
    """Whether somebody may sign up to an intake now: the switch is on, the programme lives, the date fits."""
    programme = intake.programme
    zone = ZoneInfo(programme.time_zone)
    if not programme.sign_up_on or programme.archived_at is not None:
        return SignUp("off", words=gettext("Sign-up switched off"))
    opens, closes = sign_up_window(intake)
    if closes is not None and closes <= now:
        return _dated("over", gettext("Sign-up closed since %(day)s"), closes.astimezone(zone).date(), now)
    if opens is not None and now < opens:
        return _dated("not yet", gettext("Sign-up opens on %(day)s"), opens.astimezone(zone).date(), now)
    if closes is None:
        return SignUp("open", words=gettext("Sign-up open"))
    last = (closes.astimezone(zone) - timedelta(seconds=1)).date()
    return _dated("open", gettext("Sign-up open until %(day)s"), last, now)


def sign_up_of_all(programme: Programme, intakes: Iterable[Intake], now: datetime) -> SignUp:
    """How sign-up to a programme stands: as in the intake that is open and closes first, else in the one that opens
    next, else in the one that closed last."""
    found = [sign_up_of(intake, now) for intake in intakes]
    if not programme.sign_up_on or programme.archived_at is not None:
        return SignUp("off", words=gettext("Sign-up switched off"))
    for state, pick in _FIRST.items():
        here = [one for one in found if one.state == state]
        if here:
            return pick(here, key=lambda one: one.day or date.max)
    return SignUp("none", words=gettext("No intake to sign up to"))


_FIRST: dict[str, Callable[..., SignUp]] = {"open": min, "not yet": min, "over": max}


def _dated(state: str, words: str, day: date, now: datetime) -> SignUp:
    shown = date_format(day, "j F" if day.year == now.year else "j F Y")
    return SignUp(state, day, words % {"day": shown})


def _instant(day: date, zone: ZoneInfo, *, over: bool) -> datetime:
    """Midnight at which a day begins, or is over, where the programme is. A midnight that a clock change skips is
    the moment of the change."""
    return datetime.combine(day + timedelta(days=1) if over else day, time.min, zone).astimezone(UTC)


@dataclass(frozen=True)
class Effect:
    """What one date will do, or has done."""

    moment: Moment
    words: Promise
    by_itself: bool
    past: bool


_PLANNED = {
    "matching_on": _("Nothing happens by itself. It is the day on which you mean to match."),
    "starts_on": _("Nothing happens by itself. Members read it as the day on which conversations begin."),
    "mid_term_on": _("Nothing happens by itself. Members read it as the middle."),
    "closing_on": _("Nothing happens by itself. Members read it as the time for a last talk in the programme."),
}


def what_dates_do(intake: Intake, now: datetime) -> list[Effect]:
    """What each date of an intake does, in order. Made from the very window that opens and closes sign-up."""
    opens, closes = sign_up_window(intake)
    effects = []
    for moment in moments_of(intake):
        acts = moment.at == opens if moment.phase.field == "sign_up_opens_on" else moment.at == closes
        acts = acts and moment.phase.field not in _PLANNED
        words = _words_of(moment, acts, intake.programme.sign_up_on)
        effects.append(Effect(moment, words, by_itself=acts, past=moment.at <= now))
    return effects


def _words_of(moment: Moment, acts: bool, switched_on: bool) -> Promise:
    field = moment.phase.field
    if field in _PLANNED:
        return _PLANNED[field]
    if field == "sign_up_opens_on":
        if switched_on:
            return _("Sign-up opens by itself.")
        return _("Sign-up would open by itself, but it is switched off in the settings.")
    if field == "sign_up_closes_on":
        return _("Sign-up closes by itself when this day is over.")
    if acts:
        return _("Sign-up closes by itself when this day is over. No loop ends by it: what two people share goes on.")
    return _("The intake is over. No loop ends by it: what two people share goes on.")
