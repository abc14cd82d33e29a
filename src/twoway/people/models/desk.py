from django.db import models
from django_scopes import ScopedManager

from twoway.people.models.person import Person
from twoway.people.models.programme import Programme


class DeskNote(models.Model):
    """What coordinators said about one item of their desk: who takes it, and until when it rests.

    The items themselves are found anew each time; a note whose item is done is never looked at again.
    """

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="desk_notes")
    key = models.CharField(max_length=80)  # the steady name of an item, or of all items of a kind
    taken_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    snoozed_until = models.DateField(null=True)

    objects = ScopedManager(organisation="programme__organisation")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["programme", "key"], name="one_note_per_item")]
