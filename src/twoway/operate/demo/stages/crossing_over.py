"""Crossing Over: sign-up has closed, two hundred mentees and ninety mentors wait for the round, and may wish."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from twoway.operate.demo import words
from twoway.operate.demo.cast import Cast, address_at, told_of
from twoway.operate.demo.stages.begin import Stage, begin
from twoway.operate.demo.stages.chance import NORTHWIND, Chance, spare_names
from twoway.operate.demo.stages.first_year import GUIDES
from twoway.operate.demo.stages.grow_together import ROOM as ROOM_ELSEWHERE
from twoway.operate.demo.stages.join import Entry, join_all
from twoway.operate.demo.stages.wishing import ask_for_wishes
from twoway.people.actions.membership import pause
from twoway.people.actions.person import keep_apart

MENTEES, MENTORS, EITHER = 200, 90, 4  # those who are both count on both sides
# Who already mentors in the running programme comes with the seats they have there; some are all taken.
FROM_ELSEWHERE = (
    "Ben Kowalski", "Ritva Ojanen", "Harriet Oldroyd", "Alasdair Mackinlay", "Walter Hinchcliffe", "Duarte Pessanha",
)  # fmt: skip
BENS_OFFER = "design-lead-room"
ROOM = [1] * 10 + [2] * 27 + [3] * 47  # of those who are new here
PAUSED = 3
HEAD_OF_ALL = "Solveig Rask"  # whom directors report to; she is in no programme
TRAPS = 14

GRADES_OF_MENTEES = {
    "early": ("Associate", "Associate", "Analyst", "Analyst", "Analyst"),
    "settled": ("Senior", "Senior", "Senior", "Lead"),
    "leading": ("Lead", "Lead", "Lead", "Head"),
}
GRADES_OF_MENTORS = {
    "early": ("Senior", "Senior", "Senior", "Lead"),
    "settled": ("Lead", "Lead", "Lead", "Head"),
    "leading": ("Head", "Head", "Director"),
}
YEARS_HERE = {"Associate": (0.4, 2), "Analyst": (1, 5), "Senior": (3, 9), "Lead": (4, 12), "Head": (6, 18),
              "Director": (8, 24)}  # fmt: skip


@dataclass(frozen=True)
class Place:
    """Where in the company somebody stands."""

    name: str
    site: str
    department: str
    grade: str


@transaction.atomic
def ready_to_match(cast: Cast, now: datetime) -> None:
    """Everybody's answers are in; the round is next."""
    stage = begin(cast, "ready", now)
    if stage is None:
        return
    chance = Chance("crossing over", now)
    mentors, mentees = _mentors(chance), _mentees(chance)
    entries = _in_both(mentors, mentees, chance)
    _report_to_somebody(entries, chance)
    join_all(cast, stage, entries, by=cast.chris)
    _take_a_break(stage, [one.name for one in mentors if one.name not in FROM_ELSEWHERE], now)
    _keep_apart(cast, mentors, mentees, now)
    ask_for_wishes(cast, stage, now)


# --- mentors ----------------------------------------------------------------------------------------


def _mentors(chance: Chance) -> list[Entry]:
    offers = _offers()
    names = spare_names()[: len(offers)]
    room = chance.shuffled(ROOM)
    stage_of = {goal.wish: goal.stage for goal in words.goals()}
    found = [_from_elsewhere(one, chance) for one in words.people() if one.name in FROM_ELSEWHERE]
    for name, offer, capacity in zip(names, offers, room, strict=True):
        stage = stage_of.get(offer.meets or offer.trap_for, "settled")
        grade = chance.draw.choice(GRADES_OF_MENTORS.get(stage, GRADES_OF_MENTORS["early"]))
        place = Place(name, chance.site(offer.site), chance.department(offer.bent), grade)
        found.append(_mentor(place, offer.text, offer.skills, capacity, chance))
    return found


def _offers() -> list[words.Offer]:
    """One offer for each wish that has any, some that only sound right, and second voices up to the number."""
    left = [one for one in words.offers() if one.key not in (BENS_OFFER, *GUIDES)]
    met = {goal.wish for goal in words.goals()}
    first: list[words.Offer] = []
    second: list[words.Offer] = []
    wishes = set()
    for one in left:
        if one.meets in met:
            (second if one.meets in wishes else first).append(one)
            wishes.add(one.meets)
    traps = [one for one in left if one.trap_for][:TRAPS]
    chosen = [*first, *traps, *second][: MENTORS - len(FROM_ELSEWHERE)]
    return [one for one in left if one in chosen]


def _from_elsewhere(told: words.Person, chance: Chance) -> Entry:
    offer = next(one for one in words.offers() if one.key == BENS_OFFER)
    ben = told.name == FROM_ELSEWHERE[0]
    place = Place(told.name, told.site, told.department, told.grade)
    text, skills = (offer.text, offer.skills) if ben else (told.says, told.skills)
    entry = _mentor(place, text, skills, ROOM_ELSEWHERE[told.name], chance)
    known = {"languages": list(told.languages), "why": told.why, "mentored_before": True}
    return replace(entry, answers={**entry.answers, **known})


def _mentor(place: Place, text: str, skills: tuple[str, ...], capacity: int, chance: Chance) -> Entry:
    answers = {
        "offer": text, "skills_offered": skills, "mentored_before": chance.draw.random() < 0.6, "why": chance.why(0.4)
    }  # fmt: skip
    return _entry(place, "mentor", answers, chance, capacity)


# --- mentees ----------------------------------------------------------------------------------------


def _mentees(chance: Chance) -> list[Entry]:
    goals = [one for one in words.goals() if one.stage in GRADES_OF_MENTEES][:MENTEES]
    names = spare_names()[MENTORS - len(FROM_ELSEWHERE) :][:MENTEES]
    found = []
    for name, goal in zip(names, goals, strict=True):
        grade = chance.draw.choice(GRADES_OF_MENTEES[goal.stage])
        place = Place(name, chance.site(goal.site), chance.department(goal.bent), grade)
        departments = [one.name for one in told_of(NORTHWIND).departments if one.name != place.department]
        hear_from = chance.draw.sample(departments, chance.draw.choice([0, 0, 0, 1, 2]))
        answers: dict[str, Any] = {"goal": goal.text, "skills_wanted": goal.skills, "hear_from": hear_from}
        found.append(_entry(place, "mentee", answers, chance))
    _promote(next(one for one in found if one.answers["grade"] == "Head"))
    return found


def _promote(entry: Entry) -> None:
    """One mentee stands so high that nobody here can be above."""
    entry.answers["grade"] = "Director"


def _in_both(mentors: list[Entry], mentees: list[Entry], chance: Chance) -> list[Entry]:
    """A few mentors also bring a question of their own, in place of as many mentees."""
    at_home = [one for one in mentors if one.name not in FROM_ELSEWHERE and one.answers["grade"] in ("Senior", "Lead")]
    for mentor in chance.draw.sample(at_home, EITHER):
        same = (one for one in reversed(mentees) if one.answers["grade"] == mentor.answers["grade"])
        mentee = next(one for one in same if one.answers["goal"])
        mentees.remove(mentee)
        mentor.role = "either"
        mentor.answers |= {key: mentee.answers[key] for key in ("goal", "skills_wanted", "hear_from")}
    return [*mentors, *mentees]


# --- both -------------------------------------------------------------------------------------------


def _entry(place: Place, role: str, answers: dict[str, Any], chance: Chance, capacity: int | None = None) -> Entry:
    sent_at = chance.moment(place.site, 44, 5)
    common = {
        "department": place.department, "grade": place.grade, "site": place.site,
        "since": chance.years_ago(*YEARS_HERE[place.grade]), "push": chance.draw.choice([None, 1, 2, 2, 3, 3, 4, 5]),
        "languages": chance.languages(place.site), "hours": chance.hours(), "style": chance.styles(),
    }  # fmt: skip
    return Entry(place.name, role, place.site, sent_at, chance.next_morning(sent_at), {**common, **answers}, capacity)


def _report_to_somebody(entries: list[Entry], chance: Chance) -> None:
    """Everybody's manager is a grade or more above them in their own department, and often in the programme."""
    grades = told_of(NORTHWIND).grades
    for one in entries:
        mine = grades.index(one.answers["grade"])
        above = [
            other
            for other in entries
            if other.answers["department"] == one.answers["department"] and grades.index(other.answers["grade"]) > mine
        ]
        near = [other for other in above if other.site == one.site] or above
        manager = chance.draw.choice(near).name if near else HEAD_OF_ALL
        one.answers["manager"] = address_at(NORTHWIND, manager)


def _take_a_break(stage: Stage, names: list[str], now: datetime) -> None:
    for number, name in enumerate(names[5 :: len(names) // PAUSED][:PAUSED]):
        member = stage.members[name]
        until = None if number == 0 else now.date() + timedelta(days=20 + 7 * number)
        pause(membership=member, until=until, by=member.person, now=now - timedelta(days=2 + number))


def _keep_apart(cast: Cast, mentors: list[Entry], mentees: list[Entry], now: datetime) -> None:
    """A few have told us, and nobody else, whom they would rather not meet."""
    for number in (3, 41, 77, 150):
        other = mentors[number % len(mentors)]
        keep_apart(
            owner=cast.people[mentees[number].name], organisation=cast.northwind, note="",
            address=address_at(NORTHWIND, other.name), now=now - timedelta(days=8, hours=number),
        )  # fmt: skip
