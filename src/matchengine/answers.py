"""Answers made comparable: words without case, places in an order, numbers in thousandths."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

from matchengine.problem import Answer, Answers

LARGEST_NUMBER = 1_000_000_000
LONGEST_OPTION = 200


def is_answered(answer: Answer | None) -> bool:
    """Whether something was said: not absent, not blank, not an empty choice."""
    if answer is None:
        return False
    if isinstance(answer, str):
        return bool(answer.strip())
    if isinstance(answer, tuple):
        return any(option.strip() for option in answer)
    return True


def answer_of(answers: Answers, field: str) -> Answer | None:
    """The answer under this name, or None where nothing was said."""
    answer = answers.get(field)
    return answer if is_answered(answer) else None


def plain(word: str) -> str:
    """One value as it is compared: spaces joined, case folded. Example: `plain(" Grade  7")` is "grade 7"."""
    return _plain_option(word) if len(word) <= LONGEST_OPTION else _plain(word)


def _plain(word: str) -> str:
    return " ".join(word.split()).casefold()


# The same few options stand in everybody's answers. What is kept is bounded: long texts are never among it.
_plain_option = lru_cache(maxsize=20_000)(_plain)


def as_words(answer: Answer | None) -> tuple[str, ...]:
    """The values of an answer as they were written, in their order, each once; a number in its shortest
    form."""
    if answer is None:
        return ()
    if isinstance(answer, tuple):
        return tuple({plain(option): option.strip() for option in reversed(answer) if option.strip()}.values())[::-1]
    if isinstance(answer, str):
        return (answer.strip(),) if answer.strip() else ()
    return (str(int(answer)) if float(answer).is_integer() else repr(answer),)


def as_set(answer: Answer | None) -> frozenset[str]:
    """The values of an answer as they are compared."""
    return frozenset(plain(word) for word in as_words(answer))


def as_text(answer: Answer | None) -> str:
    """An answer as one text; several options are joined by a line break."""
    return "\n".join(as_words(answer))


def as_place(answer: Answer | None, order: Sequence[str]) -> int | None:
    """Where an answer stands: its index in `order`, or the number itself in thousandths when `order` is
    empty.

    None where nothing was said. Raises ValueError where the answer has no place, is several, or is no
    number. Example: `as_place("EO", ("AO", "EO"))` is 1; `as_place(2.5, ())` is 2500.
    """
    if answer is None:
        return None
    if isinstance(answer, tuple) and len(as_words(answer)) > 1:
        raise ValueError("one answer is needed here, not several")
    word = as_words(answer)[0]
    if not order:
        return _thousandths(answer, word)
    try:
        return [plain(place) for place in order].index(plain(word))
    except ValueError:
        raise ValueError(f'"{word[:60]}" is not one of: {", ".join(order)}') from None


def _thousandths(answer: Answer, word: str) -> int:
    if isinstance(answer, bool) or not isinstance(answer, int | float):
        raise ValueError(f'"{word[:60]}" is not a number')
    if not math.isfinite(answer) or abs(answer) > LARGEST_NUMBER:
        raise ValueError(f"{answer} is not a number between -{LARGEST_NUMBER} and {LARGEST_NUMBER}")
    return round(answer * 1000)
