"""Wishes before the round: opened some days ago, and a good third have marked somebody."""

from datetime import datetime, timedelta

from twoway.matching.actions.wish import mark, open_wishes, say_what_matters, tell_of_wishes
from twoway.matching.models import Wish
from twoway.operate.demo.cast import Cast
from twoway.operate.demo.stages.begin import Stage
from twoway.operate.demo.stages.chance import Chance
from twoway.signup.models import Answer, Application

OPENED = timedelta(days=6)
WISHERS = 70
MATTER = ("goal", "skills_wanted", "hours")


def ask_for_wishes(cast: Cast, stage: Stage, now: datetime) -> None:
    """Chris asks, everybody in the intake is told, and some mark whom they would like to meet."""
    chance = Chance("wishes", now)
    time = open_wishes(intake=stage.intake, weight=5, by=cast.chris, now=now - OPENED)
    tell_of_wishes(time=time, now=now - OPENED)
    rows = Application.objects.filter(intake=stage.intake, state=Application.State.JOINED).select_related("intake")
    mentees = list(rows.filter(role="mentee").order_by("pk"))
    mentors = chance.shuffled(list(rows.filter(role="mentor").order_by("pk")))
    wants, offers = (_said(stage, key) for key in ("skills_wanted", "skills_offered"))
    for mentee in chance.draw.sample(mentees, WISHERS):
        # They read what each mentor offers; the first of those who fit are wished for by many.
        fitting = [one for one in mentors if wants.get(mentee.pk, set()) & offers.get(one.pk, set())] or mentors
        sought = [1 / (2 + place) for place in range(len(fitting))]
        wished = list(dict.fromkeys(chance.draw.choices(fitting, sought, k=chance.draw.choice([1, 2, 2, 3, 3, 4, 5]))))
        for mentor in wished:
            mark(application=mentee, mentor=mentor, kind=Wish.Kind.WISH, now=now - OPENED)
        if chance.draw.random() < 0.08:
            other = chance.draw.choice([one for one in mentors if one not in wished])
            mark(application=mentee, mentor=other, kind=Wish.Kind.NOT, now=now - OPENED)
        if chance.draw.random() < 0.4:
            say_what_matters(application=mentee, question=stage.questions[chance.draw.choice(MATTER)])


def _said(stage: Stage, question: str) -> dict[int, set[str]]:
    """What everybody chose in a question, by application."""
    rows = Answer.objects.filter(application__intake=stage.intake, question=stage.questions[question])
    return {pk: set(value) for pk, value in rows.values_list("application_id", "value")}
