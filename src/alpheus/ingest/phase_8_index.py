"""Phase 8: publish a rendition: its packs, then its index, whose presence means ready."""

from alpheus.packaging.rendition import RenditionIndex, RenditionWriter, index_path, read_index
from alpheus.storage.blobs import Blobs


def run(writer: RenditionWriter, *, samples: int) -> RenditionIndex:
    """Publish what the writer holds; the first to publish a rendition wins.

    Args:
        writer: after its last packet.
        samples: true samples per channel.
    """
    return writer.finish(samples=samples)


def ready(blobs: Blobs, asset: str, name: str) -> RenditionIndex | None:
    """Give a rendition's index when it was published before."""
    return read_index(blobs, asset, name) if blobs.exists(index_path(asset, name)) else None
