"""Wishes before a round: marking them, and what a round makes of them."""

from datetime import timedelta

import pytest

from tests.factories import NOW
from tests.matching.field import FieldOfPeople
from tests.matching.wishes import ask, matters, points, rather_not, wish
from twoway.history.models import Event
from twoway.matching.actions.round import cancel_round, queue_round
from twoway.matching.actions.wish import NotOpen, TooMany, close_wishes, mark
from twoway.matching.candidates import choice_for, pair_in_round
from twoway.matching.checking import check_receipt
from twoway.matching.models import Wish, WishTime
from twoway.matching.queries.wish import asked_of, count_of_wishers, marked_by, mentors_to_mark
from twoway.people.actions.person import keep_apart
from twoway.people.models import Membership, Person, Seat


@pytest.mark.row("M-21")
def test_a_wish_moves_points_and_the_reason_says_so(ground: FieldOfPeople) -> None:
    amira, _ben, dan = ground.mentee("Amira"), ground.mentor("Ben"), ground.mentor("Dan")
    ask(ground, weight=8)
    wish(amira, dan)

    round = ground.run()

    assert ground.pairs() == [("Amira", "Dan")]
    assert points(round) == {"Amira": [("I would like help with", 50, 50), ("wished", 50, 50)]}
    assert [rule["weight"] for rule in round.settings["rules"] if rule["use"] == "named"] == [8]
    assert check_receipt(round).holds


@pytest.mark.row("M-21")
def test_without_a_time_for_wishes_nothing_is_different(ground: FieldOfPeople) -> None:
    ground.mentee("Amira")
    ground.mentor("Ben")

    round = ground.run()

    assert points(round) == {"Amira": [("I would like help with", 100, 100)]}
    assert "wishes" not in round.figures


@pytest.mark.row("M-21")
def test_a_sixth_wish_is_refused_and_five_stay(ground: FieldOfPeople) -> None:
    amira, mentors = ground.mentee("Amira"), [ground.mentor(f"Mentor {n}") for n in range(6)]
    ask(ground)
    wish(amira, *mentors[:5])

    with pytest.raises(TooMany):
        wish(amira, mentors[5])
    wish(amira, mentors[0])
    rather_not(amira, mentors[4])
    wish(amira, mentors[5])

    marked = marked_by(amira)
    assert [row.name for row in marked.wishes] == ["Mentor 0", "Mentor 1", "Mentor 2", "Mentor 3", "Mentor 5"]
    assert [row.name for row in marked.rather_not] == ["Mentor 4"]


@pytest.mark.row("M-21")
def test_a_mark_can_be_taken_off_and_turned_round(ground: FieldOfPeople) -> None:
    amira, ben = ground.mentee("Amira"), ground.mentor("Ben")
    ask(ground)
    wish(amira, ben)
    rather_not(amira, ben)

    assert [(row.mentor_id, row.kind) for row in Wish.objects.all()] == [(ben.pk, "not")]
    mark(application=amira, mentor=ben, kind="", now=NOW)
    assert marked_by(amira).kinds == {}


@pytest.mark.row("M-21", "M-11")
def test_rather_not_keeps_two_apart_as_any_private_wish_does(ground: FieldOfPeople) -> None:
    amira, ben = ground.mentee("Amira"), ground.mentor("Ben")
    ask(ground)
    rather_not(amira, ben)

    round = ground.run()
    left = round.left_over.get(role="mentee")
    by_hand = choice_for(ground.intake, amira, "mentee", NOW)

    assert ground.pairs() == []
    assert (left.cause, [bar["code"] for bar in left.facts["barred"]]) == ("rule", ["apart"])
    assert by_hand is not None and (by_hand.candidates, by_hand.in_line, by_hand.closed) == ([], [], 1)
    assert [one["kind"] for one in (round.problem or {})["apart"]] == ["personal"]


@pytest.mark.row("M-21")
def test_what_matters_most_counts_double_for_her_alone(ground: FieldOfPeople) -> None:
    amira, _bea = (ground.mentee(name, goal="speak up") for name in ("Amira", "Bea"))
    ben = ground.mentor("Ben", capacity=2, offer="speak up")
    ask(ground)
    matters(amira, ground.questions["goal"])

    round = ground.run()

    assert points(round) == {
        "Amira": [("I would like help with", 60, 60), ("What I would like", 40, 40)],
        "Bea": [("I would like help with", 62, 62), ("What I would like", 38, 38)],
    }
    doubled = {row.mentee.name: [p.get("doubled", False) for p in row.points] for row in round.proposals.all()}
    assert doubled == {"Amira": [False, True], "Bea": [False, False]}
    pair = pair_in_round(round, amira.public_id, ben.public_id)
    assert pair is not None and [reason.most for reason in pair.reasons] == [60, 40]


@pytest.mark.row("M-21")
def test_a_wish_for_somebody_who_takes_no_part_or_is_kept_apart_costs_nothing(ground: FieldOfPeople) -> None:
    amira, ben = ground.mentee("Amira"), ground.mentor("Ben")
    full, away = ground.mentor("Fay", 1), ground.mentor("Wes", 1)
    ask(ground)
    wish(amira, full, away, ben)
    assert ben.person is not None
    Seat.objects.filter(person=full.person).delete()
    Membership.objects.filter(pk=away.membership_id).update(available=False)
    ground.mentor("Dan")
    keep_apart(owner=ben.person, organisation=ground.organisation, address=amira.address, note="", now=NOW)

    round = ground.run()

    assert points(round) == {"Amira": [("I would like help with", 100, 100)]}
    assert round.figures["wishes"] == {"few": True}


@pytest.mark.row("M-21")
def test_leaving_one_mentor_out_tells_nothing_of_who_named_them(ground: FieldOfPeople) -> None:
    mentees = [ground.mentee(f"Mentee {n}") for n in range(6)]
    sought, _other = ground.mentor("Sought"), ground.mentor("Other", 6)
    ask(ground)
    for mentee in mentees:
        wish(mentee, sought)

    with_sought = ground.run()
    without = ground.run(name="Round 2", left_out=[sought.public_id])

    assert with_sought.figures["wishes"] == {"wished": 6, "met": 1}
    assert without.figures["wishes"] == {"wished": 6, "met": 0}


@pytest.mark.row("M-21")
def test_a_round_ends_the_time_for_wishes_and_they_count_when_it_is_run_again(ground: FieldOfPeople) -> None:
    amira, _ben, dan = ground.mentee("Amira"), ground.mentor("Ben"), ground.mentor("Dan")
    ask(ground)
    wish(amira, dan)

    ground.run()
    with pytest.raises(NotOpen):
        wish(amira, dan)
    with pytest.raises(NotOpen):
        matters(amira, None)
    ground.run(name="Round 2", seed="8")

    assert ground.pairs() == [("Amira", "Dan")]
    assert list(WishTime.objects.values_list("closed_at", flat=True)) == [NOW]
    assert list(Event.objects.filter(kind__startswith="wishes.").values_list("kind", flat=True)) == [
        "wishes.opened", "wishes.closed",
    ]  # fmt: skip


@pytest.mark.row("M-21", "U-07")
def test_a_round_that_is_stopped_leaves_wishes_as_open_as_they_were(ground: FieldOfPeople) -> None:
    amira, dan = ground.mentee("Amira"), ground.mentor("Dan")
    ask(ground)
    later = NOW + timedelta(minutes=1)
    asked = {"intake": ground.intake, "objective": "best_total", "with_expected": False, "by": ground.chris}
    before = WishTime.objects.values("opened_at", "closed_at", "told_at").get()

    first = queue_round(name="Round 1", now=NOW, **asked)
    assert cancel_round(round=first, by=ground.chris, now=later)
    assert WishTime.objects.values("opened_at", "closed_at", "told_at").get() == before
    wish(amira, dan)

    second, third = (queue_round(name=name, now=later, **asked) for name in ("Round 2", "Round 3"))
    cancel_round(round=second, by=ground.chris, now=later)
    with pytest.raises(NotOpen):  # the third still runs, and goes by what was marked
        wish(amira, dan)
    cancel_round(round=third, by=ground.chris, now=later)
    wish(amira, dan)


@pytest.mark.row("M-21")
def test_by_hand_nobody_reads_whom_somebody_wished_for(ground: FieldOfPeople) -> None:
    amira, _ben, dan = ground.mentee("Amira"), ground.mentor("Ben"), ground.mentor("Dan")
    ask(ground)
    before = choice_for(ground.intake, amira, "mentee", NOW)
    wish(amira, dan)

    assert choice_for(ground.intake, amira, "mentee", NOW) == before


@pytest.mark.row("M-21")
@pytest.mark.parametrize(("wishers", "told"), [(4, {"few": True}), (5, {"wished": 5, "met": 1})])
def test_how_many_got_a_wish_is_counted_from_five(wishers: int, told: dict[str, object], ground: FieldOfPeople) -> None:
    mentees = [ground.mentee(f"Mentee {n}") for n in range(6)]
    sought, _other = ground.mentor("Sought"), ground.mentor("Other", 5)
    ask(ground)
    for mentee in mentees[:wishers]:
        wish(mentee, sought)
    counted = count_of_wishers(ground.intake)

    round = ground.run()

    assert round.figures["wishes"] == told
    assert counted == (5 if wishers == 5 else None)


@pytest.mark.row("M-21")
def test_everybody_reads_the_mentors_in_an_order_of_their_own(ground: FieldOfPeople) -> None:
    mentees = [ground.mentee(f"Mentee {n}") for n in range(2)]
    for n in range(12):
        ground.mentor(f"Mentor {n:02}")
    both = ground.person("Bo", "either", 1, grade="senior", offers=["finance"], wants=["finance"])

    orders = [list(mentors_to_mark(mentee, NOW).values()) for mentee in mentees]

    assert orders[0] == list(mentors_to_mark(mentees[0], NOW + timedelta(days=1)).values())
    assert sorted(orders[0]) == sorted(orders[1])
    assert orders[0] != orders[1] != sorted(orders[1])
    assert "Bo" in orders[0] and "Bo" not in mentors_to_mark(both, NOW).values()


@pytest.mark.row("M-21")
def test_only_whoever_looks_for_somebody_is_asked(ground: FieldOfPeople) -> None:
    amira, ben = ground.mentee("Amira"), ground.mentor("Ben")
    assert amira.person is not None and ben.person is not None

    def asked(person: Person) -> list[tuple[str, bool]]:
        return [(one.programme.name, one.marked) for one in asked_of(person)]

    assert asked(amira.person) == []
    ask(ground)
    assert (asked(amira.person), asked(ben.person)) == ([("Grow Together", False)], [])
    wish(amira, ben)
    assert asked(amira.person) == [("Grow Together", True)]
    close_wishes(intake=ground.intake, by=ground.chris, now=NOW)
    assert asked(amira.person) == []
