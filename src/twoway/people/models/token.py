from django.db import models

from twoway.people.models.person import Person
from twoway.people.public_id import new_public_id


class Token(models.Model):
    """A one-use way in: a link, and for sign-in a six-digit code beside it. Only digests are kept.

    A sign-in token without a digest waits for the clock to write its letter: the page that asks for it does
    the same work for every address, known or not.
    """

    class Kind(models.TextChoices):
        SIGN_IN = "sign_in"
        FIRST_ADMIN = "first_admin"
        DEMO = "demo"
        INVITATION = "invitation"
        OFFICE = "office"

    kind = models.CharField(max_length=12, choices=Kind.choices)
    public_id = models.CharField(max_length=10, unique=True, default=new_public_id, editable=False)
    address = models.EmailField(max_length=254, blank=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="tokens")
    digest = models.CharField(max_length=64, unique=True, null=True)
    code_digest = models.CharField(max_length=64, blank=True)
    onward = models.CharField(max_length=200, blank=True)  # where to go afterwards
    wrong_codes = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    facts = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(
                fields=["made_at"],
                name="token_unwritten",
                condition=models.Q(kind="sign_in", digest=None, used_at=None),
            ),
        ]
