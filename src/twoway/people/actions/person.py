"""What a person changes about themselves: name, wishes, password, devices, and whom to keep apart from."""

from datetime import datetime

from django.db import transaction

from twoway.history.actions import record
from twoway.people.models import KeptApart, Notification, Organisation, Person
from twoway.people.signin.session import end_device

WISHES = ("name", "time_zone", "language", "telling")


@transaction.atomic
def change_wishes(*, person: Person, now: datetime, **wishes: str) -> None:
    """How a person is called, where their clock stands, and how they like to be told; what is not said stays.

    Whoever has said their name is not asked for it again.
    """
    for wish, value in wishes.items():
        if wish not in WISHES:
            raise ValueError(f"{wish} is not a wish")
        setattr(person, wish, value)
    person.introduced = person.introduced or "name" in wishes
    person.save(update_fields=[*wishes, "introduced"])
    record("person.wishes_changed", by=person, concerns=[person.pk], now=now)


@transaction.atomic
def set_password(*, person: Person, password: str, now: datetime) -> None:
    """Choose a new password; an empty one takes it away, and letters remain the only way in."""
    if password:
        person.set_password(password)
    else:
        person.set_unusable_password()
    person.save(update_fields=["password"])
    record("person.password_set", by=person, concerns=[person.pk], now=now, taken_away=not password)


@transaction.atomic
def end_session(*, person: Person, device: int, now: datetime) -> bool:
    """Sign a device out, at once; False when it is not theirs."""
    if not end_device(person, device):
        return False
    record("person.session_ended", by=person, concerns=[person.pk], now=now)
    return True


@transaction.atomic
def keep_apart(*, owner: Person, organisation: Organisation, address: str, note: str, now: datetime) -> KeptApart:
    """Note privately that two people must not be put together. Whether the address is known here is not told. Of two
    notes about the same address the newer stays."""
    row, new = KeptApart.objects.with_scope(organisation=organisation).get_or_create(
        organisation=organisation, owner=owner, address=address.strip().lower(), defaults={"note": note, "made_at": now}
    )
    if new:
        record("apart.kept", by=owner, organisation=organisation.pk, concerns=[owner.pk], now=now)
    elif note:
        row.note = note
        row.save(update_fields=["note"])
    return row


@transaction.atomic
def drop_apart(*, apart: KeptApart, now: datetime) -> None:
    """Take a name off one's own list."""
    record("apart.dropped", by=apart.owner, organisation=apart.organisation_id, concerns=[apart.owner_id], now=now)
    apart.delete()


def mark_read(*, person: Person, now: datetime) -> None:
    """Note that a person has looked at what they were told."""
    Notification.objects.filter(person=person, read_at=None).update(read_at=now)
