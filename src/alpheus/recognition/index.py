"""An index of landmarks on disk: sorted segments, mapped into memory, merged as they become many.

A segment is one sorted array of 64-bit entries (hash, recording, row: 22, 20 and 20 bits) and the names of its
recordings. Segments never change; `segments.json` says which count and is replaced whole. So a reader needs no lock, a writer
that is killed leaves only files that nobody reads, and memory is what the system keeps of the pages that were asked for.
Everything follows from fingerprints: a lost folder is made anew.
"""

import fcntl
import json
import os
import secrets
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from alpheus.recognition import alignment
from alpheus.recognition.alignment import Hits
from alpheus.recognition.method import Match
from alpheus.recognition.pairs import Landmarks

Entries = npt.NDArray[np.uint64]

_HASH_SHIFT, _NAME_SHIFT = np.uint64(40), np.uint64(20)
_LOW = np.uint64((1 << 20) - 1)
NAMES_MOST = 1 << 20  # of one segment
ROWS_MOST = 1 << 20  # of 20 ms: 5.8 hours
_BATCH_ENTRIES = 4_000_000  # gathered before they become a segment: 32 MiB
_MERGED_AT_ONCE = 4_000_000
_TIER = 8  # segments of a size are merged when there are so many
# Of one portion of a question, the commonest landmarks are left out beyond this: what all music has says nothing.
_HITS_MOST = 2_000_000
_CURRENT = "segments.json"


@dataclass(frozen=True, eq=False)
class _Segment:
    """One sorted array and its names."""

    name: str
    entries: Entries
    names: tuple[str, ...]


class LandmarkIndex:
    """Landmarks of many recordings; see `method.Index`. Several processes may read it, one at a time writes."""

    def __init__(self, folder: Path, *, read: Callable[[bytes], Landmarks]) -> None:
        self._folder = folder
        self._read = read
        self._open: tuple[tuple[int, int], tuple[_Segment, ...]] = ((0, 0), ())
        folder.mkdir(parents=True, exist_ok=True)

    def names(self) -> frozenset[str]:
        """All names it holds."""
        return frozenset(name for segment in self._segments() for name in segment.names)

    def add(self, fingerprints: Iterable[tuple[str, bytes]]) -> None:
        """Take in fingerprints under their names; a name that is there is passed over.

        Raises:
            FingerprintCorrupt: one is none; those before it are in.
        """
        with self._writing():
            known = set(self.names())
            batch = _Batch()
            try:
                for name, fingerprint in fingerprints:
                    if name not in known:
                        known.add(name)
                        batch.add(name, self._read(fingerprint))
                    if batch.full:
                        self._publish([*self._segments(), self._written(batch.names, batch.sorted())])
                        batch = _Batch()
            finally:
                if batch.names:
                    self._publish([*self._segments(), self._written(batch.names, batch.sorted())])
            self._merge_tiers()

    def keep(self, names: Collection[str]) -> None:
        """Forget all names but these: segments that hold others are written anew without them."""
        wanted = frozenset(names)
        with self._writing():
            segments = self._segments()
            kept = [each for each in segments if wanted.issuperset(each.names)]
            mixed = [each for each in segments if each not in kept and not wanted.isdisjoint(each.names)]
            if len(kept) < len(segments):
                self._publish([*kept, *(self._merged([each], wanted) for each in mixed)])

    def search(self, fingerprint: bytes, *, leave_out: Collection[str] = ()) -> tuple[Match, ...]:
        """Find what shares a passage with a sound, the most alike first.

        Raises:
            FingerprintCorrupt: it is none.
        """
        asked = self._read(fingerprint)
        matches = [
            match
            for segment in self._segments()
            for match in alignment.matches(asked, _finder(segment), segment.names, frozenset(leave_out))
        ]
        return tuple(sorted(matches, key=lambda match: (-match.score, match.name)))

    @property
    def size_bytes(self) -> int:
        """What its segments take on disk."""
        return sum(segment.entries.nbytes for segment in self._segments())

    def _segments(self) -> tuple[_Segment, ...]:
        """The segments that count now.

        A file that is missing was merged away by a writer a moment ago: the list is read again. If it is missing still it is
        lost, and its names with it, so that whoever asks for them adds them again.
        """
        missed = None
        while True:
            try:
                status = (self._folder / _CURRENT).stat()
                stamp = status.st_mtime_ns, status.st_ino
                if stamp == self._open[0]:
                    return self._open[1]
                listed = json.loads((self._folder / _CURRENT).read_bytes())
            except FileNotFoundError:
                return ()
            opened = [self._opened(name) for name in listed]
            if None in opened and stamp != missed:
                missed = stamp
                continue
            self._open = stamp, tuple(segment for segment in opened if segment is not None)
            return self._open[1]

    def _opened(self, name: str) -> _Segment | None:
        path = self._folder / f"{name}.entries"
        try:
            names = tuple(json.loads(path.with_suffix(".names").read_bytes()))
            if path.stat().st_size == 0:  # of silence alone; nothing can be mapped of an empty file
                return _Segment(name, np.empty(0, dtype=np.uint64), names)
            return _Segment(name, np.memmap(path, dtype=np.uint64, mode="r"), names)
        except FileNotFoundError:
            return None

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with (self._folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _publish(self, segments: Sequence[_Segment]) -> None:
        """Let these segments count and no others, whose files then go."""
        draft = self._folder / f"{_CURRENT}.draft"
        _write(draft, [json.dumps([segment.name for segment in segments]).encode()])
        draft.replace(self._folder / _CURRENT)
        named = {segment.name for segment in segments}
        for path in self._folder.glob("*.entries"):
            if path.stem not in named:
                path.unlink(missing_ok=True)
                path.with_suffix(".names").unlink(missing_ok=True)
        self._open = (0, 0), ()

    def _written(self, names: Sequence[str], portions: Iterable[Entries]) -> _Segment:
        name = secrets.token_hex(8)
        _write(self._folder / f"{name}.entries", (portion.data for portion in portions))
        _write(self._folder / f"{name}.names", [json.dumps(list(names)).encode()])
        segment = self._opened(name)
        assert segment is not None  # noqa: S101 - it was written just now; this tells mypy
        return segment

    def _merge_tiers(self) -> None:
        """Merge segments of like size when there are many, so that a search asks few."""
        while True:
            tiers: dict[int, list[_Segment]] = {}
            for segment in self._segments():
                tiers.setdefault(_tier(segment), []).append(segment)
            many = next((tier for _, tier in sorted(tiers.items()) if len(tier) >= _TIER), None)
            if many is None or sum(len(segment.names) for segment in many) > NAMES_MOST:
                return
            merged = self._merged(many, None)
            gone = {segment.name for segment in many}
            self._publish([each for each in self._segments() if each.name not in gone] + [merged])

    def _merged(self, segments: Sequence[_Segment], wanted: frozenset[str] | None) -> _Segment:
        """Write segments as one, range by range of their hashes, in bounded memory."""
        names: list[str] = []
        numbers = []
        for segment in segments:
            kept = [wanted is None or name in wanted for name in segment.names]
            numbers.append(np.where(kept, len(names) + np.cumsum(kept) - 1, -1))
            names += [name for name, keep in zip(segment.names, kept, strict=True) if keep]
        return self._written(names, _ranges(segments, numbers))


class _Batch:
    """Landmarks that are yet to become a segment."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self._parts: list[Entries] = []
        self._entries = 0

    def add(self, name: str, marks: Landmarks) -> None:
        within = marks.rows < ROWS_MOST
        hashes, rows = marks.hashes[within].astype(np.uint64), marks.rows[within].astype(np.uint64)
        self._parts.append(hashes << _HASH_SHIFT | np.uint64(len(self.names)) << _NAME_SHIFT | rows)
        self._entries += len(hashes)
        self.names.append(name)

    @property
    def full(self) -> bool:
        return self._entries >= _BATCH_ENTRIES or len(self.names) >= NAMES_MOST

    def sorted(self) -> list[Entries]:
        return [np.sort(np.concatenate(self._parts))]


def _write(path: Path, pieces: Iterable[bytes | memoryview]) -> None:
    """Write a file that is whole on disk before a list names it."""
    with path.open("wb") as file:
        for piece in pieces:
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())


def _tier(segment: _Segment) -> int:
    """A segment's size in powers of eight."""
    return (len(segment.entries).bit_length()) // 3


def _ranges(segments: Sequence[_Segment], numbers: Sequence[npt.NDArray[np.int64]]) -> Iterator[Entries]:
    """Entries of all segments in order, under their new numbers (-1: gone), some at a time."""
    largest = max((segment.entries for segment in segments), key=len)
    step = max(1, _MERGED_AT_ONCE * max(1, len(largest)) // max(1, sum(len(s.entries) for s in segments)))
    cuts = np.unique(largest[step::step] >> _HASH_SHIFT) << _HASH_SHIFT
    places = [np.searchsorted(segment.entries, cuts) for segment in segments]
    edges = [[0, *map(int, place), len(s.entries)] for place, s in zip(places, segments, strict=True)]
    for at in range(len(cuts) + 1):
        parts = []
        for segment, edge, number in zip(segments, edges, numbers, strict=True):
            part = np.asarray(segment.entries[edge[at] : edge[at + 1]])
            new = number[(part >> _NAME_SHIFT & _LOW).astype(np.int64)]
            part, new = part[new >= 0], new[new >= 0].astype(np.uint64)
            parts.append(part & ~(_LOW << _NAME_SHIFT) | new << _NAME_SHIFT)
        yield np.sort(np.concatenate(parts))


def _finder(segment: _Segment) -> Callable[[Landmarks], Hits]:
    """Look landmarks up in a segment."""

    def find(asked: Landmarks) -> Hits:
        hashes = asked.hashes.astype(np.uint64)
        first = np.searchsorted(segment.entries, hashes << _HASH_SHIFT)
        counts = np.searchsorted(segment.entries, (hashes + np.uint64(1)) << _HASH_SHIFT) - first
        rarest = np.argsort(counts, kind="stable")
        rarest = rarest[np.cumsum(counts[rarest]) <= _HITS_MOST]
        first, counts, own = first[rarest], counts[rarest], asked.rows[rarest]
        within = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
        entries = np.asarray(segment.entries[np.repeat(first, counts) + within])
        numbers = (entries >> _NAME_SHIFT & _LOW).astype(np.int64)
        return Hits(numbers, np.repeat(own, counts), (entries & _LOW).astype(np.int64))

    return find
