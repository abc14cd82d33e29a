"""Grow Together: fourteen pairs meet. Amira is a mentee here and Ben a mentor."""

from datetime import datetime, time, timedelta

from django.db import transaction

from twoway.operate.demo import words
from twoway.operate.demo.cast import Cast
from twoway.operate.demo.stages.begin import begin
from twoway.operate.demo.stages.chance import NORTHWIND, Chance
from twoway.operate.demo.stages.conversation import Conversation
from twoway.operate.demo.stages.join import Entry, join_all
from twoway.operate.demo.stages.pair import propose, say_yes
from twoway.people.actions.office import give_office

# How many people each mentor has room for; one where nothing is said.
ROOM = {
    "Ben Kowalski": 3, "Ritva Ojanen": 2, "Harriet Oldroyd": 1, "Alasdair Mackinlay": 1, "Walter Hinchcliffe": 2,
    "Duarte Pessanha": 2, "Tendai Chikwanha": 2,
}  # fmt: skip
DEPUTY = "Rosalind Peake"
PUT_TO_EACH_OTHER = ("Ailsa Torrance", "Ben Kowalski")  # she has said yes; he does not know that
WORDS = "Ailsa asked for somebody who has stood in front of a room and was not born to it. I thought of you first."


@transaction.atomic
def running(cast: Cast, now: datetime) -> None:
    """Everybody is matched, some long ago and one pair this week."""
    stage = begin(cast, "running", now)
    if stage is None:
        return
    chance = Chance("grow together", now)
    join_all(cast, stage, [_entry(one, chance) for one in words.people()], by=cast.chris)
    give_office(
        person=cast.people[DEPUTY], role="safeguarding", organisation=cast.northwind, programme=stage.programme,
        by=cast.ada, now=stage.members[DEPUTY].joined_at,
    )  # fmt: skip
    for told in words.loops():
        Conversation(told, stage.members, intake=stage.intake, by=cast.chris, now=now).live()
    mentee, mentor = (stage.members[name] for name in PUT_TO_EACH_OTHER)
    at = chance.days_ago(1, time(14, 10))
    proposal = propose(intake=stage.intake, mentee=mentee, mentor=mentor, words=WORDS, by=cast.chris, now=at)
    say_yes(proposal, mentee, at + timedelta(hours=2))


def _entry(told: words.Person, chance: Chance) -> Entry:
    sent_at = chance.moment(told.site, 128, 112)
    answers = {
        "department": told.department, "site": told.site, "languages": list(told.languages), "hours": chance.hours(),
        "style": chance.styles(), "why": told.why,
        "goal": told.says, "skills_wanted": told.skills, "offer": told.says, "skills_offered": told.skills,
    }  # fmt: skip
    capacity = ROOM.get(told.name, 1) if told.side == "mentor" else None
    rhythm = next((loop.rhythm_days for loop in words.loops() if loop.mentor.name == told.name), None)
    return Entry(
        told.name, told.side, told.site, sent_at, chance.next_morning(sent_at), answers, capacity, NORTHWIND, rhythm
    )
