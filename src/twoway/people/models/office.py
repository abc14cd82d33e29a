from django.db import models
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from twoway.people.models.organisation import Organisation
from twoway.people.models.person import Person
from twoway.people.models.programme import Programme
from twoway.people.public_id import new_public_id


class Office(models.Model):
    """A role that somebody holds in an organisation or a programme, from a day to a day."""

    class Role(models.TextChoices):
        ADMIN = "admin", _("Organisation admin")
        COORDINATOR = "coordinator", _("Coordinator")
        VIEWER = "viewer", _("Viewer")
        SAFEGUARDING = "safeguarding", _("Safeguarding contact")

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="offices")
    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, null=True, related_name="offices")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="offices")
    public_id = models.CharField(max_length=10, unique=True, default=new_public_id, editable=False)
    role = models.CharField(max_length=12, choices=Role.choices)
    first = models.BooleanField(default=False)  # the primary coordinator; the contact rather than the deputy
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = ScopedManager(organisation="organisation")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(role="admin", programme=None)
                | (~models.Q(role="admin") & models.Q(programme__isnull=False)),
                name="office_belongs_where_its_role_does",
            ),
            models.UniqueConstraint(
                fields=["programme", "person", "role"],
                condition=models.Q(ended_at=None),
                name="office_held_once",
            ),
            models.UniqueConstraint(
                fields=["organisation", "person"],
                condition=models.Q(ended_at=None, role="admin"),
                name="admin_held_once",
            ),
            models.UniqueConstraint(
                fields=["programme", "role"],
                condition=models.Q(ended_at=None, first=True),
                name="one_first_of_each_office",
            ),
        ]
