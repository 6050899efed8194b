"""Artwork's images in the object store. It knows no tables, so that worker processes can load it alone."""

import re

from alpheus.catalogue.artwork import FORMATS, Artwork
from alpheus.storage.blobs import Blobs

_PLACE = re.compile(r"covers/[0-9a-f]{2}/([0-9a-f]{64})/[0-9]+\.(?:avif|webp|jpg)\Z")


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


def cover_of(path: str) -> str | None:
    """Tell the digest of the cover that an object is an image of; None for what is no such object."""
    match = _PLACE.match(path)
    return match[1] if match else None
