"""What stands of somebody's sign-up, whatever is begun beside it."""

from django.db.models import Q

from twoway.people.models import Intake, Person, Programme
from twoway.people.queries import person_of_address
from twoway.signup.models import Application
from twoway.signup.queries.application import OVER, UNPROVEN, application_of_person, is_of, only_suggested

State = Application.State


def declined_application(person: Person, programme: Programme) -> Application | None:
    """The newest entry of a person to which the coordinators have said no."""
    found = Application.objects.filter(person=person, intake__programme=programme, state=State.DECLINED)
    return found.select_related("intake__programme__organisation").order_by("-decided_at", "-pk").first()


def no_that_stands(person: Person, intake: Intake) -> Application | None:
    """The no that somebody had in this very intake, until a coordinator asks them in or they are in all the same.

    A form begun with their address is no way round it: anybody could have begun it.
    """
    found = Application.objects.filter(person=person, intake=intake, state=State.DECLINED)
    declined = found.select_related("intake__programme__organisation").order_by("-decided_at", "-pk").first()
    if declined is None:
        return None
    going_on = Q(state__in=[State.EXPECTED, State.WAITING]) & ~Q(only_suggested())
    theirs = Application.objects.filter(is_of(person), intake__programme=intake.programme_id).exclude(state__in=OVER)
    return None if theirs.filter(going_on | Q(person=person, intake=intake)).exists() else declined


def may_still_be_approved(application: Application) -> bool:
    """Whether somebody who was declined can be told yes after all: until they sign up anew."""
    person, programme = application.person, application.intake.programme
    if application.state != State.DECLINED or person is None or programme.archived_at is not None:
        return False
    theirs = Application.objects.filter(is_of(person), intake__programme=programme).exclude(state__in=OVER)
    return not theirs.exclude(person=None, state__in=UNPROVEN).exists()


def entry_that_stays(draft: Application, address: str) -> Application | None:
    """What the owner of this address has handed in before in the same intake, so that a draft is not laid over it,
    nor over the no that they had."""
    person = person_of_address(address) if draft.person_id is None else None
    if person is None:
        return None
    present = application_of_person(person, draft.intake.programme, draft.intake)
    if present is not None and present.pk != draft.pk and present.state in (State.WAITING, State.JOINED):
        return present
    return no_that_stands(person, draft.intake) if draft.state in UNPROVEN else None
