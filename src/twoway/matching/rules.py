"""Who may do what with a proposal. Each is a question with a yes or a no.

What coordinators do to rounds and drafts is asked of `people.rules.may_run_programme`.
"""

from datetime import datetime, timedelta

from twoway.matching.models import Proposal
from twoway.matching.queries.proposal import side_of
from twoway.people.models import Person

NOT_FOR_ME_DAYS = 7


def may_see_proposal(person: Person, proposal: Proposal) -> bool:
    """One of its two people, once both have been told."""
    return side_of(person, proposal) is not None


def may_answer_proposal(person: Person, proposal: Proposal, now: datetime) -> bool:
    """Say yes or no: one of the two, while it waits. A yes may still become a no until the loop opens."""
    waits = proposal.state == Proposal.State.PUBLISHED and (proposal.lapses_at is None or proposal.lapses_at > now)
    return waits and side_of(person, proposal) is not None


def may_undo_yes(person: Person, proposal: Proposal) -> bool:
    """Take back a yes that a coordinator recorded for oneself, until the loop opens."""
    side = side_of(person, proposal)
    recorded = side is not None and side.mine is not None and side.mine.by_word_of_mouth
    return recorded and proposal.state == Proposal.State.PUBLISHED


def may_say_not_for_me(person: Person, proposal: Proposal, now: datetime) -> bool:
    """Where loops start at publishing: one of the two, within a week of the start."""
    started = proposal.state == Proposal.State.OPENED and not proposal.intake.programme.both_say_yes
    begun = proposal.ended_at or proposal.published_at
    in_time = begun is not None and now < begun + timedelta(days=NOT_FOR_ME_DAYS)
    return started and in_time and not proposal.override and side_of(person, proposal) is not None
