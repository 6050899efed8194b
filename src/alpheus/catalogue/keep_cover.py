"""Keep artwork: its images in the object store, its tint and placeholder in the catalogue."""

from alpheus.catalogue import artwork
from alpheus.catalogue.artwork import COVER, Artwork, Shape
from alpheus.catalogue.cover_store import put_images
from alpheus.catalogue.make_confined import make_confined
from alpheus.catalogue.models import Cover
from alpheus.storage.blobs import Blobs


def keep_cover(source: bytes, *, blobs: Blobs, shape: Shape = COVER) -> Cover:
    """Make artwork of an image file's bytes and keep it; the same image twice is one.

    The image may be anybody's: it is decoded in a process with limits, and not while a transaction is held.

    Raises:
        CoverRefused: it cannot be artwork.
        StoreUnavailable: the object store failed.
    """
    present = Cover.objects.filter(digest=artwork.digest_of(source, shape)).first()
    if present is not None:
        return present
    made = make_confined(source, shape)
    put_images(made, blobs=blobs)
    return register_cover(made)


def register_cover(made: Artwork) -> Cover:
    """Write artwork down whose images are in the object store already."""
    row, _ = Cover.objects.get_or_create(
        digest=made.digest,
        defaults={
            "widths": list(made.widths),
            "hue": made.tint.hue,
            "chroma": made.tint.chroma,
            "placeholder": made.placeholder,
        },
    )
    return row
