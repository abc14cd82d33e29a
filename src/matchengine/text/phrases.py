"""Which words two texts have in common: runs of the same words that stand in both and say something.

Two words are the same if they are spelled alike, or are clearly two forms of one word. What says something is read
off the texts themselves, whatever their language: a word that stands in many of them says little, and a phrase counts
by the rare runs of letters in it.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import product
from typing import NamedTuple

LONGEST_TEXT = 20_000
"""Characters of a text that are read; what follows does not count."""

BETWEEN_WORDS = re.compile(
    r"[\s!-/:-@\[-`{-~\u00a0-\u00bf\u060c\u061b\u061f\u06d4\u0964\u2000-\u206f\u3000-\u303f\uff01-\uff0f\uff1a-\uff20]+"
)

WITHIN_A_PHRASE = re.compile(r"[\s'’\-\u00a0\u00ad\u2010\u2011]*")
"""What may stand between two words of one phrase: a comma, a stop or a bracket ends it."""

COMMON = 8
"""A word in more than an eighth of the texts, or in more than half of a few, is common: it opens and ends no phrase,
and makes none."""

REACH = 3
"""Words of a phrase on either side of the one it is found by."""

PLACES = 20
"""Places of a text at which words of one beginning are looked at, so that a text of one word takes no longer."""


class Token(NamedTuple):
    """A word of a text, or a letter where a script has no spaces; `joined` to the one before it in one phrase."""

    word: str
    begins: int
    ends: int
    joined: bool


class Phrase(NamedTuple):
    """Words that stand in both texts, as each has them, and the place of the first and of the last in hers."""

    hers: str
    his: str
    first: int
    last: int


@lru_cache(maxsize=200_000)
def folded(word: str) -> str:
    """A word without case and accents. Example: `folded("Élan")` is "elan"."""
    return "".join(
        letter for letter in unicodedata.normalize("NFKD", word.casefold()) if not unicodedata.combining(letter)
    )


def without_spaces(letters: str) -> bool:
    """Whether this is in a script that puts no spaces between words."""
    return any("\u2e80" <= letter <= "\u9fff" or "\uac00" <= letter <= "\ud7af" for letter in letters)


def same_word(one: str, other: str) -> bool:
    """Whether two folded words are one, or two forms of one: four letters or more alike, then three more at the most.
    Where both go on, five are alike and one of them adds a single letter.

    Example: "budget" and "budgets", "negotiate" and "negotiating"; not "found" and "sound", nor "state" and "station".
    """
    if one == other:
        return True
    short, long = sorted((one, other), key=len)
    alike = next((at for at, letter in enumerate(short) if letter != long[at]), len(short))
    rest, more = len(short) - alike, len(long) - alike
    return alike >= 4 + rest and rest <= 1 and more <= 3


class Phrases:
    """What two of these texts have in common. Cost: the words of all texts, once; then about a millisecond for two."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts

    @cached_property
    def _having(self) -> Counter[str]:
        having: Counter[str] = Counter()
        for text in self._texts:
            having.update({token.word for token in _tokens(text)})
        return having

    def is_common(self, word: str) -> bool:
        texts = len(self._texts)
        return self._having[word] > max(2, min(3, texts // 2), texts // COMMON)

    def shared(self, ours: str, theirs: str, weigh: Callable[[str, str], int], enough: int) -> list[tuple[str, str]]:
        """The phrases that stand in both and weigh `enough`, heaviest first, none within another."""
        found = sorted(
            ((weigh(one.hers, one.his), one) for one in set(self._met(ours, theirs))),
            key=lambda item: (-item[0], item[1]),
        )
        kept: list[Phrase] = []
        for weight, one in found:
            if weight >= enough and not any(_repeats(one, other) for other in kept):
                kept.append(one)
        return [(one.hers, one.his) for one in kept]

    def _met(self, ours: str, theirs: str) -> Iterator[Phrase]:
        """Each run of words of hers that stands in his, from a word that is not common to one that is not."""
        hers, his = _tokens(ours), _tokens(theirs)
        says = self._says_in(hers)
        ours_at, theirs_at = _places(hers, says), _places(his, self._says_in(his))
        for beginning in sorted(ours_at.keys() & theirs_at.keys()):
            for i, j in product(ours_at[beginning], theirs_at[beginning]):
                if same_word(hers[i].word, his[j].word):
                    before, after = (_reach(hers, his, i, j, step, says) for step in (-1, 1))
                    first, last = i - before, i + after
                    shown = _slice(theirs, his[j - before], his[j + after])
                    yield Phrase(_slice(ours, hers[first], hers[last]), shown, first, last)

    def _says_in(self, tokens: list[Token]) -> set[int]:
        """The places of a text's words that are not common; all of them where it has no other."""
        places = {at for at, token in enumerate(tokens) if not self.is_common(token.word)}
        return places or set(range(len(tokens)))


def _places(tokens: list[Token], says: set[int]) -> dict[str, list[int]]:
    """Where words stand, by their first four letters: the first `PLACES` of each."""
    found: dict[str, list[int]] = {}
    for at in sorted(says):
        those = found.setdefault(tokens[at].word[:4], [])
        if len(those) < PLACES:
            those.append(at)
    return found


def _reach(hers: list[Token], his: list[Token], i: int, j: int, step: int, says: set[int]) -> int:
    """How many words before or after these two are the same, up to the last that says something."""
    reached = 0
    for far in range(1, REACH + 1):
        a, b = i + step * far, j + step * far
        if min(a, b) < 0 or a >= len(hers) or b >= len(his):
            break
        if not hers[max(a, a - step)].joined or not his[max(b, b - step)].joined:
            break
        if not same_word(hers[a].word, his[b].word):
            break
        if a in says:
            reached = far
    return reached


def _tokens(text: str) -> list[Token]:
    found: list[Token] = []
    text, at = text[:LONGEST_TEXT], 0
    for gap in [*BETWEEN_WORDS.finditer(text), None]:
        ends, next_at = (gap.start(), gap.end()) if gap else (len(text), len(text))
        if at < ends:
            joined = bool(found) and WITHIN_A_PHRASE.fullmatch(text, found[-1].ends, at) is not None
            found += _pieces(text, at, ends, joined)
        at = next_at
    return found


def _pieces(text: str, begins: int, ends: int, joined: bool) -> list[Token]:
    word = text[begins:ends]
    if not without_spaces(word):
        return [Token(folded(word), begins, ends, joined)]
    return [Token(folded(text[at]), at, at + 1, joined or at > begins) for at in range(begins, ends)]


def _slice(text: str, first: Token, last: Token) -> str:
    return " ".join(text[first.begins : last.ends].split())


def _repeats(one: Phrase, other: Phrase) -> bool:
    """Whether either side's words stand there already, in this place or elsewhere."""
    if one.first <= other.last and other.first <= one.last:
        return True
    return any(_words(new) <= _words(known) for new, known in ((one.hers, other.hers), (one.his, other.his)))


def _words(phrase: str) -> set[str]:
    return {token.word for token in _tokens(phrase)}
