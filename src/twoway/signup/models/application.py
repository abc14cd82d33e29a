from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from twoway.people.models import Intake, Membership, Person
from twoway.people.public_id import new_public_id
from twoway.signup.models.form import Question


class Application(models.Model):
    """One person's entry into one intake, however it came: by the form, a letter or a roster.

    Until it is joined it belongs to an address, not to a person. Import and coordinators write here and never
    to a Person. Anybody may begin one with any address, so those that are only begun or sent count for nobody:
    one for each address are those expected, waiting or joined.
    """

    class State(models.TextChoices):
        EXPECTED = "expected", _("Expected")  # from a roster or an invitation; nothing accepted yet
        STARTED = "started", _("Started")  # half filled, kept
        SENT = "sent", _("Sent, address to be confirmed")
        WAITING = "waiting", _("Waiting for approval")
        JOINED = "joined", _("Member")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    intake = models.ForeignKey(Intake, on_delete=models.CASCADE, related_name="applications")
    public_id = models.CharField(max_length=10, unique=True, default=new_public_id, editable=False)
    address = models.EmailField(max_length=254)
    person = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="applications")
    membership = models.ForeignKey(Membership, on_delete=models.SET_NULL, null=True, related_name="applications")
    name = models.CharField(max_length=120, blank=True)
    role = models.CharField(max_length=6, choices=Membership.Role.choices, blank=True)
    capacity = models.PositiveSmallIntegerField(null=True)  # how many mentees, across the organisation
    capacity_here = models.PositiveSmallIntegerField(null=True)  # fewer in this programme, if wished
    rhythm_days = models.PositiveSmallIntegerField(null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.STARTED)
    source = models.CharField(max_length=10, default="form")  # form | roster | invitation | hand
    last_step = models.CharField(max_length=20, blank=True)
    adult = models.BooleanField(default=False)  # said to be 18 or older
    not_for_seen_at = models.DateTimeField(null=True)  # passed the panel of what the programme is not
    terms_version = models.PositiveIntegerField(null=True)
    terms_at = models.DateTimeField(null=True)
    verified_at = models.DateTimeField(null=True)
    resume_digest = models.CharField(max_length=64, blank=True)  # lets the browser that began it go on, or know
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    decline_words = models.TextField(blank=True)

    objects = ScopedManager(organisation="intake__programme__organisation")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "intake",
                Lower("address"),
                condition=models.Q(state__in=["expected", "waiting", "joined"]),
                name="one_application_per_address",
            ),
            models.UniqueConstraint(
                fields=["intake", "person"],
                condition=models.Q(person__isnull=False) & ~models.Q(state__in=["withdrawn", "declined"]),
                name="one_application_per_person",
            ),
            models.UniqueConstraint(
                fields=["resume_digest"], condition=~models.Q(resume_digest=""), name="one_application_per_browser"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="joined")
                | models.Q(membership__isnull=False, terms_at__isnull=False, verified_at__isnull=False, adult=True)
                | models.Q(membership=None, person=None),  # what erasure leaves
                name="joined_means_verified_and_agreed",
            ),
        ]
        indexes = [
            models.Index(fields=["intake", "state"], name="application_state"),
            models.Index("intake", Lower("address"), name="application_address"),
        ]


class Answer(models.Model):
    """What somebody answered to a question. The owner may choose a stricter audience, never a wider one."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="answers")
    value = models.JSONField()
    stricter = models.CharField(max_length=12, choices=Question.Audience.choices, blank=True)
    changed_at = models.DateTimeField()

    objects = ScopedManager(organisation="application__intake__programme__organisation")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["application", "question"], name="answered_once")]
