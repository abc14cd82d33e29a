"""Two people put to each other by hand, and what they said to it."""

from datetime import datetime, timedelta

from twoway.loops.models import Loop
from twoway.matching.actions.draft import draft_by_hand, publish_drafts, word_draft
from twoway.matching.actions.proposal import answer_proposal
from twoway.matching.candidates import fit_by_hand
from twoway.matching.models import Proposal, ProposalAnswer
from twoway.people.models import Intake, Membership, Person
from twoway.signup.models import Application
from twoway.signup.queries import joined_application

YES = ProposalAnswer.Answer.YES


def propose(
    *, intake: Intake, mentee: Membership, mentor: Membership, words: str, by: Person, now: datetime
) -> Proposal:
    """Published by the coordinator; both have been told."""
    hers, his = entry_of(mentee), entry_of(mentor)
    fit = fit_by_hand(intake, hers, his, now)
    assert fit is not None, f"{mentee.name} and {mentor.name} cannot be put together"
    early = now - timedelta(minutes=6)
    draft = draft_by_hand(intake=intake, mentee=hers, mentor=his, fit=fit, by=by, now=early)
    if words:
        word_draft(proposal=draft, words=words, by=by, now=early)
    publish_drafts(intake=intake, drafts=[draft], by=by, now=now)
    return draft


def say_yes(proposal: Proposal, member: Membership, now: datetime) -> Loop | None:
    """One side's yes; the loop, where it was the last."""
    row = answer_proposal(
        proposal=proposal, side=entry_of(member), answer=YES, reason="", by=member.person, now=now
    )  # fmt: skip
    return row.loop


def entry_of(member: Membership) -> Application:
    found = joined_application(member.person, member.programme)
    assert found is not None
    return found
