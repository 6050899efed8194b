"""Runs web until SIGTERM: one process, one event loop, granian in front.

granian is embedded, as at the edge, rather than started as a server with workers: killed at once, a parent would leave
its worker behind with the port. Django gives every request a thread of its own for what is synchronous.
"""

import asyncio
import logging
import os
import signal
import threading
from pathlib import Path

import uvloop
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server.embed import Server

from alpheus.config.settings import Settings
from alpheus.live.hub import HUB

log = logging.getLogger("alpheus.web")

DRAIN_SECONDS = 10.0
"""How long answers in flight may take after SIGTERM; the supervisor waits longer."""


def serve(settings: Settings) -> None:
    """Serve pages and API until SIGTERM or Ctrl-C; answers in flight are finished."""
    from alpheus.config.asgi import application  # noqa: PLC0415 - loads every page, so only here

    uvloop.run(_serve(settings, application))


async def _serve(settings: Settings, application: object) -> None:
    server = Server(
        application,
        address=settings.bind,
        port=settings.port,
        interface=Interfaces.ASGINL,
        http=HTTPModes.auto,
        websockets=False,
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
    await server.serve()


def _give_up() -> None:
    """End the process when readers take longer than the drain."""
    threading.Event().wait(DRAIN_SECONDS)
    os._exit(0)
