"""The key log: a durable record of every release, on disk before the keys leave.

Callers hand records over and wait; one thread writes whatever gathered meanwhile, calls fdatasync once for the group
and wakes them. `edge.chain` is its files.
"""

import asyncio
import queue
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from alpheus.edge.chain import Chain, Record, frame
from alpheus.edge.errors import EdgeError, KeyLogUnavailable
from alpheus.edge.logs import note
from alpheus.edge.metrics import Metrics

_WAITING_MAX = 10_000
_WAITING_BYTES_MAX = 32 * 2**20


@dataclass(slots=True)
class _Group:
    """Records that are written and flushed together, and who waits for them."""

    loop: asyncio.AbstractEventLoop
    frames: list[bytes]
    waiting: "list[asyncio.Future[None]]"


class KeyLog:
    """The key log of one edge process. Use `append` from one event loop; `close` seals and stops the thread.

    While one group is on its way to the disk the next gathers, so that a busy edge flushes rarely and an idle one at once.
    """

    def __init__(self, folder: Path, *, metrics: Metrics, segment_bytes: int, segment_seconds: float) -> None:
        """Take the folder for this process, mend and seal what a crash left.

        Raises:
            OptionsError: another edge holds the folder, or it cannot be used.
        """
        self._metrics = metrics
        self._chain = Chain(folder, segment_bytes=segment_bytes, segment_seconds=segment_seconds)
        self._closing = threading.Lock()
        self._closed = False
        self.failing = ""
        """Why the last group could not be written; empty when it could."""
        self._gathering: _Group | None = None
        self._writing = 0
        self._bytes = 0
        self._queue: queue.SimpleQueue[_Group | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="key-log", daemon=True)
        self._thread.start()

    @property
    def waiting(self) -> int:
        """Records that are not on disk yet."""
        return self._writing + (len(self._gathering.frames) if self._gathering else 0)

    async def append(self, record: Record) -> None:
        """Return when the record is on disk.

        Raises:
            KeyLogUnavailable: it is not, because the disk is full or failing, or too much is waiting.
        """
        if self.waiting >= _WAITING_MAX or self._bytes >= _WAITING_BYTES_MAX:
            self._metrics.keylog_turned_away.add()
            raise KeyLogUnavailable("Too many releases are waiting for the disk.", retry_after_seconds=2)
        loop = asyncio.get_running_loop()
        if self._gathering is None:
            self._gathering = _Group(loop, [], [])
            if not self._writing:
                loop.call_soon(self._hand_over)
        done: asyncio.Future[None] = loop.create_future()
        data = frame(record)
        self._bytes += len(data)
        self._gathering.frames.append(data)
        self._gathering.waiting.append(done)
        # A player that hangs up cancels its waiting, not its record.
        await done

    def close(self) -> None:
        """Write what waits, seal the segment, stop the thread, give the folder back; harmless twice."""
        with self._closing:
            if self._closed:
                return
            self._closed = True
            self._hand_over()
            self._queue.put(None)
            self._thread.join()

    def _hand_over(self) -> None:
        """Give what gathered to the thread."""
        group, self._gathering = self._gathering, None
        if group is not None:
            self._writing += len(group.frames)
            self._queue.put(group)

    def _written(self, group: _Group, error: EdgeError | None) -> None:
        """Tell everybody in the group; back in the event loop."""
        self._writing -= len(group.frames)
        self._bytes -= sum(map(len, group.frames))
        self._hand_over()
        for done in group.waiting:
            if done.done():
                continue
            if error is None:
                done.set_result(None)
            else:
                done.set_exception(error)

    def _run(self) -> None:
        while (group := self._queue.get()) is not None:
            error = self._write(group)
            if not group.loop.is_closed():
                group.loop.call_soon_threadsafe(self._written, group, error)
        self._chain.close()

    def _write(self, group: _Group) -> KeyLogUnavailable | None:
        data = b"".join(group.frames)
        began = time.perf_counter()
        try:
            self._chain.append(data, records=len(group.frames))
        except OSError as error:
            self._metrics.keylog_errors.add()
            note("key log cannot be written; no keys leave", level=40, error=str(error))
            self.failing = _explained(error)
            return KeyLogUnavailable(self.failing, retry_after_seconds=10)
        finally:
            self._metrics.keylog_flush_seconds.add(time.perf_counter() - began)
        self.failing = ""
        self._metrics.keylog_records.add(len(group.frames))
        self._metrics.keylog_bytes.add(len(data))
        self._metrics.keylog_syncs.add()
        return None


def _explained(error: OSError) -> str:
    if error.errno in {28, 122}:  # ENOSPC, EDQUOT
        return "The key log's disk is full; music stops rather than be played unrecorded. Free some space."
    return "The key log's disk fails; music stops rather than be played unrecorded."
