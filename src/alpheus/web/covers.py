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
    return address(cover, at_least(cover, FALLBACK_WIDTH), "jpg")


def at_least(cover: Cover, width: int) -> int:
    """The smallest of a cover's widths that is so wide; its widest where none is."""
    widths: list[int] = cover.widths
    return next((it for it in widths if it >= width), widths[-1])


def at_most(cover: Cover, width: int) -> int:
    """The widest of a cover's widths that is no wider than that; its smallest where all are."""
    widths: list[int] = cover.widths
    return next((it for it in reversed(widths) if it <= width), widths[0])
