"""Storage keys: every rendition has its own, wrapped by the installation's key-encryption key.

All of it is AES-256-GCM (NIST SP 800-38D). A storage key seals each (variant, chunk) exactly once, so
the nonce is made from the two and never repeats under one key; wrapping uses random nonces.
"""

import secrets
import struct

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from alpheus.storage.errors import BlobCorrupt

KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16


def new_storage_key() -> bytes:
    """Make a storage key: 32 random bytes."""
    return secrets.token_bytes(KEY_BYTES)


def wrap(kek: bytes, key: bytes, *, context: str) -> bytes:
    """Wrap a storage key for its place: nonce, then ciphertext and tag.

    Args:
        kek: the key-encryption key, 32 bytes.
        key: the storage key.
        context: where the key belongs, `asset/rendition`; it opens nowhere else.
    """
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(kek).encrypt(nonce, key, context.encode())


def unwrap(kek: bytes, wrapped: bytes, *, context: str) -> bytes:
    """Open what `wrap` made.

    Raises:
        BlobCorrupt: another key-encryption key, another place, or changed bytes.
    """
    try:
        return AESGCM(kek).decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], context.encode())
    except (InvalidTag, ValueError) as error:
        raise BlobCorrupt(
            f"The storage key of {context} does not open. Is ALPHEUS_KEY_ENCRYPTION_KEY (or data/secrets/kek) "
            "the one this installation was filled with?"
        ) from error


def _nonce(variant: int, chunk: int) -> bytes:
    return struct.pack(">IQ", variant, chunk)


def seal(key: bytes, plain: bytes, *, variant: int, chunk: int, context: str) -> bytes:
    """Encrypt a chunk at rest; 16 bytes longer than `plain`.

    Seal each (variant, chunk) once per key: a second, different plaintext would betray both.

    Args:
        key: the rendition's storage key.
        plain: the chunk, moof and mdat.
        variant: 0 for A, 1 for B.
        chunk: number of the chunk from 0.
        context: `asset/rendition`.
    """
    return AESGCM(key).encrypt(_nonce(variant, chunk), plain, context.encode())


class Opener:
    """Opens chunks of one rendition into a buffer that the caller gives; a cipher's tables are made once for all."""

    def __init__(self, key: bytes, *, context: str) -> None:
        self._cipher = AESGCM(key)
        self._context = context

    def open(self, sealed: bytes | memoryview, into: memoryview, *, variant: int, chunk: int) -> None:
        """Open what `seal` made for exactly this variant, chunk and context; `into` is 16 bytes shorter.

        Raises:
            BlobCorrupt: another key, variant, chunk or context, or changed bytes.
        """
        try:
            self._cipher.decrypt_into(_nonce(variant, chunk), sealed, self._context.encode(), into)
        except (InvalidTag, ValueError) as error:
            raise BlobCorrupt(
                f"Chunk {chunk} of variant {'AB'[variant]} of {self._context} does not open."
            ) from error


def unseal(key: bytes, sealed: bytes, *, variant: int, chunk: int, context: str) -> bytes:
    """Open one chunk; raises as `Opener.open`."""
    plain = bytearray(max(0, len(sealed) - TAG_BYTES))
    Opener(key, context=context).open(sealed, memoryview(plain), variant=variant, chunk=chunk)
    return bytes(plain)
