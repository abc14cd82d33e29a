"""tell(person, ...): something happened that a person should know, told the way they like to be told.

A letter's words stand in one text template, `<room>/mail/<event>.txt`: the first line is the subject, the rest
the letter; a line `[Label](url)` alone becomes a button. Plain text and HTML are made from the same words.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation

from twoway.history.clock import now as clock_now
from twoway.outbox.actions import queue_letter
from twoway.people.foot import foot_of
from twoway.people.models import Notification, Person, Programme
from twoway.people.queries import address_of

PIECE = 900  # causes in one question


@dataclass(frozen=True)
class Letter:
    subject: str
    body: str  # plain text with at most a few `[Label](url)` lines


def tell(
    person: Person,
    kind: str,
    *,
    key: str,
    url: str,
    facts: Mapping[str, Any],
    programme: Programme | None = None,
    calendar: str = "",
    calendar_method: str = "",
    always_by_mail: bool = False,
    now: datetime | None = None,
) -> None:
    """Write a notification, and a letter where the person wants mail. Call it inside the action's transaction.

    `kind` is "room.event" and names the template; `key` names the cause, so that telling twice tells once;
    `url` is a path; `facts` are plain values (they are kept as JSON and must hold nothing private, unless the
    receiver is its only reader); `always_by_mail` is for security and for what the person has just asked for.
    """
    now = now or clock_now()
    _, new = Notification.objects.get_or_create(
        key=key, defaults={"person": person, "kind": kind, "facts": dict(facts), "url": url, "made_at": now}
    )
    if not new or (person.telling != Person.Telling.AT_ONCE and not always_by_mail):
        return
    write_to(
        address_of(person), kind, key=key, url=url, facts=facts, person=person, programme=programme,
        calendar=calendar, calendar_method=calendar_method, urgent=always_by_mail, now=now,
    )  # fmt: skip


def already_told(keys: Iterable[str]) -> set[str]:
    """Those of some causes about which their people were told."""
    wanted, told = sorted(set(keys)), set[str]()
    for start in range(0, len(wanted), PIECE):
        some = wanted[start : start + PIECE]
        told.update(Notification.objects.filter(key__in=some).values_list("key", flat=True))
    return told


def write_to(
    address: str,
    kind: str,
    *,
    key: str,
    url: str,
    facts: Mapping[str, Any],
    person: Person | None = None,
    programme: Programme | None = None,
    calendar: str = "",
    calendar_method: str = "",
    secret: bool = False,
    urgent: bool = False,
    now: datetime | None = None,
) -> None:
    """Queue a letter to an address, which may belong to nobody here yet. An empty address writes nothing.

    An urgent one, for which somebody sits and waits, leaves before all others.
    """
    if not address:
        return
    letter = letter_for(kind, url=url, facts=facts, person=person)
    with translation.override(person.language if person else settings.LANGUAGE_CODE):
        foot = foot_of(kind, programme=programme, member=person is not None, always=urgent)
    queue_letter(
        key=key, kind=kind, to=address, subject=letter.subject, body=letter.body, foot=foot, hue=hue_of(programme),
        sender=programme.name if programme else "", reply_to=programme.standing_address if programme else "",
        person=person.pk if person else None, programme=programme.pk if programme else None,
        calendar=calendar, calendar_method=calendar_method, secret=secret, urgent=urgent, now=now or clock_now(),
    )  # fmt: skip


def hue_of(programme: Programme | None) -> int | None:
    """The colour a letter wears: the programme's own, else its organisation's."""
    if programme is None:
        return None
    return programme.hue if programme.hue is not None else programme.organisation.hue


def letter_for(kind: str, *, url: str, facts: Mapping[str, Any], person: Person | None) -> Letter:
    """The words of a letter in the reader's language and time zone."""
    room, event = kind.split(".")
    link = url if url.startswith("http") else settings.ADDRESS + url
    context = {**facts, "person": person, "link": link, "address": settings.ADDRESS}
    with (
        translation.override(person.language if person else settings.LANGUAGE_CODE),
        timezone.override(person.time_zone if person else settings.TIME_ZONE),
    ):
        text = render_to_string(f"{room}/mail/{event}.txt", context).strip()
    subject, _, body = text.partition("\n")
    return Letter(subject=subject.strip(), body=body.strip())


def words_of(notification: Notification, person: Person) -> str:
    """One line saying what a notification is about, in its reader's language: its letter's subject."""
    return letter_for(notification.kind, url=notification.url, facts=notification.facts, person=person).subject
