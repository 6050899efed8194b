"""Secrets in the links by which people answer: known to whoever got the letter, and here by their digest alone."""

import hashlib
import secrets


def new_secret() -> str:
    """192 random bits for an address."""
    return secrets.token_urlsafe(24)


def digest(secret: str) -> str:
    """What is kept of a secret; a plain hash is enough for so many random bits."""
    return hashlib.sha256(secret.encode()).hexdigest()
