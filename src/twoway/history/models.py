"""What happened, written once. Plain ids and no foreign keys: anyone may write, nobody is held back."""

from django.db import models


class Event(models.Model):
    """One thing that happened. Triggers in both databases refuse to change or delete a row."""

    at = models.DateTimeField()
    kind = models.CharField(max_length=60)
    by = models.BigIntegerField(null=True)  # a person's id; none where the clock acted
    organisation = models.BigIntegerField(null=True)
    programme = models.BigIntegerField(null=True)
    about = models.CharField(max_length=60, blank=True)  # "proposal k3v9x2m4qa"
    facts = models.JSONField(default=dict)  # named facts of the kind; never private text

    class Meta:
        indexes = [
            models.Index(fields=["programme", "-at"], name="event_programme_at"),
            models.Index(fields=["about"], name="event_about"),
        ]


class EventPerson(models.Model):
    """A person whom an event concerns."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="people")
    person = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["person", "event"], name="event_person")]
