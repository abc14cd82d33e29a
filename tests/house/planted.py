"""Plants a token in every private column, through the actions people use, and says who may read it."""

from datetime import timedelta
from typing import Any

from tests import factories
from tests.factories import NOW, terms
from tests.house.access import COORDINATOR, INSIDE, LOOP
from tests.house.relations import World
from tests.house.tokens import Tokens
from twoway.loops.actions.agenda import add_agenda_item, share_agenda
from twoway.loops.actions.agreement import keep_expectations, write_agreement
from twoway.loops.actions.answer import answer_meeting
from twoway.loops.actions.goal import (
    add_goal,
    add_steps,
    comment_on_goal,
    edit_goal,
    note_level,
    share_goal,
    tick_step,
    word_levels,
)
from twoway.loops.actions.meeting import book_meeting
from twoway.loops.actions.message import send_message, tell_of_messages
from twoway.loops.levels import COLUMNS
from twoway.loops.models import Loop
from twoway.loops.queries.loop import loops_of
from twoway.loops.terms import TEXTS
from twoway.matching.models import HeldAnswer, Proposal, ProposalAnswer, Round
from twoway.people.actions.person import keep_apart
from twoway.people.models import Membership, Token
from twoway.signup.actions.application import set_answer
from twoway.signup.actions.arrival import decline_applications
from twoway.signup.actions.invitation import suggest_somebody
from twoway.signup.models import Application, Roster

SELF, PARTNER = frozenset({"self"}), frozenset({"partner"})

# Private text that needs no token, each with the reason.
UNPLANTED = {
    "Person.password": "a digest",
    "Person.name": "shown in every programme and loop; Membership.name and Participation.name are planted",
    "Person.time_zone": "one of a fixed list",
    "Person.language": "one of a fixed list",
    "Clearance.kind": "one of a fixed list",
    "Token.onward": "an address of a page",
    "Token.facts": "ids",
    "DeskNote.key": "the steady name of an item, with ids",
    "Notification.kind": "one of a fixed list",
    "Notification.key": "ids",
    "Notification.url": "an address of a page",
    "Notification.facts": "made from what is planted elsewhere",
    "MeetingSeries.time_zone": "one of a fixed list",
    "Application.source": "one of a fixed list",
    "Application.last_step": "one of a fixed list",
    "Roster.mapping": "names of columns' uses",
    "Roster.fault": "our own words",
    "RosterRow.faults": "our own words about planted cells",
    "RosterRow.notes": "one of a fixed list",
    "RosterRow.before": "answers and names, planted there; no page shows it",
    "Round.settings": "ids and the form's own questions",
    "Rehearsal.weights": "numbers by id",
    "Rehearsal.left_off": "ids",
    "Rehearsal.found": "ids and numbers",
    "Round.problem": "made from answers, planted there",
    "Round.receipt": "ids and numbers",
    "Round.figures": "numbers, and options of the form",
    "Round.check_words": "our own words",
    "LeftOver.cause": "one of a fixed list",
    "LeftOver.facts": "ids and numbers",
    "Proposal.points": "made from answers, planted there",
    "Proposal.warnings": "the form's own questions",
    "Proposal.others": "ids and numbers",
}


def plant(world: World) -> Tokens:
    """Call it after the world's things are in, with scopes disabled."""
    tokens = Tokens()
    _plant_people(world, tokens)
    _plant_answers(world, tokens)
    _plant_applications(world, tokens)
    _plant_roster(world, tokens)
    _plant_loop(world, tokens)
    _plant_goals(world, tokens)
    _plant_matching(world, tokens)
    return tokens


def _plant_people(world: World, tokens: Tokens) -> None:
    cast = world.cast
    for person, owner in ((cast.amira, "self"), (cast.ben, "partner")):
        address = tokens.plant("KeptApart.address", owner) + "@somewhere.example"
        note = tokens.plant("KeptApart.note", owner)
        keep_apart(owner=person, organisation=cast.northwind, address=address, note=note, now=NOW)
    name = tokens.plant("Membership.name", *INSIDE, lead="Amira ")
    Membership.objects.filter(pk=cast.amira_member.pk).update(name=name)
    secret = tokens.plant("Token.address") + "@somewhere.example"
    Token.objects.create(
        kind="sign_in", address=secret, made_at=NOW, expires_at=NOW + timedelta(minutes=10), used_at=NOW
    )


def _plant_answers(world: World, tokens: Tokens) -> None:
    cast = world.cast
    form = getattr(cast.grow, "form", None) or factories.form(cast.grow)
    readers = {
        "coordinators": COORDINATOR,
        "matching": COORDINATOR,
        "partners": COORDINATOR | LOOP,
        "members": INSIDE,
    }
    for audience, others in readers.items():
        question = factories.question(form, f"Asked for {audience}", kind="long", audience=audience)
        for person, owner in ((cast.amira, "self"), (cast.ben, "partner")):
            application = Application.objects.get(person=person, intake=cast.autumn)
            value = tokens.plant("Answer.value", owner, *others, lead=f"{audience} ")
            set_answer(application=application, question=question, value=value, stricter="", by=person, now=NOW)
    narrowed = factories.question(form, "Asked for all, kept close", kind="long", audience="members")
    application = Application.objects.get(person=cast.amira, intake=cast.autumn)
    value = tokens.plant("Answer.value", "self", *COORDINATOR)
    set_answer(application=application, question=narrowed, value=value, stricter="matching", by=cast.amira, now=NOW)


def _plant_applications(world: World, tokens: Tokens) -> None:
    cast = world.cast
    waiting = factories.application(
        cast.autumn,
        state="waiting",
        name=tokens.plant("Application.name", *COORDINATOR),
        address=tokens.plant("Application.address", *COORDINATOR) + "@somewhere.example",
        verified_at=NOW,
        terms_at=NOW,
        adult=True,
        person=None,
    )
    waiting.person = factories.person("Nan Newcomer")
    waiting.save()  # fmt: skip
    words = tokens.plant("Application.decline_words", "somewhere")
    decline_applications(applications=[waiting], words=words, by=cast.chris, now=NOW)
    why = tokens.plant("Invitation.words", "self", *COORDINATOR)
    suggest_somebody(
        intake=cast.autumn, address="suggested@somewhere.example", name="Someone", why=why, by=cast.amira, now=NOW
    )


def _plant_roster(world: World, tokens: Tokens) -> None:
    """In what a file said and in what was typed over it."""

    def token(column: str) -> str:
        return tokens.plant(column, *COORDINATOR)

    roster = Roster.objects.get(public_id=world.ids["roster_id"])
    roster.file_name, roster.sheet = token("Roster.file_name"), token("Roster.sheet")
    roster.sheets = [roster.sheet, token("Roster.sheets")]
    roster.headers = ["email", "name", token("Roster.headers")]
    roster.new_questions = {"2": {**roster.new_questions["2"], "label": token("Roster.new_questions")}}
    roster.save()
    roster.rows.filter(number=2).update(
        cells=["ida@northwind.example", token("RosterRow.cells"), "North"],
        corrections={"2": token("RosterRow.corrections")},
        address=token("RosterRow.address") + "@somewhere.example",
    )


def _plant_loop(world: World, tokens: Tokens) -> None:
    cast = world.cast
    loop = loops_of(cast.amira).get(public_id=world.ids["loop"])
    loop.participations.filter(person=cast.amira).update(name=tokens.plant("Participation.name", *LOOP, *COORDINATOR))
    for person in (cast.amira, cast.ben):
        send_message(loop=loop, body=tokens.plant("Message.body", *LOOP), by=person, now=NOW)
    for participation in loop.participations.filter(ended_at=None):
        tell_of_messages(participation=participation, now=NOW + timedelta(hours=1))
    place = tokens.plant("Meeting.place", *LOOP)
    book_meeting(loop=loop, starts_at=NOW + timedelta(days=9), minutes=30, place=place, by=cast.amira, now=NOW)
    add_agenda_item(loop=loop, text=tokens.plant("AgendaItem.text", *LOOP), by=cast.amira, now=NOW)
    share_agenda(loop=loop, by=cast.amira, now=NOW)
    add_agenda_item(
        loop=loop, by=cast.amira, now=NOW, text=tokens.plant("AgendaItem.text", "self"),
        tried=tokens.plant("AgendaItem.tried", "self"), plan=tokens.plant("AgendaItem.plan", "self"),
    )  # fmt: skip
    _plant_agreement(world, tokens, loop)
    over = loop.meetings.get(public_id=world.ids["over"])
    for person, owner in ((cast.amira, SELF), (cast.ben, PARTNER)):
        answer_meeting(
            meeting=over, happened=True, take_away=tokens.plant("MeetingAnswer.take_away", *owner),
            take_away_shared=False, next_step=tokens.plant("MeetingAnswer.next_step", *LOOP), heard=False,
            by=person, now=NOW,
        )  # fmt: skip


def _plant_goals(world: World, tokens: Tokens) -> None:
    """In the one that is shared, with one step of two; in one whose title stands on the card; in one kept back."""
    amira, ben = world.cast.amira, world.cast.ben
    loop = loops_of(amira).get(public_id=world.ids["loop"])
    goal = loop.goals.get(public_id=world.ids["goal"])
    words = {column: tokens.plant(f"Goal.{column}", *LOOP) for column in ("what", "why", "known")}
    edit_goal(goal=goal, kind="skill", by_when=None, seen=goal.version, by=amira, now=NOW, **words)
    levels = {column: tokens.plant(f"Goal.{column}", *LOOP) for column in COLUMNS}
    tokens.columns.add("GoalEntry.level_words")  # a copy of one of them
    word_levels(goal=goal, words=levels, seen=goal.version, by=amira, now=NOW)
    texts = [tokens.plant("GoalStep.text", *LOOP), tokens.plant("GoalStep.text", "self")]
    add_steps(goal=goal, texts=texts, by=amira, now=NOW)
    shared = goal.goal_steps.get(text=texts[0])
    share_goal(
        goal=goal, shared=True, steps=[shared.public_id], title_shown=False, seen=goal.version, by=amira, now=NOW
    )
    tick_step(goal=goal, step=shared.public_id, done=True, by=amira, now=NOW)
    said = tokens.plant("GoalEntry.text", *LOOP)
    note_level(goal=goal, level=0, text=said, seen=goal.version, by=amira, now=NOW)
    comment_on_goal(goal=goal, text=tokens.plant("GoalEntry.text", *LOOP), by=ben, now=NOW)
    on_card = add_goal(
        loop=loop, kind="network", what=tokens.plant("Goal.what", *LOOP, *COORDINATOR), by=amira, now=NOW
    )
    share_goal(goal=on_card, shared=True, steps=[], title_shown=True, seen=on_card.version, by=amira, now=NOW)
    add_goal(loop=loop, kind="decision", what=tokens.plant("Goal.what", "self"), by=amira, now=NOW)


def _plant_agreement(world: World, tokens: Tokens, loop: Loop) -> None:
    """Two drafts, of which he has sent his; and elsewhere a version of what both have sent."""
    apart = loops_of(world.cast.amira).get(public_id=world.ids["apart_loop"])
    for person, owner in ((world.cast.amira, SELF), (world.cast.ben, PARTNER)):
        said = {name: tokens.plant(f"Expectations.{name}", *owner) for name in TEXTS}
        keep_expectations(loop=apart, said=terms(**said), by=person, now=NOW, sends=owner is PARTNER)
    for person in (world.cast.amira, world.cast.ben):
        hopes = tokens.plant("Expectations.hopes", *LOOP)
        loop.expectations.filter(person=person).update(hopes=hopes)
    said = {name: tokens.plant(f"Agreement.{name}", *LOOP) for name in TEXTS}
    write_agreement(loop=loop, said=terms(**said), by=world.cast.ben, now=NOW, confirms=True)


def _plant_matching(world: World, tokens: Tokens) -> None:
    cast = world.cast
    Round.objects.filter(public_id=world.ids["round_id"]).update(name=tokens.plant("Round.name", *COORDINATOR))
    proposal = Proposal.objects.get(public_id=world.ids["proposal_id"])
    proposal.words = tokens.plant("Proposal.words", *LOOP, *COORDINATOR)
    proposal.override = tokens.plant("Proposal.override", *LOOP, *COORDINATOR)
    proposal.save()
    for person, owner in ((cast.amira, SELF), (cast.ben, PARTNER)):
        side = Application.objects.get(person=person, intake=cast.autumn)
        reason = tokens.plant("ProposalAnswer.reason", *owner, *COORDINATOR)
        ProposalAnswer.objects.create(
            proposal=proposal, application=side, answer="yes", reason=reason, by=person, at=NOW
        )
    hers = Application.objects.get(person=cast.amira, intake=cast.autumn)
    HeldAnswer.objects.create(  # whoever gave it has it in their takeout; no page shows it to anybody
        proposal=proposal, application=hers, answer="no", reason=tokens.plant("HeldAnswer.reason"), by=cast.amira,
        at=NOW, final_at=NOW + timedelta(hours=1),
    )  # fmt: skip


def relation_of(world: World, person: int | None) -> str:
    """The relation in which the receiver of a letter stands; "somewhere" for an address without a person."""
    known: dict[Any, str] = {someone.pk: name for name, someone in world.people.items() if someone is not None}
    return known.get(person, "somewhere")
