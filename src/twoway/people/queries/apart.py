"""Whom somebody does not want to be matched with."""

from django_scopes import scopes_disabled

from twoway.people.models import KeptApart, Organisation, Person


def aparts_of(owner: Person) -> list[KeptApart]:
    """A person's own keep-apart list. There is no other way to read one."""
    with scopes_disabled():
        return list(KeptApart.objects.filter(owner=owner).select_related("organisation", "owner").order_by("made_at"))


def kept_apart_in(organisation: Organisation) -> set[tuple[int, str]]:
    """For matching alone: (owner's id, address in small letters) of every private wish in an organisation."""
    rows = KeptApart.objects.with_scope(organisation=organisation).values_list("owner_id", "address")
    return {(owner, address.lower()) for owner, address in rows}
