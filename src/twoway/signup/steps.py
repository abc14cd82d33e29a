"""The steps of signing up, one page each, for somebody in a certain role with certain answers."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from twoway.people.models import Programme
from twoway.signup.models import Application, Question
from twoway.signup.queries import answers_by_public_id, missing_questions, questions_of
from twoway.signup.showing import is_asked, shown_questions


@dataclass(frozen=True)
class Step:
    slug: str
    label: str
    url: str
    state: str  # done, now, later


def section_questions(programme: Programme, application: Application) -> list[tuple[str, list[Question]]]:
    """The form cut into pages: a section's name and its questions. One that hangs on an answer of its own page
    is there, to be shown by that answer; one that hangs on an earlier page only where its condition is met."""
    questions = [one for one in questions_of(programme) if is_asked(one, application.role)]
    values = {key: answer.value for key, answer in answers_by_public_id(application).items()}
    shown = {question.pk for question in shown_questions(questions, values, application.role)}
    pages: dict[str, list[Question]] = {}
    for question in questions:
        page = pages.setdefault(question.section, [])
        here = question.show_if.get("question") in {other.public_id for other in page}
        if question.pk in shown or here:
            page.append(question)
    return [(section or _("About you"), page) for section, page in pages.items() if page]


def steps_of(programme: Programme, application: Application | None, current: str) -> list[Step]:
    """All steps in order. Before somebody has begun only the first can be opened."""
    at = [programme.organisation.slug, programme.slug]
    first = reverse("signup:join", args=at)
    if application is not None and application.state == Application.State.SENT:
        first += "?again=yes"  # the public address says what is left to do
    found = [("start", _("Hello"), first)]
    begun = application is not None and application.adult
    sections = section_questions(programme, application) if application is not None and begun else []
    for number, (section, _questions) in enumerate(sections, start=1):
        found.append((f"questions-{number}", section, reverse("signup:join-questions", args=[*at, number])))
    if application is not None and begun and application.role in ("mentor", "either"):
        found.append(("capacity", _("Your time"), reverse("signup:join-capacity", args=at)))
    found.append(("not-for", _("What it is not"), reverse("signup:join-not-for", args=at)))
    found.append(("terms", _("Terms"), reverse("signup:join-terms", args=at)))
    here = next((number for number, (slug, _label, _url) in enumerate(found) if slug == current), 0)
    return [
        Step(slug, label, url if begun else "", "done" if number < here else "now" if number == here else "later")
        for number, (slug, label, url) in enumerate(found)
    ]


def first_open_step(application: Application) -> Step:
    """Where somebody who comes back goes on: the first page that lacks something or was not yet left; the last one
    where nothing is missing."""
    steps = steps_of(application.intake.programme, application, "start")
    if not application.adult:
        return steps[0]
    missing = set(missing_questions(application))
    sections = section_questions(application.intake.programme, application)
    short = {f"questions-{n}" for n, (_section, page) in enumerate(sections, start=1) if missing & set(page)}
    slugs = [step.slug for step in steps]
    been = slugs.index(application.last_step) if application.last_step in slugs else 0
    for number, step in enumerate(steps[1:], start=1):
        if step.slug in short or number > been or (step.slug == "capacity" and not application.capacity):
            return step
    return steps[-1]
