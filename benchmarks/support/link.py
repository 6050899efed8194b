"""A slow link: a TCP proxy that adds latency and bounds the rate, so that every browser meets the same network.

Browsers' own throttling differs (Firefox has none over BiDi); a proxy in front of both ports treats them alike. Connections
take turns on the line piece by piece; what one that was given up has not sent yet is never sent.
"""

import asyncio
import contextlib
import threading
from dataclasses import dataclass
from typing import Self

PIECE_BYTES = 4096
_LATE_SECONDS = 0.005
"""By which a sleep may be late."""


@dataclass(frozen=True)
class Profile:
    """A network: one-way delay each way in seconds, downstream rate in bits a second (0: unbounded)."""

    name: str
    delay_seconds: float = 0.0
    bits_per_second: float = 0.0


class Link:
    """Forwards `listen` to `target` on the loopback address; `profile` may change between requests."""

    def __init__(self, *, listen: int, target: int, profile: Profile) -> None:
        """Prepare a link; ports are on 127.0.0.1."""
        self._listen, self._target = listen, target
        self.profile = profile
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._line = asyncio.Lock()
        self._free_at = 0.0
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._accept, "127.0.0.1", self._listen))
        self._ready.set()
        self._loop.run_forever()
        server.close()
        left = asyncio.all_tasks(self._loop)
        for task in left:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
        self._loop.close()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # Cut off at the end of the measurement: asyncio's own callback would report that as an error.
        with contextlib.suppress(asyncio.CancelledError):
            there_reader, there_writer = await asyncio.open_connection("127.0.0.1", self._target)
            await asyncio.gather(
                self._copy(reader, there_writer, bounded=False),
                self._copy(there_reader, writer, bounded=True),
            )

    async def _copy(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, *, bounded: bool) -> None:
        """Read at once, deliver each piece when it would have arrived: after the delay and its turn on the line."""
        queue: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(maxsize=256)

        async def deliver() -> None:
            while True:
                due, piece = await queue.get()
                await asyncio.sleep(max(0.0, due - self._loop.time()))
                if not piece or sink.is_closing():
                    sink.close()
                    return
                sink.write(piece)
                await sink.drain()

        delivery = asyncio.ensure_future(deliver())
        with contextlib.suppress(ConnectionError):
            while piece := await source.read(PIECE_BYTES):
                if sink.is_closing():
                    break
                if bounded:
                    await self._sent(len(piece))
                await queue.put((self._loop.time() + self.profile.delay_seconds, piece))
        await queue.put((self._loop.time() + self.profile.delay_seconds, b""))
        with contextlib.suppress(ConnectionError):
            await delivery

    async def _sent(self, length: int) -> None:
        """Until it is on the line, which is one for all connections."""
        if not self.profile.bits_per_second:
            return
        async with self._line:
            now = self._loop.time()
            # From when the line was free, not from now: a sleep that lasts a little long does not narrow it.
            self._free_at = (
                max(self._free_at, now - _LATE_SECONDS) + length * 8 / self.profile.bits_per_second
            )
            await asyncio.sleep(max(0.0, self._free_at - now))
