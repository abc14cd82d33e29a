"""Other weights tried on a copy of a round: who moves, what stays, and that nobody is told and nothing comes of it."""

from collections.abc import Callable
from datetime import timedelta
from html import unescape
from re import sub

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories import NOW
from tests.matching.field import FieldOfPeople
from tests.matching.wishes import ask, wish
from twoway.history.models import Event
from twoway.loops.models import Loop
from twoway.matching.actions.rehearsal import claim_rehearsal, keep_found, queue_rehearsal
from twoway.matching.models import LeftOver, Proposal, Rehearsal, Round
from twoway.matching.personal import forget
from twoway.matching.queries.desk import waiting_in
from twoway.matching.queries.people import people_for
from twoway.matching.queries.round import rounds_of
from twoway.matching.tasks import rehearse_queued
from twoway.matching.wished import WISHED
from twoway.outbox.models import Delivery
from twoway.people.models import Notification, Person, Seat
from twoway.signup.models import Question

AT = "/northwind/grow-together"
SignedIn = Callable[[Person | None], Client]


def two_and_two(ground: FieldOfPeople) -> Round:
    """By skills Amira goes to Ben and Cleo to Dan; by what they wrote it is the other way round."""
    ground.mentor("Ben", offers=["finance", "writing"], offer="sailing and boats")
    ground.mentor("Dan", offers=["speaking", "strategy"], offer="gardens and roses")
    ground.mentee("Amira", wants=["finance", "writing"], goal="gardens and roses")
    ground.mentee("Cleo", wants=["speaking", "strategy"], goal="sailing and boats")
    return ground.run()


def page_of(round: Round, rehearsal: Rehearsal | None = None, more: str = "") -> str:
    tail = f"{rehearsal.public_id}/{more}" if rehearsal else ""
    return f"{AT}/rounds/{round.public_id}/rehearsals/{tail}"


def form_of(ground: FieldOfPeople, **weights: int) -> dict[str, str]:
    """What the page posts: every weight, every rule kept."""
    named = {"wants": 8, "goal": 5, "hours": 3, "wish": 6, **weights}
    fields = {f"weight-{ground.questions[key].public_id}": str(weight) for key, weight in named.items()}
    return {"objective": "most_then_best", f"rule-{ground.questions['grade'].public_id}": "on", **fields}


def rehearsed(ground: FieldOfPeople, round: Round, **weights: int) -> Rehearsal:
    ids = {ground.questions[key].public_id: weight for key, weight in weights.items()}
    row = queue_rehearsal(round=round, objective="most_then_best", weights=ids, left_off=[], by=ground.chris, now=NOW)
    rehearse_queued(NOW)
    row.refresh_from_db()
    return row


def read(browser: Client, url: str) -> str:
    response = browser.get(url)
    assert response.status_code == 200
    words = sub(r"<[^>]+>", " ", response.content.decode().split("<main", 1)[1].split("</main>", 1)[0])
    return " ".join(unescape(words).split())


def everything_else() -> dict[str, list[dict[str, object]]]:
    """Every row of what a round could change or send, and of what a desk counts."""
    tables = (Round, Proposal, LeftOver, Delivery, Notification, Seat, Loop, Question)
    return {table.__name__: list(table.objects.order_by("pk").values()) for table in tables}  # type: ignore[attr-defined]


@pytest.mark.row("M-16")
def test_who_would_move_is_shown_by_name_and_both_arrangements_by_both_weights(
    ground: FieldOfPeople, chris: Client
) -> None:
    round = two_and_two(ground)
    sent = chris.post(page_of(round), form_of(ground, wants=0, goal=10))
    row = Rehearsal.objects.get()
    assert (sent.status_code, sent.headers["Location"]) == (302, page_of(round, row))
    waiting = read(chris, page_of(round, row))
    rehearse_queued(NOW)

    said = read(chris, page_of(round, row))

    assert "Waiting for its turn." in waiting and "Stop it" in waiting
    assert "2 people would move" in said
    assert "Amira Ben Dan Cleo Dan Ben" in said
    assert "Placed: 2 before, 2 now, of 2." in said
    row.refresh_from_db()
    (old_before, old_after), (new_before, new_after) = row.found["by_old"], row.found["by_new"]
    assert old_before == round.figures["total"] > old_after and new_after > new_before
    assert f"By the round's own weights, the points in all go from {old_before} to {old_after}." in said
    assert "I would like help with 8 → 0" in said and "What I would like 5 → 10" in said
    assert "Nobody is told, the round stays as it is, and nothing can be published from here." in said


@pytest.mark.row("M-16")
def test_with_the_same_weights_nobody_moves_and_what_small_changes_leave_is_told(
    ground: FieldOfPeople, chris: Client
) -> None:
    round = two_and_two(ground)

    row = rehearsed(ground, round)

    said = read(chris, page_of(round, row))
    assert "Nobody would move" in said and "The weights of the round, unchanged." in said
    assert row.found["steady"]["pairs"] == 2
    assert "2 of 2 pairs (100 %) stay every time, and 2 stay in most." in said
    assert len(row.found["steady"]["changes"]) == 2 * len((round.problem or {})["criteria"])


@pytest.mark.row("M-16")
def test_a_rule_left_off_opens_who_was_closed(ground: FieldOfPeople, chris: Client) -> None:
    ground.mentor("Ben", grade="junior")
    ground.mentee("Amira", grade="senior")
    round = ground.run()
    said = form_of(ground)
    said.pop(f"rule-{ground.questions['grade'].public_id}")

    chris.post(page_of(round), said)
    rehearse_queued(NOW)

    page = read(chris, page_of(round, Rehearsal.objects.get()))
    assert "Placed: 0 before, 1 now, of 1." in page and "Amira nobody Ben" in page
    assert "Rules left off: Grade" in page


@pytest.mark.row("M-16")
def test_it_changes_nothing_counts_nowhere_and_tells_nobody(ground: FieldOfPeople, chris: Client) -> None:
    round = two_and_two(ground)
    Proposal.objects.filter(mentee__name="Amira").update(pinned=True)
    before, free = everything_else(), people_for(ground.intake, with_expected=False, now=NOW)
    desk, mails = waiting_in(ground.programme, NOW), Delivery.objects.count()

    row = rehearsed(ground, round, wants=0, goal=10)
    assert row.state == "done"
    for page in (page_of(round), page_of(round, row), f"{AT}/rounds/", f"{AT}/desk/"):
        assert chris.get(page).status_code == 200

    assert everything_else() == before
    assert people_for(ground.intake, with_expected=False, now=NOW) == free
    assert (waiting_in(ground.programme, NOW), Delivery.objects.count()) == (desk, mails)
    assert list(rounds_of(ground.programme)) == [round]
    assert [event.kind for event in Event.objects.order_by("-pk")[:1]] == ["rehearsal.queued"]


@pytest.mark.row("M-16")
def test_nothing_can_be_published_from_it_by_any_address(ground: FieldOfPeople, chris: Client) -> None:
    """Its id is no round's, and no row can point to it."""
    round = two_and_two(ground)
    row = rehearsed(ground, round, wants=0, goal=10)
    before = everything_else()

    answers = [
        chris.post(f"{AT}/proposals/publish/?round={row.public_id}&show=all", {"round": row.public_id}).status_code,
        *(
            getattr(chris, method)(f"{AT}/rounds/{row.public_id}/{more}").status_code
            for method, more in (
                ("get", ""), ("get", "proof/"), ("post", "again/"), ("post", "cancel/"), ("get", "fairness/"),
                ("get", "receipt.json"), ("get", "problem.json"),
            )
        ),
    ]  # fmt: skip

    assert [answer for answer in answers if answer != 404] in ([], [302], [422])
    assert everything_else() == before
    pointing = [
        field
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if getattr(field, "remote_field", None) and field.related_model is Rehearsal and field.concrete
    ]
    assert pointing == []


@pytest.mark.row("M-16")
def test_it_can_be_stopped_and_thrown_away(ground: FieldOfPeople, chris: Client) -> None:
    round = two_and_two(ground)
    row = queue_rehearsal(round=round, objective="most_then_best", weights={}, left_off=[], by=ground.chris, now=NOW)

    stopped = chris.post(page_of(round, row, "cancel/"), follow=True).content.decode()
    rehearse_queued(NOW)

    row.refresh_from_db()
    assert row.state == "cancelled" and row.found == {}
    assert "This rehearsal was stopped." in stopped
    gone = chris.post(page_of(round, row, "removal/"))
    assert (gone.status_code, gone.headers["Location"]) == (302, page_of(round))
    assert Rehearsal.objects.count() == 0 and chris.get(page_of(round, row)).status_code == 404


@pytest.mark.row("M-16", "U-07")
def test_one_whose_worker_died_is_taken_up_again_and_the_first_keeps_nothing(ground: FieldOfPeople) -> None:
    round = two_and_two(ground)
    queue_rehearsal(round=round, objective="most_then_best", weights={}, left_off=[], by=ground.chris, now=NOW)
    first = claim_rehearsal(NOW)
    assert first is not None and claim_rehearsal(NOW) is None

    second = claim_rehearsal(NOW + timedelta(minutes=2))

    assert second is not None and second.pk == first.pk
    assert not keep_found(rehearsal=first, found={"late": True}, now=NOW)
    assert keep_found(rehearsal=second, found={"late": False}, now=NOW)
    assert Rehearsal.objects.get().found == {"late": False}


@pytest.mark.row("M-16")
def test_its_weights_go_into_the_form_in_one_click(ground: FieldOfPeople, chris: Client) -> None:
    round = two_and_two(ground)
    row = rehearsed(ground, round, wants=0, goal=10)

    sent = chris.post(page_of(round, row, "weights/"), follow=True)

    assert sent.redirect_chain == [(f"{AT}/rounds/new/", 302)]
    assert "2 weights were changed in the form." in sent.content.decode()
    for key, weight in (("wants", 0), ("goal", 10)):
        ground.questions[key].refresh_from_db()
        assert ground.questions[key].weight == weight
    assert Round.objects.count() == 1
    assert "has these weights already" in chris.post(page_of(round, row, "weights/"), follow=True).content.decode()


@pytest.mark.row("M-16")
@pytest.mark.parametrize("weight", ["11", "-1", "much", ""])
def test_a_weight_that_is_none_is_refused_and_nothing_typed_is_lost(
    ground: FieldOfPeople, chris: Client, weight: str
) -> None:
    round = two_and_two(ground)
    field = f"weight-{ground.questions['wants'].public_id}"

    response = chris.post(page_of(round), {**form_of(ground, goal=9), field: weight})

    assert response.status_code == 422 and Rehearsal.objects.count() == 0
    assert 'value="9"' in response.content.decode()
    assert not weight or f'value="{weight}"' in response.content.decode()


@pytest.mark.row("M-16")
def test_ten_rehearsals_of_a_round_are_enough(ground: FieldOfPeople, chris: Client) -> None:
    round = two_and_two(ground)
    for _n in range(10):
        queue_rehearsal(round=round, objective="best_total", weights={}, left_off=[], by=ground.chris, now=NOW)

    response = chris.post(page_of(round), form_of(ground))

    assert response.status_code == 422 and Rehearsal.objects.count() == 10
    assert "Throw one away first." in response.content.decode()


@pytest.mark.row("M-16")
def test_when_somebody_is_forgotten_rehearsals_go_and_no_more_can_be_made(ground: FieldOfPeople, chris: Client) -> None:
    round = two_and_two(ground)
    rehearsed(ground, round, wants=0, goal=10)
    waiting = queue_rehearsal(round=round, objective="best_total", weights={}, left_off=[], by=ground.chris, now=NOW)

    forget(Person.objects.get(name="Cleo"))

    assert Rehearsal.objects.count() == 0 and rehearse_queued(NOW) == 0
    assert "This round cannot be rehearsed any more." in read(chris, page_of(round))
    assert chris.post(page_of(round), form_of(ground)).status_code == 200
    assert chris.get(page_of(round, waiting)).status_code == 404 and Rehearsal.objects.count() == 0


@pytest.mark.row("M-16")
def test_a_round_of_an_earlier_engine_is_not_rehearsed(ground: FieldOfPeople, chris: Client) -> None:
    round = two_and_two(ground)
    Round.objects.filter(pk=round.pk).update(receipt={**(round.receipt or {}), "engine": "matchengine 0"})

    assert "This round was worked out by an earlier version." in read(chris, page_of(round))
    chris.post(page_of(round), form_of(ground))
    assert Rehearsal.objects.count() == 0


@pytest.mark.row("M-16", "M-21")
def test_where_wishes_weigh_most_nobody_who_moves_is_named(ground: FieldOfPeople, chris: Client) -> None:
    ask(ground, weight=1)
    mentors = ground.mentor("Ben"), ground.mentor("Dan", offers=["finance", "writing"])
    wish(ground.mentee("Amira", wants=["finance", "writing"]), *mentors[:1])
    wish(ground.mentee("Cleo"), *mentors[1:])
    round = ground.run()

    little = rehearsed(ground, round, wants=10, goal=10)
    much = rehearsed(ground, round, wants=0, goal=0, hours=0, wish=0)

    assert ground.pairs() == [("Amira", "Dan"), ("Cleo", "Ben")]
    assert (little.found["named"], much.found["named"]) == (True, False)
    assert (much.found["moving"], much.found["moves"]) == (2, [])
    said = read(chris, page_of(round, much))
    assert "2 people would move" in said and "Here wishes weigh more than a quarter of all" in said
    assert "Amira" not in said and "Dan" not in said
    assert f"weight-{WISHED}" not in chris.get(page_of(round)).content.decode()


@pytest.mark.row("M-15", "M-21")
def test_in_a_round_with_wishes_those_who_would_rather_are_counted_and_not_named(
    ground: FieldOfPeople, chris: Client
) -> None:
    ask(ground)
    ben = ground.mentor("Ben", offers=["finance", "writing", "speaking"])
    ground.mentor("Dan", offers=["finance"])
    wish(ground.mentee("Amira", wants=["finance", "writing"]), ben)
    wish(ground.mentee("Cleo", wants=["writing", "speaking", "strategy"]), ben)
    round = ground.run()

    said = read(chris, f"{AT}/rounds/{round.public_id}/fairness/")

    assert round.figures["rather"]["first"] == []
    assert "Amira" not in said and "Wishes counted in this round, so nobody is named" in said


@pytest.mark.row("M-16")
def test_a_rehearsal_belongs_to_its_round(ground: FieldOfPeople, chris: Client) -> None:
    round = two_and_two(ground)
    other = ground.run(name="Round 2")
    row = rehearsed(ground, round)

    assert chris.get(page_of(other, row)).status_code == 404
    assert chris.post(page_of(other, row, "removal/")).status_code == 404
    assert Rehearsal.objects.count() == 1


@pytest.mark.row("M-16")
def test_its_pages_ask_the_database_as_often_however_many_move(ground: FieldOfPeople, chris: Client) -> None:
    """By skills everybody has another mentor than by what they wrote, so all move once the skills do not count."""

    def asked(pairs: int) -> list[int]:
        skills = [["finance", "writing"], ["speaking", "strategy"]]
        for n in range(pairs):
            ground.mentor(f"Mentor {pairs}-{n}", offers=skills[n % 2], offer=f"boats{n % 2} and sails{n % 2}")
            ground.mentee(f"Mentee {pairs}-{n}", wants=skills[n % 2], goal=f"boats{1 - n % 2} and sails{1 - n % 2}")
        round = ground.run(name=f"Round of {pairs}")
        row = rehearsed(ground, round, wants=0, goal=10)
        for _once_more in range(pairs // 2 - 1):
            rehearsed(ground, round, wants=1)
        assert row.found["moving"] >= pairs
        counts = []
        for page in (page_of(round), page_of(round, row)):
            chris.get(page)
            with CaptureQueriesContext(connection) as seen:
                chris.get(page)
            counts.append(len(seen))
        return counts

    assert asked(4) == asked(14)
