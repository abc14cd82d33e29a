"""What can be asked about intakes, and how sign-up to them stands."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import QuerySet

from twoway.people.models import Intake, Programme
from twoway.people.phases import SignUp, sign_up_of, sign_up_of_all
from twoway.people.queries.programme import today_in


def sign_up_is_open(intake: Intake, now: datetime) -> bool:
    """Whether somebody may sign up to this intake now."""
    return sign_up_of(intake, now).is_open


def sign_up_to(programme: Programme, now: datetime) -> SignUp:
    """How sign-up to a programme stands, whichever intake it is in."""
    intakes = Intake.objects.filter(programme=programme).select_related("programme")
    return sign_up_of_all(programme, intakes, now)


def sign_up_in(programmes: Iterable[Programme], now: datetime) -> dict[int, SignUp]:
    """How sign-up to each of these programmes stands, in one question however many there are."""
    by_programme: dict[int, list[Intake]] = {programme.pk: [] for programme in programmes}
    for intake in Intake.objects.filter(programme__in=list(by_programme)).select_related("programme"):
        by_programme[intake.programme_id].append(intake)
    return {programme.pk: sign_up_of_all(programme, by_programme[programme.pk], now) for programme in programmes}


def open_intake(programme: Programme, now: datetime) -> Intake | None:
    """The intake that takes sign-ups now; of several, the one that closes first."""
    intakes = Intake.objects.filter(programme=programme).select_related("programme")
    found = [intake for intake in intakes if sign_up_is_open(intake, now)]
    return min(found, key=lambda intake: (intake.sign_up_closes_on or date.max, intake.pk), default=None)


def current_intake(programme: Programme, now: datetime) -> Intake | None:
    """The intake a coordinator works on now: the newest that has begun, else the first."""
    today = today_in(programme, now)
    intakes = list(programme.intakes.order_by("pk"))
    begun = [i for i in intakes if (i.sign_up_opens_on or date.min) <= today and (i.ends_on or date.max) >= today]
    found = begun or intakes
    return found[-1] if found else None


def intakes_of(programme: Programme) -> QuerySet[Intake]:
    """The intakes of a programme, the newest first."""
    return Intake.objects.filter(programme=programme).select_related("programme__organisation").order_by("-pk")
