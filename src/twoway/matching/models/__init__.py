from twoway.matching.models.proposal import HeldAnswer, Proposal, ProposalAnswer
from twoway.matching.models.round import LeftOver, Round, Strike

__all__ = ["HeldAnswer", "LeftOver", "Proposal", "ProposalAnswer", "Round", "Strike"]
