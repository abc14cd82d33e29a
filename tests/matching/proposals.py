"""Two people, a proposal between them, what they say to it, and what they hear."""

from datetime import datetime, timedelta
from typing import Any

from tests.factories import NOW
from tests.matching.field import FieldOfPeople
from twoway.matching.actions.draft import Fit, draft_by_hand, publish_drafts
from twoway.matching.actions.proposal import answer_proposal
from twoway.matching.actions.taking_back import take_back_no
from twoway.matching.models import Proposal
from twoway.matching.queries.mine import sides_and_ways_out_of
from twoway.matching.queries.proposal import Side
from twoway.people.models import Notification, Person
from twoway.signup.models import Application

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


def two(ground: FieldOfPeople, seats: int = 1) -> tuple[Application, Application]:
    return ground.mentee("Amira"), ground.mentor("Ben", seats)


def published(ground: FieldOfPeople, mentee: Application, mentor: Application, **fields: Any) -> Proposal:
    override = fields.pop("override", "")
    draft = draft_by_hand(
        intake=ground.intake, mentee=mentee, mentor=mentor, fit=Fit(50), by=ground.chris, now=NOW, override=override
    )
    Proposal.objects.filter(pk=draft.pk).update(**fields)
    publish_drafts(intake=ground.intake, drafts=[draft], by=ground.chris, now=NOW)
    draft.refresh_from_db()
    return draft


def says(proposal: Proposal, side: Application, answer: str, reason: str = "", now: Any = NOW) -> Proposal:
    assert side.person is not None
    return answer_proposal(proposal=proposal, side=side, answer=answer, reason=reason, by=side.person, now=now)


def sides_of(one: Application, now: datetime = NOW) -> list[Side]:
    """Where the person of an application stands in what is open to them."""
    assert one.person is not None
    return sides_and_ways_out_of(one.person, [one.pk], now)[0]


def news(person: Person | None) -> list[str]:
    return list(Notification.objects.filter(person=person).order_by("pk").values_list("kind", flat=True))


def takes_back(proposal: Proposal, side: Application, now: datetime) -> Proposal:
    assert side.person is not None
    return take_back_no(proposal=proposal, side=side, by=side.person, now=now)
