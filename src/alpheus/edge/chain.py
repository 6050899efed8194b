"""The key log's files: numbered segments, each bound to the one before it by a hash.

A frame is a 4-byte little-endian length, a 4-byte CRC-32 of what follows, and UTF-8 JSON. A segment
`<20 digits>.log` begins with an opening, which names the segment before it (its SHA-256 and how many of its bytes
hold), and ends with a seal, which carries the SHA-256 of everything in front of it, the opening and so the segment
before it included. A missing, shortened or changed segment therefore shows.

After a write or a flush that failed nothing more is written to that segment: what the disk holds of it is not known,
and a reader may have met it. The next opening says how much of it holds. Beside the segments the file `lock` is held
by the edge that writes, and says up to where the last segment is on disk, so that a reader that is quicker than the
flush takes nothing that may still be refused.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import re
import struct
import time
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from alpheus.edge.errors import OptionsError
from alpheus.edge.logs import note

FRAME = struct.Struct("<II")
RECORD_BYTES_MAX = 1 << 20
NO_HASH = "0" * 64
_OPENING_BYTES_MAX = 4096
_NAME = re.compile(r"(\d{20})\.log\Z")
_LOCK = "lock"
_LOCK_SECONDS = 10.0

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
    """Read a file's whole records in order, opening and seal among them; stops at damage or a torn end."""
    data = path.read_bytes()
    for start, end in _frames(data):
        record = json.loads(data[start:end])
        if isinstance(record, dict):
            yield record


@dataclass(frozen=True, slots=True)
class Link:
    """What the next segment says of the one before it: number, SHA-256 up to its seal, and bytes that hold."""

    number: int
    sha256: str
    size: int


_NOTHING = Link(0, NO_HASH, 0)


class Chain:
    """The files of one edge's key log, written by one thread at a time."""

    def __init__(self, folder: Path, *, segment_bytes: int, segment_seconds: float) -> None:
        """Take the folder for this process, mend and seal what a crash left. The first append begins a segment.

        Raises:
            OptionsError: another edge holds the folder, or it cannot be used.
        """
        self._folder = folder
        self._segment_bytes = segment_bytes
        self._segment_seconds = segment_seconds
        self._segment: _Segment | None = None
        self._begun = 0
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._lock = _locked(folder)
        except OSError as error:
            raise OptionsError(f"The key log's folder {folder} cannot be used: {error}") from error
        try:
            self._last = _mended(folder)
        except OSError as error:
            os.close(self._lock)
            raise OptionsError(f"The key log in {folder} cannot be read: {error}") from error
        self._publish(self._last.number, self._last.size)

    def append(self, data: bytes, *, records: int) -> None:
        """Write whole frames; when this returns they are on disk.

        Raises:
            OSError: none of them may be relied on, and no reader will. The next call tries a new segment.
        """
        segment = self._segment
        if segment is not None and segment.is_due(self._segment_bytes, self._segment_seconds):
            self._end(segment)
        segment = self._segment or self._begin()
        try:
            segment.append(data, records=records)
        except OSError:
            self._abandon(segment)
            raise
        self._publish(segment.number, segment.size)

    def close(self) -> None:
        """Seal the segment and give the folder back; harmless twice."""
        if self._lock < 0:
            return
        if self._segment is not None:
            try:
                self._end(self._segment)
            except OSError as error:
                note("key log could not be sealed; the next start does it", level=30, error=str(error))
        os.close(self._lock)
        self._lock = -1

    def _begin(self) -> "_Segment":
        """Begin the segment after the last one.

        Raises:
            OSError: there is no room for it, or the disk fails; nothing of it stays.
        """
        number = self._last.number + 1
        path = self._folder / f"{number:020}.log"
        # Only a segment that this process began and could not finish beginning may lie there.
        flags = os.O_TRUNC if self._begun == number else os.O_EXCL
        self._begun = number
        segment = _Segment(number, os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC | flags, 0o600))
        try:
            segment.append(frame(_opening(number, self._last)), records=0)
            _flush_folder(self._folder)
        except OSError:
            segment.close()
            with contextlib.suppress(OSError):
                os.unlink(path)  # noqa: PTH108 - system calls of this file all go through `os`
            raise
        self._segment = segment
        self._publish(segment.number, segment.size)
        return segment

    def _end(self, segment: "_Segment") -> None:
        """Seal a segment.

        Raises:
            OSError: it could not be sealed, and counts without its seal.
        """
        sha256 = segment.sha256
        try:
            segment.append(frame(_seal(sha256, segment.records)), records=0)
        except OSError:
            self._abandon(segment)
            raise
        self._publish(segment.number, segment.size)
        self._last, self._segment = Link(segment.number, sha256, segment.size), None
        segment.close()

    def _abandon(self, segment: "_Segment") -> None:
        """Write nothing to a segment any more; what holds of it is what was on disk before."""
        self._last, self._segment = Link(segment.number, segment.sha256, segment.size), None
        segment.cut_back()
        segment.close()

    def _publish(self, number: int, size: int) -> None:
        """Tell readers up to where the last segment is on disk. Not flushed: who reads after a crash reads it whole."""
        text = f"{number:020} {size:020}".encode()
        try:
            os.pwrite(self._lock, text + f" {zlib.crc32(text):08x}\n".encode(), 0)
        except OSError as error:
            note("key log: readers wait for the next flush", level=30, error=str(error))


class _Segment:
    """The file that grows."""

    def __init__(self, number: int, fd: int) -> None:
        self.number = number
        self.size = 0
        self.records = 0
        self._fd = fd
        self._hash = hashlib.sha256()
        self._begun = time.monotonic()

    @property
    def sha256(self) -> str:
        """Of all that is on disk."""
        return self._hash.hexdigest()

    def is_due(self, most_bytes: int, most_seconds: float) -> bool:
        """Whether it is time for the next one."""
        old = time.monotonic() - self._begun >= most_seconds
        return self.records > 0 and (self.size >= most_bytes or old)

    def append(self, data: bytes, *, records: int) -> None:
        """Write whole frames and flush them.

        Raises:
            OSError: the file may hold any part of them.
        """
        view = memoryview(data)
        while view:
            view = view[os.write(self._fd, view) :]
        _flush(self._fd)
        self.size += len(data)
        self.records += records
        self._hash.update(data)

    def cut_back(self) -> None:
        """Give back the room of what was half written. That it may fail is why the next opening names our size."""
        with contextlib.suppress(OSError):
            os.ftruncate(self._fd, self.size)

    def close(self) -> None:
        """Close it; harmless twice."""
        fd, self._fd = self._fd, -1
        if fd >= 0:
            os.close(fd)


def _opening(number: int, before: Link) -> Record:
    return {"segment": number, "previous": before.sha256, "bytes": before.size}


def _seal(sha256: str, records: int) -> Record:
    return {"seal": True, "sha256": sha256, "records": records}


def _flush(fd: int) -> None:
    os.fdatasync(fd) if hasattr(os, "fdatasync") else os.fsync(fd)


def _flush_folder(folder: Path) -> None:
    """Put a new file's name on disk: a record in a file that nobody finds is lost."""
    fd = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


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


def _frames(data: bytes) -> Iterator[tuple[int, int]]:
    at = 0
    while at + FRAME.size <= len(data):
        length, crc = FRAME.unpack_from(data, at)
        start, end = at + FRAME.size, at + FRAME.size + length
        if not 0 < length <= RECORD_BYTES_MAX or end > len(data) or zlib.crc32(data[start:end]) != crc:
            return
        yield start, end
        at = end


def _mended(folder: Path) -> Link:
    """Bring the last segment to a whole end and seal it; gives what the next opening says of it."""
    found = files(folder)
    if found and _never_begun(found[-1].read_bytes()):
        os.unlink(found.pop())  # noqa: PTH108 - system calls of this file all go through `os`
    return _closed(found[-1]) if found else _NOTHING


def _never_begun(data: bytes) -> bool:
    """Whether a crash came while the segment was being begun, so that nothing was answered for in it."""
    return len(data) <= _OPENING_BYTES_MAX and _whole(data)[0] == 0


def _whole(data: bytes) -> tuple[int, int, Record]:
    """Where the last whole frame ends, how many records there are, and the last frame.

    Damage before it is passed over: it is no torn end, and stays for the reader to report.
    """
    whole, records = 0, 0
    last: Record = {}
    at: int | None = 0
    while at is not None:
        for start, end in _frames(data[at:]):
            plain = json.loads(data[at + start : at + end])
            whole, last = at + end, plain if isinstance(plain, dict) else {}
            records += "stream" in last
        at = _resume(data, whole)
    return whole, records, last


def _closed(path: Path) -> Link:
    """Cut a torn end off and seal a segment, as far as the disk allows; the next opening needs neither."""
    number, data = int(path.stem), path.read_bytes()
    whole, records, last = _whole(data)
    if last.get("seal"):
        return Link(number, str(last.get("sha256", NO_HASH)), whole)
    kept = data[:whole]
    sha256 = hashlib.sha256(kept).hexdigest()
    seal = frame(_seal(sha256, records))
    try:
        if whole < len(data):
            note("key log: cut a torn end off", file=path.name, bytes=len(data) - whole)
        with path.open("r+b") as file:
            file.truncate(whole)
            file.seek(whole)
            file.write(seal)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        note("key log: a file stays without its seal", level=30, file=path.name, error=str(error))
        return Link(number, sha256, whole)
    return Link(number, sha256, whole + len(seal))


def _resume(data: bytes, damaged: int) -> int | None:
    """Where a whole frame begins again after damage; None when it is a torn end."""
    return next(
        (
            at
            for at in range(damaged + 1, len(data) - FRAME.size)
            if 0 < FRAME.unpack_from(data, at)[0] <= len(data) - at - FRAME.size
            and next(_frames(data[at:]), None) is not None
        ),
        None,
    )
