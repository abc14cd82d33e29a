"""What can be asked about members."""

from collections.abc import Iterable

from allauth.account.models import EmailAddress
from django.db.models import QuerySet
from django.db.models.functions import Lower
from django_scopes import scopes_disabled

from twoway.people.models import Membership, Person, Programme


def memberships_of(person: Person) -> QuerySet[Membership]:
    """Every programme a person is a member of now, in any organisation."""
    with scopes_disabled():
        return (
            Membership.objects.filter(person=person, ended_at=None)
            .select_related("programme__organisation")
            .order_by("programme__name")
        )


def members_of(programme: Programme) -> QuerySet[Membership]:
    """The members of a programme now."""
    return Membership.objects.filter(programme=programme, ended_at=None).select_related("person")


def members_reached_at(programme: Programme, addresses: Iterable[str]) -> set[str]:
    """Which of some addresses, in small letters, are those that letters to members of a programme go to."""
    among = EmailAddress.objects.filter(
        user__memberships__in=Membership.objects.filter(programme=programme, ended_at=None),
        verified=True, primary=True,
    )  # fmt: skip
    rows = among.annotate(low=Lower("email")).filter(low__in=set(addresses)).order_by()
    return set(rows.values_list("low", flat=True))


def member_in(programme: Programme, public_id: str) -> Membership | None:
    """One member of a programme, also one who has left it. Finding them gives no right to see them."""
    found = Membership.objects.filter(programme=programme, public_id=public_id)
    return found.select_related("person", "programme__organisation").first()


def member_ids_of(programme: Programme, people: Iterable[int]) -> dict[int, str]:
    """The members among some people, by person: the ids their pages are found at."""
    return dict(members_of(programme).filter(person__in=set(people)).values_list("person", "public_id"))
