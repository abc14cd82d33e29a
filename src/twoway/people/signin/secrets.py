"""Secrets of one-use links and codes: made here, kept only as digests."""

import hashlib
import hmac
import secrets

from django.conf import settings


def new_secret() -> str:
    """What stands in a link: 256 random bits."""
    return secrets.token_urlsafe(32)


def new_code() -> str:
    """Six digits."""
    return f"{secrets.randbelow(1_000_000):06d}"


def digest_of(secret: str) -> str:
    """What is kept of a link's secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def code_digest_of(code: str, token: str) -> str:
    """What is kept of a code: keyed, since six digits alone could be tried through."""
    return hmac.new(settings.SECRET_KEY.encode(), f"{token}:{code}".encode(), hashlib.sha256).hexdigest()


def same(one: str, other: str) -> bool:
    return hmac.compare_digest(one, other)
