"""What is my next step? One answer from an explicit, ordered list; pure, so that its order can be read and tested."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


@dataclass(frozen=True)
class Button:
    label: str
    url: str


@dataclass(frozen=True)
class Step:
    """The one thing to do next: `kind` names it steadily, `person` is whose words it may hold."""

    kind: str
    title: str
    text: str
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True)
class Entry:
    """A way into a programme that is not finished."""

    programme: str
    state: str  # started, sent, expected, waiting
    url: str
    open: bool = True  # sign-up takes it still


@dataclass(frozen=True)
class Proposed:
    """Somebody who was proposed and waits for a yes or no."""

    other: str
    role: str  # mine: mentee or mentor
    programme: str
    url: str
    theirs: str = ""  # the other's role, in the programme's words


@dataclass(frozen=True)
class Agreed:
    """Somebody I said yes to, before it goes ahead. What they answered is not known here."""

    other: str
    url: str
    by: str = ""  # the coordinator who wrote it down for me
    until: str = ""  # in words: so long what was written down for me opens nothing


@dataclass(frozen=True)
class InLoop:
    """What waits in one loop, as its participant sees it."""

    other: str
    url: str
    new_meeting_url: str
    agenda_url: str
    mine_to_keep: bool = False  # the mentee's agenda
    may_write: bool = True
    met_at: datetime | None = None  # a meeting that is over and unanswered
    answer_url: str = ""
    offered_url: str = ""  # times that wait for me
    offered_words: str = ""  # the first of them in words
    i_offered: bool = False
    next_at: datetime | None = None
    next_day: str = ""  # in words: Thursday
    next_words: str = ""  # in words: Thursday, 14:00
    has_met: bool = False
    questions: int = 0
    unread: int = 0


@dataclass(frozen=True)
class Paused:
    """A programme in which I take a break."""

    programme: str
    url: str  # where I say that I am back
    until: str = ""  # in words: 3 March; nothing where I come back when I say so


@dataclass(frozen=True)
class Wishing:
    """A programme in which I may say before the round whom I would like to meet."""

    programme: str
    url: str
    marked: bool


@dataclass(frozen=True)
class Declined:
    """A programme whose coordinators decided not to go on with my sign-up."""

    programme: str
    url: str  # where it stands, with what they wrote
    join_url: str = ""  # a newer intake that takes sign-ups


@dataclass(frozen=True)
class Unfinished:
    """A programme in which an admin has something left to do."""

    name: str
    url: str


@dataclass(frozen=True)
class Administered:
    """An organisation, as the one who administers it has to see to it."""

    organisation: str
    url: str
    new_url: str
    running: int
    set_up: Unfinished | None = None  # begun, and not finished
    alone: Unfinished | None = None  # running, and nobody coordinates it


@dataclass(frozen=True)
class Facts:
    """All that the choice hangs on."""

    entries: Sequence[Entry] = ()
    proposals: Sequence[Proposed] = ()
    agreed: Sequence[Agreed] = ()
    loops: Sequence[InLoop] = ()
    takes_part: bool = False  # a member of some programme who may be asked and matched there
    paused: Sequence[Paused] = ()
    wishing: Sequence[Wishing] = ()  # asked only of whoever has no loop and no proposal
    declined: Declined | None = None  # asked only of whoever has nothing else here


def next_step(facts: Facts) -> Step:
    """The first of the steps that fits; else a kind word that nothing is to do."""
    return next((step for find in STEPS if (step := find(facts)) is not None), nothing_to_do(facts))


def finish_the_form(facts: Facts) -> Step | None:
    one = next((one for one in facts.entries if one.open and one.state in ("expected", "started")), None)
    if one is None:
        return None
    if one.state == "expected":
        title = _("You are invited to %(programme)s") % {"programme": one.programme}
        text = _("A few questions, so that we can find somebody who fits. You can stop at any time and go on later.")
        return Step("form", title, text, (Button(_("Begin"), one.url),))
    title = _("Go on with your form for %(programme)s") % {"programme": one.programme}
    text = _("Everything you wrote is kept. It goes on where you stopped.")
    return Step("form", title, text, (Button(_("Go on"), one.url),))


def confirm_the_address(facts: Facts) -> Step | None:
    one = next((one for one in facts.entries if one.state == "sent" and one.open), None)
    if one is None:
        return None
    title = _("Confirm your address for %(programme)s") % {"programme": one.programme}
    text = _("There is a letter in your mailbox with a link. Open it, and your form is on its way.")
    return Step("address", title, text, (Button(_("Send the letter again"), one.url),))


def answer_a_proposal(facts: Facts) -> Step | None:
    one = next(iter(facts.proposals), None)
    if one is None:
        return None
    if one.role == "mentee":
        title = _("Would you like to meet %(other)s?") % {"other": one.other}
    else:
        title = _("Would you like to be there for %(other)s?") % {"other": one.other}
    text = _("%(programme)s thinks the two of you fit. Read why, and say yes or no. Either is fine.")
    return Step("proposal", title, text % {"programme": one.programme}, (Button(_("Read and answer"), one.url),))


def look_at_a_noted_yes(facts: Facts) -> Step | None:
    """A yes that somebody else wrote down for me stands first, while it opens nothing by itself."""
    one = next((one for one in facts.agreed if one.until), None)
    if one is None:
        return None
    text = _("If that is not so, take it back until %(until)s. If it is, there is nothing to do.")
    return Step("noted", _noted(one), text % {"until": one.until}, (Button(_("Look at it"), one.url),))


def _noted(one: Agreed) -> str:
    return _("%(by)s noted your yes to meeting %(other)s") % {"by": one.by, "other": one.other}


def say_whether_you_met(facts: Facts) -> Step | None:
    waiting = [one for one in facts.loops if one.met_at is not None and one.may_write]
    if not waiting:
        return None
    one = max(waiting, key=lambda loop: loop.met_at or datetime.min)
    title = _("Did you and %(other)s meet?") % {"other": one.other}
    text = _("One tap is enough. You can add a line for yourself, and it stays yours.")
    return Step("met", title, text, (Button(_("Say how it was"), one.answer_url), Button(_("Open the loop"), one.url)))


def pick_a_time(facts: Facts) -> Step | None:
    one = next((one for one in facts.loops if one.offered_url and one.may_write), None)
    if one is None:
        return None
    title = _("%(other)s offers times to meet") % {"other": one.other}
    text = _("Pick the one that suits you, or offer others.")
    if one.offered_words:
        text = f"{one.offered_words}. {text}"
    return Step("pick", title, text, (Button(_("Look at the times"), one.offered_url),))


def offer_a_time(facts: Facts) -> Step | None:
    free = [one for one in facts.loops if one.may_write and one.next_at is None and not one.i_offered]
    if not free:
        return None
    one = min(free, key=lambda loop: loop.has_met)  # those who have not met yet come first
    if one.has_met:
        title = _("Find the next time with %(other)s") % {"other": one.other}
    else:
        title = _("Find a first time with %(other)s") % {"other": one.other}
    text = _("Offer up to three times, and %(other)s picks one.") % {"other": one.other}
    buttons = (Button(_("Offer times"), one.new_meeting_url), Button(_("Write first"), one.url))
    return Step("offer", title, text, buttons)


def write_a_question(facts: Facts) -> Step | None:
    coming = [one for one in facts.loops if one.mine_to_keep and one.may_write and one.next_at and not one.questions]
    if not coming:
        return None
    one = min(coming, key=lambda loop: loop.next_at or datetime.max)
    title = _("Write one question for %(day)s") % {"day": one.next_day}
    text = _("You meet %(other)s %(when)s. One line is enough. It stays yours until you share it.")
    text %= {"other": one.other, "when": one.next_words}
    return Step("question", title, text, (Button(_("Write a question"), one.agenda_url),))


def read_what_is_new(facts: Facts) -> Step | None:
    new = [one for one in facts.loops if one.unread]
    if not new:
        return None
    one = new[0]
    title = ngettext("%(other)s wrote to you", "%(other)s wrote to you: %(n)s messages", one.unread)
    text = _("Read it when it suits you.")
    if len(new) > 1:
        text = _("Others did too; each is marked in your loops. Read them when it suits you.")
    return Step("read", title % {"other": one.other, "n": one.unread}, text, (Button(_("Read"), one.url),))


def mark_wishes(facts: Facts) -> Step | None:
    one = next((one for one in facts.wishing if not one.marked), None) or next(iter(facts.wishing), None)
    if one is None:
        return None
    if one.marked:
        text = _("You are in, and what you marked is kept. You can change it until the coordinators start the round.")
        return Step("wishes", _("Nothing needs you now"), text, (Button(_("Look at your wishes"), one.url),))
    title = _("Is there somebody you would like to meet?")
    text = _("%(programme)s is about to look for pairs. You can mark up to five people first. Nobody you name is told.")
    return Step("wishes", title, text % {"programme": one.programme}, (Button(_("Look who is there"), one.url),))


STEPS: tuple[Callable[[Facts], Step | None], ...] = (
    finish_the_form,
    confirm_the_address,
    answer_a_proposal,
    look_at_a_noted_yes,
    say_whether_you_met,
    pick_a_time,
    offer_a_time,
    write_a_question,
    read_what_is_new,
    mark_wishes,
)


def nothing_to_do(facts: Facts) -> Step:
    """A kind word, and what comes by itself."""
    coming = [one for one in facts.loops if one.next_at]
    if coming:
        one = min(coming, key=lambda loop: loop.next_at or datetime.max)
        title = _("All set until %(day)s") % {"day": one.next_day}
        text = _("You meet %(other)s %(when)s. Nothing else needs you now.")
        text %= {"other": one.other, "when": one.next_words}
        return Step("nothing", title, text, (Button(_("Open the loop"), one.url),))
    if any(one.i_offered for one in facts.loops):
        one = next(one for one in facts.loops if one.i_offered)
        text = _("%(other)s has your times and will pick one. We tell you then.") % {"other": one.other}
        return Step("nothing", _("Nothing needs you now"), text, (Button(_("Open the loop"), one.url),))
    if any(one.state == "waiting" for one in facts.entries):
        text = _("Your form has arrived. A coordinator reads it, and you get a letter as soon as there is an answer.")
        return Step("nothing", _("Your turn is done, for now"), text)
    if facts.agreed:
        return _waits_for_both(facts.agreed[0])
    if facts.takes_part:
        text = _("You are in. As soon as somebody is found for you, it stands here and you get a letter.")
        return Step("nothing", _("Nothing needs you now"), text)
    if facts.paused:
        return _paused(facts.paused)
    if facts.declined:
        return _declined(facts.declined)
    text = _("A programme's coordinator gives you the address of its sign-up page, or invites you by letter.")
    return Step("new", _("Welcome. This is where your next step will stand"), text)


def _waits_for_both(one: Agreed) -> Step:
    """My yes is in. Whether the other has answered is not said, now or by other words later."""
    if one.by:
        title = _noted(one)
        text = _("You can confirm it or take it back. It begins when both of you have said yes.")
    else:
        title = _("You said yes to meeting %(other)s") % {"other": one.other}
        text = _("%(other)s is asked as well. It begins when both of you have said yes, and we tell you either way.")
        text %= {"other": one.other}
    return Step("nothing", title, text, (Button(_("Look at it again"), one.url),))


def _paused(breaks: Sequence[Paused]) -> Step:
    """Whoever takes a break everywhere is not looked for; this says so, and the way back."""
    if len(breaks) > 1:
        text = _("You are not matched with anybody new. Each programme's page says until when.")
    elif breaks[0].until:
        text = _("You are not matched with anybody new. You are back by yourself on %(day)s, or when you say.")
        text %= {"day": breaks[0].until}
    else:
        text = _("You are not matched with anybody new until you say that you are back.")
    title = _("You are paused in %(programmes)s") % {"programmes": ", ".join(one.programme for one in breaks)}
    label = _("Come back to %(programme)s") if len(breaks) > 1 else _("Come back")
    return Step("paused", title, text, tuple(Button(label % {"programme": one.programme}, one.url) for one in breaks))


def _declined(one: Declined) -> Step:
    """The letter's neutral words, and what is possible next."""
    title = _("About your sign-up for %(programme)s") % {"programme": one.programme}
    no = _("Thank you for wanting to take part. The coordinators cannot offer you a place this time.")
    read = Button(_("Read it again"), one.url)
    if one.join_url:
        text = _("A new intake is open, and you are welcome to sign up again.")
        return Step("nothing", title, f"{no} {text}", (Button(_("Sign up again"), one.join_url), read))
    text = _("You are welcome to sign up again when the next intake opens.")
    return Step("nothing", title, f"{no} {text}", (read,))


# --- an admin's -------------------------------------------------------------------------------------


def admins_step(organisations: Sequence[Administered]) -> Step:
    """What an admin does next: the first of these that fits in any organisation they run."""
    for find in (_go_on_setting_up, _find_a_coordinator, _open_a_programme):
        for one in organisations:
            step = find(one)
            if step is not None:
                return step
    text = _("Every programme of %(names)s has somebody who runs it.")
    text %= {"names": ", ".join(one.organisation for one in organisations)}
    buttons = tuple(Button(_("Open %(name)s") % {"name": one.organisation}, one.url) for one in organisations)
    return Step("nothing", _("Nothing needs you now"), text, buttons)


def _go_on_setting_up(one: Administered) -> Step | None:
    if one.set_up is None:
        return None
    title = _("Go on setting up %(programme)s") % {"programme": one.set_up.name}
    text = _("Everything so far is kept. Go on where you stopped.")
    return Step("set-up", title, text, (Button(_("Go on with the set-up"), one.set_up.url),))


def _find_a_coordinator(one: Administered) -> Step | None:
    if one.alone is None:
        return None
    title = _("Find somebody to run %(programme)s") % {"programme": one.alone.name}
    text = _("Nobody coordinates it yet. Ask somebody in: they get a letter with a link.")
    return Step("coordinator", title, text, (Button(_("Ask somebody in"), one.alone.url),))


def _open_a_programme(one: Administered) -> Step | None:
    if one.running:
        return None
    title = _("Open the first programme of %(name)s") % {"name": one.organisation}
    text = _("A guided set-up leads you through it. It takes about half an hour, and you can stop at any point.")
    return Step("programme", title, text, (Button(_("Set up a programme"), one.new_url),))
