"""Runs web until SIGTERM: one process, one event loop, granian in front.

granian is embedded, as at the edge, rather than started as a server with workers: killed at once, a parent would leave
its worker behind with the port. Django gives every request a thread of its own for what is synchronous.
"""

import asyncio
import gc
import logging
import os
import signal
import sys
import threading
from contextlib import suppress
from pathlib import Path

import uvloop
from django.db import DatabaseError, connections
from django.urls import get_resolver
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings, HTTP2Settings
from granian.log import LogLevels
from granian.server.embed import Server

from alpheus.config.bodies import Application
from alpheus.config.settings import Settings
from alpheus.edge import sockets
from alpheus.live.hub import HUB

log = logging.getLogger("alpheus.web")

CONNECTIONS_MAX = 4096
"""Connections held at once: every browser that is open has one by which it hears of its session. More wait in the kernel."""
IDLE_SECONDS = 30.0
"""How long a connection may be silent, send its headers, or take nothing of what it asked for. Who only listens hears a
beat every 15 s."""
TURN_SECONDS = 0.001
"""How long a thread that only computes may keep the others waiting (Python's own is 5 ms). A page gives its turn away with
each question to the tables and has to wait for the next: that is what readers wait for beside a sheet of 10,000 rows that
is checked (`benchmarks/intake.py`)."""
_WAITING_MAX = 1024
_HEADERS_BYTES = 64 * 1024
_STREAMS_MAX = 64
"""Requests at once on one HTTP/2 connection: a page's files, and what its tabs hear by."""

DRAIN_SECONDS = 10.0
"""How long answers in flight may take after SIGTERM; the supervisor waits longer."""


def serve(settings: Settings) -> None:
    """Serve pages and API until SIGTERM or Ctrl-C; answers in flight are finished."""
    from alpheus.config.asgi import application  # noqa: PLC0415 - loads every page, so only here

    keep_what_is_loaded()
    sys.setswitchinterval(TURN_SECONDS)
    uvloop.run(_serve(settings, application))


def keep_what_is_loaded() -> None:
    """Load every page's code and the words of names, and leave what a started process holds out of each later collection.

    It is some 200,000 objects that stay until the end. To look through them all, as Python's collector does every few
    hundred requests, takes long enough for everybody who waits meanwhile to notice (`benchmarks/browse.py`: the 99th
    percentile).
    """
    from alpheus.search import vocabulary  # noqa: PLC0415 - its tables are there once Django is set up

    _ = get_resolver().url_patterns
    with suppress(DatabaseError):  # one that is not there yet is read when somebody mistypes a word
        vocabulary.now()
    connections.close_all()
    gc.collect()
    gc.freeze()


async def _serve(settings: Settings, application: Application, *, idle_seconds: float = IDLE_SECONDS) -> None:
    server = Server(
        application,
        address=settings.bind,
        port=settings.port,
        interface=Interfaces.ASGINL,
        # In the clear nobody speaks HTTP/2 with us, and who might would not be timed before its first byte.
        http=HTTPModes.auto if settings.tls_certificate else HTTPModes.http1,
        websockets=False,
        backlog=_WAITING_MAX,
        backpressure=sockets.most_connections(CONNECTIONS_MAX),
        http1_settings=HTTP1Settings(
            header_read_timeout=int(idle_seconds * 1000), max_buffer_size=_HEADERS_BYTES
        ),
        http2_settings=HTTP2Settings(max_headers_size=_HEADERS_BYTES, max_concurrent_streams=_STREAMS_MAX),
        log_enabled=False,
        log_level=LogLevels.warning,
        ssl_cert=Path(settings.tls_certificate) if settings.tls_certificate else None,
        ssl_key=Path(settings.tls_key) if settings.tls_key else None,
    )
    loop = asyncio.get_running_loop()

    def stop() -> None:
        HUB.close()  # who only listens would hold the end up
        threading.Thread(target=_give_up, daemon=True).start()
        server.stop()  # type: ignore[no-untyped-call]

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)
    log.info("web_listening", extra={"bind": settings.bind, "port": settings.port})
    watching = asyncio.ensure_future(_time_connections(settings, idle_seconds))
    await server.serve()
    watching.cancel()


async def _time_connections(settings: Settings, idle_seconds: float) -> None:
    """As soon as the server listens: the kernel ends who takes nothing; over TLS we end who says nothing."""
    while not sockets.time_out(idle_seconds=idle_seconds):  # noqa: ASYNC110 - nothing tells when it does
        await asyncio.sleep(0.02)
    if settings.tls_certificate:
        await sockets.watch(settings.port, idle_seconds=idle_seconds)


def _give_up() -> None:
    """End the process when readers take longer than the drain."""
    threading.Event().wait(DRAIN_SECONDS)
    os._exit(0)
