from django.db import models
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from twoway.people.models import Programme
from twoway.people.public_id import new_public_id


class Form(models.Model):
    """A programme's sign-up form."""

    programme = models.OneToOneField(Programme, on_delete=models.CASCADE, related_name="form")
    made_at = models.DateTimeField()

    objects = ScopedManager(organisation="programme__organisation")


class Question(models.Model):
    """One question of a form. A question with answers is retired rather than deleted."""

    class Kind(models.TextChoices):
        SINGLE = "single", _("One choice")
        MANY = "many", _("Several choices")
        ORDERED = "ordered", _("One choice, in order")
        SCALE = "scale", _("Scale from 1 to 5")
        YES_NO = "yes_no", _("Yes or no")
        SHORT = "short", _("Short text")
        LONG = "long", _("Long text")
        NUMBER = "number", _("Number")
        DATE = "date", _("Date")
        LANGUAGES = "languages", _("Languages")
        HOURS = "hours", _("Time zone and hours")
        SKILLS_WANTED = "skills_wanted", _("Skills wanted")
        SKILLS_OFFERED = "skills_offered", _("Skills offered")
        LINE_MANAGER = "line_manager", _("Line manager's address")

    class Audience(models.TextChoices):
        """Who sees an answer; each is wider than the one before it. `people.audience` says who is in each."""

        COORDINATORS = "coordinators", _("Coordinators only")
        MATCHING = "matching", _("Coordinators and matching only")
        PARTNERS = "partners", _("People I am in a loop with")
        MEMBERS = "members", _("Members of the programme")

    class Use(models.TextChoices):
        """What a question does in matching."""

        OFF = "off", _("Not used")
        SAME = "same", _("Same is better")
        DIFFERENT = "different", _("Different is better")
        WISH = "wish", _("Wants meet offers")
        NEAR = "near", _("Near in order is better")
        OVERLAP = "overlap", _("Overlap is better")
        TEXT = "text", _("Alike in what they write is better")
        PREFERENCE = "preference", _("Their own stated preference")
        HIGHER = "higher", _("Whoever helps must be higher")
        MUST_SAME = "must_same", _("Must be the same")
        MUST_DIFFER = "must_differ", _("Must differ")

    form = models.ForeignKey(Form, on_delete=models.CASCADE, related_name="questions")
    public_id = models.CharField(max_length=10, unique=True, default=new_public_id, editable=False)
    place = models.PositiveIntegerField()  # order in the form
    section = models.CharField(max_length=120, blank=True)
    kind = models.CharField(max_length=14, choices=Kind.choices)
    label = models.CharField(max_length=250)
    help = models.CharField(max_length=500, blank=True)
    options = models.JSONField(default=list)  # [{"key": "...", "label": "...", "retired": false}], in order
    limits = models.JSONField(default=dict)  # {"max_length": 600} | {"low": 0, "high": 40} | {"at_most": 5}
    required = models.BooleanField(default=False)
    asked_of = models.CharField(
        max_length=6,
        choices=[("mentor", _("Mentors")), ("mentee", _("Mentees")), ("both", _("Both"))],
        default="both",
    )
    show_if = models.JSONField(default=dict)  # {"question": "<public id>", "any_of": ["key", ...]}
    audience = models.CharField(max_length=12, choices=Audience.choices, default=Audience.MATCHING)
    use = models.CharField(max_length=12, choices=Use.choices, default=Use.OFF)
    weight = models.PositiveSmallIntegerField(default=5)
    steps = models.PositiveSmallIntegerField(default=1)  # for HIGHER: by how many steps at least
    both_ways = models.BooleanField(default=False)  # the wish must be met in both directions
    meets = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="met_by")
    what_i_help_with = models.BooleanField(default=False)  # without an answer to one of these no mentor is matched
    protected = models.BooleanField(default=False)  # age, gender, ethnicity ...: never scored by itself
    retired_at = models.DateTimeField(null=True)

    objects = ScopedManager(organisation="form__programme__organisation")

    class Meta:
        ordering = ["place", "pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(weight__lte=10), name="weight_up_to_ten"),
            models.CheckConstraint(
                condition=models.Q(protected=False) | models.Q(use__in=["off", "preference"]),
                name="protected_traits_are_not_scored",
            ),
        ]
