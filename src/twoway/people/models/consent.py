from django.db import models
from django_scopes import ScopedManager

from twoway.people.models.person import Person
from twoway.people.models.programme import Programme


class Consent(models.Model):
    """Who accepted which version of a programme's terms, when; never made by an import."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="consents")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="consents")
    version = models.PositiveIntegerField()
    at = models.DateTimeField()

    objects = ScopedManager(organisation="programme__organisation")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["programme", "person", "version"], name="consent_once")]


class Clearance(models.Model):
    """Something done before a loop may open, such as a required module. Higher rooms write it, lower read."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="clearances")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="clearances")
    kind = models.CharField(max_length=40)
    version = models.PositiveIntegerField(default=1)
    at = models.DateTimeField()

    objects = ScopedManager(organisation="programme__organisation")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "person", "kind", "version"], name="clearance_once")
        ]
