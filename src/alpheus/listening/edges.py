"""Which edge a listener's account is pinned to, and web's calls to it over the internal network."""

import asyncio
import hashlib
import http.client
import io
import json
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from ipaddress import ip_address
from typing import cast
from urllib.parse import SplitResult, urlsplit

from alpheus.listening.errors import EdgeUnavailable
from alpheus.listening.terms import Edge, Terms

ANSWER_BYTES_MAX = 1 << 20
"""A batch describes a few tracks and a few dozen keys: tens of kilobytes."""

Json = dict[str, object]


def edge_of(gate: str, edges: Sequence[Edge]) -> Edge:
    """The edge that holds an account's gate, by highest random weight (Thaler and Ravishankar, 1998).

    An edge that comes or goes moves only the accounts that it wins or held.
    """
    return max(edges, key=lambda edge: (hashlib.sha256(f"{edge.id}/{gate}".encode()).digest(), edge.id))


async def first_batch(edge: Edge, *, stream: str, request: Json, terms: Terms) -> Json | None:
    """Ask an edge for a stream's first batch, on the player's behalf.

    Returns:
        The edge's answer, or None when it does not answer in time or not with a batch: then the player
        asks it itself, with the same sequence, and gets the same answer undebited if this one got there.
    """
    url = f"{edge.internal_url}/v1/streams/{stream}/batches"
    try:
        answer = await _post(url, request, timeout_seconds=terms.edge_timeout_seconds)
        return _batch(answer)
    except EdgeUnavailable:
        return None


async def cancel(edge: Edge, *, grants: Sequence[str], terms: Terms) -> None:
    """Tell an edge that grants are void.

    Raises:
        EdgeUnavailable: it did not confirm; the grants still end when they expire.
    """
    await _cancel(edge, {"grants": list(grants)}, terms)


async def leave(edge: Edge, *, grants: Sequence[str], terms: Terms) -> None:
    """Tell an edge that an account, which had these grants there, is served by another one now.

    Raises:
        EdgeUnavailable: it did not confirm; what it was granted there still ends when it expires.
    """
    await _cancel(edge, {"moved": list(grants)}, terms)


async def absent(terms: Terms) -> frozenset[str]:
    """Which edges do not answer now, or cannot release music, by their ids."""
    answers = await asyncio.gather(*(_is_well(edge, terms) for edge in terms.edges))
    return frozenset(edge.id for edge, well in zip(terms.edges, answers, strict=True) if not well)


async def _is_well(edge: Edge, terms: Terms) -> bool:
    parts = urlsplit(f"{edge.internal_url}/healthz")
    request = f"GET {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nConnection: close\r\n\r\n"
    try:
        answer = await _within(parts, request.encode(), timeout_seconds=terms.edge_timeout_seconds)
    except EdgeUnavailable:
        return False
    return answer.status == http.client.OK


async def _cancel(edge: Edge, what: Json, terms: Terms) -> None:
    answer = await _post(
        f"{edge.internal_url}/internal/cancel",
        what,
        timeout_seconds=terms.edge_timeout_seconds,
        authorization=f"Bearer {terms.internal_key.hex()}",
    )
    if answer.status >= http.client.MULTIPLE_CHOICES:
        raise EdgeUnavailable(f"edge {edge.id} answered {answer.status} to a cancellation")


@dataclass(frozen=True)
class _Answer:
    status: int
    body: bytes


def _batch(answer: _Answer) -> Json | None:
    if answer.status != http.client.OK:
        return None
    try:
        batch = json.loads(answer.body)
    except ValueError:
        return None
    return cast("Json", batch) if isinstance(batch, dict) else None


async def _post(url: str, body: Json, *, timeout_seconds: float, authorization: str = "") -> _Answer:
    """POST JSON within a time limit, without holding a thread while the other side thinks."""
    parts = urlsplit(url)
    request = _head(parts, json.dumps(body).encode(), authorization)
    return await _within(parts, request, timeout_seconds=timeout_seconds)


async def _within(parts: SplitResult, request: bytes, *, timeout_seconds: float) -> _Answer:
    try:
        async with asyncio.timeout(timeout_seconds):
            return await _exchange(parts, request)
    except (OSError, TimeoutError, EOFError, ValueError, http.client.HTTPException) as error:
        raise EdgeUnavailable(f"{parts.netloc} did not answer: {error!r}") from error


def _head(parts: SplitResult, payload: bytes, authorization: str) -> bytes:
    lines = [
        f"POST {parts.path} HTTP/1.1",
        f"Host: {parts.netloc}",
        "Content-Type: application/json",
        f"Content-Length: {len(payload)}",
        "Connection: close",
        *([f"Authorization: {authorization}"] if authorization else []),
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + payload


async def _exchange(parts: SplitResult, request: bytes) -> _Answer:
    secure = _trust(parts.hostname or "") if parts.scheme == "https" else None
    port = parts.port or (443 if secure else 80)
    reader, writer = await asyncio.open_connection(parts.hostname, port, ssl=secure, limit=ANSWER_BYTES_MAX)
    try:
        writer.write(request)
        await writer.drain()
        return await _read(reader)
    finally:
        writer.close()


async def _read(reader: asyncio.StreamReader) -> _Answer:
    """Read one answer with a stated length (RFC 9112 §6); both ends of this wire are ours."""
    head = await reader.readuntil(b"\r\n\r\n")
    status_line, _, fields = head.partition(b"\r\n")
    headers = http.client.parse_headers(io.BytesIO(fields))
    if headers.get("Transfer-Encoding"):
        raise ValueError("an edge states the length of its answers")
    length = int(headers.get("Content-Length", "0"))
    if not 0 <= length <= ANSWER_BYTES_MAX:
        raise ValueError(f"an answer of {length} bytes is no batch")
    return _Answer(status=int(status_line.split(b" ", 2)[1]), body=await reader.readexactly(length))


@cache
def _trust(hostname: str) -> ssl.SSLContext:
    """Certificates are checked, except on this very machine, whose certificate names its public host.

    Kept: reading the machine's authorities takes some twenty milliseconds, in which web answers nobody.
    """
    context = ssl.create_default_context()
    try:
        loopback = ip_address(hostname).is_loopback
    except ValueError:
        loopback = hostname == "localhost"
    if loopback:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
