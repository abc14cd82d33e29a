"""What can be asked about letters."""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from twoway.outbox.models import Delivery


def letters_not_delivered(programme: int) -> QuerySet[Delivery]:
    """Letters of a programme that no server would take, newest first."""
    return Delivery.objects.filter(programme=programme, state=Delivery.State.FAILED).order_by("-made_at")


def letters_waiting() -> int:
    """How many letters have not left yet."""
    return Delivery.objects.filter(due_at__isnull=False).count()


def letters_overdue(now: datetime) -> int:
    """How many letters should have been taken up at least ten minutes ago: no worker is running, or none keeps up."""
    return Delivery.objects.filter(due_at__lte=now - timedelta(minutes=10)).count()
