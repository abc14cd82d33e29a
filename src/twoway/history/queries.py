"""What may be read of what happened."""

from django.db.models import QuerySet

from twoway.history.kinds import KINDS, Readers
from twoway.history.models import Event

_SEEN_BY_CONCERNED = [name for name, kind in KINDS.items() if kind.readers is not Readers.HIDDEN]
_SEEN_BY_OFFICE = [name for name, kind in KINDS.items() if kind.readers in (Readers.CONCERNED, Readers.OFFICE)]


def events_concerning(person: int) -> QuerySet[Event]:
    """What was done by or about a person, newest first, without what nobody in the product may read."""
    by_me = Event.objects.filter(by=person, kind__in=_SEEN_BY_CONCERNED)
    about_me = Event.objects.filter(people__person=person, kind__in=_SEEN_BY_CONCERNED)
    ids = by_me.values("pk").union(about_me.values("pk"))
    return Event.objects.filter(pk__in=ids).order_by("-at", "-pk")


def events_of_programme(programme: int) -> QuerySet[Event]:
    """What a programme's coordinators may read about it, newest first."""
    return Event.objects.filter(programme=programme, kind__in=_SEEN_BY_OFFICE).order_by("-at", "-pk")


def events_of_organisation(organisation: int) -> QuerySet[Event]:
    """Acts on the organisation itself and its programmes, for its admins, newest first."""
    office_only = [name for name, kind in KINDS.items() if kind.readers is Readers.OFFICE]
    return Event.objects.filter(organisation=organisation, kind__in=office_only).order_by("-at", "-pk")
