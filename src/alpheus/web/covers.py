"""Artwork as pages and the cover route know it: widths, formats, addresses."""

from functools import lru_cache
from typing import Final

from django.urls import reverse

from alpheus.catalogue.models import Cover

CONTENT_TYPES: Final = {"avif": "image/avif", "webp": "image/webp", "jpg": "image/jpeg"}
"""Formats from the smallest to the most widely read."""
FALLBACK_WIDTH = 400
"""What a browser gets that reads neither AVIF nor WebP, pixels."""


def address(cover: Cover, width: int, extension: str) -> str:
    """The address of one size of a cover; its content never changes."""
    return _address(cover.digest, width, extension)


@lru_cache(maxsize=8_192)
def _address(digest: str, width: int, extension: str) -> str:
    """Kept, because a page of rows has hundreds and Django looks each up among all addresses: a tenth of a search's time."""
    return reverse("web:cover", args=[digest, width, extension])


def source_set(cover: Cover, extension: str) -> str:
    """All widths of one format, as `srcset` writes them."""
    # One address stands for all of them: a page of rows has hundreds.
    last = f"1.{extension}"
    stem = address(cover, 1, extension).removesuffix(last)
    return ", ".join(f"{stem}{width}.{extension} {width}w" for width in cover.widths)


def fallback(cover: Cover) -> str:
    """The JPEG that every browser reads."""
    width = next((it for it in cover.widths if it >= FALLBACK_WIDTH), cover.widths[-1])
    return address(cover, width, "jpg")
