"""A round from the button to drafts, and what a re-run keeps."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django_scopes import scopes_disabled

from matchengine import problem_from_json, receipt_from_json, solve, verify
from tests.factories import NOW
from tests.matching.field import FieldOfPeople
from twoway.matching import tasks
from twoway.matching.actions.draft import dismiss_draft, pin_draft, publish_drafts, swap_mentor
from twoway.matching.actions.lease import LEASE
from twoway.matching.actions.round import cancel_round, claim_round, go_on, keep_result, queue_round
from twoway.matching.candidates import fit_by_hand
from twoway.matching.checking import check_receipt, problem_text, receipt_text
from twoway.matching.models import LeftOver, Proposal, Round
from twoway.matching.prepare import problem_for
from twoway.matching.run import work_out
from twoway.outbox.models import Delivery
from twoway.people.models import Notification, Person
from twoway.signup.models import Question

SignedIn = Callable[[Person | None], Client]


def some(ground: FieldOfPeople) -> None:
    """Three mentees, two mentors with one seat each."""
    ground.mentee("Amira", goal="I go quiet in meetings and want to speak up")
    ground.mentee("Dora", wants=["writing"])
    ground.mentee("Eva", wants=["finance", "writing"])
    ground.mentor("Ben", offer="I help people to speak up in meetings")
    ground.mentor("Cleo", offers=["writing"])


def queued(ground: FieldOfPeople) -> Round:
    return queue_round(
        intake=ground.intake, name="R", objective="most_then_best", with_expected=False, by=ground.chris, now=NOW
    )


@pytest.mark.row("M-02", "M-08")
def test_a_round_makes_drafts_and_tells_nobody(ground: FieldOfPeople) -> None:
    some(ground)

    round = ground.run()

    assert (round.state, round.figures["placed"], round.figures["mentees"]) == ("done", 2, 3)
    assert len(ground.pairs(state="draft")) == 2
    assert (Notification.objects.count(), Delivery.objects.count()) == (0, 0)


@pytest.mark.row("M-05")
def test_every_proposal_has_points_that_add_up_and_phrases_that_met(ground: FieldOfPeople) -> None:
    some(ground)

    round = ground.run()

    for row in Proposal.objects.filter(round=round):
        assert row.points != []
        assert sum(point["points"] for point in row.points) == row.score
    amira = Proposal.objects.get(round=round, mentee__name="Amira")
    text = next(point for point in amira.points if point["use"] == "text")
    assert text["phrases"] == [["in meetings", "in meetings"], ["to speak up", "to speak up"]]


@pytest.mark.row("M-05")
@pytest.mark.parametrize(
    ("steps", "grade", "warned"), [(1, "middle", False), (1, "junior", False), (2, "junior", True)]
)
def test_a_rule_that_asks_for_distance_and_only_just_holds_is_a_warning(
    ground: FieldOfPeople, steps: int, grade: str, warned: bool
) -> None:
    Question.objects.filter(pk=ground.questions["grade"].pk).update(steps=steps)
    ground.mentee("Amira", grade=grade)
    ground.mentor("Ben", grade="senior")

    ground.run()

    near = {"id": ground.questions["grade"].public_id, "label": "Grade", "kind": "near"}
    assert Proposal.objects.get().warnings == ([near] if warned else [])


@pytest.mark.row("M-07")
def test_left_over_people_have_a_cause_and_what_would_help(ground: FieldOfPeople) -> None:
    ground.mentee("Amira"), ground.mentee("Dora"), ground.mentee("Top", grade="head")
    ground.mentor("Ben")

    round = ground.run()

    causes = dict(LeftOver.objects.filter(round=round, role="mentee").values_list("application__name", "cause"))
    assert causes["Top"] == "rule"
    assert sorted(causes.values()) == ["no_seat", "rule"]
    assert round.figures["recruits"][0]["seats"] == 1


@pytest.mark.row("M-03")
def test_the_page_knows_what_the_other_aim_would_cost(ground: FieldOfPeople) -> None:
    some(ground)

    most = ground.run()
    best = ground.run(objective="best_total")

    assert most.figures["other"] == {
        "objective": "best_total", "placed": best.figures["placed"], "total": best.figures["total"],
    }  # fmt: skip
    assert best.figures["other"]["placed"] == most.figures["placed"]


@pytest.mark.row("M-04")
def test_same_people_and_seed_give_the_same_bytes_whatever_the_order(ground: FieldOfPeople) -> None:
    some(ground)
    round = ground.run()
    problem = problem_from_json(problem_text(round))
    turned = replace(problem, mentees=problem.mentees[::-1], mentors=problem.mentors[::-1])

    again = ground.run(name="Round 2")

    assert again.receipt == round.receipt
    assert [(p.mentee, p.mentor) for p in solve(turned, seed=7).pairs] == [
        (p["mentee"], p["mentor"]) for p in round.receipt["pairs"]
    ]


@pytest.mark.row("M-10")
def test_the_kept_receipt_proves_the_kept_problem_and_nothing_else(ground: FieldOfPeople) -> None:
    some(ground)
    round = ground.run()

    verdict = verify(problem_from_json(problem_text(round)), receipt_from_json(receipt_text(round)))
    assert verdict.proven and check_receipt(round).holds

    round.problem["mentors"][0]["capacity"] += 1
    assert not check_receipt(round).holds


@pytest.mark.row("M-10")
def test_a_changed_receipt_does_not_hold(ground: FieldOfPeople) -> None:
    some(ground)
    round = ground.run()

    round.receipt["pairs"][0]["score"] += 1

    assert check_receipt(round).words.startswith("Not proven")


@pytest.mark.row("M-10")
def test_a_large_receipt_is_checked_by_the_clock(ground: FieldOfPeople, signed_in: SignedIn, monkeypatch: Any) -> None:
    some(ground)
    round = ground.run()
    monkeypatch.setattr("twoway.matching.checking.SMALL", 0)
    with scopes_disabled():
        signed_in(ground.chris).post(f"/northwind/grow-together/rounds/{round.public_id}/check/")
    round.refresh_from_db()
    assert (round.check_asked_at, round.checked_at) == (NOW, None)

    tasks.check_receipts(NOW)

    round.refresh_from_db()
    assert (round.check_asked_at, round.check_holds) == (None, True)


# --- the queue --------------------------------------------------------------------------------------


@pytest.mark.row("M-02", "U-07")
def test_a_dead_workers_round_is_taken_up_after_its_lease(ground: FieldOfPeople) -> None:
    some(ground)
    queued(ground)
    first = claim_round(NOW)
    assert first is not None
    assert claim_round(NOW + LEASE / 2) is None

    second = claim_round(NOW + LEASE + timedelta(seconds=1))

    assert second is not None and (second.pk, second.attempts) == (first.pk, 2)
    assert not go_on(round=first, stage="solving", percent=50, now=NOW)
    outcome = work_out(first, problem_for(first, NOW), lambda stage, percent: True)
    assert not keep_result(round=first, outcome=outcome, now=NOW)
    assert keep_result(round=second, outcome=outcome, now=NOW)


@pytest.mark.row("U-07")
def test_a_round_cut_off_three_times_is_given_up(ground: FieldOfPeople) -> None:
    queued(ground)

    claimed = [claim_round(NOW + number * (LEASE + timedelta(seconds=1))) for number in range(4)]

    assert [row is not None for row in claimed] == [True, True, True, False]
    assert list(Round.objects.values_list("state", "fault")) == [("failed", "cut_off")]


@pytest.mark.row("U-07")
def test_a_running_round_is_stopped_and_leaves_drafts_as_they_were(ground: FieldOfPeople, monkeypatch: Any) -> None:
    some(ground)
    ground.run()
    before = ground.pairs()
    round = queued(ground)
    monkeypatch.setattr(tasks, "EVERY", 0)
    told = []

    def stop_at_once(**facts: Any) -> bool:
        told.append((facts["stage"], facts["percent"]))
        cancel_round(round=round, by=ground.chris, now=NOW)
        return go_on(**facts)

    monkeypatch.setattr(tasks, "go_on", stop_at_once)
    tasks.solve_queued_rounds(NOW)

    round.refresh_from_db()
    assert (round.state, len(told)) == ("cancelled", 1)
    assert ground.pairs() == before


@pytest.mark.row("U-07")
def test_progress_is_told_in_stages_that_only_grow(ground: FieldOfPeople) -> None:
    some(ground)
    queued(ground)
    round = claim_round(NOW)
    assert round is not None
    told: list[tuple[str, int]] = []

    work_out(round, problem_for(round, NOW), lambda stage, percent: told.append((stage, percent)) is None)

    percents = [percent for _, percent in told]
    assert percents == sorted(percents)
    assert list(dict.fromkeys(stage for stage, _ in told)) == ["scoring", "solving", "explaining", "comparing"]


# --- review and re-run ------------------------------------------------------------------------------


@pytest.mark.row("M-08")
def test_a_rerun_keeps_pins_published_proposals_and_strikes(ground: FieldOfPeople) -> None:
    amira, dora, eva = (ground.mentee(name) for name in ("Amira", "Dora", "Eva"))
    for name in ("Ben", "Cleo", "Dan"):
        ground.mentor(name)
    ground.run()
    pinned = Proposal.objects.get(mentee=amira)
    pin_draft(proposal=pinned, pinned=True, by=ground.chris, now=NOW)
    out = Proposal.objects.get(mentee=dora)
    publish_drafts(intake=ground.intake, drafts=[out], by=ground.chris, now=NOW)
    gone = Proposal.objects.get(mentee=eva)
    dismiss_draft(proposal=gone, by=ground.chris, now=NOW)

    again = ground.run(seed="99")

    assert Proposal.objects.get(mentee=amira, state="draft").pk == pinned.pk
    assert Proposal.objects.get(pk=out.pk).state == "published"
    assert LeftOver.objects.get(round=again, role="mentee").application == eva
    assert again.problem["strikes"] == [{"mentee": eva.public_id, "mentor": gone.mentor.public_id}]


@pytest.mark.row("M-08")
def test_swapping_pins_the_new_pair_with_its_own_points(ground: FieldOfPeople) -> None:
    amira = ground.mentee("Amira")
    ben, cleo = ground.mentor("Ben"), ground.mentor("Cleo", offers=["writing"])
    ground.run()
    draft = Proposal.objects.get(mentee=amira)
    assert draft.mentor == ben
    fit = fit_by_hand(ground.intake, amira, cleo, NOW)
    assert fit is not None

    swap_mentor(proposal=draft, mentor=cleo, fit=fit, by=ground.chris, now=NOW)

    draft.refresh_from_db()
    assert (draft.mentor, draft.pinned, draft.score) == (cleo, True, sum(p["points"] for p in draft.points))
    assert Notification.objects.count() == 0
