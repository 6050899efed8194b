"""Secrets in links and tokens: known to whoever was given one, and kept as a digest alone."""

import hashlib


def digest(secret: str) -> str:
    """What is kept of a secret, 64 hexadecimal digits. A plain hash is enough for 192 random bits and more: there is nothing to guess."""
    return hashlib.sha256(secret.encode()).hexdigest()
