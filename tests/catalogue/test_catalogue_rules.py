"""What a source's words for people tell: the very words that the probe finds."""

import pytest

from alpheus.audio.probe import _quality
from alpheus.catalogue.rules import is_lossy

FACTS = {
    "container": "WAV",
    "channels": 2,
    "bits": 16,
    "floating": False,
    "rate_hz": 44_100,
    "bit_rate": 128_000,
}


@pytest.mark.parametrize("channels", [1, 2, 6])
@pytest.mark.parametrize(
    ("codec", "lossless", "more"),
    [
        ("PCM", True, {}),
        ("PCM", True, {"bits": 32, "floating": True}),
        ("FLAC", True, {"bits": 24, "rate_hz": 96_000}),
        ("MP3", False, {}),
        ("AAC", False, {"bit_rate": None}),
        ("Opus", False, {"bit_rate": 96_000}),
    ],
)
def test_lossy_or_not(codec, lossless, more, channels):
    facts = FACTS | more | {"codec": codec, "lossless": lossless, "channels": channels}
    assert is_lossy(_quality(facts)) is not lossless


def test_of_what_nothing_is_told_nothing_is_said():
    assert not is_lossy("")
