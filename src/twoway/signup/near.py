"""How near two short texts are: a slip of the keys, or the same words said otherwise."""

import re

SHORTEST = 5  # in shorter words one other letter is another word: HEO and SEO, head and lead
LETTERS_A_SLIP = 4  # one slip for so many letters of the longer text
FIGURES = {
    "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8",
    "nine": "9", "ten": "10",
}  # fmt: skip


def slips_between(one: str, other: str) -> int | None:
    """How many slips make one text of the other, if so few that they are near; None where they are not.

    Two texts in small letters are near in one of two ways. Either they are the same words, in another order or with
    other signs between. Or their edit distance (letters added, left out, exchanged, or two neighbours swapped) is at
    most a quarter of the length of the longer, which has five letters or more; where both have as many words, that
    holds for each word beside its like, and four letters do. Figures are never a slip: grade 6 is not near grade 7,
    and "seven" is 7.
    """
    words, others = _words_in(one), _words_in(other)
    if sorted(words) == sorted(others):
        return 0
    if re.findall(r"\d+", " ".join(words)) != re.findall(r"\d+", " ".join(others)):
        return None
    if len(words) != len(others):
        return _few_edits(one, other)
    shortest = SHORTEST if len(words) == 1 else SHORTEST - 1
    slips = [_few_edits(word, like, shortest) for word, like in zip(words, others, strict=True)]
    return None if None in slips else sum(filter(None, slips))


def _words_in(text: str) -> list[str]:
    return [FIGURES.get(word, word) for word in re.findall(r"\w+", text.replace("&", " and "))]


def _few_edits(one: str, other: str, shortest: int = SHORTEST) -> int | None:
    longer = max(len(one), len(other))
    most = longer // LETTERS_A_SLIP if longer >= shortest else 0
    if abs(len(one) - len(other)) > most:
        return None
    edits = _edits(one, other)
    return edits if edits <= most else None


def _edits(one: str, other: str) -> int:
    """The edit distance, a swap of two neighbours counted as one."""
    before, above = [0] * (len(other) + 1), list(range(len(other) + 1))
    for row, letter in enumerate(one, start=1):
        line = [row]
        for column, against in enumerate(other, start=1):
            least = min(above[column] + 1, line[-1] + 1, above[column - 1] + (letter != against))
            swapped = row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == against
            line.append(min(least, before[column - 2] + 1) if swapped else least)
        before, above = above, line
    return above[-1]
