"""What a playlist looks like: the covers of its first releases, four together where there are so many."""

import hashlib
import re

import music
import pytest
from django.urls import reverse

from alpheus.catalogue.models import Cover, Track
from alpheus.listening.library.models import Playlist, PlaylistItem
from alpheus.listening.models import Listener

pytestmark = pytest.mark.django_db


def cover(letter):
    digest = hashlib.sha256(letter.encode()).hexdigest()
    return Cover.objects.create(digest=digest, widths=[384], hue=20, chroma=0.02, placeholder="data:,")


@pytest.fixture
def playlist(member):
    """A playlist with the tracks of some releases; of a letter in capitals the release has a cover."""

    def made(letters, *, tracks=("One", "Two")):
        owner = Listener.objects.create(account=member)
        made = Playlist.objects.create(owner=owner, title="Rain", sort_title="rain")
        for letter in letters:
            row = music.release(letter, tracks=tracks, cover=cover(letter) if letter.isupper() else None)
            for track in Track.objects.filter(medium__release=row).order_by("position"):
                place = f"{made.items.count():04}"
                PlaylistItem.objects.create(playlist=made, position=place, recording=track.recording)
        return made

    return made


def shown(client, playlist):
    """How the mosaic on a playlist's page is called, and the covers in it."""
    page = client.get(reverse("web:playlist", args=[playlist.gid])).content.decode()
    start = page.index('<span class="mosaic')
    part = page[start : page.index("<h1", start)]
    found = list(dict.fromkeys(re.findall(r"/cover/([0-9a-f]{64})/", part)))
    return re.search(r'class="([^"]*)"', part)[1], found


@pytest.mark.parametrize(
    ("letters", "how", "covers"),
    [
        ("", "mosaic", ""),
        ("ab", "mosaic", ""),
        ("A", "mosaic", "A"),
        ("aBC", "mosaic", "B"),
        ("ABC", "mosaic", "A"),
        ("ABCD", "mosaic four", "ABCD"),
        ("AbCdEFG", "mosaic four", "ACEF"),
    ],
)
def test_it_is_of_the_first_covers(signed_in, playlist, letters, how, covers):
    expected = [hashlib.sha256(it.encode()).hexdigest() for it in covers]
    assert shown(signed_in, playlist(letters)) == (how, expected)


def test_a_track_that_was_taken_out_gives_none(signed_in, playlist):
    made = playlist("ABCDE", tracks=("One",))
    made.items.order_by("position").first().delete()
    assert shown(signed_in, made) == (
        "mosaic four",
        [hashlib.sha256(it.encode()).hexdigest() for it in "BCDE"],
    )
