"""From a segment's name to its ciphertext: stored chunks by blend, opened, joined, encrypted under the epoch.

Two tiers of memory: the stored (sealed) chunks of segments, because two variants of them serve all 16 blends, and a
small one of blends as they were sent, for what everybody hears at once. Nothing is ever held in the clear.
"""

from alpheus.edge.cloud_cache import CloudCache
from alpheus.edge.epochs import Epoch
from alpheus.edge.flights import Flights
from alpheus.edge.metrics import Metrics
from alpheus.edge.renditions import Opened, Renditions, Store
from alpheus.packaging.segments import SegmentName, encrypt_padded, padding, segment_key, variants_of
from alpheus.storage import keys
from alpheus.storage.errors import BlobCorrupt

_BLENDS_SHARE = 8
"""One eighth of the memory holds blends, the rest stored chunks."""

ChunksKey = tuple[str, str, int, int]
"""Asset, rendition, segment, variant."""


class Delivery:
    """Serves segments of one edge."""

    def __init__(self, store: Store, renditions: Renditions, *, metrics: Metrics, cache_bytes: int) -> None:
        self._store = store
        self._renditions = renditions
        self._metrics = metrics
        blends_bytes = cache_bytes // _BLENDS_SHARE
        self.blends: CloudCache[str] = CloudCache(blends_bytes, tier="blends", metrics=metrics)
        self.chunks: CloudCache[ChunksKey] = CloudCache(
            cache_bytes - blends_bytes, tier="chunks", metrics=metrics
        )
        self._reading: Flights[ChunksKey, bytes] = Flights()
        self._making: Flights[str, bytes] = Flights()

    def ready(self, text: str) -> bytes | None:
        """Give a segment's ciphertext if it lies in memory as it is sent; a miss is counted by `fetch`, which comes next.

        The only thing here that is called from other threads: it reads, and moves nothing.
        """
        return self.blends.get(text) if text in self.blends else None

    async def fetch(self, text: str, name: SegmentName, epoch: Epoch) -> bytes:
        """Give a segment's ciphertext, made of what is in memory or read for it.

        Args:
            text: the name as it is written.
            name: what it says.
            epoch: the epoch it says.

        Raises:
            StoreUnavailable: the object store does not answer.
            SegmentCorrupt: what it holds is damaged.
            RenditionUnavailable: the rendition is gone.
        """
        held = self.blends.get(text)
        if held is not None:
            return held
        opened = self._renditions.peek(name.asset, name.rendition)
        if opened is not None:
            sealed = self._held(opened, name)
            if sealed is not None:
                return self._finish(text, name, epoch, opened, sealed)
        return await self._making.share(text, lambda: self._make(text, name, epoch))

    def is_warm(self, text: str, name: SegmentName) -> bool:
        """Whether a segment can be served from memory."""
        if text in self.blends:
            return True
        opened = self._renditions.peek(name.asset, name.rendition)
        return opened is not None and all(
            (name.asset, name.rendition, name.segment, variant) in self.chunks
            for variant in _variants(opened, name)
        )

    async def warm(self, name: SegmentName) -> None:
        """Read a segment's stored chunks into memory before anybody asks; raises as `fetch`."""
        opened = await self._renditions.open(name.asset, name.rendition)
        for variant in _variants(opened, name):
            await self._chunks(opened, name, variant)

    async def _make(self, text: str, name: SegmentName, epoch: Epoch) -> bytes:
        opened = await self._renditions.open(name.asset, name.rendition)
        sealed = {variant: await self._chunks(opened, name, variant) for variant in _variants(opened, name)}
        return self._finish(text, name, epoch, opened, sealed)

    def _held(self, opened: Opened, name: SegmentName) -> dict[int, bytes] | None:
        """The stored chunks of the variants that a blend needs, when all are in memory."""
        sealed: dict[int, bytes] = {}
        for variant in _variants(opened, name):
            held = self.chunks.get((name.asset, name.rendition, name.segment, variant))
            if held is None:
                return None
            sealed[variant] = held
        return sealed

    async def _chunks(self, opened: Opened, name: SegmentName, variant: int) -> bytes:
        key = (name.asset, name.rendition, name.segment, variant)
        held = self.chunks.get(key)
        return held if held is not None else await self._reading.share(key, lambda: self._read(opened, key))

    async def _read(self, opened: Opened, key: ChunksKey) -> bytes:
        _, _, segment, variant = key
        start, length = opened.index.segment_span(variant, segment)
        sealed = await self._store.get_range(opened.index.pack_path(variant), start, length)
        self.chunks.put(key, sealed)
        return sealed

    def _finish(
        self, text: str, name: SegmentName, epoch: Epoch, opened: Opened, sealed: dict[int, bytes]
    ) -> bytes:
        try:
            plain = padded_blend(opened, name, sealed)
        except BlobCorrupt as error:
            for variant in sealed:
                self.chunks.drop((name.asset, name.rendition, name.segment, variant))
            raise self._store.damaged(f"{opened.index.context} segment {name.segment}", error) from error
        key, iv = segment_key(
            epoch.secret, asset=name.asset, rendition=name.rendition, segment=name.segment, blend=name.blend
        )
        body = encrypt_padded(plain, key, iv)
        self._metrics.blends.add()
        self.blends.put(text, body)
        return body


def _variants(opened: Opened, name: SegmentName) -> set[int]:
    """Which packs a blend needs."""
    return set(variants_of(name.blend)[: len(opened.index.chunks_of(name.segment))])


def padded_blend(opened: Opened, name: SegmentName, sealed: dict[int, bytes]) -> bytearray:
    """Open each chunk in the variant that the blend names, one after another in one buffer, and pad it.

    Args:
        opened: the rendition.
        name: which segment and blend.
        sealed: the segment's stored chunks, one after another, by variant.

    Raises:
        BlobCorrupt: a chunk is not what was sealed.
    """
    index = opened.index
    chunks = index.chunks_of(name.segment)
    variants = variants_of(name.blend)[: len(chunks)]
    sizes = {variant: index.chunk_bytes(variant)[chunks.start : chunks.stop] for variant in sealed}
    length = sum(sizes[variant][at] - keys.TAG_BYTES for at, variant in enumerate(variants))
    pad = padding(length)
    plain = bytearray(length + len(pad))
    plain[length:] = pad
    opener, into, end = keys.Opener(opened.key, context=index.context), memoryview(plain), 0
    for at, (chunk, variant) in enumerate(zip(chunks, variants, strict=True)):
        start, size = sum(sizes[variant][:at]), sizes[variant][at]
        begin, end = end, end + size - keys.TAG_BYTES
        opener.open(
            memoryview(sealed[variant])[start : start + size], into[begin:end], variant=variant, chunk=chunk
        )
    return plain
