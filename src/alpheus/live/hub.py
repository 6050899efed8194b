"""Who waits for which topic in this process, and waking them from any thread."""

import asyncio
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

GATHER_SECONDS = 0.05
"""How long a reader waits for more once it is woken. What changed is read for each reader anew: without this, that would
begin beside the answer to whoever changed it, who is waiting for their music, and once for each step of the change."""


@dataclass(eq=False)
class Subscription:
    """One reader who waits for a topic."""

    topic: str
    loop: asyncio.AbstractEventLoop
    _woken: asyncio.Event = field(default_factory=asyncio.Event)
    ended: bool = False
    """The process stops, or the reader is one too many: nothing more will come."""

    async def wait(self, *, seconds: float) -> bool:
        """Wait to be woken; wake-ups since the last wait, and those soon after the first, count as one.

        False when the time is over.
        """
        try:
            async with asyncio.timeout(seconds):
                await self._woken.wait()
        except TimeoutError:
            return False
        if not self.ended:
            await asyncio.sleep(GATHER_SECONDS)
        self._woken.clear()
        return True

    def wake(self) -> None:
        """Wake the reader, from any thread."""
        try:
            self.loop.call_soon_threadsafe(self._woken.set)
        except RuntimeError:
            return  # its loop has ended, and the reader with it

    def end(self) -> None:
        """Tell the reader to leave, from any thread."""
        self.ended = True
        self.wake()


class Hub:
    """The readers of one process by topic."""

    def __init__(self) -> None:
        self._readers: dict[str, list[Subscription]] = defaultdict(list)
        self._lock = threading.Lock()
        self._closed = False

    @contextmanager
    def subscribed(self, topic: str) -> Iterator[Subscription]:
        """Wait for a topic in the running event loop for as long as the block runs."""
        reader = Subscription(topic, asyncio.get_running_loop())
        with self._lock:
            self._readers[topic].append(reader)
            reader.ended = self._closed
        try:
            yield reader
        finally:
            self._leave(reader)

    def readers(self, topic: str) -> int:
        """How many wait for a topic here."""
        with self._lock:
            return len(self._readers.get(topic, ()))

    def total(self) -> int:
        """How many wait here for anything."""
        with self._lock:
            return sum(len(readers) for readers in self._readers.values())

    def wake(self, topic: str) -> None:
        """Wake who waits for a topic here."""
        with self._lock:
            readers = list(self._readers.get(topic, ()))
        for reader in readers:
            reader.wake()

    def wake_all(self) -> None:
        """Wake everybody: what happened meanwhile is not known."""
        for reader in self._everybody():
            reader.wake()

    def close(self) -> None:
        """Send everybody home, now and from now on, so that a restart is not held up by who only listens."""
        with self._lock:
            self._closed = True
        for reader in self._everybody():
            reader.end()

    def _everybody(self) -> list[Subscription]:
        with self._lock:
            return [reader for readers in self._readers.values() for reader in readers]

    def _leave(self, reader: Subscription) -> None:
        with self._lock:
            readers = self._readers[reader.topic]
            readers.remove(reader)
            if not readers:
                del self._readers[reader.topic]


HUB = Hub()
"""This process's."""
