"""Every kind of event: its words, and who may read it.

Readers: CONCERNED (the people it concerns and the programme's coordinators), PEOPLE (only those it concerns),
OFFICE (coordinators and admins, and whoever it concerns), HIDDEN (nobody in the product: it would reveal a
draft, a quiet rematch, a report or a personal keep-apart; kept for the auditor).
"""

from dataclasses import dataclass
from enum import Enum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Readers(Enum):
    CONCERNED = "concerned"
    PEOPLE = "people"
    OFFICE = "office"
    HIDDEN = "hidden"


@dataclass(frozen=True)
class Kind:
    name: str
    words: Promise
    readers: Readers


_ALL = (
    # the ground: organisations, programmes, people
    Kind("organisation.made", _("opened the organisation"), Readers.OFFICE),
    Kind("organisation.changed", _("changed the organisation's settings"), Readers.OFFICE),
    Kind("programme.made", _("opened the programme"), Readers.OFFICE),
    Kind("programme.copied", _("copied the programme"), Readers.OFFICE),
    Kind("programme.changed", _("changed the programme's settings"), Readers.OFFICE),
    Kind("programme.archived", _("archived the programme"), Readers.OFFICE),
    Kind("programme.reopened", _("reopened the programme"), Readers.OFFICE),
    Kind("intake.made", _("added an intake"), Readers.OFFICE),
    Kind("intake.changed", _("changed the dates of an intake"), Readers.OFFICE),
    Kind("office.offered", _("offered a role"), Readers.OFFICE),
    Kind("office.offer_withdrawn", _("withdrew the offer of a role"), Readers.OFFICE),
    Kind("office.given", _("gave a role in the programme"), Readers.CONCERNED),
    Kind("office.accepted", _("accepted a role"), Readers.CONCERNED),
    Kind("office.ended", _("ended a role in the programme"), Readers.CONCERNED),
    Kind("office.primary", _("made someone the primary coordinator"), Readers.CONCERNED),
    Kind("support_line.changed", _("changed the help that people are pointed to"), Readers.OFFICE),
    Kind("person.joined", _("joined"), Readers.CONCERNED),
    Kind("person.available", _("became available again"), Readers.CONCERNED),
    Kind("person.paused", _("paused"), Readers.CONCERNED),
    Kind("seats.changed", _("changed how many people they can mentor"), Readers.CONCERNED),
    Kind("person.signed_in", _("signed in"), Readers.PEOPLE),
    Kind("person.sign_in_failed", _("tried a wrong password or code"), Readers.PEOPLE),
    Kind("person.password_set", _("set a password"), Readers.PEOPLE),
    Kind("person.session_ended", _("signed out a device"), Readers.PEOPLE),
    Kind("person.wishes_changed", _("changed how they like to be told"), Readers.PEOPLE),
    Kind("apart.kept", _("added a name to keep apart from"), Readers.HIDDEN),
    Kind("apart.dropped", _("took a name off the keep-apart list"), Readers.HIDDEN),
    # sign-up: forms, applications, invitations
    Kind("form.made", _("began the sign-up form"), Readers.OFFICE),
    Kind("form.copied", _("copied the sign-up form from another programme"), Readers.OFFICE),
    Kind("question.added", _("added a question to the sign-up form"), Readers.OFFICE),
    Kind("question.changed", _("changed a question of the sign-up form"), Readers.OFFICE),
    Kind("question.moved", _("moved a question of the sign-up form"), Readers.OFFICE),
    Kind("question.returned", _("asked a question of the sign-up form again"), Readers.OFFICE),
    Kind("question.retired", _("took a question off the sign-up form"), Readers.OFFICE),
    Kind("application.sent", _("signed up"), Readers.CONCERNED),
    Kind("application.verified", _("confirmed their address"), Readers.CONCERNED),
    Kind("application.approved", _("approved a sign-up"), Readers.CONCERNED),
    Kind("application.declined", _("declined a sign-up"), Readers.CONCERNED),
    Kind("application.withdrawn", _("withdrew a sign-up"), Readers.CONCERNED),
    Kind("application.address_corrected", _("corrected the address of a sign-up"), Readers.OFFICE),
    Kind("application.expected", _("noted somebody as expected"), Readers.OFFICE),
    Kind("answer.changed", _("changed an answer"), Readers.CONCERNED),
    Kind("invitation.sent", _("sent an invitation"), Readers.OFFICE),
    Kind("invitation.withdrawn", _("withdrew an invitation"), Readers.OFFICE),
    Kind("invitation.accepted", _("accepted an invitation"), Readers.CONCERNED),
    Kind("invitation.suggested", _("suggested somebody for the programme"), Readers.OFFICE),
    # rosters: files of people
    Kind("roster.brought", _("brought in a file of people"), Readers.OFFICE),
    Kind("roster.stopped", _("put a file of people away"), Readers.OFFICE),
    Kind("roster.kept", _("kept the people of a file as expected"), Readers.OFFICE),
    Kind("roster.emptied", _("forgot the rows that a file left out"), Readers.OFFICE),
    Kind("roster.taken_back", _("took back the people of a file"), Readers.OFFICE),
    # loops: what is said and planned in one is readable by its people alone
    Kind("loop.opened", _("opened a loop"), Readers.CONCERNED),
    Kind("loop.ended", _("a loop ended"), Readers.CONCERNED),
    Kind("message.sent", _("wrote a message"), Readers.PEOPLE),
    Kind("message.edited", _("changed a message"), Readers.PEOPLE),
    Kind("message.withdrawn", _("withdrew a message"), Readers.PEOPLE),
    Kind("meeting.offered", _("offered times for a meeting"), Readers.PEOPLE),
    Kind("meeting.booked", _("booked a meeting"), Readers.PEOPLE),
    Kind("meeting.moved", _("moved a meeting"), Readers.PEOPLE),
    Kind("meeting.cancelled", _("cancelled a meeting"), Readers.PEOPLE),
    Kind("meeting.recorded", _("noted that you two have talked"), Readers.PEOPLE),
    Kind("meeting.answered", _("said whether a meeting took place"), Readers.PEOPLE),
    Kind("agenda.drafted", _("wrote a question for the next meeting"), Readers.PEOPLE),
    Kind("agenda.changed", _("changed the questions for the next meeting"), Readers.PEOPLE),
    Kind("agenda.shared", _("shared questions for the next meeting"), Readers.PEOPLE),
    Kind("agenda.suggested", _("suggested a question"), Readers.PEOPLE),
    Kind("goal.written", _("wrote a goal"), Readers.PEOPLE),
    Kind("goal.changed", _("changed a goal"), Readers.PEOPLE),
    Kind("goal.shared", _("said who sees a goal"), Readers.PEOPLE),
    Kind("goal.kept_back", _("stopped sharing a goal"), Readers.PEOPLE),
    Kind("goal.looked_at", _("noted where a goal is now"), Readers.PEOPLE),
    Kind("goal.commented", _("wrote about a goal"), Readers.PEOPLE),
    Kind("goal.reached", _("reached a goal"), Readers.PEOPLE),
    Kind("goal.let_go", _("let a goal go"), Readers.PEOPLE),
    Kind("goal.reopened", _("took a goal up again"), Readers.PEOPLE),
    Kind("expectations.kept", _("wrote down what they expect of a loop"), Readers.PEOPLE),
    Kind("expectations.sent", _("sent what they expect, to be shown when both have"), Readers.PEOPLE),
    Kind("agreement.begun", _("both sent what they expect, and can look at it together"), Readers.PEOPLE),
    Kind("agreement.changed", _("wrote a new version of what the two agree on"), Readers.PEOPLE),
    Kind("agreement.confirmed", _("confirmed a version of what the two agree on"), Readers.PEOPLE),
    # the coordinators' desk
    Kind("desk.taken", _("took something on the desk"), Readers.OFFICE),
    Kind("desk.let_go", _("put something back on the desk"), Readers.OFFICE),
    Kind("desk.passed_on", _("passed something on the desk on"), Readers.OFFICE),
    Kind("desk.snoozed", _("let something on the desk rest until a day"), Readers.OFFICE),
    Kind("desk.woken", _("took something on the desk up again"), Readers.OFFICE),
    # matching: drafts are nobody's business; what a participant reads never tells why something ended
    Kind("wishes.opened", _("asked for wishes before a round"), Readers.OFFICE),
    Kind("wishes.weighed", _("changed how much a wish counts"), Readers.OFFICE),
    Kind("wishes.closed", _("ended the time for wishes"), Readers.OFFICE),
    Kind("round.queued", _("started a round of matching"), Readers.OFFICE),
    Kind("round.done", _("a round of matching was worked out"), Readers.OFFICE),
    Kind("round.failed", _("a round of matching could not run"), Readers.OFFICE),
    Kind("round.cancelled", _("stopped a round of matching"), Readers.OFFICE),
    Kind("rehearsal.queued", _("tried other weights on a copy of a round"), Readers.OFFICE),
    Kind("round.shown_by_trait", _("looked at who a round left over, by a protected trait"), Readers.OFFICE),
    Kind("proposal.drafted", _("drafted a proposal by hand"), Readers.HIDDEN),
    Kind("proposal.pinned", _("pinned a draft of a proposal"), Readers.HIDDEN),
    Kind("proposal.unpinned", _("unpinned a draft of a proposal"), Readers.HIDDEN),
    Kind("proposal.swapped", _("chose somebody else in a draft"), Readers.HIDDEN),
    Kind("proposal.dismissed", _("dismissed a draft of a proposal"), Readers.HIDDEN),
    Kind("proposal.restored", _("took back a dismissal"), Readers.HIDDEN),
    Kind("proposal.worded", _("changed the message of a proposal"), Readers.HIDDEN),
    Kind("proposal.published", _("proposed two people to each other"), Readers.CONCERNED),
    Kind(
        "proposal.excepted",
        _("proposed two people in spite of the reporting line, for a reason both have read"),
        Readers.CONCERNED,
    ),
    Kind("proposal.answered", _("answered a proposal"), Readers.PEOPLE),
    Kind("proposal.no_taken_back", _("took back a no to a proposal"), Readers.PEOPLE),
    Kind("proposal.yes_recorded", _("recorded a yes given by word of mouth"), Readers.OFFICE),
    Kind("proposal.yes_undone", _("took back a yes that was recorded for them"), Readers.PEOPLE),
    Kind("proposal.extended", _("gave a proposal more time"), Readers.OFFICE),
    Kind("proposal.withdrawn", _("withdrew a proposal"), Readers.OFFICE),
    Kind("proposal.ended", _("a proposal is not going ahead"), Readers.CONCERNED),
    # the operator's door
    Kind("demo.removed", _("removed the demo"), Readers.HIDDEN),
)

KINDS = {kind.name: kind for kind in _ALL}

_TALK = ("message.", "agenda.", "goal.", "expectations.", "desk.", "person.signed_in", "person.sign_in_failed")

ASIDE = frozenset(name for name in KINDS if name.startswith(_TALK))
"""Kinds after which the figures of a programme are as they were, or as good as: when two people last wrote, a card
says by the week."""
