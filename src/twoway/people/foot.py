"""The foot of every letter: why it came, and where one changes how one is told."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from twoway.people.models import Programme


def foot_of(kind: str, *, programme: Programme | None, member: bool, always: bool) -> str:
    """Two short lines. `member` is somebody known here; a stranger reads why their address was written to."""
    place = place_of(programme)
    if kind == "people.sign_in":
        return _("You got this because somebody typed this address to sign in at %(place)s.") % {"place": place}
    if kind == "signup.confirmation":
        said = _("You got this because somebody typed this address into the sign-up form of %(place)s.")
        return said % {"place": place}
    if not member:
        return _("You got this because somebody at %(place)s gave your address to invite you.") % {"place": place}
    if kind in ("signup.waiting", "signup.declined"):
        why = _("You got this because you signed up for %(place)s.") % {"place": place}
    elif programme is None:
        why = _("You got this because you have an account at %(place)s.") % {"place": place}
    else:
        why = _("You got this because you are in the programme %(place)s.") % {"place": place}
    return f"{why}\n{_how_told(always)}"


def _how_told(always: bool) -> str:
    page = settings.ADDRESS + reverse("people:wishes-edit")
    if always:
        return _("Letters like this one always come by mail. How you are told of the rest: %(page)s") % {"page": page}
    return _("Change how you are told, or stop letters like this one: %(page)s") % {"page": page}


def place_of(programme: Programme | None) -> str:
    """A programme with its organisation; this Twoway where a letter is about neither."""
    if programme is None:
        return settings.ADDRESS
    return _("%(programme)s (%(organisation)s)") % {
        "programme": programme.name, "organisation": programme.organisation.name,
    }  # fmt: skip
