"""Everything that leaves the house. Plain ids and no foreign keys: anyone may write."""

from django.db import models


class Delivery(models.Model):
    """One letter to one address. The row is the queue: it is written with the change that causes it.

    `key` names the cause, so that the same cause never writes two letters. `due_at` says when the clock should
    look at it next: while a worker is sending it, that is the end of the worker's lease; once sent or given up it
    is empty. Bodies of letters that carry a sign-in secret are emptied once sent.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        SENDING = "sending"
        SENT = "sent"
        FAILED = "failed"

    key = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=60)
    person = models.BigIntegerField(null=True)
    programme = models.BigIntegerField(null=True)
    to = models.EmailField(max_length=254)
    subject = models.CharField(max_length=250)
    text = models.TextField()
    html = models.TextField(blank=True)
    sender = models.CharField(max_length=120, blank=True)  # the name shown beside our own address
    reply_to = models.EmailField(max_length=254, blank=True)
    calendar = models.TextField(blank=True)  # iCalendar text; its METHOD names the attachment's
    calendar_method = models.CharField(max_length=10, blank=True)
    secret = models.BooleanField(default=False)
    urgent = models.BooleanField(default=False)  # somebody sits and waits for it: before all others
    message_id = models.CharField(max_length=120)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=200, blank=True)  # the server's answer, never the letter's text

    class Meta:
        verbose_name_plural = "deliveries"
        indexes = [
            # Empty once a letter is done, so that looking for work costs the same after a million letters.
            models.Index(
                fields=["-urgent", "due_at", "id"], name="delivery_due", condition=models.Q(due_at__isnull=False)
            ),
            models.Index(fields=["person", "-made_at"], name="delivery_person"),
            models.Index(fields=["programme", "-made_at"], name="delivery_programme"),
            models.Index(fields=["programme", "to"], name="delivery_to"),
            # Few letters fail: looking for those costs the same after a million letters.
            models.Index(fields=["programme", "-made_at"], name="delivery_failed", condition=models.Q(state="failed")),
        ]
