"""Handing over and forgetting what the matching room holds about somebody."""

from collections.abc import Callable

import pytest
from django.test import Client

from tests.factories import NOW
from tests.matching.field import FieldOfPeople
from twoway.matching import personal
from twoway.matching.actions.draft import publish_drafts
from twoway.matching.actions.proposal import answer_proposal
from twoway.matching.models import Proposal, ProposalAnswer, Round
from twoway.people.models import Person


@pytest.mark.row("M-09")
def test_my_data_holds_my_answer_and_never_the_others(ground: FieldOfPeople) -> None:
    amira, ben = ground.mentee("Amira"), ground.mentor("Ben")
    ground.run()
    proposal = Proposal.objects.get()
    publish_drafts(intake=ground.intake, drafts=[proposal], by=ground.chris, now=NOW)
    assert ben.person is not None and amira.person is not None
    answer_proposal(proposal=proposal, side=ben, answer="no", reason="zq-his", by=ben.person, now=NOW)

    his, hers = personal.data_of(ben.person), personal.data_of(amira.person)

    assert ("zq-his" in str(his), "zq-his" in str(hers)) == (True, False)
    assert (his["HeldAnswer"][0]["answer"], hers["HeldAnswer"]) == ("no", [])
    assert [row["with"] for row in hers["Proposal"]] == ["Ben"]
    assert "no" not in [row.get("end") for row in hers["Proposal"]]


def test_forgetting_takes_the_answers_out_of_kept_problems(
    ground: FieldOfPeople, signed_in: Callable[[Person | None], Client]
) -> None:
    amira, _ben = ground.mentee("Amira", goal="zq-goal to speak up"), ground.mentor("Ben", offer="speak up")
    round = ground.run()
    assert amira.person is not None

    personal.forget(amira.person)

    assert (Proposal.objects.count(), ProposalAnswer.objects.count()) == (0, 0)
    assert list(Round.objects.values_list("problem", "receipt")) == [(None, None)]
    page = signed_in(ground.chris).get(f"/northwind/grow-together/rounds/{round.public_id}/proof/")
    assert "The receipt of this round was deleted." in page.content.decode()
