import pytest

from alpheus.catalogue.genres import SPEECH, normalised, slug


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (["Rock"], ["rock"]),
        (["Hip-Hop; R&B / RnB"], ["hip hop", "r&b"]),
        (["(17)"], ["rock"]),
        (["(17)Rock"], ["rock"]),
        (["17"], ["rock"]),
        (["(255)"], []),
        (["Other", "unknown", ""], []),
        (["Original Soundtrack"], ["soundtrack"]),
        (["流行"], ["pop"]),
        (["演歌"], ["演歌"]),
        (["Drum & Bass", "drum n bass"], ["drum and bass"]),
        (["a" * 500], ["a" * 80]),
    ],
)
def test_genres_are_made_comparable(given, expected):
    assert normalised(given) == expected


def test_what_is_spoken_is_named_as_genres_are_kept():
    assert {name for spoken in SPEECH for name in normalised([spoken])} == SPEECH


@pytest.mark.parametrize(
    ("name", "expected"), [("r&b", "r-and-b"), ("hip hop", "hip-hop"), ("演歌", "演歌"), ("!!!", "genre")]
)
def test_a_slug(name, expected):
    assert slug(name) == expected
