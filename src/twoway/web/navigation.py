"""What the shell shows around every page: doors, account, the places one may change to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from twoway import __version__
from twoway.people import queries
from twoway.people.roles import Power

if TYPE_CHECKING:
    from twoway.people.models import Office, Organisation, Person, Programme


@dataclass(frozen=True)
class Door:
    label: str
    url: str
    icon: str = ""
    current: bool = False
    also: tuple[str, ...] = ()  # where other pages behind the same door begin


_OF_PLACES = ("organisation__slug", "organisation__name", "programme__slug", "programme__name")


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context of every page. Signed out it holds no more than the way in."""
    person = getattr(request, "user", None)
    programme: Programme | None = getattr(request, "programme", None)
    organisation: Organisation | None = getattr(request, "organisation", None)
    public = getattr(request, "public_programme", None)
    around = {
        "version": __version__,
        "demo": _demo(),
        "hue": _hue(programme or public, organisation),
        "support_url": reverse("people:support"),
    }
    if person is None or not person.is_authenticated:
        return {**around, "sign_in_url": reverse("people:sign-in")}
    offices: list[Office] | None = getattr(request, "offices", None)
    if offices is None:
        offices = list(queries.offices_of(person).only("role", *_OF_PLACES))
    return {
        **around,
        "archived_words": archived_words(programme, offices),
        "navigation": doors(request.path, offices, programme, organisation),
        "account": _account(person),
        "switcher": _switcher(offices, programme, organisation),
    }


def archived_words(programme: Programme | None, offices: list[Office]) -> str:
    """What those who run an archived programme read on each of its pages; nothing for anybody else."""
    if programme is None or programme.archived_at is None:
        return ""
    if not queries.give(offices, Power.RUN_PROGRAMME, organisation=programme.organisation, programme=programme):
        return ""
    words = _(
        "Since %(day)s. Its pages can be read and nothing new begins. An admin of the organisation can reopen it."
    )
    return words % {"day": date_format(localtime(programme.archived_at), "j F Y")}


def doors(
    path: str, offices: list[Office], programme: Programme | None, organisation: Organisation | None
) -> list[Door]:
    """The main doors: a coordinator's inside a programme, an admin's inside an organisation, else one's own."""
    if programme is not None and queries.give(
        offices, Power.RUN_PROGRAMME, organisation=programme.organisation, programme=programme
    ):
        return _marked(path, _coordinator_doors(programme))
    if organisation is not None and queries.give(offices, Power.RUN_ORGANISATION, organisation=organisation):
        return _marked(path, _admin_doors(organisation))
    return _marked(path, _own_doors(programme))


def _own_doors(programme: Programme | None) -> list[Door]:
    """What I told a programme is behind “You”, as its list is the way there."""
    me = reverse("people:me")
    here = [programme.organisation.slug, programme.slug] if programme else []
    told = [reverse("signup:profile", args=here)] if here else []
    wishes = [reverse("matching:wishes", args=here)] if here else []
    return [
        Door(_("Home"), reverse("web:home"), "home", also=(f"{me}proposals/", *wishes)),
        Door(_("My loops"), reverse("loops:loops"), "loop"),
        Door(_("You"), reverse("people:me"), "person", also=tuple(told)),
    ]


def _coordinator_doors(programme: Programme) -> list[Door]:
    """The four most used first: a phone shows these at the thumb and folds the rest."""
    at = [programme.organisation.slug, programme.slug]
    base = reverse("people:programme", args=at)
    return [
        Door(_("Desk"), reverse("web:desk", args=at), "desk"),
        Door(_("People"), reverse("web:people", args=at), "people"),
        Door(_("Matching"), reverse("matching:rounds", args=at), "matching", also=(f"{base}proposals/",)),
        Door(_("Loops"), reverse("loops:programme-loops", args=at), "loop"),
        Door(_("Sign-up"), reverse("signup:applications", args=at), "mail", also=_within(base, _SIGN_UP)),
        Door(_("Settings"), reverse("people:programme-edit", args=at), "settings", also=_within(base, _SETTINGS)),
        Door(_("Record"), reverse("web:programme-trail", args=at), "reflection"),
    ]


_SIGN_UP = ("form", "invitations", "availability", "rosters", "join")
_SETTINGS = ("intakes", "roles", "support-lines")


def _within(base: str, words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{base}{word}/" for word in words)


def _admin_doors(organisation: Organisation) -> list[Door]:
    at = [organisation.slug]
    return [
        Door(_("Organisation"), reverse("people:organisation", args=at), "programme"),
        Door(_("Roles"), reverse("people:organisation-offices", args=at), "people"),
        Door(_("Record"), reverse("web:organisation-trail", args=at), "reflection"),
    ]


def _marked(path: str, found: list[Door]) -> list[Door]:
    """The door whose address is the longest beginning of this page's is the one we are in. Home begins only itself."""
    begins = [
        (len(url), door.url)
        for door in found
        for url in (door.url, *door.also)
        if (path.startswith(url) if url != "/" else path == url)
    ]
    inside = max(begins)[1] if begins else ""
    return [replace(door, current=door.url == inside) for door in found]


def _account(person: Person) -> dict[str, Any]:
    unread = queries.unread_of(person)
    news = _("News (%(n)s new)") % {"n": unread} if unread else _("News")
    return {
        "name": person.name,
        "key": person.public_id,
        "links": [
            Door(_("Home"), reverse("web:home"), "home"),
            Door(news, reverse("people:notifications"), "mail"),
            Door(_("You"), reverse("people:me"), "person"),
        ],
        "sign_out_url": reverse("people:sign-out"),
    }


def _switcher(
    held: list[Office], programme: Programme | None, organisation: Organisation | None
) -> dict[str, Any] | None:
    """The places somebody runs, for whoever runs any."""
    offices = [office for office in held if office.role in ("admin", "coordinator")]
    if not offices:
        return None
    items = [Door(_("My own page"), reverse("web:home"), current=programme is None and organisation is None)]
    for office in offices:
        if office.programme is not None:
            at = [office.organisation.slug, office.programme.slug]
            items.append(
                Door(office.programme.name, reverse(_front(office), args=at), "", office.programme == programme)
            )
        else:
            url = reverse("people:organisation", args=[office.organisation.slug])
            items.append(
                Door(office.organisation.name, url, "", programme is None and office.organisation == organisation)
            )
    here = programme or organisation
    return {"current": here.name if here is not None else _("My own page"), "items": items}


def _front(office: Office) -> str:
    """Whoever runs a programme begins at its desk."""
    return "web:desk" if office.role == "coordinator" else "people:programme"


def _hue(programme: Programme | None, organisation: Organisation | None) -> int | None:
    if programme is not None:
        return programme.hue if programme.hue is not None else programme.organisation.hue
    return organisation.hue if organisation is not None else None


def _demo() -> dict[str, str] | None:
    if not settings.DEMO:
        return None
    if not queries.demo_is_there():
        text = _("The demo is removed: nobody and nothing made up is left here.")
        return {"text": text, "url": reverse("operate:demo"), "label": _("How to make a new one")}
    text = _("This is a demo: everybody and everything in it is made up, and no letter leaves it.")
    return {"text": text, "url": reverse("operate:demo"), "label": _("Letters, clock, and how to remove it")}
