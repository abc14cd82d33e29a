"""Free texts read by a model, where the operator named one.

Nothing is kept beside the rounds: what the model said of a sentence stands in the problem of the round that read it,
goes with it when somebody is forgotten, and spares the next round the reading.
"""

import logging
from base64 import b64decode
from collections.abc import Callable
from functools import lru_cache

from django.conf import settings

from matchengine import Problem
from matchengine.text.models import open_model
from matchengine.text.reader import Reader, UnusableModel, read_texts, sentences_to_read, text_fields
from twoway.matching.models import Round
from twoway.people.models import Programme

log = logging.getLogger(__name__)

ROUNDS_REMEMBERED = 2
MOST_ON_A_PAGE = 200
"""So many new sentences are read while somebody waits for a page."""


def text_model() -> Reader | None:
    """The model the operator named, loaded once in each process; None where none is named. Raises UnusableModel."""
    return _opened(settings.TEXT_MODEL) if settings.TEXT_MODEL else None


@lru_cache(maxsize=1)
def _opened(where: str) -> Reader:
    return open_model(where)


def model_in_words() -> tuple[bool, str]:
    """Whether the named model can be used, and a sentence that says which it is or why not."""
    if not settings.TEXT_MODEL:
        return True, "No text model: free texts are compared by the letters they share."
    try:
        model = open_model(settings.TEXT_MODEL)  # not kept: whoever only asks needs no memory for it
        model.vector("Is it there?")
    except UnusableModel as fault:
        return False, f"TWOWAY_TEXT_MODEL cannot be used: {fault}."
    return True, f"Free texts are read by {model.name}, checksum {model.checksum[:12]}."


def read_for_round(problem: Problem, programme: Programme, step: Callable[[int, int], object]) -> Problem:
    """The problem with its texts read by the model; as it was where none is named. Raises UnusableModel."""
    model = text_model()
    if model is None:
        return problem
    return read_texts(problem, model, known=_kept(problem, programme, model), step=step)


def read_for_page(problem: Problem, programme: Programme) -> Problem:
    """The same while somebody waits: as it was, too, where much would have to be read first or the model fails."""
    try:
        model = text_model()
        if model is None:
            return problem
        known = _kept(problem, programme, model)
        if len(set(sentences_to_read(problem) or ()) - set(known)) > MOST_ON_A_PAGE:
            return problem
        return read_texts(problem, model, known=known)
    except UnusableModel as fault:
        log.error("The text model cannot be used: %s.", fault)
        return problem


def compared_with(problem: Problem) -> str | None:
    """The model that read the texts, "" where letters were compared, None where no text counts."""
    if not text_fields(problem):
        return None
    return problem.meaning.scorer if problem.meaning is not None else ""


def _kept(problem: Problem, programme: Programme, model: Reader) -> dict[str, bytes]:
    """What this very model said of the problem's sentences in the last rounds of the programme."""
    wanted = sentences_to_read(problem) or {}
    rounds = Round.objects.filter(intake__programme=programme, receipt__text__checksum=model.checksum)
    found: dict[str, bytes] = {}
    for kept in rounds.order_by("-pk").values_list("problem__meaning__sentences", flat=True)[:ROUNDS_REMEMBERED]:
        found |= {key: b64decode(kept[key]) for key in wanted.keys() & kept.keys() - found.keys()}
    return found
