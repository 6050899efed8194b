"""Braid: columns instead of rows, in an order of their own; names in three strands; keys wrapped for this one batch.

The wrapping key (AES key wrap, RFC 3394) is HKDF-SHA256 of stream and sequence, salted by a number in the answer.
It hides nothing from who runs a player; it makes a tool written for another strategy useless.
"""

import base64
import re
import secrets
from collections.abc import Sequence

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.keywrap import aes_key_wrap

from alpheus.edge.strategies.contract import BatchContext, SegmentKey

_STRANDS = 3
_PATH = re.compile(r"([0-9a-f]{28})/([0-9a-f]{28})/([0-9a-f]{28})\Z")
_SALT_BYTES = 16


class Braid:
    """See the module."""

    name = "braid"

    def path_of(self, name: str) -> str:
        """The name's bytes dealt out to three strands, each in hexadecimal digits."""
        sealed = base64.urlsafe_b64decode(name)
        return "/".join(sealed[strand::_STRANDS].hex() for strand in range(_STRANDS))

    def name_of(self, path: str) -> str | None:
        """Undo `path_of`: take a byte of each strand in turn."""
        strands = _PATH.match(path)
        if strands is None:
            return None
        turns = zip(*(bytes.fromhex(strand) for strand in strands.groups()), strict=True)
        return base64.urlsafe_b64encode(b"".join(map(bytes, turns))).decode()

    def shape(self, keys: Sequence[SegmentKey], batch: BatchContext) -> object:
        """`{"salt", "order", "grants", "renditions", "segments", "urls", "wraps"}`.

        Every column but `order` is shuffled alike; `order[i]` is the column's row of the i-th segment in order of play.
        `wraps` holds key and iv, wrapped, in base64.
        """
        salt = secrets.token_bytes(_SALT_BYTES)
        wrapping = wrapping_key(salt, batch)
        rows = list(range(len(keys)))
        secrets.SystemRandom().shuffle(rows)
        shuffled = [keys[row] for row in rows]
        return {
            "salt": base64.b64encode(salt).decode(),
            "order": [rows.index(play) for play in range(len(keys))],
            "grants": [key.grant for key in shuffled],
            "renditions": [key.rendition for key in shuffled],
            "segments": [key.segment for key in shuffled],
            "urls": [f"/s/{self.path_of(key.name)}?t={key.token}" for key in shuffled],
            "wraps": [
                base64.b64encode(aes_key_wrap(wrapping, key.key + key.iv)).decode() for key in shuffled
            ],
        }


def wrapping_key(salt: bytes, batch: BatchContext) -> bytes:
    """The AES-128 key that wraps a batch's keys."""
    both = f"{batch.stream}/{batch.sequence}".encode()
    return HKDF(algorithm=hashes.SHA256(), length=16, salt=salt, info=b"alpheus braid 1").derive(both)
