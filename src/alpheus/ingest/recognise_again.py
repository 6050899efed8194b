"""Fingerprint an asset that was brought in before there were fingerprints, from the best of its renditions."""

from pathlib import Path

from alpheus.audio.decode import Decoded, decode
from alpheus.audio.errors import AudioError, DiskFull
from alpheus.audio.limits import Limits
from alpheus.ingest import manifest, phase_5_recognise
from alpheus.ingest.errors import IngestError, NoSpace
from alpheus.ingest.manifest import Recognised
from alpheus.ingest.phase_6_encode import STUDIO_BITS
from alpheus.ingest.workspace import workspace
from alpheus.packaging.rendition import VARIANT_A, RenditionIndex, index_path, read_index
from alpheus.storage import keys
from alpheus.storage.blobs import Blobs
from alpheus.storage.errors import BlobMissing

BEST_FIRST = ("flac", "aac-256", "aac-128", "aac-64")


def recognise_again(asset: str, *, blobs: Blobs, kek: bytes, scratch: Path | None = None) -> Recognised:
    """Run phase 5 on what an asset's best rendition decodes to, unless it was run before.

    Of AAC the sound begins 21 ms late, which is its encoder's delay: a fingerprint's places are that much off.

    Args:
        asset: its key; at least one of its renditions is ready.
        blobs: where everything is kept.
        kek: the key-encryption key, 32 bytes.
        scratch: folder for decoded samples while they are needed; the system's temporary folder by default.

    Raises:
        BlobMissing: it has no rendition.
        BlobCorrupt: what is stored does not open.
        IngestError: what is stored does not decode.
        NoSpace: the disk is too full.
        StoreUnavailable: the object store failed.
    """
    known = manifest.read_recognise(blobs, asset)
    if known is not None:
        return known
    name = next((each for each in BEST_FIRST if blobs.exists(index_path(asset, each))), None)
    if name is None:
        raise BlobMissing(f"Asset {asset} has no rendition to be recognised by.")
    with workspace(scratch) as folder:
        sound = _decoded(read_index(blobs, asset, name), blobs=blobs, kek=kek, folder=folder)
        found = phase_5_recognise.run(
            sound.pcm,
            blobs=blobs,
            asset=asset,
            digest=_is_the_sources_own(blobs, asset, name),
            on_fraction=lambda _: None,
        )
    manifest.write(blobs, asset, "recognise", found)
    return found


def _is_the_sources_own(blobs: Blobs, asset: str, name: str) -> bool:
    """Whether a rendition holds every bit of its source, so that its samples' digest is the source's."""
    source, decoded = manifest.read_source(blobs, asset), manifest.read_decode(blobs, asset)
    if name != "flac" or source is None or decoded is None or source.probe.floating:
        return False
    bits = source.probe.bits
    return decoded.exact and bits is not None and bits <= STUDIO_BITS


def _decoded(index: RenditionIndex, *, blobs: Blobs, kek: bytes, folder: Path) -> Decoded:
    path = folder / "rendition.mp4"
    _open_up(index, path, blobs=blobs, kek=kek)
    try:
        return decode(
            path,
            folder / "samples.f32",
            rate_hz=index.rate_hz,
            seconds=index.samples / index.rate_hz,
            limits=Limits(),
        )
    except DiskFull as error:
        raise NoSpace(f"{error.reason} {error.remedy}") from error
    except AudioError as error:
        raise IngestError(f"{index.context} does not decode: {error}") from error


def _open_up(index: RenditionIndex, path: Path, *, blobs: Blobs, kek: bytes) -> None:
    """Write a rendition in the clear, chunk by chunk, into a folder that goes away."""
    key = keys.unwrap(kek, index.wrapped_key, context=index.context)
    with path.open("wb") as file:
        file.write(index.init)
        for segment in range(index.segments):
            sealed = memoryview(
                blobs.get_range(index.pack_path(VARIANT_A), *index.segment_span(VARIANT_A, segment))
            )
            for chunk in index.chunks_of(segment):
                size = index.chunk_bytes_a[chunk]
                file.write(
                    keys.unseal(
                        key, bytes(sealed[:size]), variant=VARIANT_A, chunk=chunk, context=index.context
                    )
                )
                sealed = sealed[size:]
