"""Two people side by side: their texts with the phrases that met marked, and what they have in common."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from twoway.matching.fit import Point
from twoway.signup.models import Question
from twoway.signup.queries import ShownAnswer

LONGEST = 700
WITHOUT_SPACES = re.compile("[\u2e80-\u9fff\uac00-\ud7af]")


@dataclass(frozen=True)
class Text:
    """One side's own words."""

    label: str
    words: SafeString


@dataclass(frozen=True)
class Line:
    """One question, both answers in words, and whether something met."""

    label: str
    hers: str
    his: str
    met: bool


@dataclass(frozen=True)
class SideBySide:
    hers: list[Text]
    his: list[Text]
    lines: list[Line]


def side_by_side(points: list[Point], hers: Iterable[ShownAnswer], his: Iterable[ShownAnswer]) -> SideBySide:
    """What both have answered, texts apart. Protected traits and preferences about them are left out: of those only
    "meets the stated preference" is ever said."""
    mine = {one.question.public_id: one for one in hers if _may_stand(one.question)}
    yours = {one.question.public_id: one for one in his if _may_stand(one.question)}
    texts: tuple[list[Text], list[Text]] = ([], [])
    lines = []
    for point in points:
        if point["use"] == Question.Use.PREFERENCE:
            continue
        left, right = mine.get(point["mentee"]), yours.get(point["mentor"])
        if point["use"] == Question.Use.TEXT:
            phrases = point.get("phrases", [])
            if left:
                texts[0].append(Text(left.question.label, marked(left.words, [one for one, _other in phrases])))
            if right:
                texts[1].append(Text(right.question.label, marked(right.words, [other for _one, other in phrases])))
        elif left or right:
            lines.append(
                Line(point["label"], left.words if left else "", right.words if right else "", point["points"] > 0)
            )
    return SideBySide(texts[0], texts[1], lines)


def _may_stand(question: Question) -> bool:
    return not question.protected and question.use != Question.Use.PREFERENCE


def marked(text: str, phrases: Iterable[str]) -> SafeString:
    """A text with these phrases marked, however their words are spaced; escaped, and cut where it gets long."""
    text = text if len(text) <= LONGEST else text[:LONGEST].rsplit(" ", 1)[0] + " …"
    patterns = [_pattern(phrase) for phrase in phrases if phrase.strip()]
    if not patterns:
        return mark_safe(escape(text))
    found = re.compile("|".join(sorted(patterns, key=len, reverse=True)), re.IGNORECASE)
    out, at = [], 0
    for hit in found.finditer(text):
        out += [escape(text[at : hit.start()]), "<mark>", escape(hit.group()), "</mark>"]
        at = hit.end()
    return mark_safe("".join([*out, escape(text[at:])]))


def _pattern(phrase: str) -> str:
    """A phrase by itself, not a piece of a longer word; in a script without spaces, wherever its letters stand."""
    words = r"[\W_]+".join(re.escape(word) for word in phrase.split())
    return words if WITHOUT_SPACES.search(phrase) else rf"(?<!\w){words}(?!\w)"
