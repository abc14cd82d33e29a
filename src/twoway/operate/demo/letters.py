"""What was told while the demo's past was made: long since read, and no letter about it leaves now."""

from datetime import datetime, timedelta

from django.db.models import F, Q

from twoway.outbox.models import Delivery
from twoway.people.models import Notification, Person, Programme

READ_AFTER = timedelta(days=1)


def settle_letters(now: datetime) -> None:
    """Letters of the past count as sent, and what is older than a day as read."""
    people = list(Person.objects.filter(demo=True).values_list("pk", flat=True))
    programmes = list(Programme.objects.filter(organisation__demo=True).values_list("pk", flat=True))
    waiting = Delivery.objects.filter(due_at__isnull=False, made_at__lte=now).filter(
        Q(person__in=people) | Q(programme__in=programmes)
    )
    waiting.filter(secret=True).update(text="", html="")
    waiting.update(state=Delivery.State.SENT, sent_at=F("made_at"), due_at=None)
    older = Notification.objects.filter(person__demo=True, read_at=None, made_at__lt=now - READ_AFTER)
    older.update(read_at=F("made_at") + READ_AFTER)
