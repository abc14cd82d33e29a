"""What somebody has been told."""

from django.db.models import QuerySet

from twoway.people.models import Notification, Person


def notifications_of(person: Person) -> QuerySet[Notification]:
    return Notification.objects.filter(person=person).order_by("-made_at", "-pk")


def unread_of(person: Person) -> int:
    return Notification.objects.filter(person=person, read_at=None).count()
