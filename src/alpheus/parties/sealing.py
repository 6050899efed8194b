"""Seals what only a few may read, field by field: AES-256-GCM (NIST SP 800-38D) under the newest of the installation's keys.

A sealed text names the key that opens it and is bound to what it is about (the associated data), so that nobody who can
write to the table moves one account's bank to another. Keys are rotated by `alpheus rotate-details-key`.
"""

import base64
import binascii
import hashlib
import secrets
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from alpheus.parties.errors import SealBroken

KEY_BYTES = 32
_NAME_BYTES = 4
_NONCE_BYTES = 12


def seal(text: str, *, about: str, keys: Sequence[bytes]) -> str:
    """Seal a text; an empty one stays empty, since that there is nothing is no secret.

    Args:
        text: what to keep.
        about: what it is and whose; opening asks for the same.
        keys: the installation's, the newest first.
    """
    if not text:
        return ""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    sealed = AESGCM(keys[0]).encrypt(nonce, text.encode(), about.encode())
    return base64.urlsafe_b64encode(key_name(keys[0]) + nonce + sealed).decode()


def unseal(sealed: str, *, about: str, keys: Sequence[bytes]) -> str:
    """Open what `seal` made.

    Raises:
        SealBroken: its key is not here, it is about something else, or it was changed.
    """
    if not sealed:
        return ""
    try:
        data = base64.urlsafe_b64decode(sealed)
        key = next(key for key in keys if key_name(key) == data[:_NAME_BYTES])
        nonce, rest = data[_NAME_BYTES:][:_NONCE_BYTES], data[_NAME_BYTES + _NONCE_BYTES :]
        return AESGCM(key).decrypt(nonce, rest, about.encode()).decode()
    except (StopIteration, InvalidTag, ValueError, binascii.Error) as error:
        raise SealBroken(
            f"What is sealed about {about} cannot be opened with the keys that are here."
        ) from error


def is_sealed_by(sealed: str, key: bytes) -> bool:
    """Whether a text was sealed under this key."""
    return base64.urlsafe_b64decode(sealed)[:_NAME_BYTES] == key_name(key)


def key_name(key: bytes) -> bytes:
    """Four bytes that name a key and tell nothing of it."""
    return hashlib.sha256(b"alpheus details key " + key).digest()[:_NAME_BYTES]
