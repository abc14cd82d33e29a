from django.db import models
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from twoway.people.models.organisation import Organisation
from twoway.people.public_id import new_public_id


class Programme(models.Model):
    """One mentoring programme of an organisation, with its words and its rules."""

    class Kind(models.TextChoices):
        EMPLOYEES = "employees", _("Employees")
        STUDENTS = "students", _("Students")
        ALUMNI = "alumni", _("Alumni")
        COMMUNITY = "community", _("Community")

    class DutyOfCare(models.TextChoices):
        SIGNPOST = "signpost", _("Signpost: we show where help is")
        NAMED_CONTACT = "named_contact", _("Named contact: a person to turn to, with a deputy")

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="programmes")
    public_id = models.CharField(max_length=10, unique=True, default=new_public_id, editable=False)
    slug = models.SlugField(max_length=40)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.EMPLOYEES)
    time_zone = models.CharField(max_length=60, default="UTC")
    hue = models.PositiveSmallIntegerField(null=True)  # none: the organisation's

    # words
    mentor_word = models.CharField(max_length=40, blank=True)
    mentee_word = models.CharField(max_length=40, blank=True)
    welcome = models.TextField(blank=True)  # Markdown
    closing = models.TextField(blank=True)  # Markdown, read when the sign-up form has been sent
    what_it_is_not = models.TextField(blank=True)  # Markdown, beside the lines every programme shows
    terms = models.TextField(blank=True)  # Markdown
    terms_version = models.PositiveIntegerField(default=1)
    standing_address = models.EmailField(blank=True)  # where answers to the programme's mail go

    # sign-up
    sign_up_on = models.BooleanField(default=False)
    approval = models.BooleanField(default=True)
    wanted_mentors = models.PositiveIntegerField(null=True)
    wanted_mentees = models.PositiveIntegerField(null=True)

    # matching
    both_say_yes = models.BooleanField(default=True)
    proposal_days = models.PositiveSmallIntegerField(default=10)
    proposal_reminder_days = models.PositiveSmallIntegerField(default=5)
    usual_capacity = models.PositiveSmallIntegerField(default=2)
    usual_rhythm_days = models.PositiveSmallIntegerField(default=14)

    # help
    duty_of_care = models.CharField(max_length=14, choices=DutyOfCare.choices, default=DutyOfCare.SIGNPOST)
    reply_days = models.PositiveSmallIntegerField(default=2)  # working days until somebody answers

    set_up = models.CharField(max_length=12, blank=True)  # how far the guided set-up has come; empty once done
    made_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)
    demo = models.BooleanField(default=False)

    objects = ScopedManager(organisation="organisation")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "slug"], name="programme_slug_once"),
            models.CheckConstraint(
                condition=models.Q(proposal_reminder_days__lt=models.F("proposal_days")),
                name="reminder_before_lapse",
            ),
        ]


class Intake(models.Model):
    """One run of a programme. Each date is optional and may be moved; a rolling intake has none."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="intakes")
    public_id = models.CharField(max_length=10, unique=True, default=new_public_id, editable=False)
    name = models.CharField(max_length=80)
    sign_up_opens_on = models.DateField(null=True)
    sign_up_closes_on = models.DateField(null=True)  # the last day on which one may sign up
    matching_on = models.DateField(null=True)
    starts_on = models.DateField(null=True)
    mid_term_on = models.DateField(null=True)
    closing_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    made_at = models.DateTimeField()

    objects = ScopedManager(organisation="programme__organisation")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["programme", "name"], name="intake_name_once")]
