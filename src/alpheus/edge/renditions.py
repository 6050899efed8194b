"""Renditions that an edge has opened: index and storage key, kept in memory while they are asked for."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import TypeVar

from alpheus.edge.errors import RenditionUnavailable, SegmentCorrupt, StoreUnavailable
from alpheus.edge.flights import Flights
from alpheus.edge.logs import note
from alpheus.edge.metrics import Metrics
from alpheus.packaging.errors import IndexCorrupt
from alpheus.packaging.rendition import RenditionIndex, index_path
from alpheus.storage import errors as storage
from alpheus.storage import keys
from alpheus.storage.blobs import Blobs

T = TypeVar("T")
_HELD_MAX = 4096
"""An index of four minutes is about 10 KB, of an hour 150 KB."""
_CORRUPT_HELD = 100


@dataclass(frozen=True, slots=True)
class Opened:
    """A rendition that can be served."""

    index: RenditionIndex
    key: bytes = field(repr=False)


class Store:
    """The object store as an edge reads it: with a time limit, counted, its errors turned into ours."""

    def __init__(self, blobs: Blobs, *, metrics: Metrics, timeout_seconds: float) -> None:
        self._blobs = blobs
        self._metrics = metrics
        self._timeout_seconds = timeout_seconds
        self.corrupt: dict[str, str] = {}
        """Damaged objects seen, and what was wrong, for the operator; the latest hundred."""

    async def get(self, path: str) -> bytes:
        """Read a whole blob.

        Raises:
            BlobMissing: no blob has this name.
            StoreUnavailable: the store does not answer.
        """
        return await self._read(self._blobs.get_async(path))

    async def get_range(self, path: str, start: int, length: int) -> bytes:
        """Read part of a blob; raises as `get`, and SegmentCorrupt when it ends before."""
        try:
            return await self._read(self._blobs.get_range_async(path, start, length))
        except (storage.BlobMissing, storage.BlobCorrupt) as error:
            raise self.damaged(path, error) from error

    def damaged(self, path: str, error: Exception) -> SegmentCorrupt:
        """Report a damaged object; gives the error to raise."""
        self._metrics.corrupt.add()
        note("stored object is damaged; it is not served", level=40, object=path, error=str(error))
        self.corrupt.pop(path, None)
        self.corrupt[path] = str(error)
        while len(self.corrupt) > _CORRUPT_HELD:
            del self.corrupt[next(iter(self.corrupt))]
        return SegmentCorrupt("The operator has been told. Skip it, or try another quality.")

    async def _read(self, reading: Coroutine[object, object, T]) -> T:
        self._metrics.store_reads.add()
        try:
            async with asyncio.timeout(self._timeout_seconds):
                return await reading
        except (storage.StoreUnavailable, TimeoutError) as error:
            self._metrics.store_errors.add()
            raise StoreUnavailable(
                "The object store does not answer. What is in memory plays on.", retry_after_seconds=2
            ) from error


class Renditions:
    """Opens renditions, each once."""

    def __init__(self, store: Store, kek: bytes) -> None:
        self._store = store
        self._kek = kek
        self._held: dict[tuple[str, str], Opened] = {}
        self._flights: Flights[tuple[str, str], Opened] = Flights()

    def __len__(self) -> int:
        return len(self._held)

    def peek(self, asset: str, name: str) -> Opened | None:
        """Give a rendition that is open already."""
        return self._held.get((asset, name))

    async def open(self, asset: str, name: str) -> Opened:
        """Open a rendition.

        Raises:
            RenditionUnavailable: it is not there.
            StoreUnavailable: the store does not answer.
            SegmentCorrupt: its index or key cannot be read.
        """
        held = self._held.get((asset, name))
        if held is not None:
            return held
        return await self._flights.share((asset, name), lambda: self._open(asset, name))

    async def _open(self, asset: str, name: str) -> Opened:
        path = index_path(asset, name)
        try:
            index = RenditionIndex.from_json(await self._store.get(path))
            opened = Opened(index, keys.unwrap(self._kek, index.wrapped_key, context=index.context))
        except storage.BlobMissing as error:
            raise RenditionUnavailable(f"There is no {name} of this recording (yet).") from error
        except (IndexCorrupt, storage.BlobCorrupt) as error:
            raise self._store.damaged(path, error) from error
        if len(self._held) >= _HELD_MAX:
            del self._held[next(iter(self._held))]
        self._held[asset, name] = opened
        return opened
