from django.db import models
from django.utils.translation import gettext_lazy as _

from twoway.loops.models.loop import Loop
from twoway.people.models import Person
from twoway.people.public_id import new_public_id

MOST_OPEN = 3
LOWEST, HIGHEST = -2, 2


class Goal(models.Model):
    """What somebody wants to come to in a loop, in their own words. Theirs alone until they share it with the people
    of that loop.

    An open goal stands in one of three places; the database keeps two goals out of one place, and so a fourth out.
    """

    class Kind(models.TextChoices):
        SKILL = "skill", _("Skill")
        KNOWLEDGE = "knowledge", _("Knowledge")
        NETWORK = "network", _("Network")
        CONFIDENCE = "confidence", _("Confidence")
        DECISION = "decision", _("Decision")

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        REACHED = "reached", _("Reached")
        LET_GO = "let_go", _("Let go")

    loop = models.ForeignKey(Loop, on_delete=models.CASCADE, related_name="goals")
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="goals")
    public_id = models.CharField(max_length=10, unique=True, default=new_public_id, editable=False)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    what = models.CharField(max_length=200)
    why = models.CharField(max_length=1000, blank=True)
    known = models.CharField(max_length=1000, blank=True)  # how I will know
    by_when = models.DateField(null=True)
    # The five levels in the owner's own words; none is required.
    backwards = models.CharField(max_length=200, blank=True)
    began = models.CharField(max_length=200, blank=True)
    hoped = models.CharField(max_length=200, blank=True)
    more = models.CharField(max_length=200, blank=True)
    far_more = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=7, choices=State.choices, default=State.OPEN)
    place = models.PositiveSmallIntegerField(null=True)  # 1 to 3 while it is open
    shared_at = models.DateTimeField(null=True)
    title_shown = models.BooleanField(default=False)  # to the coordinators of the programme that sponsors the loop
    version = models.PositiveIntegerField(default=1)  # a page says with it what it was drawn from
    form_key = models.CharField(max_length=36, null=True)  # the same form sent twice is one goal
    made_at = models.DateTimeField()
    state_since = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["loop", "owner", "place"], name="one_open_goal_in_each_place"),
            models.CheckConstraint(
                condition=models.Q(state="open", place__isnull=False, place__gte=1, place__lte=MOST_OPEN)
                | (~models.Q(state="open") & models.Q(place=None)),
                name="an_open_goal_has_a_place",
            ),
            models.CheckConstraint(
                condition=models.Q(title_shown=False) | models.Q(shared_at__isnull=False),
                name="a_shown_title_is_of_a_shared_goal",
            ),
            models.UniqueConstraint(fields=["owner", "form_key"], name="goal_written_once"),
        ]


class GoalStep(models.Model):
    """A small step on the way to a goal, done or not. It is shared with its goal where it was ticked for that."""

    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="goal_steps")
    public_id = models.CharField(max_length=10, unique=True, default=new_public_id, editable=False)
    text = models.CharField(max_length=200)
    done_at = models.DateTimeField(null=True)
    shared = models.BooleanField(default=False)


class GoalEntry(models.Model):
    """What was noted under a goal, one below the other: where it is now, a comment, that it was reached or let go."""

    class Kind(models.TextChoices):
        NOW = "now", _("Where it is now")
        COMMENT = "comment", _("Comment")
        REACHED = "reached", _("Reached")
        LET_GO = "let_go", _("Let go")
        REOPENED = "reopened", _("Opened again")

    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="goal_entries")
    public_id = models.CharField(max_length=10, unique=True, default=new_public_id, editable=False)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    level = models.SmallIntegerField(null=True)
    level_words = models.CharField(max_length=200, blank=True)  # the level's words on that day; they may change later
    text = models.CharField(max_length=2000, blank=True)
    at = models.DateTimeField()
    form_key = models.CharField(max_length=36, null=True)  # the same form sent twice is one entry

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind="now", level__isnull=False, level__gte=LOWEST, level__lte=HIGHEST)
                | (~models.Q(kind="now") & models.Q(level=None)),
                name="a_level_between_the_two_ends",
            ),
            models.UniqueConstraint(fields=["by", "form_key"], name="entry_written_once"),
        ]
