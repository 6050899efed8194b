"""Artwork's images in the object store. It knows no tables, so that worker processes can load it alone."""

from alpheus.catalogue.artwork import FORMATS, Artwork
from alpheus.storage.blobs import Blobs


def cover_path(digest: str, width: int, extension: str) -> str:
    """Name the blob of one size and format of a cover; `extension` is avif, webp or jpg."""
    return f"covers/{digest[:2]}/{digest}/{width}.{extension}"


def put_images(made: Artwork, *, blobs: Blobs) -> None:
    """Put all images of an artwork into the object store.

    Raises:
        StoreUnavailable: the store failed.
    """
    for (width, extension), data in made.images.items():
        blobs.put(cover_path(made.digest, width, extension), data)


def read_image(*, blobs: Blobs, digest: str, width: int, extension: str) -> tuple[bytes, str]:
    """Read one image and its media type.

    Raises:
        BlobMissing: there is none of this size and format.
        StoreUnavailable: the store failed.
    """
    return blobs.get(cover_path(digest, width, extension)), FORMATS[extension]
