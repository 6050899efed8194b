"""Searches storage for any 64-byte run of known bytes, at any alignment on both sides.

Complete by construction: the needle is cut into blocks of 32 bytes at every multiple of 32. Any run of 64 bytes
holds at least one whole block wherever it starts (a block starts within its first 32 bytes and ends within its
64th). The haystack is read at *every* offset: its next 8 bytes, as one number, are looked up in a small hash
table of the blocks' first 8 bytes, what is left in the sorted blocks themselves, and then compared whole.
Blocks found on one diagonal (place in haystack minus place in needle) are joined and their ends extended byte by
byte; a run counts from 64 bytes.

Blocks of fewer than 8 different bytes (padding, tables of a container) are left out: they are in every file. `Needle`
says how many; music has hardly any. Not found is what was re-encoded on its way to storage (deflated, base64);
compressed or encrypted sound does not get smaller by deflating, so that browsers' caches hold it as it came.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

BLOCK_BYTES = 32
RUN_BYTES = 64
DIFFERENT_BYTES_MIN = 8
PIECE_BYTES = 16 * 2**20
TABLE_BITS = 22
_SPREAD = np.uint64(
    0x9E3779B97F4A7C15
)  # 2^64 / golden ratio: spreads numbers over a table (Knuth, vol. 3, 6.4)


@dataclass(frozen=True)
class Run:
    """Bytes found: where, how many, and from which place of the needle."""

    where: str
    at: int
    needle_at: int
    length: int


class Needle:
    """Known bytes, ready to be searched for."""

    def __init__(self, parts: list[bytes]) -> None:
        # Parts are kept apart by filler, so that no run crosses from one into the next.
        fillers = [bytes(-len(part) % BLOCK_BYTES + BLOCK_BYTES) for part in parts]
        self._bytes = b"".join(part + filler for part, filler in zip(parts, fillers, strict=True))
        self._ours = np.frombuffer(
            b"".join(b"\1" * len(part) + filler for part, filler in zip(parts, fillers, strict=True)), bool
        )
        self.size = int(np.count_nonzero(self._ours))
        blocks = np.frombuffer(self._bytes, np.uint8).reshape(-1, BLOCK_BYTES)
        ordered = np.sort(blocks, axis=1)
        different = 1 + np.count_nonzero(np.diff(ordered, axis=1), axis=1)
        kept = np.flatnonzero(different >= DIFFERENT_BYTES_MIN)
        left_out = np.repeat(different < DIFFERENT_BYTES_MIN, BLOCK_BYTES)
        self.left_out_bytes = int(np.count_nonzero(self._ours & left_out))
        first = blocks[kept].view(np.uint64)[:, 0]
        order = np.argsort(first, kind="stable")
        self._first = first[order]
        self._place = kept[order].astype(np.int64) * BLOCK_BYTES
        self._table = np.zeros(2**TABLE_BITS, bool)
        self._table[_hashed(self._first)] = True

    def search(self, data: bytes, where: str, *, offset: int = 0) -> list[Run]:
        """Every run of at least 64 bytes in `data`; each once, overlapping ones joined per diagonal."""
        hits = self._blocks_in(data)
        return [
            Run(where, offset + at, place, length)
            for at, place, length in self._runs(data, hits)
            if length >= RUN_BYTES
        ]

    def _blocks_in(self, data: bytes) -> np.ndarray:
        """Pairs (place in haystack, place in needle) of equal blocks."""
        found = []
        whole = np.frombuffer(data, np.uint8)
        for shift in range(min(8, max(0, len(data) - BLOCK_BYTES + 1))):
            count = (len(data) - shift) // 8
            numbers = np.frombuffer(data, np.uint64, count=count, offset=shift)
            likely = np.flatnonzero(self._table[_hashed(numbers)])
            if likely.size:
                found.append(self._equal(whole, numbers[likely], likely * 8 + shift))
        return np.concatenate(found) if found else np.zeros((0, 2), np.int64)

    def _equal(self, whole: np.ndarray, numbers: np.ndarray, places: np.ndarray) -> np.ndarray:
        fits = places + BLOCK_BYTES <= len(whole)
        numbers, places = numbers[fits], places[fits]
        left = np.searchsorted(self._first, numbers, "left")
        right = np.searchsorted(self._first, numbers, "right")
        times = right - left
        repeated = np.repeat(np.arange(len(places)), times)
        within = np.arange(times.sum()) - np.repeat(np.cumsum(times) - times, times)
        in_hay, in_needle = places[repeated], self._place[left[repeated] + within]
        span = np.arange(BLOCK_BYTES)
        needle = np.frombuffer(self._bytes, np.uint8)
        same = np.zeros(len(in_hay), bool)
        for start in range(0, len(in_hay), 2**16):
            part = slice(start, start + 2**16)
            here, there = whole[in_hay[part, None] + span], needle[in_needle[part, None] + span]
            same[part] = (here == there).all(axis=1)
        return np.stack([in_hay[same], in_needle[same]], axis=1).astype(np.int64)

    def _runs(self, data: bytes, hits: np.ndarray) -> Iterator[tuple[int, int, int]]:
        if not len(hits):
            return
        diagonal = hits[:, 0] - hits[:, 1]
        order = np.lexsort((hits[:, 1], diagonal))
        hits, diagonal = hits[order], diagonal[order]
        breaks = (np.diff(diagonal) != 0) | (np.diff(hits[:, 1]) != BLOCK_BYTES)
        starts = np.concatenate(([0], np.flatnonzero(breaks) + 1))
        ends = np.concatenate((starts[1:], [len(hits)])) - 1
        for start, end in zip(starts, ends, strict=True):
            at, place = map(int, hits[start])
            until = int(hits[end][0]) + BLOCK_BYTES
            yield self._extended(data, at, place, until - at)

    def _extended(self, data: bytes, at: int, place: int, length: int) -> tuple[int, int, int]:
        """Add equal bytes at both ends, up to a run's length."""
        before = after = 0
        while before < RUN_BYTES and min(at, place) > before:
            if data[at - before - 1] != self._bytes[place - before - 1]:
                break
            before += 1
        while (
            after < RUN_BYTES
            and at + length + after < len(data)
            and place + length + after < len(self._bytes)
        ):
            if data[at + length + after] != self._bytes[place + length + after]:
                break
            after += 1
        return at - before, place - before, before + length + after

    def share_found(self, runs: list[Run]) -> float:
        """How much of the needle the runs cover, 0 to 1."""
        seen = np.zeros(len(self._bytes), bool)
        for run in runs:
            seen[run.needle_at : run.needle_at + run.length] = True
        return float(np.count_nonzero(seen & self._ours)) / self.size


def _hashed(numbers: np.ndarray) -> np.ndarray:
    return (numbers * _SPREAD) >> np.uint64(64 - TABLE_BITS)


def search_file(needle: Needle, path: Path, *, name: str = "") -> list[Run]:
    """Search a file, device or image in pieces that overlap by a run."""
    runs, at, kept = [], 0, b""
    with path.open("rb") as file:
        while piece := file.read(PIECE_BYTES):
            data = kept + piece
            if np.frombuffer(
                data, np.uint8
            ).any():  # a disk's image is mostly empty, and nothing is no part of the needle
                runs += needle.search(data, name or str(path), offset=at - len(kept))
            at += len(piece)
            kept = data[-(RUN_BYTES - 1) :]
    return runs


def search_folder(needle: Needle, folder: Path, *, changed_since: float = 0.0) -> list[Run]:
    """Search every regular file under a folder that was changed since a time; files that vanish are passed over."""
    runs = []
    for path in sorted(folder.rglob("*")):
        try:
            if path.is_file() and not path.is_symlink() and path.stat().st_mtime >= changed_since:
                runs += search_file(needle, path)
        except OSError:
            continue
    return runs


def search_open_deleted(needle: Needle, pids: list[int]) -> list[Run]:
    """Search files that processes and their children hold open though deleted, on a disk (not shared memory)."""
    runs = []
    for pid in _with_children(pids):
        try:
            handles = list(Path(f"/proc/{pid}/fd").iterdir())
        except OSError:
            continue
        for handle in handles:
            try:
                target = str(handle.readlink())
                if target.endswith(" (deleted)") and not target.startswith(("/memfd:", "/dev/")):
                    runs += search_file(needle, handle, name=f"{pid}: {target}")
            except OSError:
                continue
    return runs


def _with_children(pids: list[int]) -> set[int]:
    parents = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
    found = set(pids)
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return found
