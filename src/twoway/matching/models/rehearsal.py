from django.db import models
from django_scopes import ScopedManager

from twoway.matching.models.round import Round
from twoway.people.models import Person
from twoway.people.public_id import new_public_id


class Rehearsal(models.Model):
    """Other weights tried on a copy of a round. Nothing points to it: no proposal can come of it, and nobody is told.

    The row is the queue, as a round's is.
    """

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="rehearsals")
    public_id = models.CharField(max_length=10, unique=True, default=new_public_id, editable=False)
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    objective = models.CharField(max_length=16, choices=Round.Objective.choices)
    weights = models.JSONField(default=dict)  # question's public id: 0 to 10, for each criterion
    left_off = models.JSONField(default=list)  # hard rules that are not kept, by their question's public id
    state = models.CharField(max_length=9, choices=Round.State.choices, default=Round.State.QUEUED)
    stage = models.CharField(max_length=40, blank=True)
    done = models.PositiveIntegerField(default=0)
    cancel_asked_at = models.DateTimeField(null=True)
    leased_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    fault = models.CharField(max_length=300, blank=True)
    found = models.JSONField(default=dict)  # figures before and after, who moves, what small changes leave
    made_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    objects = ScopedManager(organisation="round__intake__programme__organisation")

    class Meta:
        indexes = [
            models.Index(
                fields=["made_at"], name="rehearsal_waiting", condition=models.Q(state__in=["queued", "running"])
            ),
        ]
