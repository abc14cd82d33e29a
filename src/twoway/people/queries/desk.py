"""What the coordinators said about the items of their desk."""

from twoway.people.models import DeskNote, Programme


def desk_notes_of(programme: Programme) -> dict[str, DeskNote]:
    """What the coordinators said about the items of their desk, by the item's name."""
    return {note.key: note for note in DeskNote.objects.filter(programme=programme).select_related("taken_by")}
