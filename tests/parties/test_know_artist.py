import uuid

import pytest

from alpheus.parties.know_artist import know_artist
from alpheus.parties.models import Artist, ArtistAlias
from alpheus.parties.queries import known_names

pytestmark = pytest.mark.django_db


def test_a_new_name_is_written_down_with_sort_name_and_language():
    artist = know_artist(name="  The  Beatles ")
    assert (artist.name, artist.sort_name, artist.language) == ("The Beatles", "beatles, the", "")
    assert know_artist(name="周杰倫").sort_name == "zhou jie lun"
    assert know_artist(name="宇多田ヒカル").language == "ja"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("周杰倫", "周杰伦"),
        ("Beyoncé", "BEYONCE"),
        ("Björk", "Bjork"),
        ("ヒカル", "ひかる"),
        ("Guns N' Roses", "Guns N’ Roses"),
    ],
)
def test_what_people_call_the_same_is_the_same_and_an_alias(first, second):
    artist = know_artist(name=first)
    assert know_artist(name=second) == artist
    assert know_artist(name=second) == artist
    assert [alias.name for alias in artist.aliases.all()] == [second]


def test_an_alias_finds_its_artist():
    artist = know_artist(name="Prince")
    ArtistAlias.objects.create(artist=artist, name="The Artist", key="the artist")
    assert know_artist(name="the artist") == artist


def test_ids_tell_namesakes_apart():
    one, two = uuid.uuid4(), uuid.uuid4()
    first = know_artist(name="Nirvana", mbid=one)
    second = know_artist(name="Nirvana", mbid=two)
    assert first != second
    assert know_artist(name="Renamed", mbid=one) == first
    assert know_artist(name="Nirvana") == first


def test_an_id_is_learnt_later():
    artist = know_artist(name="Nirvana")
    mbid = uuid.uuid4()
    assert know_artist(name="Nirvana", mbid=mbid) == artist
    assert Artist.objects.get().mbid == mbid


def test_known_names():
    know_artist(name="A")
    know_artist(name="周杰倫")
    assert known_names(["a", "B", "周杰伦"]) == {"a", "周杰伦"}
