"""A no in its hour: it can be taken back, and nobody but who said it is told."""

import pytest

from tests.factories import NOW
from tests.matching.field import FieldOfPeople
from tests.matching.proposals import DAY, HOUR, MINUTE, news, published, says, sides_of, takes_back, two
from twoway.history.models import Event
from twoway.loops.models import Loop
from twoway.matching import personal, tasks
from twoway.matching.actions.draft import Fit, Refused, draft_by_hand
from twoway.matching.actions.proposal import Over, extend_proposal, record_yes, undo_recorded_yes, withdraw_proposal
from twoway.matching.models import HeldAnswer, Proposal, ProposalAnswer
from twoway.matching.queries.mine import waiting_in
from twoway.matching.queries.people import people_for
from twoway.matching.queries.proposal import first_next_time
from twoway.people.models import Membership

pytestmark = pytest.mark.row("M-09")


def stands(proposal: Proposal) -> tuple[str, str]:
    proposal.refresh_from_db()
    return proposal.state, proposal.end


def answers() -> list[tuple[str, str]]:
    return sorted(ProposalAnswer.objects.values_list("application__name", "answer"))


# --- the hour ---------------------------------------------------------------------------------------


def test_a_no_ends_the_proposal_after_its_hour_and_once(ground: FieldOfPeople) -> None:
    amira, ben = two(ground)
    proposal = published(ground, amira, ben)
    says(proposal, ben, "no", reason="zq-why")

    ended = [tasks.end_refused_proposals(NOW + n * MINUTE) for n in (0, 59, 60, 61)]

    assert ended == [0, 0, 1, 0]
    assert (stands(proposal), answers()) == (("ended", "no"), [("Ben", "no")])
    assert ProposalAnswer.objects.get().reason == "zq-why"
    assert (news(amira.person)[1:], news(ben.person)[1:]) == (["matching.proposal_over"], [])
    assert Event.objects.filter(kind="proposal.ended").count() == 1
    assert first_next_time(ground.intake) == {amira.pk}


def test_a_no_taken_back_leaves_what_was_there_before(ground: FieldOfPeople) -> None:
    amira, ben = two(ground)
    proposal = published(ground, amira, ben)
    says(proposal, ben, "no", reason="zq-why")

    takes_back(proposal, ben, NOW + 59 * MINUTE)

    assert tasks.end_refused_proposals(NOW + DAY) == 0
    assert (stands(proposal), answers(), HeldAnswer.objects.count()) == (("published", ""), [], 0)
    assert (news(amira.person), news(ben.person)) == (["matching.proposal"], ["matching.proposal"])
    assert [side.proposal.pk for side in waiting_in(sides_of(ben, NOW + DAY), NOW + DAY)] == [proposal.pk]


def test_after_the_hour_nothing_is_taken_back_though_the_clock_is_late(ground: FieldOfPeople) -> None:
    amira, ben = two(ground)
    proposal = published(ground, amira, ben)
    says(proposal, ben, "no")

    with pytest.raises(Over):
        takes_back(proposal, ben, NOW + HOUR)
    with pytest.raises(Over):
        says(proposal, ben, "yes", now=NOW + HOUR)

    assert tasks.end_refused_proposals(NOW + HOUR) == 1


def test_saying_no_again_gives_no_new_hour_and_keeps_the_newer_reason(ground: FieldOfPeople) -> None:
    amira, ben = two(ground)
    proposal = published(ground, amira, ben)
    says(proposal, ben, "no", reason="first")

    says(proposal, ben, "no", reason="second", now=NOW + 50 * MINUTE)
    says(proposal, ben, "no", now=NOW + 51 * MINUTE)

    assert tasks.end_refused_proposals(NOW + HOUR) == 1
    assert ProposalAnswer.objects.get().reason == "second"
    assert Event.objects.filter(kind="proposal.answered").count() == 1


def test_a_yes_within_the_hour_takes_the_no_back(ground: FieldOfPeople) -> None:
    amira, ben = two(ground)
    proposal = published(ground, amira, ben)
    says(proposal, amira, "yes")
    says(proposal, ben, "no")

    row = says(proposal, ben, "yes", now=NOW + 30 * MINUTE)

    assert (row.state, Loop.objects.count(), HeldAnswer.objects.count()) == ("opened", 1, 0)


# --- the other's answer -----------------------------------------------------------------------------


@pytest.mark.parametrize("before", ["nothing", "yes"])
def test_the_others_yes_opens_no_loop_in_the_hour(ground: FieldOfPeople, before: str) -> None:
    amira, ben = two(ground)
    proposal = published(ground, amira, ben)
    if before == "yes":
        says(proposal, ben, "yes")
    says(proposal, ben, "no")

    row = says(proposal, amira, "yes", now=NOW + 10 * MINUTE)
    done = (tasks.open_settled_proposals(NOW + 30 * MINUTE), tasks.end_refused_proposals(NOW + HOUR))

    assert (row.state, done, Loop.objects.count()) == ("published", (0, 1), 0)
    assert answers() == [("Amira", "yes"), ("Ben", "no")]
    assert first_next_time(ground.intake) == {amira.pk}


def test_both_yeses_open_the_loop_when_the_no_between_them_is_taken_back(ground: FieldOfPeople) -> None:
    amira, ben = two(ground)
    proposal = published(ground, amira, ben)
    says(proposal, ben, "yes")
    says(proposal, ben, "no")
    says(proposal, amira, "yes", now=NOW + 10 * MINUTE)

    row = takes_back(proposal, ben, NOW + 20 * MINUTE)

    assert (row.state, Loop.objects.count(), HeldAnswer.objects.count()) == ("opened", 1, 0)
    assert answers() == [("Amira", "yes"), ("Ben", "yes")]


def test_of_two_noes_each_has_its_own_hour_and_nobody_is_written_to(ground: FieldOfPeople) -> None:
    amira, ben = two(ground)
    proposal = published(ground, amira, ben)
    says(proposal, ben, "no")
    says(proposal, amira, "no", now=NOW + 20 * MINUTE)

    with pytest.raises(Over):
        takes_back(proposal, ben, NOW + HOUR)
    ended = [tasks.end_refused_proposals(NOW + n * MINUTE) for n in (60, 79, 80)]

    assert ended == [0, 0, 1]
    assert (stands(proposal), answers()) == (("ended", "no"), [("Amira", "no"), ("Ben", "no")])
    assert (news(amira.person)[1:], news(ben.person)[1:]) == ([], [])
    assert first_next_time(ground.intake) == set()


def test_the_second_no_taken_back_after_the_firsts_hour_ends_it_at_once(ground: FieldOfPeople) -> None:
    amira, ben = two(ground)
    proposal = published(ground, amira, ben)
    says(proposal, ben, "no")
    says(proposal, amira, "no", now=NOW + 20 * MINUTE)

    takes_back(proposal, amira, NOW + 70 * MINUTE)

    assert (stands(proposal), answers()) == (("ended", "no"), [("Ben", "no")])
    assert (news(amira.person)[1:], news(ben.person)[1:]) == (["matching.proposal_over"], [])


def test_the_first_no_taken_back_leaves_the_second_its_hour(ground: FieldOfPeople) -> None:
    amira, ben = two(ground)
    proposal = published(ground, amira, ben)
    says(proposal, ben, "no")
    says(proposal, amira, "no", now=NOW + 20 * MINUTE)
    takes_back(proposal, ben, NOW + 30 * MINUTE)

    ended = [tasks.end_refused_proposals(NOW + n * MINUTE) for n in (60, 80)]

    assert (ended, answers()) == ([0, 1], [("Amira", "no")])
    assert news(ben.person)[1:] == ["matching.proposal_over"]


# --- a yes by word of mouth -------------------------------------------------------------------------


def test_a_yes_recorded_in_the_hour_changes_nothing_about_the_no(ground: FieldOfPeople) -> None:
    amira, ben = two(ground)
    proposal = published(ground, amira, ben)
    says(proposal, amira, "yes")
    says(proposal, ben, "no")

    record_yes(proposal=proposal, side=ben, by=ground.chris, now=NOW + 10 * MINUTE)

    assert answers() == [("Amira", "yes"), ("Ben", "yes")]
    assert [tasks.end_refused_proposals(NOW + n * MINUTE) for n in (59, 60)] == [0, 1]
    assert (answers(), Loop.objects.count()) == ([("Amira", "yes"), ("Ben", "no")], 0)


def test_a_recorded_yes_stands_again_when_the_no_is_taken_back(ground: FieldOfPeople) -> None:
    amira, ben = two(ground)
    proposal = published(ground, amira, ben)
    record_yes(proposal=proposal, side=ben, by=ground.chris, now=NOW)
    says(proposal, ben, "no", now=NOW + MINUTE)
    with pytest.raises(Over):
        undo_recorded_yes(proposal=proposal, side=ben, by=ben.person, now=NOW + 2 * MINUTE)  # type: ignore[arg-type]
    takes_back(proposal, ben, NOW + 3 * MINUTE)

    says(proposal, amira, "yes", now=NOW + 4 * MINUTE)

    assert (tasks.open_settled_proposals(NOW + DAY - MINUTE), tasks.open_settled_proposals(NOW + DAY)) == (0, 1)


def test_the_hour_ends_where_the_loop_would_have_begun(ground: FieldOfPeople) -> None:
    """The coordinator reads when the loop opens: that moment must not pass as if something were in the way."""
    amira, ben = two(ground)
    proposal = published(ground, amira, ben)
    says(proposal, amira, "yes")
    record_yes(proposal=proposal, side=ben, by=ground.chris, now=NOW)
    says(proposal, ben, "no", now=NOW + DAY - 20 * MINUTE)

    opened = tasks.open_settled_proposals(NOW + DAY)
    ended = [tasks.end_refused_proposals(NOW + DAY - MINUTE), tasks.end_refused_proposals(NOW + DAY)]

    assert (opened, ended, stands(proposal)) == (0, [0, 1], ("ended", "no"))


# --- the days, more time, withdrawing ---------------------------------------------------------------


def test_the_hour_ends_with_the_proposals_days_and_by_the_no(ground: FieldOfPeople) -> None:
    amira, ben = two(ground)
    proposal = published(ground, amira, ben)
    says(proposal, ben, "no", now=NOW + 10 * DAY - 10 * MINUTE)

    lapsed = tasks.lapse_proposals(NOW + 10 * DAY)
    ended = [tasks.end_refused_proposals(NOW + 10 * DAY - MINUTE), tasks.end_refused_proposals(NOW + 10 * DAY)]

    assert (lapsed, ended, stands(proposal)) == (0, [0, 1], ("ended", "no"))
    assert first_next_time(ground.intake) == {amira.pk}


def test_more_time_given_in_the_hour_does_not_lengthen_it(ground: FieldOfPeople) -> None:
    proposal = published(ground, *two(ground))
    says(proposal, proposal.mentor, "no")

    extend_proposal(proposal=proposal, days=7, by=ground.chris, now=NOW + MINUTE)

    assert tasks.end_refused_proposals(NOW + HOUR) == 1


def test_who_said_no_is_not_reminded_and_the_other_is(ground: FieldOfPeople) -> None:
    amira, ben = two(ground)
    proposal = published(ground, amira, ben)
    says(proposal, ben, "no", now=NOW + 5 * DAY - MINUTE)

    tasks.remind_of_proposals(NOW + 5 * DAY)

    assert (news(amira.person)[1:], news(ben.person)[1:]) == (["matching.proposal_reminder"], [])


def test_a_withdrawal_in_the_hour_tells_the_other_alone_and_the_no_is_kept(ground: FieldOfPeople) -> None:
    amira, ben = two(ground)
    proposal = published(ground, amira, ben)
    says(proposal, ben, "no")

    withdraw_proposal(proposal=proposal, by=ground.chris, now=NOW + MINUTE)
    before = answers()
    with pytest.raises(Refused, match="apart"):
        published(ground, amira, ben)
    done = [tasks.end_refused_proposals(NOW + n * MINUTE) for n in (59, 60, 61)]

    assert (before, answers(), done) == ([], [("Ben", "no")], [0, 1, 0])
    assert (stands(proposal), first_next_time(ground.intake)) == (("ended", "withdrawn"), {amira.pk})
    assert (news(amira.person)[1:], news(ben.person)[1:]) == (["matching.proposal_over"], [])


def test_a_withdrawal_is_told_to_who_takes_the_no_back(ground: FieldOfPeople) -> None:
    amira, ben = two(ground)
    proposal = published(ground, amira, ben)
    says(proposal, ben, "no")
    withdraw_proposal(proposal=proposal, by=ground.chris, now=NOW + MINUTE)

    takes_back(proposal, ben, NOW + 2 * MINUTE)

    assert (stands(proposal), answers()) == (("ended", "withdrawn"), [])
    assert news(ben.person)[1:] == ["matching.proposal_over"]
    assert first_next_time(ground.intake) == {amira.pk, ben.pk}


# --- seats, rounds, people --------------------------------------------------------------------------


def test_the_seat_is_held_until_the_end(ground: FieldOfPeople) -> None:
    amira, ben = two(ground)
    proposal = published(ground, amira, ben)
    says(proposal, ben, "no")

    held = people_for(ground.intake, with_expected=False, now=NOW + MINUTE).seats
    tasks.end_refused_proposals(NOW + HOUR)

    assert (held, people_for(ground.intake, with_expected=False, now=NOW + HOUR).seats) == (0, 1)


def test_a_round_in_the_hour_leaves_the_two_as_they_are_and_one_after_keeps_them_apart(ground: FieldOfPeople) -> None:
    amira, ben = two(ground)
    proposal = published(ground, amira, ben)
    says(proposal, ben, "no")
    cleo = ground.mentor("Cleo")

    ground.run()
    in_the_hour = ground.pairs()
    with pytest.raises(Refused, match="taken"):
        draft_by_hand(intake=ground.intake, mentee=amira, mentor=cleo, fit=Fit(50), by=ground.chris, now=NOW)
    tasks.end_refused_proposals(NOW + HOUR)
    ground.run(name="Round 2")

    assert (in_the_hour, ground.pairs()) == ([("Amira", "Ben")], [("Amira", "Cleo")])
    assert proposal.public_id not in {row.public_id for row in Proposal.objects.filter(state="draft")}


def test_after_the_end_the_two_are_not_published_to_each_other_again(ground: FieldOfPeople) -> None:
    amira, ben = two(ground)
    says(published(ground, amira, ben), ben, "no")
    tasks.end_refused_proposals(NOW + HOUR)

    with pytest.raises(Refused, match="apart"):
        published(ground, amira, ben)


@pytest.mark.parametrize("who", ["who said no", "the other"])
def test_nothing_is_left_to_do_when_one_of_the_two_is_forgotten(ground: FieldOfPeople, who: str) -> None:
    amira, ben = two(ground)
    proposal = published(ground, amira, ben)
    says(proposal, ben, "no", reason="zq-why")
    goes, stays = (ben, amira) if who == "who said no" else (amira, ben)

    personal.forget(goes.person)  # type: ignore[arg-type]

    assert (HeldAnswer.objects.count(), tasks.end_refused_proposals(NOW + HOUR)) == (0, 0)
    assert news(stays.person) == ["matching.proposal"]


@pytest.mark.parametrize("taken_back", [False, True])
def test_no_loop_opens_with_somebody_who_left_in_the_hour(ground: FieldOfPeople, taken_back: bool) -> None:
    amira, ben = two(ground)
    proposal = published(ground, amira, ben)
    says(proposal, ben, "yes")
    says(proposal, ben, "no")
    says(proposal, amira, "yes")
    Membership.objects.filter(pk=amira.membership_id).update(ended_at=NOW)

    if taken_back:
        takes_back(proposal, ben, NOW + MINUTE)
    ended = tasks.end_refused_proposals(NOW + HOUR)

    end = ("withdrawn", 0) if taken_back else ("no", 1)
    assert (*stands(proposal), ended) == ("ended", *end)
    assert Loop.objects.count() == 0


def test_my_data_holds_a_held_no_for_its_owner_alone(ground: FieldOfPeople) -> None:
    amira, ben = two(ground)
    says(published(ground, amira, ben), ben, "no", reason="zq-why")

    his, hers = personal.data_of(ben.person), personal.data_of(amira.person)  # type: ignore[arg-type]

    assert [row["reason"] for row in his["HeldAnswer"]] == ["zq-why"]
    assert (hers["HeldAnswer"], "zq-why" in str(hers)) == ([], False)
