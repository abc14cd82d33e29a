"""From the first step of sign-up to membership: begun, answered, sent, proved, decided.

Anybody may begin with any address, so what is begun belongs to the browser that holds its secret until its
address is proved. Only then does it meet what the programme already has for that address.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from twoway.history.actions import record
from twoway.people.actions.membership import set_capacity
from twoway.people.models import Intake, Person
from twoway.people.queries import address_of, addresses_of
from twoway.people.signin.secrets import digest_of
from twoway.signup import fields
from twoway.signup.actions.arrival import arrive
from twoway.signup.actions.confirmation import end_links, has_live_link, write_confirmation
from twoway.signup.models import Answer, Application, Question
from twoway.signup.queries import (
    answers_by_public_id,
    application_of_person,
    missing_questions,
    no_that_stands,
    questions_of,
    stricter_choices,
)
from twoway.signup.showing import shown_questions

State = Application.State
OPEN_TO_CHANGE = (State.EXPECTED, State.STARTED, State.SENT)
HANDED_IN = (State.SENT, State.WAITING, State.JOINED)  # whole, and to stay so


class NotReady(Exception):
    """Something is still to do before this can be sent; `step` says where."""

    def __init__(self, step: str) -> None:
        super().__init__(step)
        self.step = step


# --- beginning --------------------------------------------------------------------------------------


def begin_application(
    *, intake: Intake, secret: str, address: str, name: str, role: str, person: Person | None, now: datetime
) -> Application:
    """Begin, or go on with what this browser or this person has begun; the button pressed twice begins once.
    Whoever calls has asked that they are 18 or older. A new address on something begun makes links sent to the
    old one useless."""
    try:
        return _begin(intake, secret, address, name, role, person, now)
    except IntegrityError:  # the other press came first
        return _begin(intake, secret, address, name, role, person, now)


@transaction.atomic
def _begin(
    intake: Intake, secret: str, address: str, name: str, role: str, person: Person | None, now: datetime
) -> Application:
    if person is not None:
        found = application_of_person(person, intake.programme, intake)
        declined = no_that_stands(person, intake)
        if declined is not None:
            return declined
        if found is not None and found.state not in OPEN_TO_CHANGE:
            return found
        application = found or Application(intake=intake, made_at=now, address=address_of(person))
        application.person, application.resume_digest = person, ""
        application.verified_at = application.verified_at or now
    else:
        digest = resume_digest(intake, secret)
        found = Application.objects.filter(intake=intake, resume_digest=digest, person=None).first()
        if found is not None and found.state not in OPEN_TO_CHANGE:
            return found
        application = found or Application(intake=intake, made_at=now, resume_digest=digest)
        if found is not None and found.address.lower() != address.strip().lower():
            end_links(found, now)
        application.address = address.strip().lower()
    application.name, application.role, application.adult = " ".join(name.split()), role, True
    application.last_step = application.last_step or "start"
    application.save()
    if application.state == State.SENT:
        _stay_sent(application, now)
    return application


def _stay_sent(application: Application, now: datetime) -> None:
    """What is on its way stays so, with a letter to wherever it says now; another role may ask for more first."""
    try:
        check_ready(application)
    except NotReady:
        application.state = State.STARTED
        application.save(update_fields=["state"])
        return
    if not has_live_link(application, now):
        write_confirmation(application=application, now=now)


def carry_over(*, application: Application, intake: Intake, secret: str) -> Application | None:
    """Let what was only begun in an intake that has closed go on in this one, where nothing is begun yet. `secret`: of
    the browser that began it, if nobody is signed in. None if there is nothing of the kind."""
    try:
        with transaction.atomic():
            rows = Application.objects.select_for_update(of=("self",)).select_related("intake")
            begun = rows.filter(pk=application.pk, state=State.STARTED).exclude(intake=intake).first()
            if begun is None:
                return None
            begun.intake, begun.resume_digest = intake, resume_digest(intake, secret) if secret else ""
            begun.save(update_fields=["intake", "resume_digest"])
            return begun
    except IntegrityError:  # begun anew in another tab at this very moment
        return None


def resume_digest(intake: Intake, secret: str) -> str:
    """What is kept of the secret by which a browser goes on with what it began."""
    return digest_of(f"{intake.public_id}:{secret}")


@transaction.atomic
def hold_application(*, application: Application, now: datetime) -> None:
    """Somebody has said that they are under 18: nothing goes on from here until they say that it was a slip."""
    end_links(application, now)
    application.adult = False
    if application.state == State.SENT:
        application.state = State.STARTED
    application.save(update_fields=["adult", "state"])


def forget_application(*, application: Application) -> None:
    """Delete what somebody has begun, as if it had never been: for whoever turns out to be under 18."""
    if application.state in (State.STARTED, State.SENT):
        application.delete()


# --- answering --------------------------------------------------------------------------------------


@transaction.atomic
def set_answer(
    application: Application,
    question: Question,
    value: Any,
    stricter: str | None = None,
    by: Person | None = None,
    now: datetime | None = None,
) -> Answer | None:
    """Keep one answer, made clean; an empty one is taken away. `stricter` is the owner's own audience for it,
    None to leave it as it is. The answers of a member, and of whoever waits to be one, are changed by their
    owner alone."""
    if application.state in (State.WAITING, State.JOINED) and (by is None or by.pk != application.person_id):
        raise PermissionError("Answers belong to whoever gave them.")
    when = now or application.made_at
    found = Answer.objects.filter(application=application, question=question).first()
    kept = fields.clean(question, value, kept=found.value if found else None)
    if stricter is not None and stricter not in ("", *stricter_choices(question)):
        raise ValidationError(_("Please choose who can see this from the list."), code="unknown_audience")
    if kept is None:
        if question.required and application.state in HANDED_IN:
            raise ValidationError(_("The programme needs an answer here."), code="required")
        if found is not None:
            found.delete()
        answer = None
    else:
        answer = found or Answer(application=application, question=question, changed_at=when)
        answer.stricter = _narrower(question, answer.stricter if stricter is None else stricter)
        if found is None or found.value != kept:
            answer.value, answer.changed_at = kept, when
        answer.save()
    if application.state in (State.WAITING, State.JOINED):
        record(
            "answer.changed", by=by, programme=application.intake.programme, about=f"question {question.public_id}",
            concerns=[application.person_id] if application.person_id else [], now=when,
        )  # fmt: skip
    return answer


def _narrower(question: Question, stricter: str) -> str:
    return "" if stricter == question.audience else stricter


@transaction.atomic
def save_answers(
    *, application: Application, posted: Mapping[Question, Any], step: str, by: Person | None, now: datetime,
    stricter: Mapping[Question, str] | None = None,
) -> dict[str, list[str]]:  # fmt: skip
    """Keep what can be kept of some answers; returns the faults of the others by the question's public id.

    An answer to a question that is not shown (its condition is not met, or it is for another role) is not kept,
    and one that has become hidden is taken away. A page that saves itself may come at the same moment as its
    button: one waits for the other.
    """
    list(Application.objects.select_for_update(of=("self",)).filter(pk=application.pk).values_list("pk", flat=True))
    questions = questions_of(application.intake.programme)
    answers = answers_by_public_id(application)
    values = {key: answer.value for key, answer in answers.items()}
    faults: dict[str, list[str]] = {}
    for question, raw in posted.items():
        try:
            values[question.public_id] = fields.clean(question, raw, kept=values.get(question.public_id))
            _check_not_own_address(application, question, values[question.public_id])
        except ValidationError as fault:
            faults[question.public_id] = list(fault.messages)
    shown = {question.pk for question in shown_questions(questions, values, application.role)}
    for question, raw in posted.items():
        if question.pk not in shown or question.public_id in faults:
            continue
        wish, before = (stricter or {}).get(question), answers.get(question.public_id)
        if (before.value if before else None) == values[question.public_id]:
            as_it_is = before is None or wish is None or _narrower(question, wish) == before.stricter
            if as_it_is:
                continue
        try:
            set_answer(application, question, raw, wish, by, now)
        except ValidationError as fault:
            faults[question.public_id] = list(fault.messages)
    hidden = [question for question in questions if question.pk not in shown and question.show_if]
    Answer.objects.filter(application=application, question__in=hidden).delete()
    if step:
        application.last_step = step
        application.save(update_fields=["last_step"])
    return {key: fault for key, fault in faults.items() if key not in {question.public_id for question in hidden}}


def _check_not_own_address(application: Application, question: Question, value: fields.Value) -> None:
    """One's line manager is somebody else: kept apart from oneself, nobody would be."""
    if question.kind != Question.Kind.LINE_MANAGER or value is None:
        return
    own = {application.address.lower()}
    if application.person is not None:
        own |= {address.lower() for address in addresses_of(application.person)}
    if value in own:
        raise ValidationError(_("This is your own address. Please write your line manager's."), code="own_address")


@transaction.atomic
def set_offer(
    *, application: Application, capacity: int, capacity_here: int | None, rhythm_days: int, by: Person | None,
    now: datetime,
) -> None:  # fmt: skip
    """How many mentees a mentor takes in the whole organisation, fewer here if wished, and how often they meet."""
    application.capacity, application.capacity_here = capacity, capacity_here
    application.rhythm_days = rhythm_days
    if application.state in OPEN_TO_CHANGE:
        application.last_step = "capacity"
    application.save(update_fields=["capacity", "capacity_here", "rhythm_days", "last_step"])
    membership = application.membership
    if membership is None or application.person is None:
        return
    membership.rhythm_days = rhythm_days
    membership.save(update_fields=["rhythm_days"])
    programme = application.intake.programme
    set_capacity(
        person=application.person, organisation=programme.organisation, capacity=capacity, by=by, programme=programme,
        now=now,
    )  # fmt: skip


def pass_panel(*, application: Application, now: datetime) -> None:
    """Somebody has read what the programme is not. Terms come only after this."""
    if application.not_for_seen_at is None:
        application.not_for_seen_at = now
    application.last_step = "not-for"
    application.save(update_fields=["not_for_seen_at", "last_step"])


# --- sending ----------------------------------------------------------------------------------------


@transaction.atomic
def send_application(*, application: Application, terms_version: int, by: Person | None, now: datetime) -> None:
    """Accept the terms and send. A proved address goes on to approval or membership; another gets a letter
    first. Twice is once."""
    application = Application.objects.select_for_update(of=("self",)).select_related("person", "intake__programme").get(
        pk=application.pk
    )  # fmt: skip
    if application.state not in OPEN_TO_CHANGE:
        return
    check_ready(application)
    if terms_version != application.intake.programme.terms_version:
        raise NotReady("terms")
    application.terms_version, application.terms_at, application.sent_at = terms_version, now, now
    application.last_step = "sent"
    record(
        "application.sent", by=by, programme=application.intake.programme,
        about=f"application {application.public_id}",
        concerns=[application.person_id] if application.person_id else [], now=now,
    )  # fmt: skip
    if application.verified_at is not None and application.person is not None:
        application.save()
        arrive(application, application.person, now)
        return
    again = application.state == State.SENT
    application.state = State.SENT
    application.save()
    if not again or not has_live_link(application, now):
        write_confirmation(application=application, now=now)


def check_ready(application: Application) -> None:
    """Raise NotReady with the first step that is still to do."""
    if not (application.adult and application.name and application.role):
        raise NotReady("start")
    if missing_questions(application):
        raise NotReady("questions")
    if application.role in ("mentor", "either") and not application.capacity:
        raise NotReady("capacity")
    if application.not_for_seen_at is None:
        raise NotReady("not-for")


@transaction.atomic
def withdraw_application(*, application: Application, by: Person, now: datetime) -> None:
    """Step out before membership: by the applicant."""
    if application.state == State.JOINED:
        raise PermissionError("A member leaves; an applicant withdraws.")
    end_links(application, now)
    application.state = State.WITHDRAWN
    application.save(update_fields=["state"])
    record(
        "application.withdrawn", by=by, programme=application.intake.programme,
        about=f"application {application.public_id}",
        concerns=[application.person_id] if application.person_id else [], now=now,
    )  # fmt: skip
