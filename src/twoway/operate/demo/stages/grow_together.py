"""Grow Together: fourteen pairs meet. Amira is a mentee here and Ben a mentor."""

from datetime import datetime, timedelta

from django.db import transaction

from twoway.matching.actions.draft import draft_by_hand, publish_drafts, word_draft
from twoway.matching.actions.proposal import answer_proposal
from twoway.matching.candidates import fit_by_hand
from twoway.matching.models import ProposalAnswer
from twoway.operate.demo import words
from twoway.operate.demo.cast import Cast
from twoway.operate.demo.stages.begin import Stage, begin
from twoway.operate.demo.stages.chance import NORTHWIND, Chance
from twoway.operate.demo.stages.conversation import Conversation
from twoway.operate.demo.stages.join import Entry, join_all
from twoway.people.actions.office import give_office
from twoway.signup.queries import joined_application

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
        Conversation(
            told, mentee=stage.members[told.mentee.name], mentor=stage.members[told.mentor.name],
            intake=stage.intake, now=now,
        ).live()  # fmt: skip
    _put_forward(cast, stage, now - timedelta(hours=20))


def _put_forward(cast: Cast, stage: Stage, at: datetime) -> None:
    """A proposal made by hand, which waits for the mentor."""
    mentee, mentor = (joined_application(cast.people[name], stage.programme) for name in PUT_TO_EACH_OTHER)
    assert mentee is not None and mentor is not None
    fit = fit_by_hand(stage.intake, mentee, mentor, at)
    assert fit is not None
    draft = draft_by_hand(
        intake=stage.intake, mentee=mentee, mentor=mentor, fit=fit, by=cast.chris, now=at - timedelta(minutes=8)
    )
    word_draft(proposal=draft, words=WORDS, by=cast.chris, now=at - timedelta(minutes=2))
    publish_drafts(intake=stage.intake, drafts=[draft], by=cast.chris, now=at)
    answer_proposal(
        proposal=draft, side=mentee, answer=ProposalAnswer.Answer.YES, reason="", by=cast.people[mentee.name],
        now=at + timedelta(hours=3),
    )  # fmt: skip


def _entry(told: words.Person, chance: Chance) -> Entry:
    sent_at = chance.moment(told.site, 128, 112)
    answers = {
        "department": told.department, "site": told.site, "languages": list(told.languages), "hours": chance.hours(),
        "style": chance.styles(), "why": told.why,
        "goal": told.says, "skills_wanted": told.skills, "offer": told.says, "skills_offered": told.skills,
    }  # fmt: skip
    capacity = ROOM.get(told.name, 1) if told.side == "mentor" else None
    return Entry(told.name, told.side, told.site, sent_at, chance.next_morning(sent_at), answers, capacity, NORTHWIND)
