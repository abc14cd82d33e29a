from datetime import datetime, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from twoway.loops.models.loop import Loop
from twoway.people.models import Person
from twoway.people.public_id import new_public_id


class MeetingSeries(models.Model):
    """Meetings that repeat at the same local time. Each meeting of it is a row of its own."""

    loop = models.ForeignKey(Loop, on_delete=models.CASCADE, related_name="series")
    public_id = models.CharField(max_length=10, unique=True, default=new_public_id, editable=False)
    every_days = models.PositiveSmallIntegerField()
    time_zone = models.CharField(max_length=60)  # where the local time stays the same
    until = models.DateField()
    sequence = models.PositiveIntegerField(default=0)  # iCalendar SEQUENCE of the whole series


class Meeting(models.Model):
    """A meeting of a loop: offered at up to three times, then booked at one; or one that already took place."""

    class State(models.TextChoices):
        OFFERED = "offered", _("Times offered")
        BOOKED = "booked", _("Booked")
        CANCELLED = "cancelled", _("Cancelled")

    loop = models.ForeignKey(Loop, on_delete=models.CASCADE, related_name="meetings")
    series = models.ForeignKey(MeetingSeries, on_delete=models.SET_NULL, null=True, related_name="meetings")
    public_id = models.CharField(max_length=10, unique=True, default=new_public_id, editable=False)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=9, choices=State.choices, default=State.OFFERED)
    starts_at = models.DateTimeField(null=True)  # none while times are only offered
    slot_at = models.DateTimeField(null=True)  # in a series: where its rule put it, wherever it was moved since
    minutes = models.PositiveSmallIntegerField(default=45)
    place = models.CharField(max_length=250, blank=True)  # a room, a video link, a bench
    already_met = models.BooleanField(default=False)  # "we have talked": recorded afterwards, any channel
    sequence = models.PositiveIntegerField(default=0)  # iCalendar SEQUENCE
    reminder_shared_at = models.DateTimeField(null=True)  # the evening before: her questions went out
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="booked") | models.Q(starts_at__isnull=False),
                name="booked_has_a_time",
            ),
            models.CheckConstraint(condition=models.Q(minutes__gte=5, minutes__lte=480), name="a_humane_length"),
        ]
        indexes = [models.Index(fields=["loop", "starts_at"], name="meeting_of_loop")]

    @property
    def ends_at(self) -> datetime:
        """When a meeting with a time is over."""
        assert self.starts_at is not None
        return self.starts_at + timedelta(minutes=self.minutes)

    @property
    def version(self) -> str:
        """What changes whenever the meeting does: a page says with it what it was drawn from."""
        return f"{self.state} {self.sequence}"


class OfferedTime(models.Model):
    """One of up to three times offered for a meeting."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="offered_times")
    public_id = models.CharField(max_length=10, unique=True, default=new_public_id, editable=False)
    starts_at = models.DateTimeField()


class MeetingAnswer(models.Model):
    """One participant's word on a meeting that is over. Held means at least one yes and no no."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="answers")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    happened = models.BooleanField(null=True)
    take_away = models.CharField(max_length=500, blank=True)  # private unless ticked
    take_away_shared = models.BooleanField(default=False)
    next_step = models.CharField(max_length=500, blank=True)  # shared
    heard = models.BooleanField(default=False)  # "none today, I needed to be heard"
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "person"], name="answers_once")]
        # Whether a meeting took place is asked of all meetings of a programme: from this index alone.
        indexes = [models.Index(fields=["meeting", "happened"], name="answer_happened")]


class AgendaItem(models.Model):
    """A challenge or question the mentee brings. Her private draft until shared; a mentor may only suggest."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SHARED = "shared", _("Shared")
        DONE = "done", _("Talked about")
        SUGGESTED = "suggested", _("Suggested")  # by the mentor; hers to take or leave
        LEFT = "left", _("Left out")

    loop = models.ForeignKey(Loop, on_delete=models.CASCADE, related_name="agenda_items")
    meeting = models.ForeignKey(Meeting, on_delete=models.SET_NULL, null=True, related_name="agenda_items")
    first_meeting = models.ForeignKey(Meeting, on_delete=models.SET_NULL, null=True, related_name="+")
    public_id = models.CharField(max_length=10, unique=True, default=new_public_id, editable=False)
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="agenda_items")
    suggested_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    text = models.CharField(max_length=500)
    tried = models.CharField(max_length=1000, blank=True)  # what she has tried
    plan = models.CharField(max_length=1000, blank=True)  # what she plans
    state = models.CharField(max_length=9, choices=State.choices, default=State.DRAFT)
    place = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField()
    shared_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["loop", "state"], name="agenda_of_loop")]
