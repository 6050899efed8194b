"""Runs an edge until SIGTERM: one process, one event loop, granian in front.

granian is embedded rather than started as a server with workers: killed at once, a parent would leave its worker behind
with the port and the key log. Run alone as `python -m alpheus.edge.serve --port 8001`, with the options in
ALPHEUS_EDGE_OPTIONS.
"""

import argparse
import asyncio
import os
import signal
import sys
import threading
from pathlib import Path

import uvloop
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings, HTTP2Settings
from granian.log import LogLevels
from granian.server.embed import Server

from alpheus.edge import at_once, logs, sockets
from alpheus.edge.app import EdgeApp
from alpheus.edge.clock import SystemClock
from alpheus.edge.edge import Edge
from alpheus.edge.errors import OptionsError
from alpheus.edge.options import VARIABLE, EdgeOptions
from alpheus.storage.blobs import Blobs
from alpheus.storage.errors import StorageError

_WAITING_MAX = 4096
"""Connections that wait in the kernel to be let in; it may allow fewer (net.core.somaxconn)."""
_BUFFER_BYTES = 64 * 1024
_STREAMS_MAX = 16
"""Requests at once on one HTTP/2 connection; a player has four at most, and each may hold a segment in memory."""


def serve(
    options: EdgeOptions,
    *,
    bind: str,
    port: int,
    tls_certificate: str | None = None,
    tls_key: str | None = None,
) -> None:
    """Serve until SIGTERM or Ctrl-C, then answer who is being answered, seal the key log and return.

    Args:
        options: the edge's.
        bind: address to listen on.
        port: TCP port.
        tls_certificate: PEM file; with `tls_key` the edge speaks HTTPS and HTTP/2.
        tls_key: PEM file.

    Raises:
        OptionsError: the edge cannot start so.
    """
    logs.configure(options.log_level)
    uvloop.run(_serve(options, bind, port, tls_certificate, tls_key))


async def _serve(
    options: EdgeOptions, bind: str, port: int, tls_certificate: str | None, tls_key: str | None
) -> None:
    try:
        blobs = Blobs.open(options.objects_url)
    except StorageError as error:
        raise OptionsError(str(error)) from error
    app = EdgeApp(Edge(options, blobs=blobs, clock=SystemClock()), internal_key=options.internal_key)
    at_once.use(app.at_once)
    server = Server(
        app,
        address=bind,
        port=port,
        interface=Interfaces.RSGI,
        # In the clear nobody speaks HTTP/2 with us, and who might would not be timed before its first byte.
        http=HTTPModes.auto if tls_certificate else HTTPModes.http1,
        websockets=False,
        backlog=_WAITING_MAX,
        backpressure=sockets.most_connections(options.connections_max),
        http1_settings=HTTP1Settings(
            header_read_timeout=int(options.idle_seconds * 1000), max_buffer_size=_BUFFER_BYTES
        ),
        http2_settings=HTTP2Settings(
            max_headers_size=_BUFFER_BYTES,
            max_concurrent_streams=_STREAMS_MAX,
        ),
        log_enabled=False,
        log_level=LogLevels.warning,
        ssl_cert=Path(tls_certificate) if tls_certificate else None,
        ssl_key=Path(tls_key) if tls_key else None,
    )
    _stop_on_signals(server, app, drain_seconds=options.drain_seconds)
    app.when_started(lambda: sockets.time_out(idle_seconds=options.idle_seconds))
    logs.note("edge is listening", bind=bind, port=port, tls=bool(tls_certificate), edge=options.edge_id)
    watch = (
        asyncio.ensure_future(sockets.watch(port, idle_seconds=options.idle_seconds))
        if tls_certificate
        else None
    )
    await server.serve()
    if watch is not None:
        watch.cancel()
    logs.note("edge stopped")


def _stop_on_signals(server: Server, app: EdgeApp, *, drain_seconds: float) -> None:
    loop = asyncio.get_running_loop()

    def stop() -> None:
        threading.Thread(target=_give_up, args=(app, drain_seconds), daemon=True).start()
        server.stop()  # type: ignore[no-untyped-call]

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)


def _give_up(app: EdgeApp, drain_seconds: float) -> None:
    """End the process when readers take longer than the drain: their players ask again elsewhere."""
    threading.Event().wait(drain_seconds)
    app.edge.close()
    os._exit(0)


def main() -> None:
    """Serve with the options in ALPHEUS_EDGE_OPTIONS."""
    parser = argparse.ArgumentParser(description="Run one Alpheus edge.")
    parser.add_argument("--bind", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8001)
    parser.add_argument("--tls-certificate")
    parser.add_argument("--tls-key")
    asked = parser.parse_args()
    try:
        serve(
            EdgeOptions.from_json(os.environ.get(VARIABLE, "")),
            bind=asked.bind,
            port=asked.port,
            tls_certificate=asked.tls_certificate,
            tls_key=asked.tls_key,
        )
    except OptionsError as error:
        sys.exit(f"The edge cannot start. {error}")


if __name__ == "__main__":
    main()
