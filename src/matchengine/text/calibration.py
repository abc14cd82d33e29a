"""From which likeness on a model means something: every model has its own scale.

Some put strangers at 100 thousandths and twins at 600, others strangers at 800 and twins at 900. So each is shown the
same few pairs of sentences, once, when it is sealed. Points begin where three of four sentences that have nothing to
do with each other lie below, and are whole from where the middle one of those that mean the same lies.
"""

from __future__ import annotations

from collections.abc import Callable

from matchengine.text.reader import Floats, UnusableModel, as_bytes, thousandths_between

SAME = (
    ("I would like to speak more calmly to a large audience.", "I can teach public speaking without nerves."),
    ("I want to understand the accounts of our company.", "I explain balance sheets and company accounts."),
    ("How do I become a better manager of my people?", "I advise managers on leading their people well."),
    ("I am looking for a new job in another industry.", "I help people who change career to a different industry."),
    ("I need to write clearer reports.", "Editing and clear writing for business documents."),
    ("I have trouble balancing family and work.", "I talk with parents about combining a job and a family."),
    ("I want to learn to program in Python.", "I am a software developer and teach Python to beginners."),
    ("I would like to start my own restaurant.", "I opened two cafés and know how to run a food business."),
    ("I want to apply for a research grant.", "I have won funding for science and review proposals."),
    ("I would like to learn how to invest my savings.", "I know personal finance, shares and funds."),
    ("How can we sell more through our website?", "Online marketing and growing a web shop are my trade."),
    ("I want to be healthier and sleep better.", "I coach people towards good sleep and healthy habits."),
)
LEAST = 40
"""Thousandths by which the two must differ, or the model tells nothing apart."""


def calibrated(vector: Callable[[str], Floats], name: str) -> tuple[int, int, int]:
    """How many numbers a vector has, and the thousandths at `nothing` and at `everything`. Raises UnusableModel."""
    ours = [as_bytes(vector(one)) for one, _ in SAME]
    theirs = [as_bytes(vector(other)) for _, other in SAME]
    alike = sorted(thousandths_between(one, other) for one, other in zip(ours, theirs, strict=True))
    apart = sorted(
        thousandths_between(one, other)
        for here, one in enumerate(ours) for there, other in enumerate(theirs) if here != there
    )  # fmt: skip
    nothing, everything = apart[3 * len(apart) // 4], alike[len(alike) // 2]
    if everything - nothing < LEAST:
        raise UnusableModel(
            f"{name} does not put sentences that mean the same nearer to each other ({everything} thousandths) "
            f"than others ({nothing})"
        )
    return len(ours[0]), nothing, everything
