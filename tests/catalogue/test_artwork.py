import io
import struct
import zlib

import pytest
from PIL import Image

from alpheus.catalogue.artwork import FORMATS, make, tint_of
from alpheus.catalogue.errors import CoverRefused


def encoded(image, form="PNG", **options):
    sink = io.BytesIO()
    image.save(sink, form, **options)
    return sink.getvalue()


def png_bomb(width, height):
    """A valid head and nothing behind it: whoever decodes it allocates the whole."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


def test_all_sizes_and_formats_are_made():
    made = make(encoded(Image.new("RGB", (1400, 1300), (40, 90, 200)), "JPEG"))
    assert made.widths == (96, 300, 600, 1200)
    assert set(made.images) == {(width, form) for width in made.widths for form in FORMATS}
    for (width, _), data in made.images.items():
        assert Image.open(io.BytesIO(data)).size == (width, width)
    assert made.placeholder.startswith("data:image/webp;base64,")
    assert len(made.placeholder) < 600
    assert len(made.digest) == 64


@pytest.mark.parametrize(
    ("size", "widths"), [((700, 700), (96, 300, 600)), ((64, 80), (64,)), ((300, 900), (96, 300))]
)
def test_nothing_is_blown_up(size, widths):
    assert make(encoded(Image.new("RGB", size, "teal"))).widths == widths


@pytest.mark.parametrize(
    ("image", "form"),
    [
        (Image.new("RGBA", (200, 200), (10, 20, 30, 0)), "PNG"),
        (Image.new("L", (200, 200), 90), "PNG"),
        (Image.new("P", (200, 200)), "GIF"),
        (Image.new("CMYK", (200, 200), (100, 0, 0, 0)), "JPEG"),
        (Image.new("1", (200, 200)), "PNG"),
        (Image.new("I;16", (200, 200)), "PNG"),
        (Image.new("LA", (200, 200)), "PNG"),
        (Image.new("RGB", (200, 200)), "WEBP"),
        (Image.new("RGB", (200, 200)), "AVIF"),
        (Image.new("RGB", (200, 200)), "BMP"),
    ],
)
def test_every_kind_of_image_is_read(image, form):
    assert make(encoded(image, form)).widths == (96,)


def test_a_photo_stands_upright():
    photo = Image.new("RGB", (200, 200), "blue")
    photo.paste("red", (0, 0, 200, 40))
    exif = Image.Exif()
    exif[0x0112] = 3  # upside down
    made = make(encoded(photo, "JPEG", exif=exif, quality=95))
    top = Image.open(io.BytesIO(made.images[96, "jpg"])).getpixel((48, 2))
    assert top[2] > top[0]


@pytest.mark.parametrize(
    ("source", "says"),
    [
        (b"", "no image"),
        (b"not an image at all", "no image"),
        (encoded(Image.new("RGB", (8, 8))), "only 8 x 8"),
        (encoded(Image.effect_noise((400, 400), 50), "JPEG")[:2000], "damaged"),
        (b"\0" * (33 * 2**20), "MiB"),
        (png_bomb(14200, 14200), "pixels"),
        (png_bomb(9000, 9000), "9000 x 9000"),
        (png_bomb(60000, 60000), "pixels"),
    ],
    ids=["empty", "text", "tiny", "cut", "heavy", "200 megapixels", "81 megapixels", "3600 megapixels"],
)
def test_what_cannot_be_artwork_is_refused(source, says):
    with pytest.raises(CoverRefused) as caught:
        make(source)
    assert says in str(caught.value)
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("colours", "hue", "chroma"),
    [
        ([("#ffffff", 100)], None, 0),
        ([("#000000", 100)], None, 0),
        ([("#808080", 100)], None, 0),
        ([("#ff0000", 100)], 29, 0.045),  # neon: halved
        ([("#ffffff", 70), ("#33608c", 30)], 249, 0.09),
        ([("#000000", 60), ("#8c6033", 25), ("#33608c", 15)], 66, 0.085),
    ],
)
def test_the_tint_is_the_largest_area_that_is_a_colour(colours, hue, chroma):
    image = Image.new("RGB", (100, 100))
    top = 0
    for colour, rows in colours:
        image.paste(colour, (0, top, 100, top + rows))
        top += rows
    tint = tint_of(image)
    assert tint.chroma == pytest.approx(chroma, abs=0.012)
    assert 0 <= tint.hue < 360
    if hue is not None:
        assert tint.hue == pytest.approx(hue, abs=4)
