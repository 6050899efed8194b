"""Makes artwork from an image: in a shape, in several sizes and formats, with its tint and a placeholder. Pure.

It knows no tables, so that worker processes can load it alone.
"""

import base64
import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms, ImageOps

from alpheus.catalogue.errors import CoverRefused

WIDTHS = (96, 300, 600, 1200)  # px: row, tile, page, now playing on a dense screen
FORMATS = {"avif": "image/avif", "webp": "image/webp", "jpg": "image/jpeg"}
BYTES_MAX = 32 * 2**20
PIXELS_MAX = 64_000_000  # 8000 x 8000, the largest scan that shops ask for
SIDE_MIN = 32
CHROMA_MAX = 0.09  # the look's limit for a tint
_NEON = 0.19  # OKLCH chroma from which art is neon and its tint is halved
_NEAR_WHITE, _NEAR_BLACK = 0.93, 0.2  # OKLCH lightness
_READ = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF")
_LESSENED = frozenset({"L", "LA", "RGB", "RGBA", "CMYK"})
"""Modes whose pixels can be averaged; the others have no more than two bytes a pixel."""
_PLACEHOLDER_PX = 16


@dataclass(frozen=True)
class Shape:
    """What an image is cropped to, and how large it is kept."""

    name: str
    ratio: int
    """How many times as wide as high."""
    widths: tuple[int, ...]
    side_min: int
    """Pixels that its shorter side has at least."""
    wanted: str
    """How large to send it, for people."""


COVER: Final = Shape("cover", 1, WIDTHS, SIDE_MIN, "at least 1200 x 1200")
HEADER: Final = Shape("header", 2, (480, 960, 1440, 2400), 320, "at least 1600 x 800")
"""A shop's: as wide as a phone, and as a page on dense screens. Pages show less of its height the wider they are."""
SHAPES: Final[Mapping[str, Shape]] = {it.name: it for it in (COVER, HEADER)}


@dataclass(frozen=True)
class Tint:
    """Hue in degrees and chroma of the artwork's largest area that is neither near-white nor near-black (OKLCH)."""

    hue: float
    chroma: float


@dataclass(frozen=True)
class Artwork:
    """Artwork in all its sizes: `images` by (width, extension)."""

    digest: str
    widths: tuple[int, ...]
    images: dict[tuple[int, str], bytes]
    tint: Tint
    placeholder: str


def digest_of(source: bytes, shape: Shape = COVER) -> str:
    """Name artwork by its source image: SHA-256, hex; of another shape than a cover's by its shape as well."""
    named = b"" if shape is COVER else f"{shape.name}\0".encode()
    return hashlib.sha256(named + source).hexdigest()


def make(source: bytes, shape: Shape = COVER) -> Artwork:
    """Make artwork of an image file's bytes; it is cropped to the middle of what its shape leaves.

    Raises:
        CoverRefused: not an image that we read, too large, too small or broken.
    """
    image = _cropped(_opened(source, shape), shape)
    widths = tuple(width for width in shape.widths if width <= image.width) or (image.width,)
    images: dict[tuple[int, str], bytes] = {}
    for width in widths:
        sized = image.resize((width, max(width // shape.ratio, 1)), Image.Resampling.LANCZOS)
        images |= {(width, extension): _encoded(sized, extension) for extension in FORMATS}
    return Artwork(digest_of(source, shape), widths, images, tint_of(image), _placeholder(image, shape))


def too_many_bytes(count: int) -> CoverRefused:
    """Say that an image file is too large."""
    return CoverRefused(
        f"The image has {count / 2**20:.0f} MiB.", f"Save it with less than {BYTES_MAX // 2**20} MiB."
    )


def tint_of(image: Image.Image) -> Tint:
    """Take the tint from an image: its colours in 12 groups, the largest that is neither near-white nor near-black."""
    small = image.convert("RGB").resize((96, 96), Image.Resampling.BOX)
    groups = small.quantize(colors=12, method=Image.Quantize.MEDIANCUT, kmeans=2)
    counts = np.bincount(np.asarray(groups).ravel(), minlength=12)
    palette = np.array((groups.getpalette() or [])[: 3 * len(counts)], dtype=np.float64).reshape(-1, 3)
    lightness, chroma, hue = _oklch(palette)
    areas = counts[: len(palette)] * ((lightness < _NEAR_WHITE) & (lightness > _NEAR_BLACK))
    if not areas.any():
        return Tint(0.0, 0.0)
    # Groups of one hue are one area: a sky in three blues outweighs a wall in one grey.
    near = np.abs((hue[:, None] - hue[None, :] + 180) % 360 - 180) < 20
    like = near & ((chroma > 0.02)[:, None] == (chroma > 0.02)[None, :])
    together = (like * areas[None, :]).sum(axis=1) * (areas > 0)
    best = int(np.argmax(together * 10_000 + areas))
    strength = float(chroma[best])
    limited = CHROMA_MAX / 2 if strength >= _NEON else min(strength, CHROMA_MAX)
    return Tint(round(float(hue[best]), 1) % 360, round(limited, 4))


def _oklch(rgb: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Turn sRGB (0 to 255) into OKLCH (Björn Ottosson, "A perceptual color space for image processing", 2020)."""
    coded = rgb / 255
    linear = np.where(coded <= 0.04045, coded / 12.92, ((coded + 0.055) / 1.055) ** 2.4)
    lms = np.cbrt(
        linear
        @ np.array(
            [
                [0.4122214708, 0.2119034982, 0.0883024619],
                [0.5363325363, 0.6806995451, 0.2817188376],
                [0.0514459929, 0.1073969566, 0.6299787005],
            ]
        )
    )
    lab = lms @ np.array(
        [
            [0.2104542553, 1.9779984951, 0.0259040371],
            [0.7936177850, -2.4285922050, 0.7827717662],
            [-0.0040720468, 0.4505937099, -0.8086757660],
        ]
    )
    hue = np.degrees(np.arctan2(lab[:, 2], lab[:, 1])) % 360
    return lab[:, 0], np.hypot(lab[:, 1], lab[:, 2]), hue


def _opened(source: bytes, shape: Shape) -> Image.Image:
    """Read an image, its size first: a bomb is refused before a pixel is decoded."""
    if len(source) > BYTES_MAX:
        raise too_many_bytes(len(source))
    try:
        image = Image.open(io.BytesIO(source), formats=_READ)
    except Image.DecompressionBombError as error:
        raise _too_large("far too many pixels") from error
    except (OSError, SyntaxError, ValueError) as error:
        raise CoverRefused("This is no image that we read.", "Save it as JPEG, PNG, WebP or AVIF.") from error
    width, height = image.size
    if width * height > PIXELS_MAX:
        raise _too_large(f"{width} x {height} pixels")
    if min(width, height) < shape.side_min:
        raise CoverRefused(f"The image has only {width} x {height} pixels.", f"Give one of {shape.wanted}.")
    image.draft("RGB", (2 * WIDTHS[-1], 2 * WIDTHS[-1]))  # JPEG alone: decodes a huge scan at a fraction
    try:
        image.load()
    except (OSError, SyntaxError, ValueError, MemoryError, Image.DecompressionBombError) as error:
        raise CoverRefused("The image is damaged.", "Save it anew and try again.") from error
    return _lessened(image)


def _lessened(image: Image.Image) -> Image.Image:
    """Make a huge scan smaller before anything else: each step after it holds all of its pixels once more."""
    factor = min(image.size) // (2 * WIDTHS[-1])
    if factor > 1 and image.mode == "P":  # colours of a palette cannot be averaged
        image = image.convert("RGBA" if "transparency" in image.info else "RGB")
    return image.reduce(factor) if factor > 1 and image.mode in _LESSENED else image


def _too_large(size: str) -> CoverRefused:
    return CoverRefused(f"The image has {size}.", "Make it smaller: 3000 x 3000 is plenty.")


def _cropped(image: Image.Image, shape: Shape) -> Image.Image:
    """Turn it upright, into sRGB, onto white, and crop it to its middle; of its words and profiles none stays."""
    upright = _srgb(ImageOps.exif_transpose(image))
    if upright.mode in {"RGBA", "LA", "PA"} or "transparency" in upright.info:
        clear = upright.convert("RGBA")
        paper = Image.new("RGBA", clear.size, "white")
        paper.alpha_composite(clear)
        upright = paper
    height = min(upright.height, max(upright.width // shape.ratio, 1))
    width = min(upright.width, height * shape.ratio)
    left, top = (upright.width - width) // 2, (upright.height - height) // 2
    middle = upright.crop((left, top, left + width, top + height)).convert("RGB")
    middle.info = {}  # what Pillow would write into every size: comments, profiles, where a photo was taken
    return middle


def _srgb(image: Image.Image) -> Image.Image:
    """Convert from the image's own colour profile; a broken profile is passed over."""
    profile = image.info.get("icc_profile")
    if profile and image.mode in {"RGB", "CMYK"}:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            return (
                ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
                or image
            )
        except (ImageCms.PyCMSError, OSError, ValueError):
            return image
    return image


def _encoded(image: Image.Image, extension: str) -> bytes:
    sink = io.BytesIO()
    if extension == "avif":
        image.save(sink, "AVIF", quality=62, speed=8, max_threads=1)
    elif extension == "webp":
        image.save(sink, "WEBP", quality=80, method=4)
    else:
        image.save(sink, "JPEG", quality=84, optimize=True, progressive=True)
    return sink.getvalue()


def _placeholder(image: Image.Image, shape: Shape) -> str:
    """Make a data URL of a few hundred bytes: 16 pixels wide in WebP."""
    sink = io.BytesIO()
    tiny = image.resize((_PLACEHOLDER_PX, _PLACEHOLDER_PX // shape.ratio), Image.Resampling.BOX)
    tiny.save(sink, "WEBP", quality=40, method=6)
    return "data:image/webp;base64," + base64.b64encode(sink.getvalue()).decode()
