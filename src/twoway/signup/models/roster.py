from django.db import models
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from twoway.people.models import Intake, Membership, Person
from twoway.people.public_id import new_public_id
from twoway.signup.models.application import Application


class Roster(models.Model):
    """A file of people, read, mapped and shown before anything of it is believed."""

    class State(models.TextChoices):
        READING = "reading", _("Being read")
        MAPPING = "mapping", _("Read; what are its columns?")
        CHECKING = "checking", _("Being checked")
        READY = "ready", _("Ready to look at")
        KEEPING = "keeping", _("Being kept")
        KEPT = "kept", _("Kept")
        REFUSED = "refused", _("Not a table")
        CANCELLED = "cancelled", _("Put away")
        TAKEN_BACK = "taken_back", _("Taken back")

    intake = models.ForeignKey(Intake, on_delete=models.CASCADE, related_name="rosters")
    public_id = models.CharField(max_length=10, unique=True, default=new_public_id, editable=False)
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    file_name = models.CharField(max_length=200)
    content = models.BinaryField(null=True)  # the file as it came; emptied once kept or cancelled
    sheet = models.CharField(max_length=100, blank=True)  # of a workbook: which one was asked for, then read
    sheets = models.JSONField(default=list)  # the names of all
    headers = models.JSONField(default=list)
    # {"<column>": "address" | "name" | ... | "question:<public id>" | "new:<kind>" | ""}, columns from 0
    mapping = models.JSONField(default=dict)
    columns_said = models.BooleanField(default=False)  # by somebody, on the page; a mere guess teaches nothing
    new_questions = models.JSONField(default=dict)  # {"<column>": {"label": ..., "options": [...], ...}}
    usual_capacity = models.PositiveSmallIntegerField(null=True)  # for mentors whose row says none
    as_role = models.CharField(max_length=6, choices=Membership.Role.choices, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.READING)
    fault = models.CharField(max_length=300, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    leased_until = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)  # how often a worker has begun the present step
    made_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    objects = ScopedManager(organisation="intake__programme__organisation")


class RosterRow(models.Model):
    """One row of the file, its verdict, and what was corrected on screen."""

    class Verdict(models.TextChoices):
        GOOD = "good", _("Good")
        MENDABLE = "mendable", _("Can be mended")
        REFUSED = "refused", _("Refused")

    roster = models.ForeignKey(Roster, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()  # as a spreadsheet counts: the header is 1
    cells = models.JSONField(default=list)
    corrections = models.JSONField(default=dict)  # {"<column>": "new text", "width": "as it is"}
    verdict = models.CharField(max_length=8, choices=Verdict.choices, blank=True)
    faults = models.JSONField(default=list)  # [{"column": 3, "reason": "...", "offer": ["SEO"], "level": "mend"}]
    notes = models.JSONField(default=list)  # what was noticed while reading: "short", "long", "unseen", "result"
    address = models.CharField(max_length=254, blank=True)  # as it was understood, in small letters
    kept = models.BooleanField(default=False)
    application = models.ForeignKey(Application, on_delete=models.SET_NULL, null=True, related_name="+")
    before = models.JSONField(null=True)  # what an update replaced; none where the row made the application

    objects = ScopedManager(organisation="roster__intake__programme__organisation")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["roster", "number"], name="row_once")]
        indexes = [
            models.Index(fields=["roster", "verdict", "number"], name="row_verdict"),
            models.Index(fields=["roster", "address"], name="row_address"),
        ]
