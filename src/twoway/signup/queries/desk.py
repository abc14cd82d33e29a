"""What a desk needs of sign-up: who waits for a yes or no, and what members suggest."""

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower

from twoway.people.models import Membership, Programme, Seat
from twoway.signup.models import Application, Invitation
from twoway.signup.queries.invitation import invitations_of


def waiting_in(programme: Programme) -> list[Application]:
    """Those who wait for a coordinator's yes or no, the longest first."""
    rows = Application.objects.filter(intake__programme=programme, state=Application.State.WAITING)
    return list(rows.order_by("sent_at", "pk").only("public_id", "name", "address", "role", "sent_at"))


def suggestions_in(programme: Programme) -> list[Invitation]:
    """People a member thinks of, to whom nobody has written yet."""
    rows: QuerySet[Invitation] = invitations_of(programme).select_related(None).select_related("application", "by")
    rows = rows.only(
        "public_id", "application__public_id", "application__name", "application__address", "by__name"
    )  # fmt: skip
    return list(rows.filter(suggested=True, sent_at=None, withdrawn_at=None, application__state="expected"))


def application_ids_at(programme: Programme, addresses: list[str]) -> dict[str, str]:
    """The applications at some addresses, by the address in small letters: the ids their pages are found at."""
    rows = Application.objects.filter(intake__programme=programme).annotate(low=Lower("address"))
    found = rows.filter(low__in={address.lower() for address in addresses})
    return dict(found.order_by("pk").values_list("low", "public_id"))


def applications_with_ids(programme: Programme, public_ids: list[str]) -> QuerySet[Application]:
    """Some of a programme's applications, for acting on many at once."""
    rows = Application.objects.filter(intake__programme=programme, public_id__in=public_ids)
    return rows.select_related("intake__programme__organisation").order_by("pk")


def entry_of(membership: Membership) -> Application | None:
    """The application that carries a member's answers: the newest they joined by."""
    rows = Application.objects.filter(membership=membership, state=Application.State.JOINED)
    return rows.select_related("intake__programme__organisation", "membership", "person").order_by("pk").last()


def free_seats_of(membership: Membership) -> int:
    """Seats that are free for this programme now."""
    return Seat.objects.filter(
        Q(reserved_for=None) | Q(reserved_for=membership), person=membership.person_id, leaving=False,
        participation=None, organisation=membership.programme.organisation_id,
    ).count()  # fmt: skip
