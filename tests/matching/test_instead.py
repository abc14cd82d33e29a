"""Another mentor instead: the page that says what it would cost, and who would move."""

import pytest
from django.test import Client

from tests.factories import NOW
from tests.matching.field import FieldOfPeople
from tests.matching.instead import (
    AT,
    address,
    cost,
    crowded,
    draft_of,
    moves,
    of,
    plain,
    read,
    solved_with,
    two_and_two,
)
from twoway.matching.models import Proposal, Strike
from twoway.people.actions.person import keep_apart
from twoway.people.models import Notification


@pytest.mark.row("M-06")
@pytest.mark.parametrize("objective", ["most_then_best", "best_total"])
def test_the_cost_is_the_difference_of_two_rounds(ground: FieldOfPeople, chris: Client, objective: str) -> None:
    mentees, mentors = crowded(ground)
    round = ground.run(objective=objective)
    said, expected = [], []
    for draft in Proposal.objects.filter(round=round).select_related("mentee", "mentor"):
        for mentor in mentors:
            if mentor == draft.mentor:
                continue
            forced = solved_with(round, draft.mentee, mentor)
            points = round.figures["total"] - forced.total
            assert forced.placed == round.figures["placed"]
            words = f"{points} of the {round.figures['total']} points" if points else "nothing"
            said.append(cost(chris, draft, mentor))
            expected.append(f"It would cost {words}.")

    assert said == expected
    assert len(said) == round.figures["placed"] * (len(mentors) - 1) and len(set(said)) > 2
    assert round.figures["placed"] < len(mentees)


@pytest.mark.row("M-06", "M-08")
def test_choosing_and_running_again_comes_to_what_the_page_said(ground: FieldOfPeople, chris: Client) -> None:
    round = two_and_two(ground)
    amira, cleo = draft_of("Amira"), of("Cleo")
    headline = cost(chris, amira, cleo)
    told = moves(chris, amira, cleo)

    answer = chris.post(f"{AT}/proposals/{amira.public_id}/swap/", {"mentor": cleo.public_id}, follow=True)
    chris.post(f"{AT}/rounds/{round.public_id}/again/")
    again = ground.run()

    assert "Somebody else was chosen, and the pair is pinned." in plain(answer.content.decode())
    points = round.figures["total"] - again.figures["total"]
    assert headline == f"It would cost {points} of the {round.figures['total']} points."
    fit = {draft.mentee.name: draft.score for draft in Proposal.objects.filter(state="draft")}
    assert [(row[0], row[2]) for row in told] == [
        ("Amira", f"Cleo, fit {fit['Amira']}"), ("Dora", f"Ben, fit {fit['Dora']}"),
    ]  # fmt: skip
    assert ground.pairs() == [("Amira", "Cleo"), ("Dora", "Ben")]
    assert Notification.objects.count() == 0


@pytest.mark.row("M-06")
def test_the_page_shows_both_fits_and_what_choosing_does(ground: FieldOfPeople, chris: Client) -> None:
    two_and_two(ground)
    amira = draft_of("Amira")

    page = read(chris, address(amira, of("Cleo")))

    assert f"Now: Ben fit {amira.score}" in page and "Instead: Cleo fit" in page
    assert "Measured against the best match of Round 1, as it was worked out: most people placed" in page
    assert "What was pinned" not in page
    assert "Amira is given Cleo instead of Ben, and the pair is pinned. Nobody is told." in page
    assert "Cleo then has more drafts than seats, and one of them cannot go out." in page
    assert "Then run the round again" in page


@pytest.mark.row("M-06")
def test_what_is_over_is_not_offered_a_price(ground: FieldOfPeople, chris: Client) -> None:
    two_and_two(ground)
    amira, offer = draft_of("Amira"), "What would somebody else cost?"

    said = [read(chris, f"{AT}/proposals/{amira.public_id}/")]
    Proposal.objects.filter(pk=amira.pk).update(state="ended", end="no", published_at=NOW, told_at=NOW)
    said.append(read(chris, f"{AT}/proposals/{amira.public_id}/"))

    assert [offer in page for page in said] == [True, False]


@pytest.mark.row("M-06")
def test_whoever_loses_the_place_is_named(ground: FieldOfPeople, chris: Client) -> None:
    ground.mentee("Amira"), ground.mentee("Dora", grade="senior")
    ground.mentor("Ben"), ground.mentor("Head", grade="head")
    round = ground.run()
    amira, head = draft_of("Amira"), of("Head")
    lost = round.figures["total"] - solved_with(round, amira.mentee, head).total

    page = read(chris, address(amira, head))

    assert cost(chris, amira, head) == (
        f"It would cost {lost} of the {round.figures['total']} points and a place for 1 person."
    )
    assert "Dora would be left over." in page
    assert moves(chris, amira, head)[1][2] == "left over"


@pytest.mark.row("M-06")
def test_somebody_else_may_have_the_seat_that_is_given_back(ground: FieldOfPeople, chris: Client) -> None:
    ground.mentee("Amira", wants=["finance"], grade="middle"), ground.mentee("Dora", wants=["writing"], grade="senior")
    ground.mentee("Eve", wants=["finance"], grade="junior")
    ground.mentor("Ben", offers=["finance"]), ground.mentor("Head", offers=["writing"], grade="head")
    ground.run()
    placed = next(draft for draft in Proposal.objects.all() if draft.mentor.name == "Ben")
    other = "Eve" if placed.mentee.name == "Amira" else "Amira"

    page = read(chris, address(placed, of("Head")))

    assert "Dora would be left over." in page and f"{other} would be placed." in page


@pytest.mark.row("M-06")
def test_equals_cost_nothing(ground: FieldOfPeople, chris: Client) -> None:
    ground.mentee("Amira"), ground.mentor("Ben"), ground.mentor("Cleo")
    ground.run()
    draft = draft_of("Amira")
    other = of("Cleo" if draft.mentor.name == "Ben" else "Ben")

    page = read(chris, address(draft, other))

    assert cost(chris, draft, other) == "It would cost nothing."
    assert "Nobody is told." in page and "Everybody else stays" not in page
    assert "more drafts than seats" not in page


# --- no price ---------------------------------------------------------------------------------------


@pytest.mark.row("M-06")
def test_a_pair_that_is_one_already_has_no_cost(ground: FieldOfPeople, chris: Client) -> None:
    two_and_two(ground)
    amira, ben = draft_of("Amira"), of("Ben")

    as_it_is = read(chris, address(amira, ben))
    chris.post(f"{AT}/proposals/{amira.public_id}/swap/", {"mentor": of("Cleo").public_id})
    swapped = read(chris, address(amira, ben))
    chosen = read(chris, address(amira, of("Cleo")))

    assert "They are a pair in the best match of this round" in as_it_is and "Choose Ben" not in as_it_is
    assert "They are a pair in the best match of this round" in swapped and "Choose Ben" in swapped
    assert "It would cost" in chosen and "Choose Cleo" not in chosen and "Run again …" in chosen


@pytest.mark.row("M-06")
def test_a_rule_that_closes_the_pair_is_named(ground: FieldOfPeople, chris: Client) -> None:
    ground.mentee("Amira"), ground.mentor("Ben")
    ground.mentor("Low", grade="junior")
    ground.run()

    page = read(chris, address(draft_of("Amira"), of("Low")))

    assert "These two cannot be a pair" in page
    assert "The rule “Grade” closes this pair. Whoever helps must be at least 1 step higher." in page
    assert "Choose Low" not in page


@pytest.mark.row("M-06", "M-11")
@pytest.mark.parametrize("how", ["wish", "line", "wish_since", "line_since"])
def test_every_keeping_apart_is_told_in_the_same_words(ground: FieldOfPeople, chris: Client, how: str) -> None:
    amira, cleo = ground.mentee("Amira", goal="zq-goal"), ground.mentor("Cleo", offer="zq-offer")
    ground.mentor("Ben", offers=["finance", "writing"])
    if how.endswith("since"):
        Strike.objects.create(intake=ground.intake, mentee=amira, mentor=cleo, by=ground.chris, at=NOW)
        ground.run()
    if how.startswith("wish"):
        keep_apart(owner=cleo.person, organisation=ground.organisation, address=amira.address, note="zq", now=NOW)
    else:
        ground.answers(amira, manager=cleo.address)
    if not how.endswith("since"):
        ground.run()

    page = read(chris, address(draft_of("Amira"), cleo))

    # The list beside it is the round's own, of mentors who were open to her then.
    told = page.split("These two cannot be a pair")[1].split("Somebody else")[0]
    assert told.strip() == "These two are kept apart."
    assert "zq" not in page and "Choose Cleo" not in page and "Now: Ben" not in page


@pytest.mark.row("M-06")
def test_a_dismissed_pair_is_called_dismissed(ground: FieldOfPeople, chris: Client) -> None:
    amira, cleo = ground.mentee("Amira"), ground.mentor("Cleo")
    ground.mentor("Ben")
    Strike.objects.create(intake=ground.intake, mentee=amira, mentor=cleo, by=ground.chris, at=NOW)
    ground.run()

    page = read(chris, address(draft_of("Amira"), cleo))

    assert "These two were dismissed by you." in page and "kept apart" not in page


@pytest.mark.row("M-06")
def test_seats_that_pins_keep_are_not_to_be_had(ground: FieldOfPeople, chris: Client) -> None:
    two_and_two(ground)
    chris.post(f"{AT}/proposals/{draft_of('Dora').public_id}/pin/")
    ground.run(name="Round 2")

    page = read(chris, address(draft_of("Amira"), of("Cleo")))

    assert "There is no seat to give Cleo has no seat left: each is kept by a pinned pair." in page
    assert "Choose Cleo" not in page


# --- no page ----------------------------------------------------------------------------------------


# --- since then, and the way there ------------------------------------------------------------------


@pytest.mark.row("M-06")
def test_any_mentor_of_the_round_is_found_by_name(ground: FieldOfPeople, chris: Client) -> None:
    ground.mentee("Amira")
    for n in range(25):
        ground.mentor(f"Émile {n:02}", grade="senior")
    ground.mentor("Low Bar", grade="junior")
    ground.run()
    amira = draft_of("Amira")
    ground.mentor("Low Late", grade="junior")

    first = read(chris, address(amira))
    many = read(chris, f"{address(amira)}?q=émile")
    few = chris.get(f"{address(amira)}?q=LOW&order=lowest").content.decode()
    none = read(chris, f"{address(amira)}?q=zz")

    assert first.count("Émile") - first.count("Instead of Émile") == len(amira.others)
    assert "and 5 more: type more of the name" in many
    assert f'href="{address(amira, of("Low Bar"))}?show=all&amp;order=lowest"' in few and "Low Late" not in few
    assert "Nobody else in this round has that in their name." in none
