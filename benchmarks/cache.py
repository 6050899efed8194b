"""Hit ratio of the edge's own cache beside LRU and beside Belady's optimum, over the same requests.

What is measured is `edge.cloud_cache` as the edge runs it, fed with keys and sizes: on requests by Zipf's law with exponent
0.9 over a catalogue of segments, and on a CDN's real trace where `BENCH_CDN_TRACE` names one. A trace is text, perhaps
gzipped (.gz), a request a line: `time key size`, with blanks or commas between, more columns ignored; size in bytes. That
is the form of the traces published with webcachesim and LRB.

Each cache holds 1% or 10% of the bytes that the catalogue (a trace: all its objects) has. The first half of the requests
warms it, hits are counted in the second. Belady's (1966) drops what is asked for again last, and does not take in what
would be; with objects of unlike sizes that is no longer the exact optimum, which nobody can compute, but close above us.
LRU is an OrderedDict with the same limit in bytes.
"""

import gzip
import heapq
import os
import re
import sys
from array import array
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np

from alpheus.edge.cloud_cache import CloudCache
from alpheus.edge.metrics import Metrics
from benchmarks.report import Row, at_least, publish

VARIABLE = "BENCH_CDN_TRACE"
OBJECTS, REQUESTS = 200_000, 2_000_000
EXPONENT = 0.9
SHARES = (0.01, 0.1)

# Stored chunks of a segment, a variant: aac-64, aac-128, aac-256, and FLAC at some 700 kbit/s; how often each is heard.
SEGMENT_BYTES = (33_000, 65_000, 129_000, 350_000)
HEARD = (0.2, 0.6, 0.15, 0.05)

# Published with the algorithm and measured by our prototype: the smaller the cache, the more a scan costs LRU.
OVER_LRU = {0.01: 1.2, 0.1: 1.05}
OF_BELADY = {0.01: 0.7, 0.1: 0.8}
OVER_LRU_REAL = 1.0

_SEPARATOR = re.compile(r"[,\s]+")


@dataclass(frozen=True)
class Trace:
    """Requests in order: which object, by number, and the objects' sizes in bytes."""

    name: str
    keys: "np.ndarray[tuple[int], np.dtype[np.int64]]"
    sizes: "np.ndarray[tuple[int], np.dtype[np.int64]]"

    def capacity(self, share: float) -> int:
        """Bytes of a cache that holds this share of all objects."""
        return int(self.sizes.sum() * share)


def main(objects: int = OBJECTS, requests: int = REQUESTS) -> None:
    """Measure, and publish."""
    made = zipf(objects, requests)
    rows = [row for share in SHARES for row in _synthetic(made, share)]
    path = os.environ.get(VARIABLE)
    if path:
        trace = read(Path(path))
        rows += [row for share in SHARES for row in _real(trace, share)]
    else:
        sys.stderr.write(f"{VARIABLE} names no CDN trace (lines of: time key size); measured without one.\n")
        rows.append(Row("requests of a real CDN's trace", 0, "", peer=f"{VARIABLE} named none"))
    publish("cache", rows)


def zipf(objects: int, requests: int) -> Trace:
    """Independent requests by Zipf's law; the same ones in every run."""
    chance = np.random.default_rng(2023)
    weights = np.cumsum(np.arange(1, objects + 1, dtype=np.float64) ** -EXPONENT)
    ranks = np.searchsorted(weights, chance.random(requests) * weights[-1])
    sizes = chance.choice(SEGMENT_BYTES, objects, p=HEARD) * chance.uniform(0.9, 1.1, objects)
    return Trace(f"Zipf {EXPONENT:g}", ranks.astype(np.int64), sizes.astype(np.int64))


def read(path: Path) -> Trace:
    """Read a CDN's trace; an object's size is the largest that was seen of it.

    Exits when the file is not of the stated form.
    """
    numbers: dict[str, int] = {}
    keys, sizes = array("q"), array("q")
    with gzip.open(path, "rt") if path.suffix == ".gz" else path.open() as lines:
        for at, line in enumerate(lines, 1):
            words = _SEPARATOR.split(line.strip())
            if len(words) < 3 or not words[2].isdecimal():
                sys.exit(f"{path}, line {at}: no request of the form `time key size`: {line[:60]!r}")
            number = numbers.setdefault(words[1], len(numbers))
            if number == len(sizes):
                sizes.append(1)
            sizes[number] = max(sizes[number], int(words[2]))
            keys.append(number)
    if len(keys) == 0:
        sys.exit(f"{path} holds no requests.")
    return Trace(path.name, np.frombuffer(keys, np.int64), np.frombuffer(sizes, np.int64))


def _synthetic(trace: Trace, share: float) -> Iterator[Row]:
    ours, lru, best = ratios(trace, share)
    what = f"{trace.name}, {share:.0%} of the bytes"
    yield Row(f"hit ratio, {what}", round(ours, 4), "of requests", peer=f"LRU {lru:.3f}, Belady {best:.3f}")
    yield at_least(f"beside LRU, {what}", ours / lru, "x", OVER_LRU[share], peer="LRU, OrderedDict")
    yield at_least(f"beside Belady, {what}", ours / best, "x", OF_BELADY[share], peer="Belady")


def _real(trace: Trace, share: float) -> Iterator[Row]:
    ours, lru, best = ratios(trace, share)
    what = f"{trace.name}, {share:.0%} of the bytes"
    yield Row(f"hit ratio, {what}", round(ours, 4), "of requests", peer=f"LRU {lru:.3f}, Belady {best:.3f}")
    yield at_least(f"beside LRU, {what}", ours / lru, "x", OVER_LRU_REAL, peer="LRU, OrderedDict")


def ratios(trace: Trace, share: float) -> tuple[float, float, float]:
    """Hit ratios of our cache, LRU and Belady's, with room for this share of the bytes."""
    counted = len(trace.keys) - len(trace.keys) // 2
    capacity = trace.capacity(share)
    ours, lru, best = (run(trace, capacity) / counted for run in (our_hits, lru_hits, belady_hits))
    return ours, lru, best


def our_hits(trace: Trace, capacity: int) -> int:
    """Hits of the cache that the edge runs."""
    cache: CloudCache[int] = CloudCache(capacity, tier="chunks", metrics=Metrics())
    # Values are parts of one buffer: a cache of any size fits into memory, and only their length is looked at.
    shared = memoryview(bytes(int(trace.sizes.max())))
    sizes, warm, hits = trace.sizes.tolist(), len(trace.keys) // 2, 0
    for at, key in enumerate(trace.keys.tolist()):
        if cache.get(key) is not None:
            hits += at >= warm
        else:
            cache.put(key, cast("bytes", shared[: sizes[key]]))
    return hits


def lru_hits(trace: Trace, capacity: int) -> int:
    """Hits of least recently used, by bytes."""
    held: OrderedDict[int, int] = OrderedDict()
    sizes, warm, hits, used = trace.sizes.tolist(), len(trace.keys) // 2, 0, 0
    for at, key in enumerate(trace.keys.tolist()):
        if key in held:
            held.move_to_end(key)
            hits += at >= warm
            continue
        size = sizes[key]
        if size > capacity:
            continue
        held[key] = size
        used += size
        while used > capacity:
            used -= held.popitem(last=False)[1]
    return hits


def belady_hits(trace: Trace, capacity: int) -> int:
    """Hits of who knows all that will be asked for, by bytes."""
    keys, sizes, warm = trace.keys.tolist(), trace.sizes.tolist(), len(trace.keys) // 2
    again = _next_uses(keys)
    held: dict[int, int] = {}  # when it is asked for next
    last: list[tuple[int, int]] = []  # the same, the latest on top; what is no longer so is passed over
    hits = used = 0
    for at, key in enumerate(keys):
        if key in held:
            hits += at >= warm
        else:
            used += sizes[key]
        held[key] = again[at]
        heapq.heappush(last, (-again[at], key))
        while used > capacity:
            when, victim = heapq.heappop(last)
            if held.get(victim) == -when:
                del held[victim]
                used -= sizes[victim]
    return hits


def _next_uses(keys: list[int]) -> list[int]:
    """For each request, the place of the next one for the same object; beyond the end when there is none."""
    seen: dict[int, int] = {}
    again = [len(keys)] * len(keys)
    for at in range(len(keys) - 1, -1, -1):
        again[at] = seen.get(keys[at], len(keys))
        seen[keys[at]] = at
    return again
