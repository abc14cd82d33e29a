"""Who may see a proposal, a question with a yes or a no.

What coordinators do to rounds, drafts and proposals is asked of `people.rules`. What one of the two may still do with
a proposal depends on where it stands, not on who they are: see `Side` in the queries.
"""

from twoway.matching.models import Proposal
from twoway.matching.queries.proposal import side_of
from twoway.people.models import Person


def may_see_proposal(person: Person, proposal: Proposal) -> bool:
    """One of its two people, once both have been told."""
    return side_of(person, proposal) is not None
