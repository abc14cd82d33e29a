"""What can be asked about letters."""

from datetime import datetime, timedelta

from django.db.models import Max, Q, QuerySet

from twoway.outbox.models import Delivery


def letters_not_delivered(programme: int) -> QuerySet[Delivery]:
    """Letters of a programme that no server would take, newest first."""
    return Delivery.objects.filter(programme=programme, state=Delivery.State.FAILED).order_by("-made_at")


def causes_with_calendar(person: int) -> list[str]:
    """The causes of the letters that put something into somebody's calendar."""
    rows = Delivery.objects.filter(person=person, calendar_method="REQUEST")
    return list(rows.values_list("key", flat=True))


def letters_waiting() -> int:
    """How many letters have not left yet."""
    return Delivery.objects.filter(due_at__isnull=False).count()


def letters_overdue(now: datetime) -> int:
    """How many letters should have been taken up at least ten minutes ago: no worker is running, or none keeps up."""
    return Delivery.objects.filter(due_at__lte=now - timedelta(minutes=10)).count()


def addresses_not_reached(programme: int, now: datetime) -> list[Delivery]:
    """The newest letter that did not arrive, for each address of a programme that nothing has reached since. After
    60 days it is no news."""
    failed = letters_not_delivered(programme).filter(made_at__gte=now - timedelta(days=60))
    letters = list(failed.only("to", "person", "made_at"))  # most often none: the rest is asked of few
    if not letters:
        return []
    sent = Delivery.objects.filter(programme=programme, state=Delivery.State.SENT)
    sent = sent.filter(to__in=failed.order_by().values("to"))
    reached = dict(sent.order_by().values_list("to").annotate(at=Max("made_at")))
    newest: dict[str, Delivery] = {}
    for letter in letters:
        if letter.to not in reached or reached[letter.to] <= letter.made_at:
            newest.setdefault(letter.to.lower(), letter)
    return list(newest.values())


def letters_to(programme: int, *, person: int | None, address: str, rooms: tuple[str, ...]) -> QuerySet[Delivery]:
    """What some rooms of a programme wrote to somebody, newest first, without the words."""
    whose = Q(to__iexact=address) if person is None else Q(person=person) | Q(to__iexact=address)
    from_rooms = Q()
    for room in rooms:
        from_rooms |= Q(kind__startswith=f"{room}.")
    found = Delivery.objects.filter(whose, from_rooms, programme=programme)
    return found.only("kind", "to", "state", "made_at", "sent_at").order_by("-made_at", "-pk")
