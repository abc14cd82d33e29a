from twoway.matching.models.proposal import Proposal, ProposalAnswer
from twoway.matching.models.round import LeftOver, Round, Strike

__all__ = ["LeftOver", "Proposal", "ProposalAnswer", "Round", "Strike"]
