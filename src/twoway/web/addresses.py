"""What the addresses of a programme's pages begin with."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from twoway.people.models import Programme


def at(programme: Programme) -> list[str]:
    """The two slugs a programme's addresses begin with."""
    return [programme.organisation.slug, programme.slug]
