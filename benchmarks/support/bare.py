"""granian with an app that does nothing but answer: `python -m benchmarks.support.bare PORT FILE`."""

import asyncio
import sys
from pathlib import Path

import uvloop
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.rsgi import HTTPProtocol, Scope  # type: ignore[attr-defined]  # public, not marked so
from granian.server.embed import Server

from alpheus.edge.answers import segment_headers


class Bare:
    """Answers every request with the same bytes and a segment's headers."""

    def __init__(self, body: bytes) -> None:
        self._body = body
        self._headers = segment_headers(3600)

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Nothing to begin."""

    def __rsgi_del__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Nothing to end."""

    async def __rsgi__(self, _scope: Scope, protocol: HTTPProtocol) -> None:
        """Answer."""
        protocol.response_bytes(200, self._headers, self._body)


def main() -> None:
    """Serve until SIGTERM."""
    port, file = int(sys.argv[1]), Path(sys.argv[2])
    server = Server(
        Bare(file.read_bytes()),
        port=port,
        interface=Interfaces.RSGI,
        http=HTTPModes.http1,
        websockets=False,
        backpressure=16_384,
        http1_settings=HTTP1Settings(max_buffer_size=64 * 1024),
        log_enabled=False,
        log_level=LogLevels.warning,
    )
    uvloop.run(server.serve())


if __name__ == "__main__":
    main()
