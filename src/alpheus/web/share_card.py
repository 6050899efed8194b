"""The picture that other sites show beside a link (https://ogp.me): the sleeve before a blur of itself, and its waveform.

Without words: the site that shows it writes title and name beside it, in letters that its readers have. A shop's has its
name, as a signboard has: on its header picture's own ground, or beside the sleeve of the latest that stands in it.
"""

import colorsys
import io
from collections.abc import Sequence
from functools import lru_cache

from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageOps

from alpheus.web.drawn_names import fitted, write
from alpheus.web.waveform import loudest_of_each

WIDTH, HEIGHT = 1200, 630
"""What most sites show whole: 1.91 to 1."""
SLEEVE = 470
MARGIN = 80
BARS = 44
_QUALITY = 84
_PAPER = (251, 250, 247)
_BLUR = 48
_DARKEN = 0.42
"""Of white this leaves (107, 107, 107), on which `_PAPER` has 5.1 to 1."""
_BOARD = 210
_ADDRESS = 56
_ADDRESS_SIZES = (40, 32, 24)


@lru_cache(maxsize=64)
def draw(sleeve: bytes | None, heights: tuple[int, ...], hue: float) -> bytes:
    """Draw one as JPEG.

    Args:
        sleeve: the artwork, JPEG; None where there is none.
        heights: of the waveform's bars, 0 to 255; none are drawn where it is empty.
        hue: degrees, the colour of what has no artwork.
    """
    art = Image.open(io.BytesIO(sleeve)).convert("RGB") if sleeve else _rings(hue)
    card = _ground(art)
    card.paste(art.resize((SLEEVE, SLEEVE), Image.Resampling.LANCZOS), (MARGIN, MARGIN))
    _current(ImageDraw.Draw(card), heights)
    out = io.BytesIO()
    card.save(out, "JPEG", quality=_QUALITY, optimize=True, progressive=True)
    return out.getvalue()


@lru_cache(maxsize=64)
def draw_shop(
    *, header: bytes | None, sleeve: bytes | None, name: str, language: str, handle: str, hue: float
) -> bytes:
    """Draw a shop's as JPEG.

    Args:
        header: its header picture, JPEG; None where it has none.
        sleeve: of the latest that stands in it, JPEG; shown where there is no header.
        name: the shop's.
        language: of its name, a tag; empty where none is told.
        handle: its address, without the sign before it.
        hue: degrees, the colour of what has no artwork.
    """
    if header is not None:
        card, left, top, wide, high = _signboard(_read(header))
    else:
        art = _read(sleeve) if sleeve else _rings(hue)
        card = _ground(art)
        card.paste(art.resize((SLEEVE, SLEEVE), Image.Resampling.LANCZOS), (MARGIN, MARGIN))
        left, top, wide, high = 2 * MARGIN + SLEEVE, MARGIN, WIDTH - 3 * MARGIN - SLEEVE, SLEEVE
    _named(ImageDraw.Draw(card), name, language, handle, (left, top, wide, high))
    out = io.BytesIO()
    card.save(out, "JPEG", quality=_QUALITY, optimize=True, progressive=True)
    return out.getvalue()


def heights_of(peaks: Sequence[bytes | memoryview]) -> tuple[int, ...]:
    """The bars of some recordings' waveforms one after another; the loudest fills the height."""
    together = b"".join(bytes(it) for it in peaks)
    if not together:
        return ()
    heights = loudest_of_each(together, BARS)
    loudest = max(*heights, 1)
    return tuple(height * 255 // loudest for height in heights)


def _ground(art: Image.Image) -> Image.Image:
    """The artwork, so large and so blurred that only its light is left; dark enough for what stands before it."""
    small = art.resize((WIDTH // 8, WIDTH // 8), Image.Resampling.BILINEAR)
    top = (small.height - HEIGHT // 8) // 2
    band = small.crop((0, top, small.width, top + HEIGHT // 8)).filter(ImageFilter.GaussianBlur(_BLUR / 8))
    return ImageEnhance.Brightness(band.resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)).enhance(_DARKEN)


def _read(picture: bytes) -> Image.Image:
    return Image.open(io.BytesIO(picture)).convert("RGB")


def _signboard(header: Image.Image) -> tuple[Image.Image, int, int, int, int]:
    """A card with the header picture over a board in its light; left, top, width and height of where its name goes."""
    card = _ground(header)
    shown = ImageOps.fit(header, (WIDTH, HEIGHT - _BOARD), Image.Resampling.LANCZOS)
    card.paste(shown, (0, 0))
    inset = MARGIN // 3
    return card, MARGIN, HEIGHT - _BOARD + inset, WIDTH - 2 * MARGIN, _BOARD - 2 * inset


def _named(
    pen: ImageDraw.ImageDraw, name: str, language: str, handle: str, place: tuple[int, int, int, int]
) -> None:
    """Write name and address into the middle of a place's height: at least 4.5 to 1 on whatever `_ground` is."""
    left, top, wide, high = place
    below = fitted(f"@{handle}", language="", width=wide, height=_ADDRESS, sizes=_ADDRESS_SIZES)
    named = fitted(name, language=language, width=wide, height=high - _ADDRESS)
    lines = [it for it in (named, below) if it is not None]
    at = top + (high - sum(it.height for it in lines)) / 2
    for it in lines:
        write(pen, it, left=left, top=at, ink=_PAPER)
        at += it.height


def _rings(hue: float) -> Image.Image:
    """What stands for artwork where there is none: three lines of the current."""
    ground, line = (
        tuple(round(255 * it) for it in colorsys.hls_to_rgb(hue % 360 / 360, light, 0.22))
        for light in (0.82, 0.5)
    )
    made = Image.new("RGB", (SLEEVE, SLEEVE), ground)
    pen, middle = ImageDraw.Draw(made), SLEEVE // 2
    for radius in (44, 88, 132):
        pen.ellipse(
            (middle - radius, middle - radius, middle + radius, middle + radius), outline=line, width=8
        )
    return made


def _current(pen: ImageDraw.ImageDraw, heights: Sequence[int]) -> None:
    if not heights:
        return
    left, right, middle = MARGIN + SLEEVE + MARGIN, WIDTH - MARGIN, HEIGHT / 2
    step = (right - left) / len(heights)
    for place, height in enumerate(heights):
        half = max(4.0, height / 255 * 130)
        at = left + step * (place + 0.5)
        pen.rounded_rectangle(
            (at - step / 4, middle - half, at + step / 4, middle + half), step / 4, fill=_PAPER
        )
