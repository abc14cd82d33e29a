"""The name of a row in an address: random, so that nothing can be counted or guessed."""

import secrets

ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"


def new_public_id() -> str:
    """Ten characters of base32: fifty random bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(10))
