"""A sign-up whose address is proved: whose it is, whether a coordinator says yes, and membership."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.urls import reverse

from twoway.history.actions import record
from twoway.people.actions.membership import join_programme, set_capacity
from twoway.people.models import Consent, Person
from twoway.people.queries import coordinators_of
from twoway.people.role_words import role_word
from twoway.people.telling import tell
from twoway.signup.models import Answer, Application
from twoway.signup.queries import application_of_person, confirmed_digest, may_still_be_approved, no_that_stands

State = Application.State


@transaction.atomic
def claim_application(*, application: Application, person: Person, now: datetime) -> Application:
    """Give an application to the person who has just proved its address, and go on from where it stands.

    Where the programme already has an entry for this person, the two become one: nothing is asked twice. A no that
    stands goes on standing, and what was begun beside it is gone.
    """
    if application.state in (State.DECLINED, State.WITHDRAWN):
        return application
    begun = application.person_id is None and application.state in (State.STARTED, State.SENT)
    declined = no_that_stands(person, application.intake) if begun else None
    if declined is not None:
        digest = application.resume_digest
        application.delete()
        if digest:
            _let_browser_know(declined, digest)
            declined.save(update_fields=["resume_digest"])
        return declined
    present = application_of_person(person, application.intake.programme, application.intake)
    begun_by = application.resume_digest if application.person_id is None else ""
    if present is not None and present.pk != application.pk and application.person_id is None:
        application = _merge(application, into=present)
    application.person = person
    if begun_by:
        _let_browser_know(application, begun_by)
    if application.verified_at is None:
        application.verified_at = now
        record(
            "application.verified", by=person, programme=application.intake.programme,
            about=f"application {application.public_id}", concerns=[person.pk], now=now,
        )  # fmt: skip
    application.save()
    return arrive(application, person, now) if application.state == State.SENT else application


def _let_browser_know(application: Application, begun_by: str) -> None:
    """The browser that began it has done its part: it may know that this is confirmed, and no more."""
    application.resume_digest = confirmed_digest(begun_by)
    others = Application.objects.filter(resume_digest=application.resume_digest).exclude(pk=application.pk)
    others.update(resume_digest="")


def _merge(draft: Application, *, into: Application) -> Application:
    """Move what was typed anew into the entry that is there; an entry that is further stays as it is."""
    if into.state not in (State.WAITING, State.JOINED):
        typed = list(draft.answers.all())
        Answer.objects.filter(application=into, question__in=[answer.question_id for answer in typed]).delete()
        draft.answers.update(application=into)
        for name in ("name", "role", "capacity", "capacity_here", "rhythm_days", "not_for_seen_at", "terms_version",
                     "terms_at", "sent_at", "last_step"):  # fmt: skip
            value = getattr(draft, name)
            if value not in (None, ""):
                setattr(into, name, value)
        into.adult = into.adult or draft.adult
        if draft.state == State.SENT:
            into.state = State.SENT
    draft.delete()
    into.save()
    return into


@transaction.atomic
def arrive(application: Application, person: Person, now: datetime) -> Application:
    """Sent and proved: wait for a coordinator, unless none is needed or a coordinator has asked them in."""
    programme = application.intake.programme
    expected = (
        Application.objects.filter(intake=application.intake, address__iexact=application.address, state=State.EXPECTED)
        .exclude(pk=application.pk)
        .first()
    )
    if expected is not None:
        verified_at, begun_by = application.verified_at, application.resume_digest
        application = _merge(application, into=expected)
        application.person, application.verified_at, application.resume_digest = person, verified_at, begun_by
    asked_in = application.invitations.filter(sent_at__isnull=False, withdrawn_at=None).exists()
    if not programme.approval or asked_in:
        _make_member(application, person, by=None, now=now)
        return application
    application.state = State.WAITING
    application.save()
    at = [programme.organisation.slug, programme.slug]
    tell(
        person, "signup.waiting", key=f"waiting {application.public_id}", url=reverse("signup:join-sent", args=at),
        facts={"programme": programme.name}, programme=programme, always_by_mail=True, now=now,
    )  # fmt: skip
    for coordinator in coordinators_of(programme):
        tell(
            coordinator, "signup.application_waiting", key=f"to-approve {application.public_id} {coordinator.pk}",
            url=reverse("signup:application", args=[*at, application.public_id]),
            facts={"programme": programme.name}, programme=programme, now=now,
        )  # fmt: skip
    return application


def _make_member(application: Application, person: Person, *, by: Person | None, now: datetime) -> None:
    programme = application.intake.programme
    assert application.terms_version is not None and application.terms_at is not None
    membership = join_programme(
        person=person, programme=programme, name=application.name, role=application.role,
        rhythm_days=application.rhythm_days, by=by, now=now, approved=by is not None,
    )  # fmt: skip
    if application.capacity and application.role in ("mentor", "either"):
        set_capacity(
            person=person, organisation=programme.organisation, capacity=application.capacity, by=person,
            programme=programme, now=now, joining=True,
        )  # fmt: skip
    Consent.objects.get_or_create(
        programme=programme, person=person, version=application.terms_version, defaults={"at": application.terms_at}
    )
    application.state, application.membership = State.JOINED, membership
    application.decided_at, application.decided_by = now, by
    application.save()
    tell(
        person, "signup.joined", key=f"joined {application.public_id}",
        url=reverse("signup:profile", args=[programme.organisation.slug, programme.slug]),
        facts={"programme": programme.name, "role": role_word(programme, application.role)}, programme=programme,
        always_by_mail=True, now=now,
    )  # fmt: skip


# --- deciding ---------------------------------------------------------------------------------------


@transaction.atomic
def approve_applications(*, applications: Iterable[Application], by: Person, now: datetime) -> int:
    """Make members of those who wait, and tell each; how many there were. Twice is once."""
    waiting = _locked(applications, State.WAITING)
    for application in waiting:
        _approve(application, by, now)
    return len(waiting)


@transaction.atomic
def approve_after_all(*, application: Application, by: Person, now: datetime) -> bool:
    """Turn a no into a yes and tell the person; False where that cannot be any more. Twice is once."""
    declined = [one for one in _locked([application], State.DECLINED) if may_still_be_approved(one)]
    for one in declined:
        one.decline_words = ""
        _approve(one, by, now)
    return bool(declined)


def _approve(application: Application, by: Person, now: datetime) -> None:
    assert application.person is not None
    record(
        "application.approved", by=by, programme=application.intake.programme,
        about=f"application {application.public_id}", concerns=[application.person.pk], now=now,
    )  # fmt: skip
    _make_member(application, application.person, by=by, now=now)


@transaction.atomic
def decline_applications(*, applications: Iterable[Application], words: str, by: Person, now: datetime) -> int:
    """Say no to those who wait, with words of one's own if wished, and tell each; how many there were."""
    done = 0
    for application in _locked(applications, State.WAITING):
        assert application.person is not None
        application.state, application.decline_words = State.DECLINED, words.strip()
        application.decided_at, application.decided_by = now, by
        application.save(update_fields=["state", "decline_words", "decided_at", "decided_by"])
        programme = application.intake.programme
        record(
            "application.declined", by=by, programme=programme, about=f"application {application.public_id}",
            concerns=[application.person.pk], now=now,
        )  # fmt: skip
        tell(
            application.person, "signup.declined", key=f"declined {application.public_id}", url=reverse("people:me"),
            facts={"programme": programme.name, "words": words.strip()}, programme=programme, always_by_mail=True,
            now=now,
        )  # fmt: skip
        done += 1
    return done


def _locked(applications: Iterable[Application], state: State) -> list[Application]:
    """Those that are in this state now, until the end of this transaction."""
    ids = [application.pk for application in applications]
    rows = Application.objects.select_for_update(of=("self",)).filter(pk__in=ids, state=state)
    return list(rows.select_related("intake__programme__organisation", "person"))
