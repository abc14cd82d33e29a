"""What can be asked about letters."""

from django.db.models import QuerySet

from twoway.outbox.models import Delivery


def letters_not_delivered(programme: int) -> QuerySet[Delivery]:
    """Letters of a programme that no server would take, newest first."""
    return Delivery.objects.filter(programme=programme, state=Delivery.State.FAILED).order_by("-made_at")


def letters_waiting() -> int:
    """How many letters have not left yet."""
    return Delivery.objects.filter(state__in=[Delivery.State.WAITING, Delivery.State.SENDING]).count()
