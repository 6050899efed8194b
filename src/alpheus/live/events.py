"""Server-sent events (the HTML standard's text/event-stream) as an answer of Django's."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass

from django.http import StreamingHttpResponse

BEAT_SECONDS = 15.0
"""Proxies close what is silent for a minute or less, and a reader takes three beats' silence for a lost network."""
RETRY_MS = 1_000
"""How long browsers wait before they come back by themselves."""


@dataclass(frozen=True)
class Event:
    """One event; its id comes back as Last-Event-ID after a lost connection."""

    name: str
    data: object
    id: str = ""

    def encoded(self) -> bytes:
        """As it travels: JSON has no line breaks of its own."""
        lines = [f"id: {self.id}"] if self.id else []
        lines += [f"event: {self.name}", f"data: {json.dumps(self.data, separators=(',', ':'), default=str)}"]
        return "\n".join(lines).encode() + b"\n\n"


BEAT = Event("beat", None)


def answer(events: AsyncIterator[Event]) -> StreamingHttpResponse:
    """Events as they come, which no proxy may keep back, compress or store."""
    return StreamingHttpResponse(
        _encoded(events),
        content_type="text/event-stream; charset=utf-8",
        headers={"Cache-Control": "no-store, no-transform", "X-Accel-Buffering": "no"},
    )


async def _encoded(events: AsyncIterator[Event]) -> AsyncIterator[bytes]:
    yield f"retry: {RETRY_MS}\n\n".encode()
    async for event in events:
        yield event.encoded()
