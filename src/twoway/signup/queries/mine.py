"""One's own ways in, across organisations: for the first page after signing in."""

from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q
from django_scopes import scopes_disabled

from twoway.people.models import Membership, Person
from twoway.people.queries import addresses_of
from twoway.signup.models import Application, Invitation
from twoway.signup.queries.application import UNPROVEN

State = Application.State


UNDER_WAY = (*UNPROVEN, State.WAITING, State.EXPECTED)


class Own(NamedTuple):
    """One of somebody's applications, in short: most often that answers what else there is to ask."""

    pk: int
    state: str
    person: int | None  # none: at an address they have proved


def applications_of(person: Person) -> list[Own]:
    """All of somebody's applications, in any organisation."""
    mine = Q(person=person)
    for address in addresses_of(person):
        mine |= Q(person=None, address__iexact=address)
    with scopes_disabled():
        return list(map(Own._make, Application.objects.filter(mine).values_list(*Own._fields)))


def entries_of(person: Person, own: Iterable[Own]) -> list[Application]:
    """Half-filled forms, addresses to confirm, invitations and what waits for a yes, the newest of each programme.

    Whoever is merely expected or suggested, and has had no letter, has been told nothing and is told nothing here.
    Nor does anything stand here that anybody could have begun at an address whose owner was declined.
    """
    ids = [one.pk for one in own if one.state in UNDER_WAY]
    if not ids:
        return []
    with scopes_disabled():
        asked_in = Invitation.objects.filter(application=OuterRef("pk"), sent_at__isnull=False, withdrawn_at=None)
        member = Membership.objects.filter(
            person=person, programme=OuterRef("intake__programme"), ended_at=None
        )  # fmt: skip
        open_ones = Q(state__in=[*UNPROVEN, State.WAITING]) | (Q(state=State.EXPECTED) & Exists(asked_in))
        declined = Application.objects.filter(person=person, intake=OuterRef("intake"), state=State.DECLINED)
        beside_a_no = Q(person=None, state__in=UNPROVEN) & Exists(declined)
        rows = Application.objects.filter(
            open_ones, ~Exists(member), ~beside_a_no, pk__in=ids, intake__programme__archived_at=None
        )
        rows = rows.select_related("intake__programme__organisation").order_by("-made_at", "-pk")
        newest: dict[int, Application] = {}
        for row in rows:
            held = newest.setdefault(row.intake.programme_id, row)
            if held.state in UNPROVEN and row.state not in UNPROVEN:
                newest[row.intake.programme_id] = row
        return list(newest.values())


def declined_of(person: Person, own: Iterable[Own]) -> Application | None:
    """The last no that somebody had from coordinators, where it was their last word with that programme."""
    ids = [one.pk for one in own if one.state == State.DECLINED and one.person is not None]
    if not ids:
        return None
    with scopes_disabled():
        later = Application.objects.filter(
            person=person, intake__programme=OuterRef("intake__programme"), pk__gt=OuterRef("pk")
        ).exclude(state=State.WITHDRAWN)  # fmt: skip
        found = Application.objects.filter(~Exists(later), pk__in=ids, intake__programme__archived_at=None)
        return found.select_related("intake__programme__organisation").order_by("-decided_at", "-pk").first()
