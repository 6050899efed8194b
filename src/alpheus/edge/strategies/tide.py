"""Tide: the last comes first, with driftwood between; names and keys come in two halves, apart.

A chain of hashes begins at stream, sequence and a random moon. Its i-th link says whether row i is a segment or
driftwood (a row like any other that leads nowhere), and with a pad that comes apart from it masks the row's key.
"""

import base64
import hashlib
import re
import secrets
from collections.abc import Iterator, Sequence

from alpheus.edge.strategies.contract import BatchContext, SegmentKey

_PATH = re.compile(r"([a-z2-7]{40})\.([a-z2-7]{28})\Z")
_HALF = 40
_NAME_BYTES = 42
_MOON_BYTES = 16
_TOKEN_BYTES = 16
_DRIFTWOOD = 4
"""One row in so many leads nowhere."""

Row = tuple[SegmentKey, bytes]
"""What a row says, and the link of the chain that masks its key and iv."""


class Tide:
    """See the module."""

    name = "tide"

    def path_of(self, name: str) -> str:
        """The name's bytes in small letters and digits (base32, RFC 4648), a dot after the 40th."""
        text = base64.b32encode(base64.urlsafe_b64decode(name)).decode().rstrip("=").lower()
        return f"{text[:_HALF]}.{text[_HALF:]}"

    def name_of(self, path: str) -> str | None:
        """Undo `path_of`; the last letter has bits to spare, which must be unused."""
        halves = _PATH.match(path)
        if halves is None:
            return None
        sealed = base64.b32decode(f"{halves[1]}{halves[2]}====".upper())
        name = base64.urlsafe_b64encode(sealed).decode()
        return name if self.path_of(name) == path else None

    def shape(self, keys: Sequence[SegmentKey], batch: BatchContext) -> object:
        """`{"moon", "pieces", "rows", "rest", "keys", "pads"}`.

        `rows` are `[piece, segment, first half of the path]`; `pieces` are `[grant, rendition]`. `rest` holds each row's
        second half and token, from the last row to the first; `keys` and `pads` are base64 of 32 bytes a row.
        """
        moon = secrets.token_bytes(_MOON_BYTES)
        rows = list(_with_driftwood(keys, chain(moon, batch)))
        pieces = sorted({(key.grant, key.rendition) for key in keys})
        pads = secrets.token_bytes(32 * len(rows))
        masks = b"".join(link for _, link in rows)
        halves = [self.path_of(key.name).partition(".") for key, _ in rows]
        return {
            "moon": base64.b64encode(moon).decode(),
            "pieces": [list(piece) for piece in pieces],
            "rows": [
                [pieces.index((key.grant, key.rendition)), key.segment, half]
                for (key, _), (half, _, _) in zip(rows, halves, strict=True)
            ],
            "rest": [
                f"{rest}?t={key.token}"
                for (key, _), (_, _, rest) in zip(rows[::-1], halves[::-1], strict=True)
            ],
            "keys": base64.b64encode(
                masked(masked(b"".join(key.key + key.iv for key, _ in rows), masks), pads)
            ).decode(),
            "pads": base64.b64encode(pads).decode(),
        }


def chain(moon: bytes, batch: BatchContext) -> Iterator[bytes]:
    """The chain's links, 32 bytes each, without end."""
    link = hashlib.sha256(f"alpheus tide 1/{batch.stream}/{batch.sequence}/".encode() + moon).digest()
    while True:
        yield link
        link = hashlib.sha256(link).digest()


def is_driftwood(link: bytes) -> bool:
    """Whether a link's row leads nowhere."""
    return link[-1] % _DRIFTWOOD == 0


def masked(data: bytes, mask: bytes) -> bytes:
    """Exclusive or."""
    return (int.from_bytes(data) ^ int.from_bytes(mask)).to_bytes(len(data))


def _with_driftwood(keys: Sequence[SegmentKey], links: Iterator[bytes]) -> Iterator[Row]:
    """The segments, the last first, with as much driftwood before each as the chain says."""
    for key in reversed(keys):
        for link in links:
            if not is_driftwood(link):
                yield key, link
                break
            yield _like(key), link


def _like(key: SegmentKey) -> SegmentKey:
    """A row that looks like another and leads nowhere: no edge sealed its name or signed its token."""
    moment, _, _ = key.token.partition(".")
    return SegmentKey(
        key.grant,
        key.rendition,
        max(0, key.segment + secrets.choice((-2, -1, 1, 2))),
        base64.urlsafe_b64encode(secrets.token_bytes(_NAME_BYTES)).decode(),
        f"{moment}.{secrets.token_urlsafe(_TOKEN_BYTES)}",
        secrets.token_bytes(16),
        secrets.token_bytes(16),
    )
