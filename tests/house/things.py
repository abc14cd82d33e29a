"""One of each thing that has an id in some address, all belonging to Amira, her loop, or her programme."""

from datetime import timedelta

from allauth.usersessions.models import UserSession

from tests import factories
from tests.factories import NOW, terms
from tests.house.relations import World
from twoway.loops.actions.agenda import add_agenda_item
from twoway.loops.actions.agreement import keep_expectations
from twoway.loops.actions.goal import add_goal, share_goal, word_levels
from twoway.loops.actions.loop import open_loop
from twoway.loops.actions.meeting import book_meeting, propose_times, record_talk
from twoway.loops.actions.message import send_message
from twoway.loops.models import Participation, Sponsorship
from twoway.matching.actions.draft import Fit, draft_by_hand
from twoway.matching.actions.proposal import put_forward
from twoway.matching.actions.rehearsal import queue_rehearsal
from twoway.matching.actions.round import queue_round
from twoway.matching.actions.wish import mark, open_wishes
from twoway.matching.models import Proposal
from twoway.matching.tasks import rehearse_queued, solve_queued_rounds
from twoway.people.actions.link import make_link
from twoway.people.actions.office import ask_into_office
from twoway.people.actions.person import keep_apart
from twoway.people.models import Office, Token
from twoway.signup.actions.invitation import invite
from twoway.signup.actions.keeping import ask_to_keep
from twoway.signup.actions.roster import ask_for_check, bring_in_roster
from twoway.signup.models import Application, Invitation
from twoway.signup.tasks import work_on_rosters


def put_in(world: World) -> None:
    """Make them and note their ids under the names that addresses use. Call it with scopes disabled."""
    cast = world.cast
    _, link = make_link(kind=Token.Kind.DEMO, lasts=timedelta(hours=1), person=cast.amira, now=NOW)
    session = UserSession.objects.create(user=cast.amira, ip="127.0.0.1", session_key="k" * 32, user_agent="Test")
    apart = keep_apart(owner=cast.amira, organisation=cast.northwind, address="x@y.example", note="", now=NOW)
    put_in_places(world)
    put_in_sign_up(world)
    put_in_rosters(world)
    put_in_loop(world)
    put_in_matching(world)
    world.ids |= {
        "secret": link.rstrip("/").rpartition("/")[2],
        "device": session.pk,
        "apart_id": apart.public_id,
        "member_id": cast.amira_member.public_id,
    }


def put_in_places(world: World) -> None:
    """What belongs to the organisation and the programme themselves."""
    cast = world.cast
    over = factories.programme(cast.northwind, "Old Path", archived_at=NOW)
    begun = factories.programme(cast.northwind, "New Path", set_up="terms")
    factories.intake(begun)
    asked = {"address": "new@northwind.example", "organisation": cast.northwind, "by": cast.ada, "now": NOW}
    world.ids |= {
        "programme_id": cast.grow.public_id,
        "archived_id": over.public_id,
        "set_up_id": begun.public_id,
        "step": "terms",
        "intake_id": cast.autumn.public_id,
        "line_id": factories.support_line(cast.grow).public_id,
        "office_id": Office.objects.get(person=cast.sam).public_id,
        "admin_id": Office.objects.get(person=cast.ada).public_id,
        "offer_id": ask_into_office(role="viewer", programme=cast.grow, **asked).public_id,
        "admin_offer_id": ask_into_office(role="admin", programme=None, **asked).public_id,
    }


def put_in_sign_up(world: World) -> None:
    """A question, somebody who has signed up, somebody who is invited, and a letter's link."""
    cast = world.cast
    sent = factories.application(cast.autumn, address="noor@northwind.example", state="sent", adult=True)
    invite(intake=cast.autumn, addresses=["lena@northwind.example"], role="", words="", by=cast.chris, now=NOW)
    _, link = make_link(
        kind=Token.Kind.INVITATION, lasts=timedelta(days=1), address=sent.address, now=NOW,
        route="signup:confirmation", facts={"application": sent.pk},
    )  # fmt: skip
    world.ids |= {
        "number": 1,
        "kind": "short",
        "question_id": factories.question(factories.form(cast.grow)).public_id,
        "application_id": sent.public_id,
        "invitation_id": Invitation.objects.get().public_id,
        "letter_secret": link.rstrip("/").rpartition("/")[2],
    }


def put_in_rosters(world: World) -> None:
    """One whose rows wait to be judged, and one that is kept."""
    for name, address in (("roster_id", "ida@northwind.example"), ("kept_roster_id", "kim@northwind.example")):
        roster = bring_in_roster(
            intake=world.cast.autumn, file_name="people.csv", as_role="", sheet="", by=world.cast.chris, now=NOW,
            content=f"email,name,team\n{address},Somebody,North\nnobody,Nobody,South\n".encode(),
        )  # fmt: skip
        work_on_rosters(NOW)
        roster.refresh_from_db()
        ask_for_check(roster=roster)
        world.ids[name] = roster.public_id
    ask_to_keep(roster=roster, by=world.cast.chris)
    work_on_rosters(NOW)


def put_in_loop(world: World) -> None:
    """Amira's loop with Ben, all its things, and Eli who used to take part in it."""
    cast = world.cast
    loop = open_loop(mentee=cast.amira_member, mentor=cast.ben_member, intake=cast.autumn, by=cast.chris, now=NOW)
    Participation.objects.create(
        loop=loop, person=world.people["ended_partner"], name="Eli Former", role="mentee", joined_at=NOW,
        ended_at=NOW,
    )  # fmt: skip
    day = timedelta(days=1)
    meeting = book_meeting(loop=loop, starts_at=NOW + 3 * day, minutes=45, place="", by=cast.amira, now=NOW)
    over = record_talk(loop=loop, starts_at=NOW - day, by=cast.amira, now=NOW)
    offer = propose_times(loop=loop, times=[NOW + 5 * day], minutes=45, place="", by=cast.amira, now=NOW)
    goal = add_goal(loop=loop, kind="skill", what="Speak up", steps=["Ask one question"], by=cast.amira, now=NOW)
    levels = {"backwards": "", "began": "", "hoped": "I ask", "more": "", "far_more": ""}
    word_levels(goal=goal, words=levels, seen=goal.version, by=cast.amira, now=NOW)
    share_goal(goal=goal, shared=True, steps=[], title_shown=False, seen=goal.version, by=cast.amira, now=NOW)
    for by in (cast.amira, cast.ben):
        keep_expectations(loop=loop, said=terms(hopes="An honest word"), by=by, now=NOW, sends=True)
    informal = factories.informal_loop(cast.amira, cast.ben)
    Sponsorship.objects.create(loop=informal, intake=cast.autumn, began_at=NOW - day, ended_at=NOW)
    keep_expectations(loop=informal, said=terms(hopes="A laugh"), by=cast.amira, now=NOW)
    world.ids |= {
        "goal": goal.public_id,
        "step_of_goal": goal.goal_steps.get().public_id,
        "loop": loop.public_id,
        "apart_loop": informal.public_id,
        "message": send_message(loop=loop, body="Hello", by=cast.amira, now=NOW).public_id,
        "item": add_agenda_item(loop=loop, text="How do I begin?", by=cast.amira, now=NOW).public_id,
        "meeting": meeting.public_id,
        "over": over.public_id,
        "offer": offer.public_id,
    }


def put_in_matching(world: World) -> None:
    """A round that has run, and Amira and Ben proposed to each other and told of it."""
    cast = world.cast
    form = getattr(cast.grow, "form", None) or factories.form(cast.grow)
    help_with = factories.question(form, "What can you help with?", what_i_help_with=True, asked_of="mentor")
    amira, ben, eli = (
        Application.objects.get(person=person, intake=cast.autumn)
        for person in (cast.amira, cast.ben, world.people["ended_partner"])
    )
    for mentor in (ben, eli):
        factories.answer(mentor, help_with, "Speaking up")
    for name in ("Una", "Ugo"):  # one of them at least is left over: the round has one seat
        person = factories.person(f"{name} Waits", f"{name.lower()}@northwind.example")
        factories.application(cast.autumn, person, role="mentee")
    round = queue_round(
        intake=cast.autumn, name="Autumn round", objective="most_then_best", with_expected=False, by=cast.chris, now=NOW
    )
    solve_queued_rounds(NOW)
    proposal = Proposal.objects.create(
        intake=cast.autumn, mentee=amira, mentor=ben, by=cast.chris, made_at=NOW, state="published", published_at=NOW
    )
    put_forward(proposal=proposal, now=NOW)
    open_wishes(intake=cast.autumn, weight=5, by=cast.chris, now=NOW)
    mark(application=amira, mentor=eli, kind="wish", now=NOW)
    mo = Application.objects.get(person=world.people["same_programme"], intake=cast.autumn)
    draft = draft_by_hand(intake=cast.autumn, mentee=mo, mentor=eli, fit=Fit(0), by=cast.chris, now=NOW)
    Proposal.objects.filter(pk=draft.pk).update(round=round)  # as if the round had taken it up
    rehearsal = queue_rehearsal(
        round=round, objective="most_then_best", weights={}, left_off=[], by=cast.chris, now=NOW
    )
    rehearse_queued(NOW)
    left = round.left_over.filter(role="mentee").exclude(application=mo)
    world.ids |= {
        "rehearsal_id": rehearsal.public_id,
        "left_id": left.values_list("application__public_id", flat=True)[0],
        "round_id": round.public_id,
        "proposal_id": proposal.public_id,
        "draft_id": draft.public_id,
        "candidate_id": mo.public_id,
        "mentor_id": ben.public_id,
    }
