from django.db import models
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from twoway.people.models.organisation import Organisation
from twoway.people.models.person import Person
from twoway.people.models.programme import Programme
from twoway.people.public_id import new_public_id


class Membership(models.Model):
    """A person in a programme: the name shown there, the role wished for, and whether they may be asked."""

    class Role(models.TextChoices):
        MENTOR = "mentor", _("Mentor")
        MENTEE = "mentee", _("Mentee")
        EITHER = "either", _("Mentor and mentee")

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="memberships")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    public_id = models.CharField(max_length=10, unique=True, default=new_public_id, editable=False)
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=6, choices=Role.choices)
    rhythm_days = models.PositiveSmallIntegerField(null=True)  # none: the programme's usual
    available = models.BooleanField(default=True)
    paused_until = models.DateField(null=True)  # with available False: back by itself on this day
    joined_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = ScopedManager(organisation="programme__organisation")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "person"], name="member_once"),
            models.CheckConstraint(
                condition=models.Q(available=False) | models.Q(paused_until=None),
                name="only_the_paused_come_back",
            ),
        ]


class Seat(models.Model):
    """Room for one mentee with one mentor, across the organisation's programmes.

    A seat may be kept for one membership; else any programme of the organisation may use it. A seat that is
    `leaving` goes when it is freed: that is how capacity is lowered while all seats are taken.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="seats")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="seats")
    reserved_for = models.ForeignKey(Membership, on_delete=models.SET_NULL, null=True, related_name="reserved_seats")
    leaving = models.BooleanField(default=False)

    objects = ScopedManager(organisation="organisation")

    class Meta:
        indexes = [models.Index(fields=["organisation", "person"], name="seat_of_person")]
