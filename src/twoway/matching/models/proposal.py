from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from twoway.loops.models import Loop
from twoway.matching.models.round import Round
from twoway.people.models import Intake, Person
from twoway.people.public_id import new_public_id
from twoway.signup.models import Application


class Proposal(models.Model):
    """Two people put to each other. A draft until published; then each says yes or no, alone."""

    LETS_GO = models.Q(state="ended", published_at=None)
    """Rows that may go with the people in them: drafts that were set aside, of which nobody was ever told."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")
        OPENED = "opened", _("Became a loop")
        ENDED = "ended", _("Not going ahead")

    class End(models.TextChoices):
        NO = "no", _("Somebody said no")
        LAPSED = "lapsed", _("Lapsed")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        FULL = "full", _("The last seat was taken")
        DISMISSED = "dismissed", _("Dismissed")

    intake = models.ForeignKey(Intake, on_delete=models.CASCADE, related_name="proposals")
    round = models.ForeignKey(Round, on_delete=models.SET_NULL, null=True, related_name="proposals")
    public_id = models.CharField(max_length=10, unique=True, default=new_public_id, editable=False)
    mentee = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="proposals_as_mentee")
    mentor = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="proposals_as_mentor")
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    score = models.PositiveSmallIntegerField(default=0)
    points = models.JSONField(default=list)  # per criterion: question, points, most, evidence
    warnings = models.JSONField(default=list)  # rules nearly broken
    words = models.TextField(blank=True)  # the coordinator's own lines in the letter
    others = models.JSONField(default=list)  # the mentee's other candidates, best first: [public id, score, seats]
    override = models.TextField(blank=True)  # why the reporting line may be set aside; both read it before they answer
    pinned = models.BooleanField(default=False)
    state = models.CharField(max_length=9, choices=State.choices, default=State.DRAFT)
    end = models.CharField(max_length=9, choices=End.choices, blank=True)
    loop = models.OneToOneField(Loop, on_delete=models.SET_NULL, null=True, related_name="proposal")
    made_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)  # none while an expected person has not joined: nobody sees it yet
    lapses_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = ScopedManager(organisation="intake__programme__organisation")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["mentee", "mentor"],
                condition=models.Q(state__in=["draft", "published"]),
                name="proposed_once_at_a_time",
            ),
            models.CheckConstraint(condition=~models.Q(mentee=models.F("mentor")), name="nobody_meets_themselves"),
            models.CheckConstraint(
                condition=models.Q(state__in=["draft", "ended"]) | models.Q(published_at__isnull=False),
                name="published_has_a_date",
            ),
        ]
        indexes = [models.Index(fields=["intake", "state"], name="proposal_state")]


class ProposalAnswer(models.Model):
    """One side's answer. Each sees only their own; a reason is for the coordinator alone."""

    class Answer(models.TextChoices):
        YES = "yes", _("Yes")
        NO = "no", _("No")

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="answers")
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="proposal_answers")
    answer = models.CharField(max_length=3, choices=Answer.choices)
    reason = models.CharField(max_length=500, blank=True)
    by_word_of_mouth = models.BooleanField(default=False)  # recorded by a coordinator; its owner may undo it
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    objects = ScopedManager(organisation="proposal__intake__programme__organisation")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["proposal", "application"], name="answered_proposal_once")]


class HeldAnswer(models.Model):
    """An answer that nobody but its giver knows of yet.

    A no is held for its hour, in which it can be taken back. A yes is held only where it would open the loop while the
    other's no is in its hour: shown, it would tell that no. Whoever reads answers finds what stood before.
    """

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="held_answers")
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="held_answers")
    answer = models.CharField(max_length=3, choices=ProposalAnswer.Answer.choices)
    reason = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    final_at = models.DateTimeField(null=True)  # of a no: until then it can be taken back

    by_word_of_mouth = False

    objects = ScopedManager(organisation="proposal__intake__programme__organisation")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["proposal", "application"], name="held_answer_once"),
            models.CheckConstraint(
                condition=models.Q(answer="no", final_at__isnull=False) | models.Q(answer="yes", final_at=None),
                name="held_no_has_its_hour",
            ),
        ]

    def is_no(self) -> bool:
        return self.answer == ProposalAnswer.Answer.NO

    def is_fresh_no(self, now: datetime) -> bool:
        """A no that can still be taken back."""
        return self.final_at is not None and self.final_at > now
