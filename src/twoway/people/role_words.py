"""What a programme calls a mentor and a mentee: its own words where it has any, else ours.

A programme's word may be of any language. So nothing is put before it that depends on it (a, an), and it is never
made plural: a label for many says our plural, or the programme's word as it is.
"""

from typing import TYPE_CHECKING, Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from twoway.people.models import Programme


def mentor_word(programme: "Programme | None") -> str:
    """Within a sentence: mentor, or the programme's own word as it was written."""
    return (programme.mentor_word if programme else "") or _("mentor")


def mentee_word(programme: "Programme | None") -> str:
    return (programme.mentee_word if programme else "") or _("mentee")


def role_word(programme: "Programme | None", role: str) -> str:
    """A role on its own, as a label: Mentor, Mentee, Mentor and mentee. Nothing where none is chosen yet."""
    mentor, mentee = mentor_word(programme), mentee_word(programme)
    words = {"mentor": mentor, "mentee": mentee}
    both = _("%(mentor)s and %(mentee)s") % {"mentor": mentor, "mentee": mentee} if role == "either" else ""
    return str(capfirst(both or words.get(role, "")))


def role_of(entry: Any) -> str:
    """The label of the role of a membership or an application, in its programme's words."""
    intake = getattr(entry, "intake", None)
    return role_word(intake.programme if intake is not None else entry.programme, entry.role)


def mentors_label(programme: "Programme | None") -> str:
    """Over a number or a list of mentors."""
    return str(capfirst(programme.mentor_word)) if programme and programme.mentor_word else _("Mentors")


def mentees_label(programme: "Programme | None") -> str:
    return str(capfirst(programme.mentee_word)) if programme and programme.mentee_word else _("Mentees")


def side_label(programme: "Programme | None", side: str) -> str:
    """Over many of one side, or of both: mentor, mentee, both or either."""
    return {"mentor": mentors_label, "mentee": mentees_label}.get(side, lambda _one: _("Both"))(programme)
