from django.db import models
from django_scopes import ScopedManager

from twoway.people.models.organisation import Organisation
from twoway.people.models.person import Person
from twoway.people.public_id import new_public_id


class KeptApart(models.Model):
    """One person's private wish not to be put together with somebody, known by an address.

    Nobody but its owner can read it, and nothing overrides it.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="kept_apart")
    owner = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="kept_apart")
    public_id = models.CharField(max_length=10, unique=True, default=new_public_id, editable=False)
    address = models.EmailField(max_length=254)
    note = models.CharField(max_length=120, blank=True)
    made_at = models.DateTimeField()

    objects = ScopedManager(organisation="organisation")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "owner", "address"], name="apart_once"),
        ]
