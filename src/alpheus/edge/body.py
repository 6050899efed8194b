"""A request's body, read with a limit in bytes and in time."""

import asyncio

from granian.rsgi import HTTPProtocol, Scope  # type: ignore[attr-defined]  # public, not marked so

from alpheus.edge.errors import BodyTooLarge, BodyTooSlow, Malformed
from alpheus.edge.wire import BODY_BYTES_MAX

_SECONDS_MAX = 10.0
"""64 KiB in ten seconds is slower than any phone's uplink that could play at all."""


async def read_body(scope: Scope, protocol: HTTPProtocol) -> bytes:
    """Read a request's whole body.

    Raises:
        BodyTooLarge: more than 64 KiB, announced or sent.
        BodyTooSlow: it did not arrive within ten seconds.
        Malformed: it ended early.
    """
    announced = _announced(scope)
    if announced is not None and announced > BODY_BYTES_MAX:
        raise BodyTooLarge("A request is at most 64 KiB.")
    try:
        async with asyncio.timeout(_SECONDS_MAX):
            # What is announced the server holds to; one await is cheaper than one for each part.
            body = await _parts(protocol) if announced is None else await protocol()
    except TimeoutError:
        raise BodyTooSlow("Send the whole request at once.") from None
    if announced is not None and len(body) != announced:
        raise Malformed("The body ended early.")
    return bytes(body)


def _announced(scope: Scope) -> int | None:
    text = scope.headers.get("content-length")
    return int(text) if text is not None and text.isdecimal() else None


async def _parts(protocol: HTTPProtocol) -> bytes:
    parts: list[bytes] = []
    size = 0
    async for part in protocol:
        size += len(part)
        if size > BODY_BYTES_MAX:
            raise BodyTooLarge("A request is at most 64 KiB.")
        parts.append(part)
    return b"".join(parts)
