from django.db import models
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from twoway.people.models import Intake, Person
from twoway.people.public_id import new_public_id
from twoway.signup.models import Application


class Round(models.Model):
    """One run of matching. The row is the queue: a worker claims it with a lease and says how far it is."""

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting to run")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Could not run")
        CANCELLED = "cancelled", _("Stopped")

    class Objective(models.TextChoices):
        MOST_THEN_BEST = "most_then_best", _("Most people placed, then the best total")
        BEST_TOTAL = "best_total", _("Best total")

    intake = models.ForeignKey(Intake, on_delete=models.CASCADE, related_name="rounds")
    public_id = models.CharField(max_length=10, unique=True, default=new_public_id, editable=False)
    name = models.CharField(max_length=80)
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    objective = models.CharField(max_length=16, choices=Objective.choices, default=Objective.MOST_THEN_BEST)
    seed = models.CharField(max_length=40)
    with_expected = models.BooleanField(default=False)
    state = models.CharField(max_length=9, choices=State.choices, default=State.QUEUED)
    stage = models.CharField(max_length=40, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    cancel_asked_at = models.DateTimeField(null=True)
    leased_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)  # whoever holds a lower number has lost the lease
    fault = models.CharField(max_length=300, blank=True)
    settings = models.JSONField(default=dict)  # rules and weights as they were
    problem = models.JSONField(null=True)  # the engine's own form of who and what went in
    receipt = models.JSONField(null=True)
    figures = models.JSONField(default=dict)  # placed, mentees, allowed pairs, the other objective's cost
    made_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    check_asked_at = models.DateTimeField(null=True)  # the receipt is to be checked again
    checked_at = models.DateTimeField(null=True)
    check_holds = models.BooleanField(null=True)
    check_words = models.CharField(max_length=400, blank=True)

    objects = ScopedManager(organisation="intake__programme__organisation")

    class Meta:
        indexes = [
            models.Index(fields=["made_at"], name="round_waiting", condition=models.Q(state__in=["queued", "running"])),
        ]


class LeftOver(models.Model):
    """Somebody whom a round could not place, and why."""

    LETS_GO = models.Q(pk__isnull=False)  # nobody was told of it

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="left_over")
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="left_over")
    role = models.CharField(max_length=6)
    cause = models.CharField(max_length=20)  # rule | no_seat | no_candidate | total; of a mentor: spare
    facts = models.JSONField(default=dict)

    objects = ScopedManager(organisation="round__intake__programme__organisation")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "application", "role"], name="left_over_once")]


class Strike(models.Model):
    """A pair the coordinator dismissed: not proposed again in this intake's runs. Tells nobody."""

    LETS_GO = models.Q(pk__isnull=False)  # nobody was told of it

    intake = models.ForeignKey(Intake, on_delete=models.CASCADE, related_name="strikes")
    mentee = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="+")
    mentor = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    objects = ScopedManager(organisation="intake__programme__organisation")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["intake", "mentee", "mentor"], name="struck_once")]
