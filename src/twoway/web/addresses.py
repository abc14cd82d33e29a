"""Addresses that many pages of this door make."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import NoReverseMatch, reverse

if TYPE_CHECKING:
    from twoway.people.models import Programme


def at(programme: Programme) -> list[str]:
    """The two slugs a programme's addresses begin with."""
    return [programme.organisation.slug, programme.slug]


def matching_url(name: str, *args: str) -> str:
    """A page of the matching room; nothing while that room has none by this name."""
    try:
        return reverse(f"matching:{name}", args=args)
    except NoReverseMatch:
        return ""
