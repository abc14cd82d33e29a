from typing import Any

from django.db import models

from twoway.loops.models.loop import Loop
from twoway.people.models import Person

TERMS = (
    "rhythm_days", "minutes", "hours_a_month", "hopes", "on_the_table", "off_the_table", "confidentiality", "review_on",
)  # fmt: skip


class Terms(models.Model):
    """What two people may settle between them. Any of it may be left for later: nothing, or no words."""

    rhythm_days = models.PositiveSmallIntegerField(null=True)
    minutes = models.PositiveSmallIntegerField(null=True)  # of a meeting
    hours_a_month = models.PositiveSmallIntegerField(null=True)
    hopes = models.TextField(blank=True)
    on_the_table = models.TextField(blank=True)
    off_the_table = models.TextField(blank=True)
    confidentiality = models.TextField(blank=True)
    review_on = models.DateField(null=True)

    class Meta:
        abstract = True

    def said(self) -> dict[str, Any]:
        """All of it by name."""
        return {name: getattr(self, name) for name in TERMS}

    @property
    def is_empty(self) -> bool:
        return not any(self.said().values())


class Expectations(Terms):
    """What one of a loop expects, answered alone. Nobody else's until there is an agreement to make of all answers."""

    loop = models.ForeignKey(Loop, on_delete=models.CASCADE, related_name="expectations")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    changes = models.PositiveIntegerField(default=0)  # how often they were kept
    written_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["loop", "person"], name="expects_once")]


class Agreement(Terms):
    """One version of what a loop's people agree on. It is never changed: whoever edits it writes the next one.

    The first is made in the moment in which the last of them sends what they expect. Who has confirmed which version
    stands at their participation, and which one holds at the loop.
    """

    loop = models.ForeignKey(Loop, on_delete=models.CASCADE, related_name="agreements")
    number = models.PositiveIntegerField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")  # none: made of the answers
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["loop", "number"], name="one_version_of_a_number")]
