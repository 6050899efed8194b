"""The key log: a durable record of every release, on disk before the keys leave.

Callers hand records over and wait; one thread writes whatever gathered meanwhile, calls fdatasync once for the group
and wakes them. A frame is a 4-byte little-endian length, a 4-byte CRC-32 of what follows, and UTF-8 JSON.
Files are `<20 digits>.log`; a full or old one ends with a seal that carries the hash of everything before it and the
hash in the seal of the file before, so that a missing or changed file shows.
"""

import asyncio
import fcntl
import hashlib
import json
import os
import queue
import re
import struct
import threading
import time
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from alpheus.edge.errors import EdgeError, KeyLogUnavailable, OptionsError
from alpheus.edge.logs import note
from alpheus.edge.metrics import Metrics

FRAME = struct.Struct("<II")
RECORD_BYTES_MAX = 1 << 20
_WAITING_MAX = 10_000
_NAME = re.compile(r"(\d{20})\.log\Z")
_LOCK = "lock"
_LOCK_SECONDS = 10.0
_NO_HASH = "0" * 64

Record = Mapping[str, object]
_written_out = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode


def frame(record: Record) -> bytes:
    """Write a record as it stands in the file."""
    body = _written_out(record).encode()
    return FRAME.pack(len(body), zlib.crc32(body)) + body


def files(folder: Path) -> list[Path]:
    """A key log's files, oldest first."""
    return sorted(path for path in folder.iterdir() if _NAME.match(path.name)) if folder.is_dir() else []


def read(path: Path) -> Iterator[Record]:
    """Read a file's whole records in order; stops at damage or a torn end."""
    data = path.read_bytes()
    for start, end in _frames(data):
        record = json.loads(data[start:end])
        if isinstance(record, dict):
            yield record


def _frames(data: bytes) -> Iterator[tuple[int, int]]:
    at = 0
    while at + FRAME.size <= len(data):
        length, crc = FRAME.unpack_from(data, at)
        start, end = at + FRAME.size, at + FRAME.size + length
        if not 0 < length <= RECORD_BYTES_MAX or end > len(data) or zlib.crc32(data[start:end]) != crc:
            return
        yield start, end
        at = end


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
        """Take the folder for this process, mend and seal what a crash left, begin a new file.

        Raises:
            OptionsError: another edge holds the folder, or it cannot be written.
        """
        self._folder = folder
        self._metrics = metrics
        self._segment_bytes = segment_bytes
        self._segment_seconds = segment_seconds
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._lock = _locked(folder)
            self._file = _begin(folder, _mended(folder))
        except OSError as error:
            raise OptionsError(f"The key log's folder {folder} cannot be used: {error}") from error
        self._closing = threading.Lock()
        self.failing = ""
        """Why the last group could not be written; empty when it could."""
        self._gathering: _Group | None = None
        self._writing = 0
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
        if self.waiting >= _WAITING_MAX:
            raise KeyLogUnavailable("Too many releases are waiting for the disk.", retry_after_seconds=2)
        loop = asyncio.get_running_loop()
        if self._gathering is None:
            self._gathering = _Group(loop, [], [])
            if not self._writing:
                loop.call_soon(self._hand_over)
        done: asyncio.Future[None] = loop.create_future()
        self._gathering.frames.append(frame(record))
        self._gathering.waiting.append(done)
        # A player that hangs up cancels its waiting, not its record.
        await done

    def close(self) -> None:
        """Write what waits, seal the file, stop the thread, give the folder back; harmless twice."""
        with self._closing:
            if self._lock < 0:
                return
            self._hand_over()
            self._queue.put(None)
            self._thread.join()
            os.close(self._lock)
            self._lock = -1

    def _hand_over(self) -> None:
        """Give what gathered to the thread."""
        group, self._gathering = self._gathering, None
        if group is not None:
            self._writing += len(group.frames)
            self._queue.put(group)

    def _written(self, group: _Group, error: EdgeError | None) -> None:
        """Tell everybody in the group; back in the event loop."""
        self._writing -= len(group.frames)
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
        try:
            self._file.seal()
        except OSError as error:
            note("key log could not be sealed; the next start does it", level=30, error=str(error))
        self._file.close()

    def _write(self, group: _Group) -> KeyLogUnavailable | None:
        data = b"".join(group.frames)
        try:
            if self._file.failed or self._file.is_due(self._segment_bytes, self._segment_seconds):
                self._file = _next(self._folder, self._file)
            self._file.append(data, records=len(group.frames))
        except OSError as error:
            self._metrics.keylog_errors.add()
            note("key log cannot be written; no keys leave", level=40, error=str(error))
            self.failing = _explained(error)
            return KeyLogUnavailable(self.failing, retry_after_seconds=10)
        self.failing = ""
        self._metrics.keylog_records.add(len(group.frames))
        self._metrics.keylog_bytes.add(len(data))
        self._metrics.keylog_syncs.add()
        return None


class _File:
    """The file that grows."""

    def __init__(self, path: Path, previous: str) -> None:
        self.path = path
        self.failed = False
        self._previous = previous
        self._fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        self._size = 0
        self._records = 0
        self._hash = hashlib.sha256()
        self._begun = time.monotonic()

    def is_due(self, most_bytes: int, most_seconds: float) -> bool:
        """Whether it is time for the next file."""
        old = time.monotonic() - self._begun >= most_seconds
        return self._records > 0 and (self._size >= most_bytes or old)

    def append(self, data: bytes, *, records: int) -> None:
        """Write whole frames and flush them; on an error the file ends where it ended before.

        Raises:
            OSError: nothing of it may be relied on.
        """
        try:
            _write_all(self._fd, data)
            os.fdatasync(self._fd) if hasattr(os, "fdatasync") else os.fsync(self._fd)
        except OSError:
            self._cut_back()
            raise
        self._size += len(data)
        self._records += records
        self._hash.update(data)

    def seal(self) -> str:
        """End the file; gives the hash that the next one's seal will carry.

        Raises:
            OSError: it could not be written.
        """
        digest = self._hash.hexdigest()
        self.append(frame(_seal(digest, self._previous, self._records)), records=0)
        return digest

    def close(self) -> None:
        """Close it; harmless twice."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    def _cut_back(self) -> None:
        """Remove what was half written. After a failed flush no later one can be believed, so the file is done."""
        try:
            os.ftruncate(self._fd, self._size)
            os.lseek(self._fd, self._size, os.SEEK_SET)
            os.fdatasync(self._fd) if hasattr(os, "fdatasync") else os.fsync(self._fd)
        except OSError:
            self.failed = True


def _write_all(fd: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]


def _seal(digest: str, previous: str, records: int) -> Record:
    return {"seal": True, "sha256": digest, "previous": previous, "records": records}


def _explained(error: OSError) -> str:
    if error.errno in {28, 122}:  # ENOSPC, EDQUOT
        return "The key log's disk is full; music stops rather than be played unrecorded. Free some space."
    return "The key log's disk fails; music stops rather than be played unrecorded."


def _next(folder: Path, file: _File) -> _File:
    """Seal a file and begin the next."""
    digest = file._hash.hexdigest() if file.failed else file.seal()  # noqa: SLF001 - same module
    file.close()
    return _File(folder / f"{int(file.path.stem) + 1:020}.log", digest)


def _begin(folder: Path, previous: str) -> _File:
    existing = files(folder)
    number = int(existing[-1].stem) + 1 if existing else 1
    return _File(folder / f"{number:020}.log", previous)


def _locked(folder: Path) -> int:
    """Hold the folder: two edges in one log would lose plays. Waits a moment for one that is stopping.

    Raises:
        OptionsError: another process holds it.
    """
    lock = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    until = time.monotonic() + _LOCK_SECONDS
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= until:
                os.close(lock)
                raise OptionsError(f"Another edge is running on {folder}. Stop it first.") from None
            time.sleep(0.05)
        else:
            return lock


def _mended(folder: Path) -> str:
    """Seal files that a crash left open; gives the last hash of the chain."""
    previous = _NO_HASH
    for path in files(folder)[-2:]:  # only the last can be open; the one before gives the chain's hash
        previous = _closed(path, previous)
    return previous


def _closed(path: Path, previous: str) -> str:
    """Cut a torn end off, seal the file if it is open, give its hash."""
    data = path.read_bytes()
    whole, records, last = 0, 0, b"{}"
    for start, end in _frames(data):
        whole, last = end, data[start:end]
        records += 1
    seal = json.loads(last)
    if isinstance(seal, dict) and seal.get("seal"):
        return str(seal.get("sha256", _NO_HASH))
    if whole < len(data) and not _continues(data, whole):
        note("key log: cut a torn end off", file=path.name, bytes=len(data) - whole)
        os.truncate(path, whole)
        data = data[:whole]
    digest = hashlib.sha256(data).hexdigest()
    with path.open("ab") as file:
        file.write(frame(_seal(digest, previous, records)))
        file.flush()
        os.fsync(file.fileno())
    return digest


def _continues(data: bytes, damaged: int) -> bool:
    """Whether whole frames follow damage: then it is no torn end, and nothing after it may be cut off."""
    return any(
        next(_frames(data[at:]), None) is not None
        for at in range(damaged + 1, len(data) - FRAME.size)
        if 0 < FRAME.unpack_from(data, at)[0] <= len(data) - at - FRAME.size
    )
