"""The edge over HTTP: an RSGI application (https://github.com/emmett-framework/granian/blob/master/docs/spec/RSGI.md)."""

import asyncio
import hmac
import json
import logging
import re
from collections.abc import Awaitable, Callable

from granian.rsgi import (  # type: ignore[attr-defined]  # public, not marked so
    HTTPProtocol,
    ProtocolClosed,
    Scope,
)

from alpheus.edge.answers import Answer, json_answer, preflight_answer, problem_answer, text_answer
from alpheus.edge.body import read_body
from alpheus.edge.cancellations import GRANT, MOVED
from alpheus.edge.edge import Edge, Resolved
from alpheus.edge.errors import EdgeError, InternalKeyWrong, Malformed, MethodNotAllowed, NotFound
from alpheus.edge.logs import LOGGER
from alpheus.edge.metrics import CONTENT_TYPE
from alpheus.edge.strategies.service import Service
from alpheus.edge.wire import read_object, read_stream, texts

_log = logging.getLogger(LOGGER)
_BATCHES = re.compile(r"/v1/streams/([^/]{1,64})/batches\Z")
_SEGMENTS = "/s/"
_PATH_MAX = 256
_CANCELLED_MAX = 1000
_CHOICES: dict[str, Callable[[Service, str], Service]] = {
    "install": Service.install,
    "retire": Service.retire,
    "force": Service.force,
    "draw": lambda service, _: service.draw(),
}


class EdgeApp:
    """Routes requests to one edge."""

    def __init__(self, edge: Edge, *, internal_key: bytes) -> None:
        self.edge = edge
        self._bearer = f"Bearer {internal_key.hex()}".encode()
        self._upkeep: asyncio.Task[None] | None = None
        self._started: Callable[[], object] | None = None
        self._internal: dict[str, tuple[str, Callable[[Scope, HTTPProtocol], Awaitable[Answer]]]] = {
            "/internal/cancel": ("POST", self._cancel),
            "/internal/epoch/turn": ("POST", self._turn),
            "/internal/state": ("GET", self._state),
            "/internal/strategies": ("GET", self._strategies),
            "/internal/strategies/choose": ("POST", self._choose),
        }

    def when_started(self, do: Callable[[], object]) -> None:
        """Do something as soon as the server listens."""
        self._started = do

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Begin upkeep when the server starts."""
        self._upkeep = loop.create_task(self.edge.upkeep())
        if self._started is not None:
            loop.call_soon(self._started)

    def __rsgi_del__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Seal the key log when the server has answered everybody."""
        if self._upkeep is not None:
            self._upkeep.cancel()
        self.edge.close()

    def at_once(self, scope: Scope, protocol: HTTPProtocol) -> bool:
        """Answer for a segment that is ready in memory, or whose URL is not good; False when it is neither.

        The hot path, called in a thread beside the event loop: nothing here waits, and nothing is done twice for one URL.
        """
        path = scope.path
        if not path.startswith(_SEGMENTS) or scope.method != "GET":
            return False
        try:
            resolved = self._checked(scope, path)
        except EdgeError as error:
            self._answer(protocol, "segment", self._refusal(error))
            return True
        body = self.edge.delivery.ready(resolved.text)
        if body is None:
            return False
        self.edge.metrics.at_once.add()
        self._send(protocol, resolved, body)
        return True

    async def __rsgi__(self, scope: Scope, protocol: HTTPProtocol) -> None:
        """Answer one request."""
        path = scope.path
        try:
            if path.startswith(_SEGMENTS) and scope.method == "GET":
                resolved = self._checked(scope, path)
                self._send(protocol, resolved, await self.edge.fetched(resolved))
                return
            route, answer = await self._routed(scope, protocol, path)
        except EdgeError as error:
            route, answer = _route(path), self._refusal(error)
        except ProtocolClosed:
            return
        except Exception:  # noqa: BLE001 - whatever it is, the client is answered and the next one too
            _log.exception("a request failed")
            route, answer = _route(path), problem_answer(EdgeError("The operator's log says more."))
        self._answer(protocol, route, answer)

    def _checked(self, scope: Scope, path: str) -> Resolved:
        """Check a segment's URL; raises EdgeError."""
        query = scope.query_string
        if len(path) > _PATH_MAX or len(query) > _PATH_MAX:
            raise NotFound("No segment's URL is this long.")
        return self.edge.resolved(path[len(_SEGMENTS) :], query[2:] if query.startswith("t=") else "")

    def _send(self, protocol: HTTPProtocol, resolved: Resolved, body: bytes) -> None:
        metrics = self.edge.metrics
        metrics.requests.add(1, "segment", "200")
        metrics.segment_bytes.add(len(body))
        protocol.response_bytes(200, resolved.headers, body)

    def _refusal(self, error: EdgeError) -> Answer:
        self.edge.metrics.refused.add(1, error.code)
        return problem_answer(error)

    def _answer(self, protocol: HTTPProtocol, route: str, answer: Answer) -> None:
        self.edge.metrics.requests.add(1, route, str(answer.status))
        protocol.response_bytes(answer.status, answer.headers, answer.body)

    async def _routed(self, scope: Scope, protocol: HTTPProtocol, path: str) -> tuple[str, Answer]:
        method, route = scope.method, _route(path)
        if method == "OPTIONS" and route in {"batches", "segment"}:
            return route, preflight_answer()
        if route == "batches":
            _only("POST", method)
            return route, await self._batch(scope, protocol, path)
        if route == "segment":
            _only("GET", method)
        if route == "health":
            _only("GET", method)
            return route, self._health()
        if route == "metrics":
            _only("GET", method)
            return route, text_answer(self.edge.metrics.exposition(), CONTENT_TYPE)
        if route == "internal":
            return route, await self._internally(scope, protocol, path)
        raise NotFound("See the protocol's list of routes.")

    async def _batch(self, scope: Scope, protocol: HTTPProtocol, path: str) -> Answer:
        match = _BATCHES.match(path)
        stream = read_stream(match[1] if match else "")
        body = await read_body(scope, protocol)
        return json_answer(await self.edge.batch(stream, body))

    def _health(self) -> Answer:
        failing = self.edge.keylog.failing
        body = {"status": "bad", "keylog": failing} if failing else {"status": "ok"}
        answer = json_answer(json.dumps(body).encode())
        return Answer(503, answer.headers, answer.body) if failing else answer

    async def _internally(self, scope: Scope, protocol: HTTPProtocol, path: str) -> Answer:
        given = scope.headers.get("authorization", "")
        if not hmac.compare_digest(str(given).encode(), self._bearer):
            raise InternalKeyWrong("Internal routes are for web and the operator.")
        if path not in self._internal:
            raise NotFound("There are cancel, epoch/turn, state, strategies and strategies/choose.")
        method, handle = self._internal[path]
        _only(method, scope.method)
        return await handle(scope, protocol)

    async def _cancel(self, scope: Scope, protocol: HTTPProtocol) -> Answer:
        data = read_object(await read_body(scope, protocol))
        named = [
            (kind, _bare(grant))
            for kind, member in ((GRANT, "grants"), (MOVED, "moved"))
            for grant in texts(data, member, most=_CANCELLED_MAX)
        ]
        if not named:
            raise Malformed("Name 'grants', or those that have 'moved'.")
        await self.edge.cancel(named)
        return json_answer(json.dumps({"cancelled": len(named)}).encode())

    async def _turn(self, _scope: Scope, _protocol: HTTPProtocol) -> Answer:
        epoch = self.edge.turn()
        return json_answer(json.dumps({"epoch": epoch.number, "strategy": epoch.strategy}).encode())

    async def _strategies(self, _scope: Scope, _protocol: HTTPProtocol) -> Answer:
        return json_answer(json.dumps(self.edge.strategies()).encode())

    async def _choose(self, scope: Scope, protocol: HTTPProtocol) -> Answer:
        data = read_object(await read_body(scope, protocol))
        named = [(verb, data[verb]) for verb in _CHOICES if verb in data]
        if len(named) != 1:
            raise Malformed(
                "Name one of 'install', 'retire' and 'force' with a strategy, or 'draw' with true."
            )
        verb, name = named[0]
        change = _CHOICES[verb]
        await self.edge.choose(lambda service: change(service, _text(name) if verb != "draw" else ""))
        return json_answer(json.dumps(self.edge.strategies()).encode())

    async def _state(self, _scope: Scope, _protocol: HTTPProtocol) -> Answer:
        return json_answer(json.dumps(self.edge.state()).encode())


def _route(path: str) -> str:
    """A route's name, for metrics: never the path, which holds ids."""
    if path.startswith(_SEGMENTS):
        return "segment"
    if path.startswith("/v1/streams/") and path.endswith("/batches"):
        return "batches"
    if path.startswith("/internal/"):
        return "internal"
    return {"/healthz": "health", "/metrics": "metrics"}.get(path, "none")


def _only(allowed: str, method: str) -> None:
    if method != allowed:
        raise MethodNotAllowed(f"Use {allowed}.")


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise Malformed("A strategy is named by a text.")
    return value


def _bare(text: str) -> str:
    """An id without dashes, as grants write it."""
    return text.replace("-", "").lower()
