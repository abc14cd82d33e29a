"""First Year: sign-up is open, and people are at every step of it."""

from datetime import datetime, time, timedelta
from typing import Any

from django.db import transaction

from twoway.operate.demo import words
from twoway.operate.demo.cast import Cast, address_at, make_people, zone_of
from twoway.operate.demo.stages.begin import Stage, begin
from twoway.operate.demo.stages.chance import NORTHWIND, Chance, spare_names
from twoway.operate.demo.stages.form import kept
from twoway.operate.demo.stages.join import Entry, join_all
from twoway.signup.actions.application import (
    begin_application,
    pass_panel,
    save_answers,
    send_application,
    set_offer,
)
from twoway.signup.actions.invitation import invite, suggest_somebody
from twoway.signup.models import Application

GUIDES = (
    "small-questions", "two-suitcases", "teacher-before", "one-real-thing", "small-office-voice", "lagos-helsinki",
    "boss-far-away", "two-clocks",
)  # fmt: skip
GUIDES_IN, NEWCOMERS_IN = 6, 8  # the others of either side wait for a yes
HALF_FILLED, EXPECTED = 4, 6
SITES = ("Leeds", "Lisbon", "Helsinki", "Nairobi", "Leeds", "Helsinki", "Toronto", "Lisbon")
NEW = ("The country", "The city", "The language", "Working in an office", "This line of work", "Working from home")
LETTER = (
    "Welcome to Northwind. In your first year you may have a colleague from another team to ask things, the small "
    "ones too. If you would like that, the form takes ten minutes. If not, do nothing, and that is fine as well."
)
WHY_SUGGESTED = "She started in the Lisbon warehouse on Monday and asks better questions than I did after a year."


@transaction.atomic
def recruiting(cast: Cast, now: datetime) -> None:
    """Some are members, some wait for a yes, some have half filled the form, some are only expected."""
    stage = begin(cast, "recruiting", now)
    if stage is None:
        return
    chance = Chance("first year", now)
    names = iter(reversed(spare_names()))  # the other programme takes them from the front
    guides = [_guide(next(names), key, n, chance) for n, key in enumerate(GUIDES)]
    goals = [one for one in words.goals() if one.stage == "new"]
    newcomers = [_newcomer(next(names), goal, n, chance) for n, goal in enumerate(goals)]
    join_all(cast, stage, [*guides[:GUIDES_IN], *newcomers[:NEWCOMERS_IN]], by=cast.chris)
    waiting = [*guides[GUIDES_IN:], *newcomers[NEWCOMERS_IN:-1]]
    for number, entry in enumerate(waiting):
        at = chance.days_ago(number, time(10 + number, 23), entry.site) if number else now - timedelta(minutes=50)
        _wait(cast, stage, entry, at)
    _not_confirmed(stage, newcomers[-1], chance.days_ago(1, time(16, 41)))
    for number in range(HALF_FILLED):
        _half_filled(stage, next(names), number, chance, chance.days_ago(number + 1, time(12, 7 + number)))
    asked = [address_at(NORTHWIND, next(names)) for _ in range(EXPECTED)]
    at = chance.days_ago(3, time(9, 48))
    invite(intake=stage.intake, addresses=asked, role="mentee", words=LETTER, by=cast.chris, now=at)
    _suggest(stage, guides[1], next(names), chance.days_ago(1, time(13, 5)))


def _guide(name: str, key: str, number: int, chance: Chance) -> Entry:
    offer = next(one for one in words.offers() if one.key == key)
    answers = {
        "offer": offer.text, "skills_offered": offer.skills, "been_there": chance.draw.sample(NEW, 2),
        "started": chance.years_ago(2.5, 11),
    }  # fmt: skip
    return _entry(name, "mentor", offer.site or SITES[number], offer.bent, answers, number, chance, 1 + number % 2)


def _newcomer(name: str, goal: words.Goal, number: int, chance: Chance) -> Entry:
    answers = {
        "goal": goal.text, "skills_wanted": goal.skills[:2], "started": chance.years_ago(0.03, 0.4),
        "new_to": chance.draw.sample(NEW, chance.draw.choice([0, 1, 2])),
    }  # fmt: skip
    return _entry(name, "mentee", goal.site or SITES[number % len(SITES)], goal.bent, answers, number + 5, chance)


def _entry(
    name: str, role: str, site: str, bent: str, answers: dict[str, Any], number: int, chance: Chance,
    capacity: int | None = None,
) -> Entry:  # fmt: skip
    sent_at = chance.moment(site, 10, 5)
    common = {
        "site": site, "department": chance.department(bent), "came_from": words.came_from()[number % 14],
        "languages": chance.languages(site), "hours": chance.hours(),
    }  # fmt: skip
    return Entry(name, role, site, sent_at, chance.next_morning(sent_at), {**common, **answers}, capacity)


def _wait(cast: Cast, stage: Stage, entry: Entry, at: datetime) -> None:
    """Signed up and confirmed; the coordinator has not said yes or no."""
    make_people(cast, [(entry.name, entry.site, at)], organisation=NORTHWIND)
    person = cast.people[entry.name]
    application = begin_application(
        intake=stage.intake, secret="", address="", name=entry.name, role=entry.role, person=person, now=at
    )
    _fill_in(stage, application, entry, list(stage.questions), at)
    _send(application, entry, at + timedelta(minutes=12))


def _not_confirmed(stage: Stage, entry: Entry, at: datetime) -> None:
    """Sent, and the letter that asks to confirm the address not opened yet."""
    application = _begun(stage, entry, at)
    _fill_in(stage, application, entry, list(stage.questions), at)
    _send(application, entry, at + timedelta(minutes=9))


def _half_filled(stage: Stage, name: str, number: int, chance: Chance, at: datetime) -> None:
    """Begun, and put aside after the first page."""
    role = "mentor" if number == 1 else "mentee"
    entry = _entry(name, role, SITES[number], "Any", {"started": chance.years_ago(0.02, 0.3)}, number, chance)
    first_page = ["site", "department", "started", "came_from"][: 2 + number]
    _fill_in(stage, _begun(stage, entry, at), entry, first_page, at)


def _begun(stage: Stage, entry: Entry, at: datetime) -> Application:
    return begin_application(
        intake=stage.intake, secret=entry.name, address=address_at(NORTHWIND, entry.name), name=entry.name,
        role=entry.role, person=None, now=at,
    )  # fmt: skip


def _fill_in(stage: Stage, application: Application, entry: Entry, keys: list[str], at: datetime) -> None:
    zone = zone_of(NORTHWIND, entry.site)
    answers = {key: said for key, said in entry.answers.items() if key in keys}
    posted = {stage.questions[key]: kept(stage.questions[key], said, zone) for key, said in answers.items()}
    save_answers(application=application, posted=posted, step="questions-1", by=application.person, now=at)


def _send(application: Application, entry: Entry, at: datetime) -> None:
    if entry.capacity:
        set_offer(
            application=application, capacity=entry.capacity, capacity_here=None,
            rhythm_days=application.intake.programme.usual_rhythm_days, by=application.person, now=at,
        )  # fmt: skip
    pass_panel(application=application, now=at)
    send_application(application=application, terms_version=1, by=application.person, now=at)


def _suggest(stage: Stage, guide: Entry, name: str, at: datetime) -> None:
    suggest_somebody(
        intake=stage.intake, address=address_at(NORTHWIND, name), name=name, why=WHY_SUGGESTED,
        by=stage.members[guide.name].person, now=at,
    )  # fmt: skip
