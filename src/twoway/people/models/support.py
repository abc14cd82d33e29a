from django.db import models
from django_scopes import ScopedManager

from twoway.people.models.person import Person
from twoway.people.models.programme import Programme
from twoway.people.public_id import new_public_id


class SupportLine(models.Model):
    """Help that a programme points its people to, in one country, as the programme entered and checked it."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="support_lines")
    public_id = models.CharField(max_length=10, unique=True, default=new_public_id, editable=False)
    country = models.CharField(max_length=2)  # ISO 3166-1
    name = models.CharField(max_length=120)
    how = models.CharField(max_length=200)  # number, text, chat or address
    hours = models.CharField(max_length=120, blank=True)
    cost = models.CharField(max_length=80, blank=True)
    source = models.URLField(blank=True)
    checked_on = models.DateField()
    checked_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")

    objects = ScopedManager(organisation="programme__organisation")

    class Meta:
        indexes = [models.Index(fields=["programme", "country"], name="support_by_country")]
