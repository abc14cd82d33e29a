from twoway.loops.queries.card import Card, CardStep, Contact, card_of, cards_of
from twoway.loops.queries.loop import (
    SponsoredLoop,
    SponsoredLoops,
    Standing,
    is_open_between,
    loop_counts,
    loops_of,
    participations_in,
    sponsor_of,
    sponsored_loops,
    standing_in,
    standings_of,
)

__all__ = [
    "Card",
    "CardStep",
    "Contact",
    "SponsoredLoop",
    "SponsoredLoops",
    "Standing",
    "card_of",
    "cards_of",
    "is_open_between",
    "loop_counts",
    "loops_of",
    "participations_in",
    "sponsor_of",
    "sponsored_loops",
    "standing_in",
    "standings_of",
]
