from django.db import models

from twoway.people.models.person import Person
from twoway.people.public_id import new_public_id


class Notification(models.Model):
    """Something a person is told inside Twoway. Its words are made when shown, in the reader's language."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="notifications")
    public_id = models.CharField(max_length=10, unique=True, default=new_public_id, editable=False)
    key = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=60)
    facts = models.JSONField(default=dict)
    url = models.CharField(max_length=200)
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["person", "-made_at"], name="notification_person"),
            models.Index(fields=["person"], name="notification_unread", condition=models.Q(read_at=None)),
        ]
