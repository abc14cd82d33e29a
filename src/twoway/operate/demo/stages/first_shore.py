"""First Shore: a small programme of another organisation, where Dana mentors. She sees this and nothing else."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from twoway.operate.demo import words
from twoway.operate.demo.cast import Cast, make_people, told_of
from twoway.operate.demo.stages.begin import Stage
from twoway.operate.demo.stages.chance import Chance
from twoway.operate.demo.stages.conversation import Conversation
from twoway.operate.demo.stages.join import Entry, join_all
from twoway.people.actions.office import give_office
from twoway.people.models import Intake, Person, Programme
from twoway.signup.actions.preset import make_form_from
from twoway.signup.preset import presets

HARBOUR = "harbour-college"
SLUG = "first-shore"
COORDINATOR = "Morag Sillitoe"
STEPS = {"Graduate": "Finished, and at work"}
FIELDS = {"Marine Engineering": "Engineering and building", "Boatbuilding": "A trade or craft",
          "Hospitality": "Hospitality and tourism"}  # fmt: skip


@transaction.atomic
def elsewhere(cast: Cast, now: datetime) -> None:
    """Six people, and one pair that meets in the workshop office."""
    if Programme.objects.filter(organisation=cast.harbour, slug=SLUG).exists():
        return
    begun = now - timedelta(days=80)
    make_people(cast, [(COORDINATOR, "Quayside", begun)], organisation=HARBOUR)
    stage = _programme(cast, cast.people[COORDINATOR], begun)
    chance = Chance("first shore", now)
    entries = [_entry(one, chance, now - timedelta(days=60 - 3 * n)) for n, one in enumerate(words.harbour_people())]
    join_all(cast, stage, entries, by=cast.people[COORDINATOR])
    for told in words.harbour_loops():
        Conversation(told, stage.members, intake=stage.intake, by=cast.people[COORDINATOR], now=now).live()


def _programme(cast: Cast, coordinator: Person, begun: datetime) -> Stage:
    preset = presets()["students"]
    programme = Programme.objects.create(
        organisation=cast.harbour, name="First Shore", slug=SLUG, kind=preset.kind, made_at=begun, demo=True,
        time_zone=cast.harbour.time_zone, hue=222, sign_up_on=True, welcome=told_of(HARBOUR).about,
        closing=preset.closing, what_it_is_not=preset.what_it_is_not, terms=preset.terms,
        mentee_word=preset.mentee_word, wanted_mentors=4, wanted_mentees=8, usual_rhythm_days=preset.rhythm_days,
    )  # fmt: skip
    for role, place in (("admin", None), ("coordinator", programme)):
        give_office(
            person=coordinator, role=role, organisation=cast.harbour, programme=place, by=coordinator, now=begun
        )
    intake = Intake.objects.create(programme=programme, name="All year", made_at=begun)
    form = make_form_from(preset=preset, programme=programme, by=coordinator, now=begun)
    asked = form.questions.order_by("place", "pk")
    questions = {told.key: question for told, question in zip(preset.questions, asked, strict=True)}
    return Stage(programme, intake, questions)


def _entry(told: words.Person, chance: Chance, sent_at: datetime) -> Entry:
    answers: dict[str, Any] = {
        "field": FIELDS[told.department], "stage": STEPS.get(told.grade, told.grade), "languages": list(told.languages),
        "hours": words.hours()[0], "meet": ["On campus", "By phone"], "goal": told.says, "skills_wanted": told.skills,
        "offer": told.says, "skills_offered": told.skills,
    }  # fmt: skip
    return Entry(
        told.name, told.side, told.site, sent_at, chance.next_morning(sent_at), answers,
        2 if told.side == "mentor" else None, HARBOUR,
    )  # fmt: skip
