from twoway.matching.models.proposal import HeldAnswer, Proposal, ProposalAnswer
from twoway.matching.models.rehearsal import Rehearsal
from twoway.matching.models.round import LeftOver, Round, Strike
from twoway.matching.models.wish import Wish, WishList, WishTime

__all__ = [
    "HeldAnswer", "LeftOver", "Proposal", "ProposalAnswer", "Rehearsal", "Round", "Strike", "Wish", "WishList",
    "WishTime",
]  # fmt: skip
