"""From the database to the engine's question."""

from datetime import timedelta

import pytest

from matchengine import Table, problem_to_json
from tests import factories
from tests.factories import NOW
from tests.matching.field import FieldOfPeople
from twoway.loops.actions.loop import open_loop
from twoway.matching.apart import apart_in
from twoway.matching.models import Proposal, Strike
from twoway.matching.prepare import Prepared, prepare
from twoway.matching.queries.people import people_for
from twoway.people.actions.person import keep_apart
from twoway.signup.models import Answer, Application, Question


def problem(ground: FieldOfPeople, with_expected: bool = False) -> Prepared:
    people = people_for(ground.intake, with_expected=with_expected, now=NOW)
    return prepare(ground.intake, people, now=NOW)


def ids(rows: list[Application]) -> list[str]:
    return sorted(row.public_id for row in rows)


@pytest.mark.definition("A1")
@pytest.mark.row("F-06")
def test_mentor_without_a_topic_or_a_seat_is_not_matched(ground: FieldOfPeople) -> None:
    ben = ground.mentor("Ben", capacity=2)
    silent = ground.person("Silent", "mentor", 2, grade="senior")
    full = ground.person("Full", "mentor", 0, grade="senior", offers=["finance"])

    prepared = problem(ground)

    assert [(mentor.id, mentor.seats) for mentor in prepared.problem.mentors] == [(ben.public_id, 2)]
    assert prepared.people.without["says_nothing"] == 2
    assert silent.capacity == 2 and full.capacity == 0


@pytest.mark.row("F-06", "M-08")
def test_loops_and_published_proposals_use_seats_across_programmes(ground: FieldOfPeople) -> None:
    ben, amira, dora = ground.mentor("Ben", 3), ground.mentee("Amira"), ground.mentee("Dora")
    other = factories.programme(ground.organisation, "Other")
    elsewhere = factories.intake(other)
    there = factories.application(elsewhere, ben.person, role="mentor", capacity=3)
    lea = factories.application(elsewhere, factories.person("Lea"), role="mentee")
    Proposal.objects.create(
        intake=elsewhere, mentee=lea, mentor=there, made_at=NOW, state="published", published_at=NOW, told_at=NOW
    )
    open_loop(mentee=amira.membership, mentor=ben.membership, intake=ground.intake, by=None, now=NOW)

    prepared = problem(ground)

    assert [mentor.seats for mentor in prepared.problem.mentors] == [1]
    assert [mentee.id for mentee in prepared.problem.mentees] == [dora.public_id]
    assert prepared.people.without["has_mentor"] == 1


@pytest.mark.row("F-06")
def test_fewer_seats_here_are_kept_to(ground: FieldOfPeople) -> None:
    ben = ground.mentor("Ben", 3)
    Application.objects.filter(pk=ben.pk).update(capacity_here=1)

    assert [mentor.seats for mentor in problem(ground).problem.mentors] == [1]


@pytest.mark.row("M-04")
def test_somebody_on_both_sides_is_one_human(ground: FieldOfPeople) -> None:
    mo = ground.person("Mo", "either", 1, grade="senior", offers=["finance"], wants=["finance"])

    round = ground.run()

    assert [one["id"] for one in round.problem["mentees"]] == [one["id"] for one in round.problem["mentors"]]
    assert round.problem["mentees"][0]["id"] == mo.public_id
    assert round.figures["placed"] == 0


# --- keeping apart ----------------------------------------------------------------------------------


@pytest.mark.row("M-11")
@pytest.mark.definition("A4b")
@pytest.mark.parametrize("named_by", ["mentee", "mentor"])
def test_line_managers_up_and_down_are_kept_apart(ground: FieldOfPeople, named_by: str) -> None:
    amira, ben = ground.mentee("Amira"), ground.mentor("Ben")
    who, boss = (amira, ben) if named_by == "mentee" else (ben, amira)
    ground.answers(who, manager=boss.address.upper().lower())

    round = ground.run()

    assert ground.pairs() == []
    assert round.left_over.get(role="mentee").facts["barred"] == [
        {"code": "apart", "label": "", "mentors": 1, "would_open": 1}
    ]


@pytest.mark.row("M-11")
@pytest.mark.definition("A4b")
def test_two_levels_and_one_team_are_kept_apart(ground: FieldOfPeople) -> None:
    amira, middle, top = ground.mentee("Amira"), ground.mentor("Middle"), ground.mentor("Top")
    peer = ground.mentor("Peer")
    for who, boss in ((amira, middle), (middle, top), (peer, middle)):
        ground.answers(who, manager=boss.address)

    line = apart_in(ground.intake).line

    assert {frozenset({amira.pk, other.pk}) for other in (middle, top, peer)} <= line


@pytest.mark.row("M-11")
def test_asked_about_some_pairs_alone_the_answer_is_the_same(ground: FieldOfPeople) -> None:
    amira, lena = ground.mentee("Amira"), ground.mentee("Lena")
    middle, top, peer, far = (ground.mentor(name) for name in ("Middle", "Top", "Peer", "Far"))
    for who, boss in ((amira, middle), (middle, top), (peer, middle)):
        ground.answers(who, manager=boss.address)
    keep_apart(owner=lena.person, organisation=ground.organisation, address=far.address, note="", now=NOW)
    open_loop(mentee=lena.membership, mentor=top.membership, intake=ground.intake, by=None, now=NOW)
    pairs = [frozenset({one.pk, other.pk}) for one in (amira, lena) for other in (middle, top, peer, far)]
    every = apart_in(ground.intake)

    alone = [apart_in(ground.intake, [two]) for two in pairs]

    assert [(two in one.firm, two in one.line) for two, one in zip(pairs, alone, strict=True)] == [
        (two in every.firm, two in every.line) for two in pairs
    ]
    assert [two in every.firm or two in every.line for two in pairs] == [
        True, True, True, False, False, True, False, True,
    ]  # fmt: skip


@pytest.mark.row("M-11")
@pytest.mark.parametrize("by", ["mentee", "mentor"])
def test_private_wish_keeps_apart_whoever_made_it(ground: FieldOfPeople, by: str) -> None:
    amira, ben, cleo = ground.mentee("Amira"), ground.mentor("Ben"), ground.mentor("Cleo", offers=["writing"])
    owner, other = (amira, ben) if by == "mentee" else (ben, amira)
    keep_apart(owner=owner.person, organisation=ground.organisation, address=other.address.upper(), note="", now=NOW)

    ground.run()

    assert ground.pairs() == [("Amira", "Cleo")]
    assert cleo.public_id


@pytest.mark.row("M-11")
def test_the_problem_tells_all_kinds_of_apart_alike(ground: FieldOfPeople) -> None:
    amira, ben, cleo = ground.mentee("Amira"), ground.mentor("Ben"), ground.mentor("Cleo")
    ground.answers(amira, manager=cleo.address)
    keep_apart(owner=amira.person, organisation=ground.organisation, address=ben.address, note="", now=NOW)

    round = ground.run()

    assert [one["kind"] for one in round.problem["apart"]] == ["personal", "personal"]
    assert cleo.address not in str(round.problem)


# --- protected traits -------------------------------------------------------------------------------


@pytest.mark.row("M-12")
@pytest.mark.definition("A2")
@pytest.mark.parametrize("who", ["Ben", "Cleo", "Dan"])
def test_changing_a_protected_answer_changes_nothing_without_a_wish(ground: FieldOfPeople, who: str) -> None:
    for number in range(6):
        ground.mentee(f"Mentee {number}", wants=[["finance"], ["writing"], ["speaking"]][number % 3])
    mentors = {
        name: ground.mentor(name, 2, offers=offers, trait=["red"])
        for name, offers in (("Ben", ["finance"]), ("Cleo", ["writing"]), ("Dan", ["speaking", "finance"]))
    }
    before = ground.run()

    Answer.objects.filter(application=mentors[who], question=ground.questions["trait"]).update(value=["blue"])
    after = ground.run()

    assert drop_trait(before, ground) == drop_trait(after, ground)
    assert before.receipt["pairs"] == after.receipt["pairs"]
    assert before.receipt["seats"] == after.receipt["seats"]


def drop_trait(round: object, ground: FieldOfPeople) -> object:
    """The problem without the one answer that was changed."""
    trait = ground.questions["trait"].public_id
    people = [*round.problem["mentees"], *round.problem["mentors"]]  # type: ignore[attr-defined]
    return [{key: value for key, value in one["answers"].items() if key != trait} for one in people]


@pytest.mark.row("M-12")
@pytest.mark.definition("A2")
def test_with_a_wish_only_that_mentees_scores_change(ground: FieldOfPeople) -> None:
    wishing = ground.mentee("Wishing", wish=["blue"])
    others = [ground.mentee(f"Other {number}", wants=["writing", "finance"]) for number in range(4)]
    ben = ground.mentor("Ben", 2, trait=["red"])
    cleo = ground.mentor("Cleo", 2, trait=["red"])

    def scores(mentee: Application) -> list[int]:
        table = Table(problem(ground).problem)
        return [table.pair(mentee.public_id, mentor.public_id).score for mentor in (ben, cleo)]

    before = {row.name: scores(row) for row in (wishing, *others)}
    Answer.objects.filter(application=cleo, question=ground.questions["trait"]).update(value=["blue"])
    after = {row.name: scores(row) for row in (wishing, *others)}

    assert after["Wishing"][1] > before["Wishing"][1] and after["Wishing"][0] == before["Wishing"][0]
    assert {name: after[name] for name in after if name != "Wishing"} == {
        name: before[name] for name in before if name != "Wishing"
    }


@pytest.mark.row("M-12")
def test_a_protected_trait_nobody_may_wish_about_never_leaves_the_database(ground: FieldOfPeople) -> None:
    hidden = factories.question(
        ground.questions["goal"].form, "Belief", "short", protected=True, audience="matching", use="off"
    )
    factories.answer(ground.mentee("Amira"), hidden, "zq-belief")
    ground.mentor("Ben")

    assert "zq-belief" not in problem_to_json(problem(ground).problem)


@pytest.mark.row("M-12")
def test_what_a_mentor_keeps_from_matching_is_not_used(ground: FieldOfPeople) -> None:
    ground.mentee("Amira", wish=["blue"])
    ben = ground.mentor("Ben", trait=["blue"])
    Answer.objects.filter(application=ben, question=ground.questions["trait"]).update(stricter="coordinators")

    round = ground.run()

    point = next(p for p in Proposal.objects.get(round=round).points if p["use"] == "preference")
    assert (point["code"], point["points"]) == ("wish_not_met", 0)
    assert "shared" not in point


# --- who is in --------------------------------------------------------------------------------------


@pytest.mark.row("M-02")
def test_expected_people_take_part_only_when_asked_for(ground: FieldOfPeople) -> None:
    ground.mentor("Ben")
    expected = factories.application(ground.intake, role="mentee", name="Expected One")
    ground.answers(expected, grade="junior", wants=["finance"])

    without, with_them = problem(ground), problem(ground, with_expected=True)

    assert (len(without.problem.mentees), without.people.without["expected"]) == (0, 1)
    assert [mentee.id for mentee in with_them.problem.mentees] == [expected.public_id]


@pytest.mark.row("M-08")
def test_dismissed_pairs_open_loops_and_a_no_are_not_proposed_again(ground: FieldOfPeople) -> None:
    amira, ben, cleo, dan = ground.mentee("Amira"), ground.mentor("Ben"), ground.mentor("Cleo"), ground.mentor("Dan")
    Strike.objects.create(intake=ground.intake, mentee=amira, mentor=ben, at=NOW)
    Proposal.objects.create(
        intake=ground.intake, mentee=amira, mentor=cleo, made_at=NOW, published_at=NOW, told_at=NOW, state="ended",
        end="no", ended_at=NOW - timedelta(days=1),
    )  # fmt: skip

    ground.run()

    assert ground.pairs() == [("Amira", "Dan")]
    assert dan.public_id


@pytest.mark.row("M-05")
@pytest.mark.parametrize("ids", [("1", "2", "3"), ("3", "2", "1")])
def test_equal_programmes_give_equal_points_whatever_ids_their_questions_were_given(
    ground: FieldOfPeople, ids: tuple[str, ...]
) -> None:
    form = ground.questions["wants"].form
    Question.objects.filter(form=form).update(use="off")
    asked = [factories.question(form, f"Question {place}", "short", use="same") for place in range(3)]
    for one, first in zip(asked, ids, strict=True):
        Question.objects.filter(pk=one.pk).update(public_id=f"{first}{one.public_id[1:]}")
        one.refresh_from_db()
    amira, ben = ground.mentee("Amira"), ground.mentor("Ben")
    for one in asked:
        factories.answer(amira, one, "yes")
        factories.answer(ben, one, "yes")

    pair = Table(problem(ground).problem).pair(amira.public_id, ben.public_id)

    assert [(reason.criterion, reason.points) for reason in pair.reasons] == [
        (one.public_id, points) for one, points in zip(asked, (34, 33, 33), strict=True)
    ]
