"""What a round's page says once its pairs were changed by hand, or a later round took its drafts over."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django_scopes import scopes_disabled

from tests.factories import NOW
from tests.matching.field import FieldOfPeople, lay
from twoway.matching.actions.draft import Fit, publish_drafts, swap_mentor
from twoway.matching.actions.lease import BEAT, LEASE, keep_lease
from twoway.matching.actions.round import claim_round, expected_end, go_on, queue_round
from twoway.matching.heartbeat import alive
from twoway.matching.models import Proposal, Round
from twoway.matching.queries.round import next_name

AT = "/northwind/grow-together"


def read(browser: Client, url: str) -> str:
    page = re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", browser.get(url).content.decode(), flags=re.S)
    return " ".join(page.split())


def address(round: Round) -> str:
    return f"{AT}/rounds/{round.public_id}/"


def two_pairs(ground: FieldOfPeople) -> Round:
    """Amira with Ben, Dora with Cleo: each wish is met by one mentor, who has one seat."""
    ground.mentee("Amira", wants=["finance"]), ground.mentee("Dora", wants=["writing"])
    ground.mentor("Ben", offers=["finance"]), ground.mentor("Cleo", offers=["writing"])
    return ground.run()


def give_dora_ben_too(ground: FieldOfPeople) -> None:
    dora = Proposal.objects.get(mentee__name="Dora")
    ben = Proposal.objects.get(mentee__name="Amira").mentor
    swap_mentor(proposal=dora, mentor=ben, fit=Fit(0), by=ground.chris, now=NOW)


@pytest.mark.row("M-10", "M-08")
def test_after_a_swap_the_proof_is_said_to_cover_what_was_solved(ground: FieldOfPeople, chris: Client) -> None:
    round = two_pairs(ground)
    before = read(chris, address(round))
    score = Proposal.objects.get(mentee__name="Dora").score

    give_dora_ben_too(ground)
    after = read(chris, address(round))

    claims = ["Best possible for these rules" in page for page in (before, after)]
    assert claims == [True, False]
    assert "Since then 1 pair was changed by hand, which the proof does not cover." in after
    total = round.figures["total"]
    assert f"come to {total - score} points in total now, {score} fewer than when it was solved ({total})." in after
    assert "As it was solved, 2 of 2 people were placed" in after
    assert [page.count("as it was solved") for page in (before, after)] == [0, 2]


@pytest.mark.row("M-10")
def test_a_change_taken_back_and_a_pin_leave_the_claim_as_it_was(ground: FieldOfPeople, chris: Client) -> None:
    round = two_pairs(ground)
    one = f"{AT}/proposals/{Proposal.objects.all()[0].public_id}"

    chris.post(f"{one}/dismissal/")
    dismissed = read(chris, address(round))
    chris.post(f"{one}/restoring/")
    chris.post(f"{one}/pin/")

    assert "Since then 1 pair was changed by hand" in dismissed
    assert "Best possible for these rules" in read(chris, address(round))


@pytest.mark.row("M-08")
def test_two_drafts_for_one_seat_are_named_with_the_number_that_publishing_has(
    ground: FieldOfPeople, chris: Client
) -> None:
    round = two_pairs(ground)
    give_dora_ben_too(ground)

    page = read(chris, address(round))
    asked = read(chris, f"{AT}/proposals/publish/?round={round.public_id}&show=all")

    assert "Publish 1 proposal …" in page and "Publish 1 proposal?" in asked
    assert "1 draft cannot go out as things stand Amira → Ben: no free seat is left" in page


@pytest.mark.row("M-08")
def test_an_older_round_says_where_its_drafts_are(ground: FieldOfPeople, chris: Client) -> None:
    first = two_pairs(ground)
    amira = Proposal.objects.get(mentee__name="Amira")
    publish_drafts(intake=ground.intake, drafts=[amira], by=ground.chris, now=NOW)
    second = ground.run(name="Round 2")

    page = chris.get(address(first)).content.decode()
    words = read(chris, address(first))

    assert f'<a href="{address(second)}">Round 2</a>' in page
    assert "A later round took its place: Round 2" in words and "Best possible for these rules" not in words


@pytest.mark.row("M-02")
def test_running_again_asks_first_and_gives_the_next_number(ground: FieldOfPeople, chris: Client) -> None:
    round = two_pairs(ground)
    pinned = Proposal.objects.all()[0]
    chris.post(f"{AT}/proposals/{pinned.public_id}/pin/")

    page = read(chris, address(round) + "again/")
    assert Round.objects.count() == 1
    chris.post(address(round) + "again/")

    assert "It replaces 1 draft that is not published. 1 pinned draft stays." in page
    assert list(Round.objects.order_by("pk").values_list("name", flat=True)) == ["Round 1", "Round 2"]


@pytest.mark.row("M-02")
def test_names_are_counted_within_an_intake_and_own_names_get_a_number(ground: FieldOfPeople) -> None:
    usual = next_name(ground.intake)
    for name in ("Round 1", "Spring", "Spring (2)"):
        queue_round(intake=ground.intake, name=name, objective="best_total", with_expected=False, by=ground.chris,
                    now=NOW)  # fmt: skip

    found = [next_name(ground.intake, like) for like in ("", "Round 1", "Spring", "Spring (2)")]

    assert (usual, found) == ("Round 1", ["Round 4", "Round 4", "Spring (3)", "Spring (3)"])


# --- staying in place -------------------------------------------------------------------------------


@pytest.mark.row("U-01", "M-08")
@pytest.mark.parametrize("act", ["pin", "dismissal"])
def test_an_act_comes_back_to_its_page_and_line(ground: FieldOfPeople, chris: Client, act: str) -> None:
    round = two_pairs(ground)
    one, other = Proposal.objects.order_by("-score", "mentee__name")
    place = {"show": "unpublished", "order": "lowest", "page": "1", "after": other.public_id}

    answer = chris.post(f"{AT}/proposals/{one.public_id}/{act}/", place)

    focus = one.public_id if act == "pin" else other.public_id
    more = "" if act == "pin" else f"&did=dismissed&about={one.public_id}"
    assert answer.headers["Location"] == (
        f"{address(round)}?show=unpublished&order=lowest&page=1&pair={focus}{more}#row-{focus}"
    )
    assert f'id="row-{other.public_id}"' in chris.get(address(round)).content.decode()


@pytest.mark.row("M-08", "U-01")
def test_publishing_one_comes_back_to_its_page_and_a_swap_to_where_the_pair_stands_then(
    ground: FieldOfPeople, chris: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("twoway.matching.views.round_page.AT_ONCE", 1)
    round = two_pairs(ground)
    one = list(Proposal.objects.order_by("-score", "mentee__name"))[1]

    answer = chris.post(f"{AT}/proposals/publish/?proposal={one.public_id}&show=all&order=best&page=1")

    where = f"{address(round)}?show=all&order=best&page=2&pair={one.public_id}#row-{one.public_id}"
    assert answer.headers["Location"] == where


# --- signs of life ----------------------------------------------------------------------------------


def running(ground: FieldOfPeople) -> Round:
    queue_round(intake=ground.intake, name="A", objective="best_total", with_expected=False, by=ground.chris, now=NOW)
    round = claim_round(NOW)
    assert round is not None
    return round


@pytest.mark.row("U-07")
def test_the_end_that_is_told_is_never_put_off(ground: FieldOfPeople) -> None:
    round = running(ground)

    told = []
    for seconds, percent in ((5, 5), (10, 50), (60, 51), (61, 99)):
        go_on(round=round, stage="solving", percent=percent, now=NOW + timedelta(seconds=seconds))
        told.append(expected_end(Round.objects.get()))

    assert told == [None, *[NOW + timedelta(seconds=20)] * 3]


@pytest.mark.row("U-07")
def test_a_silent_worker_is_said_to_be_interrupted(ground: FieldOfPeople, chris: Client) -> None:
    round = running(ground)
    url = address(round)

    pages = []
    for ago in (BEAT, LEASE - BEAT):
        keep_lease(round, NOW - ago)
        pages.append("The work was interrupted. It starts again by itself within a minute" in read(chris, url))

    assert pages == [False, True]
    assert timedelta(minutes=1) >= LEASE


@pytest.mark.row("U-07")
def test_a_worker_gives_signs_of_life_in_the_middle_of_a_long_step(transactional_db: None, now: None) -> None:
    with scopes_disabled():
        round = running(lay())
        Round.objects.update(leased_until=NOW)

        with alive(round, every=0.01):
            looks = 0
            while Round.objects.get(pk=round.pk).leased_until == NOW and looks < 10_000:
                looks += 1

        assert Round.objects.get(pk=round.pk).leased_until == NOW + LEASE
