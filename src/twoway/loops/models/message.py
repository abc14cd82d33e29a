from django.db import models

from twoway.loops.models.loop import Loop
from twoway.people.models import Person
from twoway.people.public_id import new_public_id


class Message(models.Model):
    """Something written to the others in a loop. Withdrawn, its words are gone and its place stays."""

    loop = models.ForeignKey(Loop, on_delete=models.CASCADE, related_name="messages")
    public_id = models.CharField(max_length=10, unique=True, default=new_public_id, editable=False)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="messages")
    body = models.TextField()  # Markdown
    quotes = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="quoted_by")
    no_hurry = models.BooleanField(default=False)
    at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    form_key = models.CharField(max_length=36, null=True)  # the same form sent twice is one message

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["by", "form_key"], name="sent_once"),
            models.CheckConstraint(
                condition=models.Q(withdrawn_at=None) | models.Q(body=""), name="withdrawn_words_are_gone"
            ),
        ]
        indexes = [
            models.Index(fields=["loop", "-id"], name="message_of_loop"),
            models.Index(
                fields=["loop", "edited_at"], name="message_edited", condition=models.Q(edited_at__isnull=False)
            ),
            models.Index(
                fields=["loop", "withdrawn_at"], name="message_withdrawn",
                condition=models.Q(withdrawn_at__isnull=False),
            ),
        ]  # fmt: skip
