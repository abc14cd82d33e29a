"""Somebody left over, and what it would cost to place them: from the round's list to the choice."""

from collections.abc import Callable

import pytest
from django.test import Client

from tests.factories import NOW
from tests.matching.field import FieldOfPeople
from tests.matching.instead import AT, crowded, headline_of, moves_at, of, plain, read, solved_with
from twoway.history.models import Event
from twoway.matching.actions.draft import publish_drafts
from twoway.matching.models import LeftOver, Proposal, Round, Strike
from twoway.matching.personal import forget
from twoway.people.actions.person import keep_apart
from twoway.people.models import Notification, Person, Programme
from twoway.signup.models import Application

SignedIn = Callable[[Person | None], Client]


def door(round: Round, left: Application, mentor: Application | None = None) -> str:
    url = f"{AT}/rounds/{round.public_id}/left-over/{left.public_id}/"
    return f"{url}{mentor.public_id}/" if mentor else url


def three_for_two(ground: FieldOfPeople) -> Round:
    """Dora and Amira are placed, and Eve, whose wish nobody meets, is left over."""
    ground.mentee("Amira", wants=["finance"]), ground.mentee("Dora", wants=["writing"])
    ground.mentee("Eve", wants=["strategy"])
    ground.mentor("Ben", offers=["finance"]), ground.mentor("Cleo", offers=["writing"])
    return ground.run()


@pytest.mark.row("M-06", "M-07")
@pytest.mark.parametrize("objective", ["most_then_best", "best_total"])
def test_the_cost_of_placing_somebody_left_over_is_the_difference_of_two_rounds(
    ground: FieldOfPeople, chris: Client, objective: str
) -> None:
    _mentees, mentors = crowded(ground)
    round = ground.run(objective=objective)
    left = [row.application for row in LeftOver.objects.filter(round=round, role="mentee")]
    said, expected = [], []
    for who in left:
        for mentor in mentors:
            forced = solved_with(round, who, mentor)
            points = round.figures["total"] - forced.total
            assert forced.placed == round.figures["placed"]
            words = f"{points} of the {round.figures['total']} points" if points else "nothing"
            said.append(headline_of(chris, door(round, who, mentor)))
            expected.append(f"It would cost {words}.")

    assert said == expected
    assert len(said) == len(left) * len(mentors) > 3


@pytest.mark.row("M-06", "M-08")
def test_choosing_for_somebody_left_over_and_running_again_comes_to_what_the_page_said(
    ground: FieldOfPeople, chris: Client
) -> None:
    round = three_for_two(ground)
    eve, ben = of("Eve"), of("Ben")
    headline, told = headline_of(chris, door(round, eve, ben)), moves_at(chris, door(round, eve, ben))
    page = read(chris, door(round, eve, ben))

    answer = chris.post(door(round, eve, ben), follow=True)
    kept = Proposal.objects.get(mentee=eve)
    fit = (kept.mentor.name, kept.pinned, kept.round, kept.score)
    chris.post(f"{AT}/rounds/{round.public_id}/again/")
    again = ground.run()

    assert "Kept as a pinned draft. Nobody was told." in plain(answer.content.decode())
    assert "Eve is given Ben, and the pair is pinned. Nobody is told." in page
    assert "Ben then has more drafts than seats, and one of them cannot go out." in page
    assert "Amira would be left over. Eve would be placed." in page
    points = round.figures["total"] - again.figures["total"]
    assert headline == f"It would cost {points} of the {round.figures['total']} points."
    assert fit == ("Ben", True, round, Proposal.objects.get(mentee=eve).score)
    assert told == [["Eve", "left over", f"Ben, fit {fit[3]}"], ["Amira", told[1][1], "left over"]]
    assert ground.pairs() == [("Dora", "Cleo"), ("Eve", "Ben")]
    assert list(Event.objects.filter(kind="proposal.drafted").values_list("about", flat=True)) == [
        f"proposal {kept.public_id}"
    ]
    assert Notification.objects.count() == 0


@pytest.mark.row("M-06", "M-07")
def test_the_round_leads_from_a_name_to_the_cause_and_any_mentor(ground: FieldOfPeople, chris: Client) -> None:
    ground.mentor("Low Bar", grade="junior")
    round = three_for_two(ground)
    eve = of("Eve")

    on_the_round = chris.get(f"{AT}/rounds/{round.public_id}/").content.decode()
    page = chris.get(door(round, eve)).content.decode()
    found = chris.get(f"{door(round, eve)}?q=low").content.decode()

    assert f'href="{door(round, eve)}"' in on_the_round
    assert "A name leads to “Why not with …?” and what it would cost." in on_the_round
    assert "3 people can only meet the same few others, who have 2 seats between them." in plain(page)
    assert f'href="{AT}/proposals/by-hand/{eve.public_id}/"' in page
    assert [f'href="{door(round, eve, of(name))}?' in page for name in ("Ben", "Cleo", "Low Bar")] == [
        True, True, False,
    ]  # fmt: skip
    assert f'href="{door(round, eve, of("Low Bar"))}?' in found
    assert "The rule “Grade” closes this pair." in read(chris, door(round, eve, of("Low Bar")))
    assert "Nobody in this round has that in their name." in read(chris, f"{door(round, eve)}?q=zz")


@pytest.mark.row("M-06", "M-07")
def test_where_nobody_is_open_the_page_says_so_and_a_name_leads_to_why(ground: FieldOfPeople, chris: Client) -> None:
    top, ben = ground.mentee("Top", grade="head"), ground.mentor("Ben")
    round = ground.run()

    page, why = read(chris, door(round, top)), read(chris, door(round, top, ben))

    assert (
        "the rule “Grade” closes 1 person. Without the rule “Grade”, 1 person with a free seat would be open." in page
    )
    assert "Nobody was open to Top in this round. A name leads to why." in page
    assert "These two cannot be a pair" in why and "Choose Ben" not in why


@pytest.mark.row("M-06", "M-11")
@pytest.mark.parametrize("how", ["wish", "line", "wish_since", "line_since"])
def test_every_keeping_apart_of_somebody_left_over_is_told_in_the_same_words(
    ground: FieldOfPeople, chris: Client, how: str
) -> None:
    amira, cleo = ground.mentee("Amira", goal="zq-goal"), ground.mentor("Cleo", offer="zq-offer")
    if how.endswith("since"):
        Strike.objects.create(intake=ground.intake, mentee=amira, mentor=cleo, by=ground.chris, at=NOW)
        round = ground.run()
    if how.startswith("wish"):
        keep_apart(owner=cleo.person, organisation=ground.organisation, address=amira.address, note="zq", now=NOW)
    else:
        ground.answers(amira, manager=cleo.address)
    if not how.endswith("since"):
        round = ground.run()

    page = read(chris, door(round, amira, cleo))
    chris.post(door(round, amira, cleo))

    told = page.split("These two cannot be a pair")[1].split("Why not with")[0]
    assert told.strip() == "These two are kept apart."
    assert "zq" not in page and "Choose Cleo" not in page
    assert Proposal.objects.count() == 0


@pytest.mark.row("M-06")
def test_once_a_draft_is_made_the_same_address_asks_about_it(ground: FieldOfPeople, chris: Client) -> None:
    round = three_for_two(ground)
    eve, ben, cleo = of("Eve"), of("Ben"), of("Cleo")
    chris.post(door(round, eve, ben))

    mentors, other = read(chris, door(round, eve)), read(chris, door(round, eve, cleo))
    chris.post(door(round, eve, cleo))

    assert "Instead of Ben. Choose somebody" in mentors
    assert "Eve is given Cleo instead of Ben, and the pair is pinned." in other
    assert Proposal.objects.get(mentee=eve).mentor == ben


@pytest.mark.row("M-06", "M-08")
def test_whoever_cannot_take_part_any_more_is_not_chosen(ground: FieldOfPeople, chris: Client) -> None:
    round = three_for_two(ground)
    eve, ben = of("Eve"), of("Ben")
    Application.objects.filter(pk=eve.pk).update(state="withdrawn")

    page = plain(chris.post(door(round, eve, ben), follow=True).content.decode())

    assert "A rule closes this pair, or one of the two cannot take part now." in page
    assert not Proposal.objects.filter(mentee=eve).exists()


@pytest.mark.row("M-06")
def test_after_a_later_round_one_can_only_look(ground: FieldOfPeople, chris: Client) -> None:
    round = three_for_two(ground)
    eve, ben = of("Eve"), of("Ben")
    ground.run(name="Round 2")

    page = read(chris, door(round, eve, ben))
    chris.post(door(round, eve, ben))

    assert "It would cost" in page and "Choose Ben" not in page
    assert not Proposal.objects.filter(mentee=eve).exists()
    assert "/left-over/" not in chris.get(f"{AT}/rounds/{round.public_id}/").content.decode()


@pytest.mark.row("M-06")
def test_in_an_archived_programme_nothing_is_chosen(ground: FieldOfPeople, chris: Client) -> None:
    round = three_for_two(ground)
    eve, ben = of("Eve"), of("Ben")
    Programme.objects.update(archived_at=NOW)

    page = read(chris, door(round, eve, ben))

    assert "It would cost" in page and "Choose Ben" not in page
    assert "Choose by hand" not in read(chris, door(round, eve))
    assert chris.post(door(round, eve, ben)).status_code == 404
    assert not Proposal.objects.filter(mentee=eve).exists()


@pytest.mark.row("M-06")
def test_nobody_else_and_nobody_who_was_not_left_over_has_such_a_page(
    ground: FieldOfPeople, chris: Client, signed_in: SignedIn
) -> None:
    round = three_for_two(ground)
    amira, eve, ben, dora = of("Amira"), of("Eve"), of("Ben"), of("Dora")
    late = ground.mentor("Late")
    publish_drafts(intake=ground.intake, drafts=Proposal.objects.filter(mentee=amira), by=ground.chris, now=NOW)

    strangers = [signed_in(one.person).get(door(round, eve, ben)).status_code for one in (eve, ben, amira)]
    placed = [chris.get(door(round, amira, ben)).status_code, chris.get(door(round, amira)).status_code]
    elsewhere = [chris.get(door(round, eve, late)).status_code, chris.get(f"{door(round, eve)}nobody/").status_code]
    assert dora.person is not None
    forget(dora.person)

    assert (strangers, placed, elsewhere) == ([404] * 3, [404] * 2, [404] * 2)
    assert chris.get(door(round, eve, ben)).status_code == 404  # the problem went with Dora
    page = chris.get(f"{AT}/rounds/{round.public_id}/").content.decode()
    assert "/left-over/" not in page and f"{AT}/proposals/by-hand/{eve.public_id}/" in page


@pytest.mark.row("M-06")
def test_choosing_by_hand_leads_to_the_prices_of_the_last_round_that_left_somebody_over(
    ground: FieldOfPeople, chris: Client
) -> None:
    round = three_for_two(ground)
    eve, amira = (Application.objects.get(name=name) for name in ("Eve", "Amira"))
    ground.mentor("Fred", offers=["strategy"])
    where = f'{AT}/rounds/{round.public_id}/left-over/{eve.public_id}/"'

    pages = [chris.get(f"{AT}/proposals/by-hand/{who.public_id}/").content.decode() for who in (eve, amira)]
    ground.run(name="Round 2")
    after = chris.get(f"{AT}/proposals/by-hand/{eve.public_id}/").content.decode()

    assert [where in page for page in (*pages, after)] == [True, False, False]
