"""What the columns of a file probably are, from the words above them and the values below."""

import difflib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError

from twoway.signup import fields
from twoway.signup.models import Question
from twoway.signup.roster.table import ADDRESS

MOST_CHOICES = 60  # more different values than these are not a list to choose from
YES_NO = frozenset({"yes", "no", "y", "n", "true", "false", "1", "0"})
ROLES = {
    "mentor": "mentor", "mentors": "mentor", "as a mentor": "mentor", "mentoring": "mentor", "to mentor": "mentor",
    "be a mentor": "mentor", "mentee": "mentee", "mentees": "mentee", "as a mentee": "mentee", "mentored": "mentee",
    "to be mentored": "mentee", "have a mentor": "mentee", "find a mentor": "mentee", "both": "either",
    "either": "either", "mentor and mentee": "either", "mentee and mentor": "either", "mentor & mentee": "either",
    "mentor/mentee": "either", "mentor or mentee": "either", "both mentor and mentee": "either",
    "both mentee and mentor": "either", "both a mentor and a mentee": "either", "both a mentee and a mentor": "either",
    "a mentor and a mentee": "either", "mentor, mentee": "either", "mentee, mentor": "either",
    "mentor; mentee": "either", "mentee; mentor": "either", "mentor + mentee": "either", "both roles": "either",
    "both, with different people": "either", "as both": "either", "a mentor": "mentor", "a mentee": "mentee",
}  # fmt: skip
RHYTHMS = {
    "weekly": 7, "every week": 7, "once a week": 7, "each week": 7, "1 week": 7, "every two weeks": 14,
    "every 2 weeks": 14, "fortnightly": 14, "biweekly": 14, "bi-weekly": 14, "twice a month": 14, "2 weeks": 14,
    "every other week": 14, "every three weeks": 21, "every 3 weeks": 21, "3 weeks": 21, "monthly": 30,
    "once a month": 30, "every month": 30, "every four weeks": 30, "every 4 weeks": 30, "4 weeks": 30,
}  # fmt: skip
HEADERS = {
    "address": ("email", "e mail", "mail", "email address", "e mail address", "mail address", "work email",
                "your email", "your email address", "address"),
    "first_name": ("first name", "given name", "forename", "firstname", "your first name", "given names"),
    "last_name": ("last name", "surname", "family name", "lastname", "second name", "your last name"),
    "name": ("name", "full name", "display name", "your name", "fullname", "your full name"),
    "role": ("role", "mentoring role", "mentor or mentee", "mentor/mentee", "type", "taking part as"),
    "both": ("both mentor and mentee", "both mentee and mentor", "both", "both roles", "mentor and mentee"),
    "capacity": ("capacity", "number of mentees", "how many mentees", "max mentees", "mentees", "maximum mentees",
                 "how many"),
    "rhythm": ("rhythm", "how often", "frequency", "meeting frequency", "how often to meet"),
}  # fmt: skip
# Said of a person's self: such a column is left out until somebody says otherwise.
PROTECTED = re.compile(
    r"\b(age|birth\w*|gender|sex|ethnic\w*|race|racial|religio\w*|belief|faith|disab\w*|health|orientation|sexual\w*|"
    r"identit\w*|characteristics?|pregnan\w*|marital|nationality)\b"
)
_IDLE = re.compile(r"\b(id|timestamp|number|no|index|consent|agree\w*|submitted|created|updated|phone|mobile)\b")
SMALL_WORDS = re.compile(
    r"what|which|who|whom|whose|where|when|why|how|much|many|often|long|far|are|was|were|will|would|could|can|may|does"
    r"|did|have|has|had|been|being|the|your|you|yours|our|and|for|with|from|into|about|like|want|wish|there|here|now"
    r"|this|that|these|those|please|tell|say|choose|write|than|not|all|any|some|other|kind|type|current|currently|\w\w?"
)
MOST_WORDS = 4  # a header longer than this is a sentence of its own
# Orders of grades and the like that are often met; the first list that holds all values is used.
LADDERS = (
    ("AA", "AO", "EO", "HEO", "SEO", "Grade 7", "Grade 6", "SCS1", "SCS2", "SCS3", "SCS4"),
    ("Intern", "Apprentice", "Trainee", "Graduate", "Junior", "Associate", "Intermediate", "Mid", "Middle", "Senior",
     "Lead", "Staff", "Principal", "Manager", "Head", "Director", "Vice president", "Executive"),
    ("None", "Very low", "Low", "Medium", "High", "Very high"),
    ("Beginner", "Elementary", "Intermediate", "Advanced", "Expert"),
    ("First year", "Second year", "Third year", "Fourth year", "Fifth year"),
)  # fmt: skip


@dataclass(frozen=True)
class Column:
    """One column as the page shows it."""

    number: int
    header: str
    examples: list[str]


def columns_of(header: Sequence[str], rows: Iterable[Sequence[str]]) -> list[Column]:
    """Each column with up to three of its different values."""
    examples: list[dict[str, None]] = [{} for _word in header]
    for cells in rows:
        for number in range(min(len(header), len(cells))):
            if cells[number] and len(examples[number]) < 3:
                examples[number][cells[number][:80]] = None
    return [Column(number, word, list(examples[number])) for number, word in enumerate(header)]


def guess_mapping(
    header: Sequence[str], rows: Sequence[Sequence[str]], questions: Iterable[Question], *, may_ask_more: bool = True,
    role_words: Iterable[str] = (),
) -> dict[str, str]:  # fmt: skip
    """What each column is, by its number from 0. Nothing is taken twice, except that left out.

    `may_ask_more`: a column that is none of the form's questions may become a new one. `role_words`: the programme's
    own words for its roles.
    """
    asked, roles = list(questions), {*ROLES, *map(_plain, role_words)}
    mapping: dict[str, str] = {}
    for number, word in enumerate(header):
        values = [cells[number] for cells in rows[:400] if number < len(cells) and cells[number]]
        guess = _guess(_plain(word), values, asked, roles, may_ask_more)
        if guess and not guess.startswith("new:") and guess in mapping.values():
            guess = ""
        mapping[str(number)] = guess
    if "address" not in mapping.values():
        _find_address(mapping, header, rows)
    if "name" in mapping.values() and {"first_name", "last_name"} <= set(mapping.values()):
        mapping = {number: "" if what == "name" else what for number, what in mapping.items()}
    return mapping


def _guess(word: str, values: list[str], questions: list[Question], roles: set[str], may_ask_more: bool) -> str:
    addresses = sum(bool(ADDRESS.fullmatch(value)) for value in values) * 2 > len(values) > 0
    for question in questions:
        if _plain(question.label) == word and word:
            return f"question:{question.public_id}"
    for what, words in HEADERS.items():
        if word in words and _fits(what, values, roles):
            return what
    if addresses:
        return "" if "manager" in word else "address"
    near = difflib.get_close_matches(word, [_plain(question.label) for question in questions], n=1, cutoff=0.87)
    if near and word:
        return next(f"question:{question.public_id}" for question in questions if _plain(question.label) == near[0])
    named = _question_named(word, values, questions)
    if named is not None:
        return f"question:{named.public_id}"
    if values and all(_plain(value) in roles for value in values):
        return "role"
    if not may_ask_more or not word or not values or PROTECTED.search(word) or _IDLE.search(word):
        return ""
    return "" if len(values) > 3 and len(set(values)) == 1 else f"new:{guess_kind(values)}"


def _question_named(word: str, values: list[str], questions: list[Question]) -> Question | None:
    """The one question that a short header is about: "Grade" is "What is your grade?".

    All words of the header stand in that question's label and in no other's, among them at least half of those
    that say what the label is about; and of the values below it at least one is an answer to it.
    """
    said, about = set(_stems(word)), set(_about(word))
    if not about or len(said) > MOST_WORDS or PROTECTED.search(word) or _IDLE.search(word):
        return None
    holding = [question for question in questions if said <= set(_stems(_plain(question.label)))]
    if len(holding) != 1 or 2 * len(about) < len(set(_about(_plain(holding[0].label)))):
        return None
    return holding[0] if not values or any(_is_answer(holding[0], value) for value in values[:60]) else None


def _stems(words: str) -> list[str]:
    """Its words, one and many alike."""
    return [word.removesuffix("s") if len(word) > 3 else word for word in re.findall(r"\w+", words)]


def _about(words: str) -> list[str]:
    """Those that say what a header or a label is about."""
    told = (word for word in re.findall(r"\w+", words) if not SMALL_WORDS.fullmatch(word))
    return _stems(" ".join(told))


def _is_answer(question: Question, value: str) -> bool:
    try:
        return fields.clean(question, value) is not None
    except ValidationError:
        return False


def _fits(what: str, values: list[str], roles: set[str]) -> bool:
    """A header may mislead: a "role" may be a job, an "address" a street."""
    some = values[:60]
    if what == "address":
        return not some or any("@" in value for value in some)
    if what == "role":
        return sum(_plain(value) in roles for value in some) * 2 > len(some)
    if what == "both":
        return _most(_plain(value) in YES_NO for value in some)
    if what == "capacity":
        return _most(bool(re.fullmatch(r"\d{1,3}(\.0+)?", value)) for value in some)
    return True


def _most(answers: Iterable[bool]) -> bool:
    """Nine of ten: one slip in a column does not make it another one."""
    found = list(answers)
    return sum(found) * 10 >= len(found) * 9


def _find_address(mapping: dict[str, str], header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    for number in range(len(header)):
        values = [cells[number] for cells in rows[:400] if number < len(cells) and cells[number]]
        if (
            values
            and sum("@" in value for value in values) * 2 > len(values)
            and "manager" not in _plain(header[number])
        ):
            mapping[str(number)] = "address"
            return


# --- a new question from a column -------------------------------------------------------------------


def guess_kind(values: Sequence[str]) -> str:
    """The kind of question that these values look like answers to."""
    kinds = Question.Kind
    different = Counter(values)
    if not values:
        return kinds.SHORT.value
    if all(_plain(value) in YES_NO - {"1", "0"} for value in values):
        return kinds.YES_NO.value
    if any(len(value) > 120 or "\n" in value for value in values):
        return kinds.LONG.value
    if len(different) > 1 and _ladder(different):
        return kinds.ORDERED.value
    if all(re.fullmatch(r"[+-]?\d{1,9}", value) for value in values):
        return kinds.NUMBER.value
    if all(re.fullmatch(r"\d{4}-\d\d-\d\d", value) for value in values):
        return kinds.DATE.value
    few = max(2, min(25, len(values) // 2))
    if any("," in value or ";" in value for value in values) and 1 < len(set(parts_of(values))) <= few:
        return kinds.MANY.value
    if len(different) <= min(few, len(values) - 1) and all(len(value) <= 80 for value in different):
        return kinds.SINGLE.value
    return kinds.SHORT.value


def choices_in(values: Iterable[str], kind: str) -> list[str]:
    """The different values as options: in a known order where there is one, numbers by size, else by alphabet.
    Of several spellings of the same words the usual or most frequent counts; the others are near misses."""
    found = parts_of(values) if kind == Question.Kind.MANY else values
    spellings: dict[str, Counter[str]] = {}
    for value in found:
        words = " ".join(value.split())[:120]
        if words:
            spellings.setdefault(_closed(words), Counter())[words] += 1
    ladder = {_closed(word): word for word in _ladder(spellings) or ()}
    different = {
        key: ladder[key] if ladder.get(key) in counted else counted.most_common(1)[0][0]
        for key, counted in spellings.items()
    }
    place = {key: number for number, key in enumerate(ladder)}
    return [different[key] for key in sorted(different, key=lambda key: (place.get(key, 99), _by_number(key)))]


def parts_of(values: Iterable[str]) -> list[str]:
    """Several answers in one cell, as they are cut apart where they are kept."""
    found: list[str] = []
    for value in values:
        cut = re.split(r"[;|\n]", value)
        found += [part.strip() for part in (cut if len(cut) > 1 else value.split(",")) if part.strip()]
    return found


def _ladder(values: Iterable[str]) -> tuple[str, ...] | None:
    closed = {_closed(value) for value in values}
    return next((ladder for ladder in LADDERS if closed <= {_closed(step) for step in ladder}), None)


def _closed(words: str) -> str:
    """Without what two people spell differently: capitals, blanks and hyphens."""
    return re.sub(r"[\s_.-]", "", words).casefold()


def _by_number(words: str) -> tuple[int, str]:
    number = re.match(r"\D{0,12}?(\d{1,9})", words)
    return (int(number[1]) if number else 10**9, words.casefold())


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[-_?:*.]", " ", text).split()).casefold()
