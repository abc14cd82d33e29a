"""What is asked: who takes part, what must hold, and what makes a pair good. Frozen, plain, checked in
`checks`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

Answer = str | int | float | tuple[str, ...]
"""One answer: a word or text, a number, or several options. A field that is absent, "" or () is not
answered."""

Answers = Mapping[str, Answer]

CriterionKind = Literal["off", "same", "different", "wish", "near", "overlap", "text", "preference", "named"]
LimitKind = Literal["higher", "same", "differs"]
Missing = Literal["bars", "passes"]
ApartKind = Literal["organisational", "personal"]
Objective = Literal["most_then_best", "best_total", "maximin_then_best", "stable"]

CRITERION_KINDS: tuple[str, ...] = get_args(CriterionKind)
LIMIT_KINDS: tuple[str, ...] = get_args(LimitKind)
APART_KINDS: tuple[str, ...] = get_args(ApartKind)
OBJECTIVES: tuple[str, ...] = get_args(Objective)

TOP_SCORE = 100
"""The best score of a pair, in points. Scores are whole numbers from 0 to this."""

MOST_PAIRS = 250_000_000_000
"""Mentees times mentors beyond which a problem is refused: a sweep over them would take hours."""

LARGEST_TABLE = 12_000_000
"""Entries of the largest matrix that is kept whole."""


class InvalidProblem(ValueError):
    """The question cannot be answered as put; the message says why and where.

    `side` is "mentee", "mentor" or "", `person` an id and `field` an answer's name, each "" where it does not
    apply, so that a page or a file reader can point at the cell.
    """

    def __init__(self, message: str, *, side: str = "", person: str = "", field: str = "") -> None:
        super().__init__(message)
        self.side, self.person, self.field = side, person, field


@dataclass(frozen=True, slots=True)
class Mentee:
    """Someone who would like a mentor, or up to `wanted` of them, never the same one twice.

    `id` is stable and unique among mentees; the same id on both sides is the same human being, who never
    meets themselves. `holds` names the mentors she has outside this problem: they count among those wanted, and she
    is not paired with them again. Pins of this problem are not named there. `matters_most` is the name of the one
    criterion that counts double for her: its weight is taken twice when her hundred points are divided.
    Example: `Mentee("amira", {"grade": "HEO", "wants": ("finance", "writing")}, wanted=2, holds=("ben",))`.
    """

    id: str
    answers: Answers = field(default_factory=dict)
    wanted: int = 1
    holds: tuple[str, ...] = ()
    matters_most: str = ""

    @property
    def places(self) -> int:
        """How many mentors she may still get, pins counted, never below 0."""
        return max(0, self.wanted - len(self.holds))


@dataclass(frozen=True, slots=True)
class Mentor:
    """Someone who offers `capacity` seats, of which `used` are taken by pairs outside this problem.

    Free seats are `max(0, capacity - used)`. Pins of this problem are not counted in `used`.
    Example: `Mentor("ben", {"grade": "SCS1", "offers": ("finance",)}, capacity=3, used=1)`.
    """

    id: str
    answers: Answers = field(default_factory=dict)
    capacity: int = 1
    used: int = 0

    @property
    def seats(self) -> int:
        """Free seats, a whole number of mentees, never below 0."""
        return max(0, self.capacity - self.used)


@dataclass(frozen=True, slots=True)
class Limit:
    """A hard rule. A pair that breaks it is never made.

    - `higher`: the mentor's answer stands at least `steps` after the mentee's in `order` (or, without an
      `order`, is the number at least `steps` greater).
    - `same`: they share at least one value. `differs`: they share none.

    `mentee` and `mentor` name the answers compared; an empty `mentor` means the same name. `missing` says
    what an unanswered side does; "" takes the default of the kind: `higher` and `same` cannot be shown to
    hold, so the pair is barred; `differs` has nothing in common, so it passes. Example: `Limit("Grade",
    "higher", "grade", order=("AO", "EO", "HEO"), steps=1)`.
    """

    name: str
    kind: LimitKind
    mentee: str
    mentor: str = ""
    order: tuple[str, ...] = ()
    steps: int = 1
    missing: Missing | Literal[""] = ""

    @property
    def mentor_field(self) -> str:
        """The name of the mentor's answer."""
        return self.mentor or self.mentee

    @property
    def when_missing(self) -> Missing:
        """What an unanswered side does, the default of the kind filled in."""
        return self.missing or ("passes" if self.kind == "differs" else "bars")


@dataclass(frozen=True, slots=True)
class Criterion:
    """Something that makes a pair better, worth a share of the 100 points in proportion to its `weight` (0
    to 10).

    How close a pair comes, from nothing to the whole share:

    - `off`: not used. `same`: whole when they share a value. `different`: whole when they share none.
    - `wish`: the part of the mentee's options that the mentor has. With `enough`, that many are the whole.
    - `overlap`: as `wish`, for things both bring, such as hours or languages.
    - `near`: whole at the same place in `order` (or the same number), nothing `span` steps away; without a
      `span`, nothing at the far ends of the `order`.
    - `text`: how alike two free texts are: in meaning where the problem says how a model read them (`Meaning`),
      otherwise by the letters they share (`text.letters`).
    - `preference`: whole when the mentor has a value the mentee asked for. It counts only if the mentee
      stated it (answered, and her `stated` answer is `stated_when` if `stated` is named) and the mentor
      allowed it (his `allowed` answer is `allowed_when`, or the answer was `given_for_matching`). Its value
      is never repeated.
    - `named`: whole with a mentor whose id the mentee named. With a `span` the order of her names counts: the first
      is whole, and each further one brings a part of `span` less, down to nothing. Nobody else is ever told of. It
      has a share only for those who named a mentor of this problem other than themselves.

    `mentee` and `mentor` name the answers; an empty `mentor` means the same name (`named` has none: ids are
    compared). With `both`, the mentor's own wish counts too where he has one: his `mentee` answer against her
    `mentor` answer, and the lower of the two is taken.

    A criterion the mentee did not answer, or no mentor answered, has no share: its points go to the others.
    Example: `Criterion("Skills", "wish", "wants", "offers", weight=8)`.
    """

    name: str
    kind: CriterionKind
    mentee: str
    mentor: str = ""
    weight: int = 5
    both: bool = False
    order: tuple[str, ...] = ()
    span: int = 0
    enough: int = 0
    stated: str = ""
    stated_when: str = "yes"
    allowed: str = ""
    allowed_when: str = "yes"
    given_for_matching: bool = False

    @property
    def mentor_field(self) -> str:
        """The name of the mentor's answer."""
        return self.mentor or self.mentee


@dataclass(frozen=True, slots=True)
class Apart:
    """Two people who are never paired, whichever stands on which side.

    Of a `personal` one, reasons say only "kept apart"; an `organisational` one is named as such.
    """

    one: str
    other: str
    kind: ApartKind = "personal"


@dataclass(frozen=True, slots=True)
class Pin:
    """A pair that is fixed before the rest is solved. It takes one of the mentor's free seats.

    A pin against a rule is refused unless `override`; nothing overrides a personal keep-apart or a pair of
    one.
    """

    mentee: str
    mentor: str
    override: bool = False


@dataclass(frozen=True, slots=True)
class Strike:
    """A pair dismissed for this run: it will not be proposed again."""

    mentee: str
    mentor: str


@dataclass(frozen=True, slots=True)
class Meaning:
    """How a model read the texts, as whole numbers kept with the problem: points need the model no more.

    `sentences` holds for the sha256 of each sentence (in hexadecimal) its vector: `size` signed bytes, about 127
    long. Of 1000 thousandths of likeness, points begin above `nothing` and are whole from `everything`. `scorer` and
    `checksum` say which model it was. `text.reader.read_texts` makes one.
    """

    scorer: str
    checksum: str
    size: int
    nothing: int
    everything: int
    sentences: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Problem:
    """The whole question: n mentees who want one mentor each or several, m mentors with seats, rules and wishes.

    `text_cap` is the most points that all `text` criteria together can bring (0 to 100). `sources` holds
    names and sha256 digests of the files the people and rules were read from, if any; a receipt carries
    them along. `meaning` says how a model read the free texts, where one did. The order of people, pins and so
    on never matters. Use `check` to see whether it can be answered.
    """

    mentees: tuple[Mentee, ...]
    mentors: tuple[Mentor, ...]
    limits: tuple[Limit, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    apart: tuple[Apart, ...] = ()
    pins: tuple[Pin, ...] = ()
    strikes: tuple[Strike, ...] = ()
    text_cap: int = 40
    sources: tuple[tuple[str, str], ...] = ()
    meaning: Meaning | None = None

    @property
    def has_boards(self) -> bool:
        """Whether anybody wants several mentors, or has one already."""
        return any(mentee.wanted != 1 or mentee.holds for mentee in self.mentees)
