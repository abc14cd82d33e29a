"""The words that name places in addresses, and those that are taken by Twoway's own pages.

`/<organisation>/` stands last in the URL table, so a slug that equals the first word of any fixed page could
never be reached; `/<organisation>/<programme>/` stands beside the organisation's own pages in the same way.
"""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.text import slugify

from twoway.people.models import FormerSlug, Organisation, Programme
from twoway.people.public_id import new_public_id

LONGEST = 40
# Words for pages that machines and operators may come to need; no organisation shall stand in their way.
KEPT_FREE = frozenset({"static", "media", "api", "admin", "health", "live", "ready", "metrics", "scim", "docs", "www"})


def words_of_pages(resolver: URLResolver | None = None, before: str = "") -> Iterator[str]:
    """Every route of the URL table, as it is written there."""
    for entry in (resolver or get_resolver()).url_patterns:
        route = before + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield route
        else:
            yield from words_of_pages(entry, route)


def reserved_for_organisations() -> frozenset[str]:
    """First words of the URL table: no organisation may be called by one of them. One with a full stop is no slug."""
    firsts = {route.split("/")[0] for route in words_of_pages()}
    return KEPT_FREE | {word for word in firsts if word and not word.startswith("<") and "." not in word}


def reserved_for_programmes() -> frozenset[str]:
    """Second words below an organisation: no programme may be called by one of them."""
    routes = (route.split("/") for route in words_of_pages())
    seconds = {words[1] for words in routes if len(words) > 1 and words[0].startswith("<")}
    return frozenset(word for word in seconds if word and not word.startswith("<"))


def organisation_slug_is_free(slug: str, *, unless: Organisation | None = None) -> bool:
    """Whether an organisation may take this slug: not a page of ours, nobody's now, nobody else's before."""
    if slug in reserved_for_organisations():
        return False
    now = Organisation.objects.filter(slug=slug)
    before = FormerSlug.objects.filter(slug=slug, programme=None)
    if unless is not None:
        now, before = now.exclude(pk=unless.pk), before.exclude(organisation=unless)
    return not now.exists() and not before.exists()


def programme_slug_is_free(slug: str, organisation: Organisation, *, unless: Programme | None = None) -> bool:
    """Whether a programme of this organisation may take this slug."""
    if slug in reserved_for_programmes():
        return False
    now = Programme.objects.with_scope(organisation=organisation).filter(organisation=organisation, slug=slug)
    before = FormerSlug.objects.filter(organisation=organisation, slug=slug, programme__isnull=False)
    if unless is not None:
        now, before = now.exclude(pk=unless.pk), before.exclude(programme=unless)
    return not now.exists() and not before.exists()


def new_organisation_slug(name: str) -> str:
    """A free slug made from a name."""
    return next(slug for slug in _slugs_of(name) if organisation_slug_is_free(slug))


def new_programme_slug(name: str, organisation: Organisation) -> str:
    """A free slug made from a name, within an organisation."""
    return next(slug for slug in _slugs_of(name) if programme_slug_is_free(slug, organisation))


def _slugs_of(name: str) -> Iterator[str]:
    """northwind, northwind-2, northwind-3 ...; a name without Latin letters gets a random word."""
    stem = slugify(name)[: LONGEST - 4].strip("-") or new_public_id().lower()
    yield stem
    for number in range(2, 1000):
        yield f"{stem}-{number}"
    yield new_public_id().lower()
