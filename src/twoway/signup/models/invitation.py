from django.db import models
from django_scopes import ScopedManager

from twoway.people.models import Person, Token
from twoway.people.public_id import new_public_id
from twoway.signup.models.application import Application


class Invitation(models.Model):
    """A letter that asks somebody in. Suggested by a participant, it waits for the coordinator."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="invitations")
    public_id = models.CharField(max_length=10, unique=True, default=new_public_id, editable=False)
    token = models.OneToOneField(Token, on_delete=models.SET_NULL, null=True, related_name="invitation")
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    suggested = models.BooleanField(default=False)
    words = models.TextField(blank=True)
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)

    objects = ScopedManager(organisation="application__intake__programme__organisation")
