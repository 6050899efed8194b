"""Reads an edge's key log: framed records in numbered segments, one folder an edge.

A frame is a 4-byte little-endian length, a 4-byte CRC-32 of what follows, and that many bytes of UTF-8 JSON.
The edge answers only after its record is on disk, so a torn frame at the end of a segment was never answered
for and is no loss. Damage anywhere else is: it is reported as a fault, never skipped silently.

A segment begins with an opening, which says what the one before was, and ends with a seal, which carries the SHA-256
of all in front of it. The segment that still grows is read only as far as its edge says that it is on disk.
"""

import hashlib
import json
import re
import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alpheus.listening.rules import GrantFacts, KeyRecord, Playhead, Release, Span

FRAME = struct.Struct("<II")
RECORD_BYTES_MAX = 1 << 20
"""Larger than any record: a POST is at most 64 KiB. A longer length is damage."""

NO_HASH = "0" * 64
"""What the first segment says of the one before it."""
_LOCK = "lock"
_HASHED_AT_ONCE = 1 << 20
_SEGMENT_NAME = re.compile(r"(\d{20})\b.*")


@dataclass(frozen=True)
class Segment:
    """One file of a key log."""

    name: str
    path: Path

    @property
    def number(self) -> int:
        """Segments are numbered from 1 without gaps."""
        return int(self.name)


@dataclass(frozen=True)
class Fault:
    """Bytes of a segment that are not what the edge wrote."""

    offset: int
    reason: str


@dataclass(frozen=True)
class Opening:
    """The first frame of a segment."""

    number: int
    previous: str
    """SHA-256 of the segment before, up to its seal."""
    size: int
    """How many bytes of the segment before hold."""


@dataclass(frozen=True)
class Seal:
    """The last frame of a segment; its hash is empty where the edge gave none."""

    offset: int
    sha256: str


@dataclass(frozen=True)
class Chunk:
    """A run of a segment."""

    records: tuple[KeyRecord, ...]
    faults: tuple[Fault, ...]
    end: int
    """Where the next chunk begins."""
    seal: Seal | None
    """The edge has closed the segment and this chunk reaches its end."""
    exhausted: bool
    """There is no whole frame after this chunk now; more may be appended unless it is sealed."""
    opening: Opening | None = None

    @property
    def sealed(self) -> bool:
        """Whether it reaches its segment's seal."""
        return self.seal is not None


def edges(folder: Path) -> list[Path]:
    """The folders of the edges whose key logs lie in `folder`, by name."""
    return sorted(path for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []


def segments(folder: Path) -> list[Segment]:
    """An edge's segments, oldest first."""
    found = ((_SEGMENT_NAME.fullmatch(path.name), path) for path in folder.iterdir() if path.is_file())
    return sorted((Segment(match[1], path) for match, path in found if match), key=lambda item: item.name)


def opening(path: Path) -> Opening | None:
    """What a segment says of the one before it; None when it says nothing, or is not whole yet.

    Raises:
        OSError: the segment cannot be read.
    """
    return read(path, offset=0, size=1).opening


def is_begun(folder: Path, segment: Segment) -> bool:
    """Whether a segment has a whole frame on disk; else its edge may still give it up.

    Raises:
        OSError: the segment cannot be read.
    """
    until = on_disk(folder, segment)
    return read(segment.path, offset=0, size=1, until=until).end > 0


def on_disk(folder: Path, segment: Segment) -> int | None:
    """How many bytes of a segment are on disk, as its edge says; None where it says nothing, or all of them are."""
    try:
        text, _, crc = (folder / _LOCK).read_bytes().strip().rpartition(b" ")
        number, size = map(int, text.split())
    except (OSError, ValueError):
        return None
    if f"{zlib.crc32(text):08x}".encode() != crc or number < segment.number:
        return 0  # being written this moment
    return size if number == segment.number else None


def sha256(path: Path, *, size: int) -> str:
    """The hash of a segment's first bytes; of all of them when there are fewer.

    Raises:
        OSError: the segment cannot be read.
    """
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while size > 0 and (data := file.read(min(size, _HASHED_AT_ONCE))):
            digest.update(data)
            size -= len(data)
    return digest.hexdigest()


def read(path: Path, *, offset: int, size: int, until: int | None = None) -> Chunk:
    """Read whole frames from an offset, about `size` bytes of them, and nothing from `until` on.

    Raises:
        OSError: the segment cannot be read.
    """
    most = size + FRAME.size + RECORD_BYTES_MAX
    with path.open("rb") as file:
        file.seek(offset)
        data = file.read(most if until is None else max(0, min(most, until - offset)))
    records: list[KeyRecord] = []
    faults: list[Fault] = []
    opened: Opening | None = None
    seal: Seal | None = None
    at = 0
    while at < size and seal is None:
        frame = _frame(data, at)
        if frame is None:
            break
        if isinstance(frame, str):
            faults.append(Fault(offset + at, frame))
            at = _resume(data, at)
            continue
        try:
            found = _found(frame.body, offset + at)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            faults.append(Fault(offset + at, f"not a key log record: {error!r}"))
        else:
            match found:
                case KeyRecord():
                    records.append(found)
                case Opening():
                    opened = found
                case Seal():
                    seal = found
        at = frame.end
    exhausted = seal is not None or at < size
    return Chunk(tuple(records), tuple(faults), offset + at, seal, exhausted=exhausted, opening=opened)


@dataclass(frozen=True)
class _Frame:
    body: bytes
    end: int


def _frame(data: bytes, at: int) -> _Frame | str | None:
    """The frame at a place; None when it is not whole; what is wrong when it is damaged."""
    if len(data) - at < FRAME.size:
        return None
    length, crc = FRAME.unpack_from(data, at)
    body = data[at + FRAME.size : at + FRAME.size + length]
    if length == 0 and crc == 0:
        return None if not any(data[at:]) else "zeros where a frame should begin"
    if length > RECORD_BYTES_MAX:
        return f"a frame of {length} bytes"
    if len(body) < length:
        return None
    end = at + FRAME.size + length
    if zlib.crc32(body) != crc:
        return None if end == len(data) else "checksum does not match"
    return _Frame(body, end)


def _resume(data: bytes, damaged: int) -> int:
    """Where a whole frame begins again after damage, or the end of what is there."""
    for at in range(damaged + 1, len(data) - FRAME.size):
        if isinstance(_frame(data, at), _Frame):
            return at
    return len(data)


def _found(body: bytes, offset: int) -> KeyRecord | Opening | Seal:
    plain = json.loads(body)
    if "stream" in plain:
        return _record(plain)
    if "seal" in plain:
        return Seal(offset, str(plain.get("sha256", "")))
    if "segment" in plain and offset == 0:
        return Opening(int(plain["segment"]), str(plain["previous"]), int(plain["bytes"]))
    raise ValueError("neither a stream's record nor a seal")


def _record(plain: Mapping[str, Any]) -> KeyRecord:
    at = plain.get("at")
    return KeyRecord(
        wall_ms=int(plain["t"]),
        stream=str(plain["stream"]),
        sequence=int(plain["seq"]),
        at=Playhead(str(at["grant"]), int(at["sample"])) if at else None,
        released=tuple(_releases(plain.get("released", []))),
        closing=bool(plain.get("closing", False)),
        grants={str(gid): _facts(facts) for gid, facts in plain.get("grants", {}).items()},
    )


def _releases(plain: list[Mapping[str, Any]]) -> Iterator[Release]:
    for item in plain:
        yield Release(str(item["grant"]), (int(item["from"]), int(item["until"])))


def _facts(plain: Mapping[str, Any]) -> GrantFacts:
    window: Span = (int(plain["win"][0]), int(plain["win"][1]))
    rate_hz, samples = int(plain["rate"]), int(plain["samples"])
    if rate_hz <= 0 or samples <= 0:
        raise ValueError("a grant without rate or length")
    return GrantFacts(
        recording=str(plain["rec"]),
        rate_hz=rate_hz,
        samples=samples,
        window=window,
        preview=bool(plain["pre"]),
        territory=str(plain.get("ter") or ""),
    )
