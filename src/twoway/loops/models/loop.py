from django.db import models
from django.utils.translation import gettext_lazy as _

from twoway.people.models import Intake, Person, Seat
from twoway.people.public_id import new_public_id


class Loop(models.Model):
    """A relationship. It belongs to its participants; a programme only sponsors it for a while."""

    class Kind(models.TextChoices):
        ONE_TO_ONE = "one_to_one", _("One to one")

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        PAUSED = "paused", _("Paused")
        RESTING = "resting", _("Resting")
        INFORMAL = "informal", _("Informal")
        ENDED = "ended", _("Ended")

    public_id = models.CharField(max_length=10, unique=True, default=new_public_id, editable=False)
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.ONE_TO_ONE)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    pair = models.CharField(max_length=50, blank=True)  # "<lower person id>-<higher>": for the constraint below
    rhythm_days = models.PositiveSmallIntegerField(default=14)
    opened_at = models.DateTimeField()
    state_since = models.DateTimeField()
    last_contact_at = models.DateTimeField(null=True)
    agreement = models.ForeignKey("Agreement", on_delete=models.SET_NULL, null=True, related_name="+")  # the newest
    agreed = models.ForeignKey(
        "Agreement", on_delete=models.SET_NULL, null=True, related_name="+"
    )  # the one that holds
    agreed_at = models.DateTimeField(null=True)  # none while a newer version than the agreed one waits
    review_on = models.DateField(null=True)  # as agreed

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(agreed_at=None) | models.Q(agreement=models.F("agreed")),
                name="agreed_is_the_newest_version",
            ),
            models.UniqueConstraint(
                fields=["pair", "kind"],
                condition=models.Q(state__in=["open", "paused"]) & ~models.Q(pair=""),
                name="one_open_loop_per_pair_and_kind",
            ),
        ]


class Participation(models.Model):
    """Somebody's part in a loop. The role lives here, not in the account.

    `loop_open` and `sponsored` repeat what the loop and its sponsorships say, so that the database itself can
    demand a seat of every mentor in an open, sponsored loop.
    """

    class Role(models.TextChoices):
        MENTOR = "mentor", _("Mentor")
        MENTEE = "mentee", _("Mentee")

    loop = models.ForeignKey(Loop, on_delete=models.CASCADE, related_name="participations")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="participations")
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=6, choices=Role.choices)
    seat = models.OneToOneField(Seat, on_delete=models.PROTECT, null=True, related_name="participation")
    loop_open = models.BooleanField(default=True)
    sponsored = models.BooleanField(default=True)
    joined_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    read_up_to = models.BigIntegerField(default=0)  # the last message seen; never shown to the other
    told_up_to = models.BigIntegerField(default=0)  # the last message a letter was written about
    expectations_sent_at = models.DateTimeField(
        null=True
    )  # that they were sent may be known; what they say may not yet
    confirmed = models.ForeignKey("Agreement", on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["loop", "person"], name="takes_part_once"),
            models.CheckConstraint(
                condition=~models.Q(role="mentor", loop_open=True, sponsored=True) | models.Q(seat__isnull=False),
                name="an_open_sponsored_mentor_holds_a_seat",
            ),
        ]


class Sponsorship(models.Model):
    """A programme's support of a loop for a while, through one of its intakes."""

    loop = models.ForeignKey(Loop, on_delete=models.CASCADE, related_name="sponsorships")
    intake = models.ForeignKey(Intake, on_delete=models.PROTECT, related_name="sponsorships")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["loop", "intake"], condition=models.Q(ended_at=None), name="sponsored_once_per_intake"
            )
        ]
        indexes = [models.Index(fields=["intake", "loop"], name="sponsorship_open", condition=models.Q(ended_at=None))]
