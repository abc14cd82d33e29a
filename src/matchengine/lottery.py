"""Who comes first among equals: a public lottery, never the alphabet and never who came first."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from typing import Protocol, TypeVar


class HasId(Protocol):
    """Anything with a stable id."""

    @property
    def id(self) -> str: ...


T = TypeVar("T", bound=HasId)


def ticket(seed: int, person: str) -> str:
    """The lottery ticket of a person: the sha256 of "seed:id" in hexadecimal. Lower comes first.

    Example: anyone can check it with `printf '0:amira' | sha256sum`.
    """
    return sha256(f"{seed}:{person}".encode()).hexdigest()


def in_lottery_order(people: Iterable[T], seed: int) -> list[T]:
    """The people by their tickets, whatever order they came in."""
    return sorted(people, key=lambda person: (ticket(seed, person.id), person.id))
