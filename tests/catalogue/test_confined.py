"""Images that somebody sent are decoded in a process with limits: what they cost is bounded, and the process that asks is none of it."""

import io
import json
import random
import subprocess
import sys
import threading

import pytest
from catalogue.test_artwork import encoded, png_bomb
from PIL import Image

from alpheus.catalogue import artwork, confined, keep_cover, make_confined
from alpheus.catalogue.errors import CoverRefused

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="peaks are read from /proc")
MIB = 2**20
SIDE = 8_000
"""Of the largest image that is accepted: 64,000,000 pixels."""
PEAK = """
import json, sys, time
def peak_mib():
    return int(open("/proc/self/status").read().partition("VmHWM:")[2].split()[0]) / 1024
"""
"""Not getrusage, which tells a process of what the one that started it held."""
COSTS = f"""{PEAK}
from alpheus.catalogue import confined
confined.main()
json.dump([peak_mib(), time.process_time()], sys.stderr)
"""
ASKS = f"""{PEAK}
from alpheus.catalogue.make_confined import make_confined
source = sys.stdin.buffer.read()
before = peak_mib()
make_confined(source)
print(peak_mib() - before)
"""


def costs(source):
    """Peak memory in MiB and CPU seconds of the process in which an image is decoded, and what it answered."""
    done = subprocess.run(
        [sys.executable, "-c", COSTS],
        input=source,
        capture_output=True,
        env=make_confined._environment(),
        check=True,
    )
    return json.loads(done.stderr), json.loads(done.stdout)


def test_it_makes_what_is_made_without_limits():
    source = encoded(Image.new("RGB", (1400, 1300), (40, 90, 200)), "JPEG")
    assert make_confined.make_confined(source) == artwork.make(source)


@pytest.mark.parametrize(
    "source", [b"", b"<svg/>", png_bomb(40_000, 40_000), encoded(Image.new("L", (8, 8)))]
)
def test_what_is_refused_is_refused_with_the_same_words(source):
    with pytest.raises(CoverRefused) as within:
        make_confined.make_confined(source)
    with pytest.raises(CoverRefused) as beside:
        artwork.make(source)
    assert str(within.value) == str(beside.value)


@pytest.mark.parametrize(
    ("mode", "form", "options"),
    [
        ("RGBA", "PNG", {"compress_level": 1}),
        ("RGB", "TIFF", {"compression": "tiff_deflate"}),
        ("CMYK", "JPEG", {}),
        ("P", "PNG", {"transparency": 0, "compress_level": 1}),
        ("I;16", "PNG", {"compress_level": 1}),
        ("RGB", "WEBP", {"quality": 0, "method": 0}),
        ("RGB", "AVIF", {"quality": 0, "speed": 10}),
    ],
)
def test_the_largest_that_are_accepted_stay_far_within_the_limits(mode, form, options):
    image = Image.new(mode, (SIDE, SIDE))
    exif = image.getexif()
    exif[0x0112] = 6  # lies on its side: turned, all pixels are held twice
    (peak_mib, cpu_seconds), answer = costs(encoded(image, form, exif=exif, **options))
    assert "images" in answer
    assert peak_mib < 0.75 * confined.MEMORY_BYTES_MAX / MIB
    assert cpu_seconds < confined.CPU_SECONDS_MAX / 2


def test_who_asks_pays_nothing_of_it():
    """Its own peak does not rise by what the image takes, which is hundreds of MiB."""
    source = encoded(Image.new("RGB", (SIDE, SIDE)), "PNG", compress_level=1)
    done = subprocess.run(
        [sys.executable, "-c", ASKS],
        input=source,
        capture_output=True,
        env=make_confined._environment(),
        check=True,
    )
    assert float(done.stdout) < 16


@pytest.mark.parametrize(
    "does",
    [
        pytest.param("x = bytearray(2**33)", id="takes all memory"),
        pytest.param("while True: pass", id="takes all time"),
        pytest.param("import os; os.abort()", id="dies"),
        pytest.param("import os; os.write(1, b'x' * 2**26)", id="never stops talking"),
        pytest.param("print('no JSON')", id="answers nonsense"),
        pytest.param("print('[1]')", id="answers something else"),
        pytest.param(
            'print(\'{"images": [[96, "../../x", ""]], "tint": [0, 0], "placeholder": ""}\')',
            id="names a path",
        ),
        pytest.param(
            'print(\'{"images": [[96, "jpg", ""]], "tint": [0, 0], "placeholder": "url(x)"}\')',
            id="writes into pages",
        ),
    ],
)
def test_whatever_the_process_does_is_a_refusal(does, monkeypatch):
    monkeypatch.setattr(make_confined, "SECONDS_MAX", 15)
    bounds = f"{confined.MEMORY_BYTES_MAX}, cpu_seconds=1, file_bytes={confined.ANSWER_BYTES_MAX}"
    program = f"from alpheus.catalogue.confined import confine; confine({bounds})"
    subprocess.run(
        [sys.executable, "-c", program], check=True
    )  # what refuses below is what it does, not this
    monkeypatch.setattr(make_confined, "_PROGRAM", ["-c", f"{program}\n{does}"])
    with pytest.raises(CoverRefused, match="more memory or time than we allow"):
        make_confined.make_confined(b"x")


def test_a_header_of_noise_alone_passes_through_too():
    """The largest answer there is: all sizes of what no encoder makes smaller."""
    width, height = artwork.HEADER.widths[-1], artwork.HEADER.widths[-1] // 2
    noise = Image.frombytes("RGB", (width, height), random.Random(5).randbytes(3 * width * height))
    made = make_confined.make_confined(encoded(noise, "JPEG", quality=95), artwork.HEADER)
    assert made.widths == artwork.HEADER.widths
    said = len(json.dumps(confined.told(made)))
    assert confined.ANSWER_BYTES_MAX / 4 < said < confined.ANSWER_BYTES_MAX * 2 / 3


def test_one_image_at_a_time(monkeypatch):
    at_work, most, lock = 0, 0, threading.Lock()

    def asked(_source, _shape):
        nonlocal at_work, most
        with lock:
            at_work += 1
            most = max(most, at_work)
        threading.Event().wait(0.05)
        with lock:
            at_work -= 1
        return b'{"refused": ["", ""]}'

    def send():
        with pytest.raises(CoverRefused):
            make_confined.make_confined(b"x")

    monkeypatch.setattr(make_confined, "_asked", asked)
    threads = [threading.Thread(target=send) for _ in range(4)]
    for it in threads:
        it.start()
    for it in threads:
        it.join()
    assert most == 1


@pytest.mark.django_db
def test_a_cover_that_is_kept_is_never_decoded_here(monkeypatch, tmp_path):
    from alpheus.storage.blobs import Blobs

    monkeypatch.setattr(artwork, "make", lambda _: pytest.fail("it is decoded in the process that asks"))
    source = io.BytesIO()
    Image.new("RGB", (64, 64), "teal").save(source, "PNG")
    blobs = Blobs.open(tmp_path.as_uri())
    first = keep_cover.keep_cover(source.getvalue(), blobs=blobs)
    monkeypatch.setattr(make_confined, "_asked", lambda _: pytest.fail("it is known already"))
    assert keep_cover.keep_cover(source.getvalue(), blobs=blobs) == first
