"""Requests' bodies: none is waited for without end, and none is taken without end.

Django reads a body whole before it looks at who sends it. Who trickles one holds a connection and a file, nothing else,
but for as long as they like; this is the limit of that. It wraps the application, so nothing behind it needs to know.
"""

import asyncio
import http
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

Scope = dict[str, Any]
Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

BYTES_MAX = 8 * 2**20
"""Forms and JSON end at 1 MiB (Django's setting); the rest is for a playlist's file, of 5 MiB at most."""
SECONDS_MAX = 120.0
"""From the first byte to the last: a playlist's file at 0.4 Mbit/s."""


class Bodies:
    """An ASGI application whose requests' bodies are bounded in size and time."""

    def __init__(
        self, application: Application, *, seconds: float = SECONDS_MAX, most: int = BYTES_MAX
    ) -> None:
        self._application = application
        self._seconds = seconds
        self._most = most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request (ASGI 3)."""
        if scope["type"] != "http":
            return await self._application(scope, receive, send)
        body = _Body(receive, seconds=self._seconds, most=self._most)
        await self._application(scope, body.receive, body.unless_refused(send))
        if body.refused is not None:
            await _refuse(send, body.refused)
        return None


class _Body:
    """One request's body on its way to the application."""

    def __init__(self, receive: Receive, *, seconds: float, most: int) -> None:
        self._receive = receive
        self._until = asyncio.get_running_loop().time() + seconds
        self._left = most
        self._whole = False
        self.refused: http.HTTPStatus | None = None

    async def receive(self) -> Message:
        """The next part; once it is refused the sender counts as gone, which every application understands."""
        if self._whole:
            return await self._receive()
        try:
            async with asyncio.timeout_at(self._until):
                message = await self._receive()
        except TimeoutError:
            return self._refuse(http.HTTPStatus.REQUEST_TIMEOUT)
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            return self._refuse(http.HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        self._whole = not message.get("more_body", False)
        return message

    def unless_refused(self, send: Send) -> Send:
        """What the application may still say of a body that was refused is not sent."""

        async def sent(message: Message) -> None:
            if self.refused is None:
                await send(message)

        return sent

    def _refuse(self, status: http.HTTPStatus) -> Message:
        self.refused = status
        self._whole = True
        return {"type": "http.disconnect"}


async def _refuse(send: Send, status: http.HTTPStatus) -> None:
    text = f"{status.value} {status.phrase}\n".encode()
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(text)).encode()),
        (b"cache-control", b"no-store"),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": status.value, "headers": headers})
    await send({"type": "http.response.body", "body": text})
