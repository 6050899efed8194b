"""A rendition at rest: two packs of sealed chunks, one per variant, and an index that is written last.

`assets/<asset[:2]>/<asset>/<name>.json` is the index; its presence means that the rendition is ready. The packs
lie beside it as `<name>.<digest>.a` and `.b`, their digest in their name: two writers of one rendition, or
one that was interrupted and began again under a new storage key, never mix their packs.
"""

import base64
import hashlib
import json
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from alpheus.packaging import boxes
from alpheus.packaging.boxes import Packet
from alpheus.packaging.errors import IndexCorrupt, RenditionIncomplete
from alpheus.packaging.layout import CHUNKS_PER_SEGMENT, Layout
from alpheus.packaging.segments import RENDITION_CODES
from alpheus.storage import keys
from alpheus.storage.blobs import Blobs

RENDITIONS = RENDITION_CODES
VARIANT_A, VARIANT_B = 0, 1
_SUFFIXES = ("a", "b")
_FORM = 1  # of the index's JSON


def asset_folder(asset: str) -> str:
    """Where everything of an asset lies in the object store."""
    return f"assets/{asset[:2]}/{asset}"


def index_path(asset: str, name: str) -> str:
    """Name the blob of a rendition's index."""
    return f"{asset_folder(asset)}/{name}.json"


def pack_path(asset: str, name: str, variant: int, digest: str) -> str:
    """Name the blob of a variant's pack; `RenditionIndex.pack_path` knows the digest."""
    return f"{asset_folder(asset)}/{name}.{digest}.{_SUFFIXES[variant]}"


def seal_context(asset: str, name: str) -> str:
    """Where storage keys and sealed chunks of a rendition belong, for `storage.keys`."""
    return f"{asset}/{name}"


@dataclass(frozen=True)
class RenditionIndex:
    """All that is needed to find, open and describe a rendition's chunks.

    `samples` are true samples per channel; `delay_samples` precede them in the encoded stream. `chunk_bytes_a` and
    `_b` are sealed sizes in order; `packs` are the digests in the packs' names.
    """

    asset: str
    name: str
    mime: str
    rate_hz: int
    samples: int
    delay_samples: int
    layout: Layout
    init: bytes
    wrapped_key: bytes
    packs: tuple[str, str]
    chunk_bytes_a: tuple[int, ...]
    chunk_bytes_b: tuple[int, ...]

    @property
    def chunks(self) -> int:
        """How many chunks the rendition has."""
        return len(self.chunk_bytes_a)

    @property
    def segments(self) -> int:
        """How many segments; the last may have fewer chunks than four."""
        return -(-self.chunks // CHUNKS_PER_SEGMENT)

    @property
    def context(self) -> str:
        """Where its storage key and chunks belong, for `storage.keys`."""
        return seal_context(self.asset, self.name)

    def chunk_bytes(self, variant: int) -> tuple[int, ...]:
        """Sealed sizes of a variant's chunks, in order."""
        return (self.chunk_bytes_a, self.chunk_bytes_b)[variant]

    def pack_path(self, variant: int) -> str:
        """Name the blob of a variant's pack."""
        return pack_path(self.asset, self.name, variant, self.packs[variant])

    def chunks_of(self, segment: int) -> range:
        """Numbers of a segment's chunks; empty past the end."""
        first = segment * CHUNKS_PER_SEGMENT
        return range(first, min(first + CHUNKS_PER_SEGMENT, self.chunks))

    def segment_span(self, variant: int, segment: int) -> tuple[int, int]:
        """Where a segment's sealed chunks lie in a variant's pack: start and length in bytes.

        Raises:
            IndexError: the rendition has no such segment.
        """
        if not 0 <= segment < self.segments:
            raise IndexError(f"{self.context} has {self.segments} segments, not {segment}")
        sizes = self.chunk_bytes(variant)
        chunks = self.chunks_of(segment)
        return sum(sizes[: chunks.start]), sum(sizes[chunks.start : chunks.stop])

    def segment_of(self, sample: int) -> int:
        """Number the segment in which a true sample is heard, kept within the rendition."""
        return max(0, min((sample + self.delay_samples) // self.layout.segment_samples, self.segments - 1))

    def samples_of(self, segment: int) -> tuple[int, int]:
        """True samples that a segment carries: from, until (exclusive)."""
        first = segment * self.layout.segment_samples - self.delay_samples
        last = first + self.layout.segment_samples
        return max(0, min(first, self.samples)), max(0, min(last, self.samples))

    def to_json(self) -> str:
        """Write the index as it is stored."""
        return json.dumps(
            {
                "form": _FORM,
                "asset": self.asset,
                "name": self.name,
                "mime": self.mime,
                "rate_hz": self.rate_hz,
                "samples": self.samples,
                "delay_samples": self.delay_samples,
                "frame_samples": self.layout.frame_samples,
                "frames_per_chunk": self.layout.frames_per_chunk,
                "init": base64.b64encode(self.init).decode(),
                "wrapped_key": base64.b64encode(self.wrapped_key).decode(),
                "packs": list(self.packs),
                "chunk_bytes_a": list(self.chunk_bytes_a),
                "chunk_bytes_b": list(self.chunk_bytes_b),
            },
            separators=(",", ":"),
        )

    @classmethod
    def from_json(cls, text: str | bytes) -> "RenditionIndex":
        """Read what `to_json` wrote.

        Raises:
            IndexCorrupt: it is not such an index.
        """
        try:
            data = json.loads(text)
            if data["form"] != _FORM:
                raise IndexCorrupt(f"An index of form {data['form']!r}; this version reads form {_FORM}.")
            sizes_a, sizes_b = (tuple(map(int, data[f"chunk_bytes_{suffix}"])) for suffix in _SUFFIXES)
            pack_a, pack_b = map(str, data["packs"])
            index = cls(
                asset=str(data["asset"]),
                name=str(data["name"]),
                mime=str(data["mime"]),
                rate_hz=int(data["rate_hz"]),
                samples=int(data["samples"]),
                delay_samples=int(data["delay_samples"]),
                layout=Layout(
                    int(data["rate_hz"]), int(data["frame_samples"]), int(data["frames_per_chunk"])
                ),
                init=base64.b64decode(data["init"], validate=True),
                wrapped_key=base64.b64decode(data["wrapped_key"], validate=True),
                packs=(pack_a, pack_b),
                chunk_bytes_a=sizes_a,
                chunk_bytes_b=sizes_b,
            )
        except (ValueError, KeyError, TypeError) as error:
            raise IndexCorrupt(f"A rendition's index cannot be read: {error!r}") from error
        if len(sizes_a) != len(sizes_b) or not sizes_a:
            raise IndexCorrupt(
                f"The index of {index.context} counts its variants' chunks differently, or none."
            )
        return index


def read_index(blobs: Blobs, asset: str, name: str) -> RenditionIndex:
    """Read a rendition's index from the object store.

    Raises:
        BlobMissing: the rendition is not ready.
        StoreUnavailable: the store failed.
        IndexCorrupt: it cannot be read.
    """
    return RenditionIndex.from_json(blobs.get(index_path(asset, name)))


class _Pack:
    """One variant's pack while it grows in a temporary file."""

    def __init__(self, path: Path, variant: int) -> None:
        self.path = path
        self.variant = variant
        self.sizes: list[int] = []
        self._digest = hashlib.sha256()
        self._file: BinaryIO = path.open("xb")

    def append(self, sealed: bytes) -> None:
        self._file.write(sealed)
        self._digest.update(sealed)
        self.sizes.append(len(sealed))

    def close(self) -> str:
        self._file.close()
        return self._digest.hexdigest()[:32]


class RenditionWriter:
    """Takes packets of both variants in order, seals chunks, and publishes the rendition whole or not at all.

    Use it in a `with` block and call `finish` at its end. Leaving the block without `finish`, or by an error, removes
    the temporary files and whatever was already put; a process killed in between leaves at most packs that no index
    names, which the next `finish` of the same rendition removes.
    """

    def __init__(
        self,
        blobs: Blobs,
        *,
        kek: bytes,
        asset: str,
        name: str,
        mime: str,
        layout: Layout,
        delay_samples: int,
        init: bytes,
        scratch: Path | None = None,
    ) -> None:
        """Begin a rendition.

        Args:
            blobs: where it is published.
            kek: the key-encryption key that wraps its new storage key.
            asset: 32 hexadecimal digits.
            name: one of `RENDITIONS`.
            mime: MIME type with codecs, from `boxes`.
            layout: its grid, from `layout`.
            delay_samples: samples before the first true one: 1,024 for AAC, 0 for FLAC.
            init: init segment without edit list, from `boxes`.
            scratch: folder for temporary files (sealed chunks only); the system's by default.

        Raises:
            ValueError: no such rendition.
        """
        if name not in RENDITIONS:
            raise ValueError(f"{name!r} is no rendition; there are {', '.join(RENDITIONS)}")
        self._blobs = blobs
        self._asset, self._name, self._mime = asset, name, mime
        self._layout, self._delay_samples, self._init = layout, delay_samples, init
        self._key = keys.new_storage_key()
        self._wrapped = keys.wrap(kek, self._key, context=self._context)
        self._folder = Path(tempfile.mkdtemp(prefix="alpheus-pack-", dir=scratch))
        self._packs = tuple(_Pack(self._folder / _SUFFIXES[v], v) for v in (VARIANT_A, VARIANT_B))
        self._waiting: list[tuple[Packet, Packet]] = []
        self._media_samples = 0
        self._chunks = 0
        self._put: list[str] = []
        self._finished = False

    @property
    def _context(self) -> str:
        return seal_context(self._asset, self._name)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self._finished:
            self.abort()

    def add(self, a: Packet, b: Packet) -> None:
        """Take the next packet of both variants.

        Raises:
            RenditionIncomplete: they differ in length, one is longer than a frame, or a short one was not the last.
        """
        if a.samples != b.samples or not 0 < a.samples <= self._layout.frame_samples:
            raise RenditionIncomplete(f"{self._context}: packets of {a.samples} and {b.samples} samples.")
        if self._media_samples % self._layout.frame_samples:
            raise RenditionIncomplete(f"{self._context}: a packet after the short last one.")
        self._media_samples += a.samples
        self._waiting.append((a, b))
        if len(self._waiting) == self._layout.frames_per_chunk:
            self._seal_chunk()

    def finish(self, *, samples: int) -> RenditionIndex:
        """Publish: packs first, the index last. If another writer was first, its index is returned and ours discarded.

        Args:
            samples: true samples per channel.

        Raises:
            RenditionIncomplete: the packets do not cover delay and samples, or overshoot by a whole frame.
            StoreUnavailable: the store failed; nothing of it remains after `abort`.
        """
        self._check(samples)
        if self._waiting:
            self._seal_chunk()
        index = self._index_of(samples)
        for pack in self._packs:
            path = index.pack_path(pack.variant)
            self._put.append(path)
            self._blobs.put_file(path, pack.path)
        if not self._blobs.put(index_path(self._asset, self._name), index.to_json().encode()):
            self.abort()
            return read_index(self._blobs, self._asset, self._name)
        self._finished = True
        shutil.rmtree(self._folder, ignore_errors=True)
        self._sweep(index)
        return index

    def abort(self) -> None:
        """Remove everything this writer made; harmless after `finish`."""
        if self._finished:
            return
        self._finished = True
        for pack in self._packs:
            pack.close()
        shutil.rmtree(self._folder, ignore_errors=True)
        for path in self._put:
            self._blobs.delete(path)

    def _check(self, samples: int) -> None:
        want = self._delay_samples + samples
        if samples <= 0 or not want <= self._media_samples < want + self._layout.frame_samples:
            raise RenditionIncomplete(
                f"{self._context}: packets hold {self._media_samples} samples, "
                f"{self._delay_samples} + {samples} were announced."
            )

    def _seal_chunk(self) -> None:
        time = self._chunks * self._layout.chunk_samples
        for pack in self._packs:
            packets = [pair[pack.variant] for pair in self._waiting]
            plain = boxes.fragment(self._chunks, time, packets, frame_samples=self._layout.frame_samples)
            sealed = keys.seal(
                self._key, plain, variant=pack.variant, chunk=self._chunks, context=self._context
            )
            pack.append(sealed)
        self._chunks += 1
        self._waiting.clear()

    def _index_of(self, samples: int) -> RenditionIndex:
        pack_a, pack_b = self._packs
        return RenditionIndex(
            asset=self._asset,
            name=self._name,
            mime=self._mime,
            rate_hz=self._layout.rate_hz,
            samples=samples,
            delay_samples=self._delay_samples,
            layout=self._layout,
            init=self._init,
            wrapped_key=self._wrapped,
            packs=(pack_a.close(), pack_b.close()),
            chunk_bytes_a=tuple(pack_a.sizes),
            chunk_bytes_b=tuple(pack_b.sizes),
        )

    def _sweep(self, index: RenditionIndex) -> None:
        """Remove packs that interrupted writers left: with an index in place nobody can publish them any more."""
        own = {index.pack_path(VARIANT_A), index.pack_path(VARIANT_B)}
        mine = f"{asset_folder(self._asset)}/{self._name}."
        for path, _ in list(self._blobs.listing(asset_folder(self._asset))):
            if path.startswith(mine) and path.endswith((".a", ".b")) and path not in own:
                self._blobs.delete(path)
