"""Small problems for the engine's tests: by hand, by chance, and the best answer by trying everything."""

import random
from collections.abc import Mapping
from dataclasses import replace

from hypothesis import strategies as st

from matchengine import (
    Answer,
    Apart,
    Criterion,
    Limit,
    Mentee,
    Mentor,
    Objective,
    Pin,
    Problem,
    Strike,
    Table,
)
from matchengine.rescore import rows_of

GRADES = ("AO", "EO", "HEO", "SEO")
SKILLS = ("finance", "writing", "law", "python")
WORDS = ("lead", "a", "finance", "team", "budget", "writing", "speeches", "coach", "\u05e9\u05dc\u05d5\u05dd")

LIMITS = (
    Limit("Grade", "higher", "grade", order=GRADES),
    Limit("Years", "higher", "years", steps=2, missing="passes"),
    Limit("Site", "same", "site"),
    Limit("Team", "differs", "team"),
)
CRITERIA = (
    Criterion("Same site", "same", "site", weight=3),
    Criterion("Other team", "different", "team", weight=2),
    Criterion("Skills", "wish", "wants", "offers", weight=7),
    Criterion("Skills both ways", "wish", "wants", "offers", weight=4, both=True, enough=1),
    Criterion("Languages", "overlap", "languages", weight=3, enough=2),
    Criterion("Near grade", "near", "grade", weight=4, order=GRADES, span=2),
    Criterion("Near years", "near", "years", weight=1, span=7, both=True),
    Criterion("Goals", "text", "goal", "bio", weight=6),
    Criterion("Identity", "preference", "wish", "is", weight=8, stated="asks", allowed="allows"),
    Criterion("Wishes", "named", "named", weight=5),
    Criterion("Wishes by rank", "named", "ranked", weight=7, span=2),
    Criterion("Not used", "off", "site"),
)


BEST: tuple[Objective, ...] = ("most_then_best", "best_total", "maximin_then_best")
"""The objectives under which one match is better than another."""


def by_distance(mentees: Mapping[str, int], mentors: Mapping[str, int], seats: int | Mapping[str, int] = 1) -> Problem:
    """People on a line from 0 to 100; two score 100 less the distance between them."""
    return Problem(
        mentees=tuple(Mentee(who, {"at": place}) for who, place in mentees.items()),
        mentors=tuple(
            Mentor(who, {"at": place}, seats if isinstance(seats, int) else seats[who])
            for who, place in mentors.items()
        ),
        criteria=(Criterion("Place", "near", "at", weight=10, span=100),),
    )


def some(strategy: st.SearchStrategy[Answer]) -> st.SearchStrategy[Answer]:
    """An answer, or none."""
    return st.one_of(st.just(""), strategy)


def options(values: tuple[str, ...]) -> st.SearchStrategy[Answer]:
    return st.lists(st.sampled_from(values), unique=True, max_size=3).map(tuple)


def answers() -> st.SearchStrategy[dict[str, Answer]]:
    return st.fixed_dictionaries(
        {
            "grade": some(st.sampled_from(GRADES)),
            "years": some(st.integers(0, 9) | st.sampled_from([0.5, 2.25])),
            "site": some(st.sampled_from(("Leeds", "leeds ", "York"))),
            "team": some(st.sampled_from("ABC")),
            "wants": options(SKILLS),
            "offers": options(SKILLS),
            "languages": options(("en", "fr", "de")),
            "goal": some(st.lists(st.sampled_from(WORDS), max_size=5).map(" ".join)),
            "bio": some(st.lists(st.sampled_from(WORDS), max_size=5).map(" ".join)),
            "wish": options(("red", "blue")),
            "is": options(("red", "blue")),
            "asks": st.sampled_from(("yes", "no")),
            "allows": st.sampled_from(("yes", "no")),
            "named": st.lists(st.sampled_from(("p3", "p4", "p5", "p99")), max_size=3).map(tuple),
            "ranked": st.lists(st.sampled_from(("p3", "p4", "p5")), unique=True, max_size=3).map(tuple),
        }
    )


@st.composite
def small_problems(draw: st.DrawFn, people: int = 5, mentors: int = 4) -> Problem:
    """Any mix of rules and criteria over a few people, some on both sides, some kept apart, some pinned."""
    criteria = tuple(draw(st.lists(st.sampled_from(CRITERIA), unique=True, max_size=4)))
    doubled = st.sampled_from(("", *(criterion.name for criterion in criteria)))
    ours = [Mentee(f"p{k}", draw(answers()), matters_most=draw(doubled)) for k in range(draw(st.integers(0, people)))]
    theirs = [
        Mentor(f"p{k + 3}", draw(answers()), draw(st.integers(0, 3)), draw(st.integers(0, 1)))
        for k in range(draw(st.integers(0, mentors)))
    ]
    ids = st.sampled_from([f"p{k}" for k in range(people + mentors)])
    problem = Problem(
        mentees=tuple(ours),
        mentors=tuple(theirs),
        limits=tuple(draw(st.lists(st.sampled_from(LIMITS), unique=True, max_size=2))),
        criteria=criteria,
        apart=tuple(
            draw(st.lists(st.builds(Apart, ids, ids, st.sampled_from(("personal", "organisational"))), max_size=2))
        ),
        strikes=tuple(draw(st.lists(st.builds(Strike, ids, ids), max_size=2))),
    )
    return replace(problem, pins=_pins(problem, draw(st.integers(0, 2)), draw(st.integers(0, 99))))


def _pins(problem: Problem, most: int, seed: int) -> tuple[Pin, ...]:
    if not most:
        return ()
    table = Table(problem)
    limits = table.limits
    open_pairs = [
        (mentee.id, mentor)
        for mentee in table.mentees
        for mentor in table.mentors
        if limits.allowed[limits.row[mentee.id], limits.column[mentor.id]] and mentor.seats
    ]
    random.Random(seed).shuffle(open_pairs)
    pins: dict[str, Pin] = {}
    full: set[str] = set()
    for mentee, mentor in open_pairs:
        if len(pins) < most and mentee not in pins and mentor.id not in full:
            pins[mentee] = Pin(mentee, mentor.id)
            full.add(mentor.id)
    return tuple(pins.values())


def best_by_trying(problem: Problem, objective: Objective) -> tuple[int, int]:
    """(people placed, total) of the best match, by trying every one; for `best_total` the total leads, and for
    `maximin_then_best` the worst score beside the pins comes before it."""
    rows = list(rows_of(problem))
    pins = {pin.mentee: pin.mentor for pin in problem.pins}
    ids = [mentor.id for mentor in problem.mentors]
    orders = {"most_then_best": (0, 2), "best_total": (2, 0), "maximin_then_best": (0, 1, 2)}
    best: dict[str, tuple[int, ...]] = {"key": ()}

    def go(at: int, seats: list[int], placed: int, worst: int, total: int) -> None:
        if at == len(rows):
            found = (placed, worst, total)
            key = tuple(found[place] for place in orders[objective])
            if key > best["key"]:
                best.update(key=key, found=(placed, total))
            return
        row = rows[at]
        if row.mentee not in pins:
            go(at + 1, seats, placed, worst, total)
        for j, who in enumerate(ids):
            wanted = pins[row.mentee] == who if row.mentee in pins else not row.forbidden[j]
            if wanted and seats[j]:
                seats[j] -= 1
                lower = worst if row.mentee in pins else min(worst, int(row.scores[j]))
                go(at + 1, seats, placed + 1, lower, total + int(row.scores[j]))
                seats[j] += 1

    go(0, [mentor.seats for mentor in problem.mentors], 0, 101, 0)
    placed, total = best["found"]
    return placed, total


def middling(people: int, mentors: int, seed: int = 1, seats: int = 2) -> Problem:
    """A believable programme by chance: grades, teams, skills, languages, years and goals."""
    chance = random.Random(seed)

    def one() -> dict[str, Answer]:
        return {
            "grade": chance.choice(GRADES),
            "team": chance.choice("ABCDEFG"),
            "years": chance.randint(0, 20),
            "wants": tuple(chance.sample(SKILLS, 2)),
            "offers": tuple(chance.sample(SKILLS, 2)),
            "languages": tuple(chance.sample(("en", "fr", "de"), 2)),
            "goal": " ".join(chance.choices(WORDS, k=6)),
            "bio": " ".join(chance.choices(WORDS, k=6)),
        }

    return Problem(
        mentees=tuple(Mentee(f"mentee-{k}", one()) for k in range(people)),
        mentors=tuple(Mentor(f"mentor-{k}", one(), seats) for k in range(mentors)),
        limits=(Limit("Grade", "higher", "grade", order=GRADES, steps=0), Limit("Team", "differs", "team")),
        criteria=tuple(c for c in CRITERIA if c.name in ("Skills", "Languages", "Near years", "Goals")),
    )
