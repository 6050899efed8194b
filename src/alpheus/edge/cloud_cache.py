"""The cloud cache's memory: S3-FIFO by bytes (Yang et al., "FIFO queues are all you need for cache eviction", SOSP 2023).

New things enter a small queue; what is asked for again before it reaches the end moves to the main queue, the rest
goes, and its key is remembered for a while so that a return goes straight to the main queue. A hit moves nothing.
"""

from collections import deque
from collections.abc import Hashable
from typing import Generic, TypeVar

from alpheus.edge.metrics import Metrics

K = TypeVar("K", bound=Hashable)

_SMALL_SHARE = 0.1
_FREQUENCY_MAX = 3
_PROMOTED_ABOVE = 1


class _Entry(Generic[K]):
    __slots__ = ("alive", "frequency", "key", "value")

    def __init__(self, key: K, value: bytes) -> None:
        self.key = key
        self.value = value
        self.frequency = 0
        self.alive = True


class CloudCache(Generic[K]):
    """One tier: bytes by key, at most `capacity` bytes of them."""

    def __init__(self, capacity: int, *, tier: str, metrics: Metrics) -> None:
        self._capacity = capacity
        self._small_capacity = int(capacity * _SMALL_SHARE)
        self._entries: dict[K, _Entry[K]] = {}
        self._small: deque[_Entry[K]] = deque()
        self._main: deque[_Entry[K]] = deque()
        self._small_bytes = 0
        self._main_bytes = 0
        self._ghosts: dict[K, None] = {}
        self._tier = tier
        self._metrics = metrics

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def size(self) -> int:
        """Bytes held."""
        return self._small_bytes + self._main_bytes

    def get(self, key: K) -> bytes | None:
        """Find a value and remember that it was asked for."""
        entry = self._entries.get(key)
        if entry is None:
            self._metrics.cache_misses.add(1, self._tier)
            return None
        self._metrics.cache_hits.add(1, self._tier)
        if entry.frequency < _FREQUENCY_MAX:
            entry.frequency += 1
        return entry.value

    def __contains__(self, key: K) -> bool:
        """Whether a value is held; does not count as asking for it."""
        return key in self._entries

    def put(self, key: K, value: bytes) -> None:
        """Hold a value, unless it is held already or larger than the whole tier."""
        if key in self._entries or len(value) > self._capacity:
            return
        while self.size + len(value) > self._capacity:
            self._evict()
        entry = _Entry(key, value)
        self._entries[key] = entry
        if key in self._ghosts:
            del self._ghosts[key]
            self._main.append(entry)
            self._main_bytes += len(value)
        else:
            self._small.append(entry)
            self._small_bytes += len(value)

    def drop(self, key: K) -> None:
        """Forget a value that proved wrong; its bytes are counted until its turn in the queue comes."""
        entry = self._entries.pop(key, None)
        if entry is not None:
            entry.alive = False

    def _evict(self) -> None:
        if self._small and (self._small_bytes > self._small_capacity or not self._main):
            self._evict_small()
        else:
            self._evict_main()

    def _evict_small(self) -> None:
        entry = self._small.popleft()
        self._small_bytes -= len(entry.value)
        if not entry.alive:
            return
        if entry.frequency > _PROMOTED_ABOVE:
            entry.frequency = 0
            self._main.append(entry)
            self._main_bytes += len(entry.value)
            return
        self._forget(entry)
        self._ghosts[entry.key] = None
        while len(self._ghosts) > max(64, len(self._entries)):
            del self._ghosts[next(iter(self._ghosts))]

    def _evict_main(self) -> None:
        entry = self._main.popleft()
        if entry.alive and entry.frequency > 0:
            entry.frequency -= 1
            self._main.append(entry)
            return
        self._main_bytes -= len(entry.value)
        if entry.alive:
            self._forget(entry)

    def _forget(self, entry: _Entry[K]) -> None:
        del self._entries[entry.key]
        self._metrics.cache_evictions.add(1, self._tier)
