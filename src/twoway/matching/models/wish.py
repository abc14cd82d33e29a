from django.db import models
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from twoway.people.models import Intake, Person
from twoway.signup.models import Application, Question


class WishTime(models.Model):
    """An intake in which wishes are asked for: opened by a coordinator, over when a round is started.

    What was marked counts in every round of the intake from then on. Opened again, it is all there to be changed.
    """

    intake = models.OneToOneField(Intake, on_delete=models.CASCADE, related_name="wish_time")
    weight = models.PositiveSmallIntegerField(default=5)  # 1 to 10, beside the weights of the form's questions
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)

    objects = ScopedManager(organisation="intake__programme__organisation")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(weight__gte=1, weight__lte=10), name="wishes_weigh_1_to_10"),
        ]

    def is_open(self) -> bool:
        return self.closed_at is None


class WishList(models.Model):
    """What one mentee has marked before a round. Nobody but its owner reads it."""

    application = models.OneToOneField(Application, on_delete=models.CASCADE, related_name="wish_list")
    question = models.ForeignKey(Question, on_delete=models.SET_NULL, null=True, related_name="+")  # matters most

    objects = ScopedManager(organisation="application__intake__programme__organisation")


class Wish(models.Model):
    """One mentor on a mentee's list. The mentor never learns of it, whichever way it goes."""

    LETS_GO = models.Q(pk__isnull=False)  # nobody was told of it

    class Kind(models.TextChoices):
        WISH = "wish", _("Would like to meet")
        NOT = "not", _("Rather not")

    list = models.ForeignKey(WishList, on_delete=models.CASCADE, related_name="wishes")
    mentor = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=4, choices=Kind.choices)

    objects = ScopedManager(organisation="list__application__intake__programme__organisation")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["list", "mentor"], name="marked_once")]
