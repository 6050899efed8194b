import music
import pytest
from django.db import IntegrityError, transaction

from alpheus.listening.library.models import Keep, Playlist, PlaylistEditor, PlaylistItem
from alpheus.listening.models import Listener

pytestmark = pytest.mark.django_db


@pytest.fixture
def listener():
    return Listener.objects.create()


@pytest.fixture
def playlist(listener):
    return Playlist.objects.create(owner=listener, title="Rain", sort_title="rain")


def refused(model, **values):
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.create(**values)


def test_a_thing_is_kept_once_and_one_thing_at_a_time(listener):
    recording, release = music.recording(), music.release()
    Keep.objects.create(listener=listener, recording=recording, name="ebb")
    refused(Keep, listener=listener, recording=recording, name="ebb")
    refused(Keep, listener=listener, recording=recording, release=release, name="both")
    refused(Keep, listener=listener, name="nothing")
    Keep.objects.create(listener=listener, release=release, name="estuary")
    Keep.objects.create(listener=Listener.objects.create(), recording=recording, name="ebb")


def test_no_two_items_stand_at_one_place(playlist):
    PlaylistItem.objects.create(playlist=playlist, position="a0", recording=music.recording())
    refused(PlaylistItem, playlist=playlist, position="a0", recording=music.recording())


def test_what_is_missing_says_what_it_was(playlist):
    refused(PlaylistItem, playlist=playlist, position="a0")
    PlaylistItem.objects.create(playlist=playlist, position="a0", title="Gone")


def test_a_playlist_has_a_title_and_a_visibility_that_is_one(listener, playlist):
    refused(Playlist, owner=listener, title="", sort_title="")
    refused(Playlist, owner=listener, title="x", sort_title="x", visibility="secret")


def test_nobody_edits_twice(listener, playlist):
    PlaylistEditor.objects.create(playlist=playlist, listener=listener)
    refused(PlaylistEditor, playlist=playlist, listener=listener)


def test_places_go_by_their_bytes(playlist):
    for position in ("a1", "Zz", "aV", "a0V"):
        PlaylistItem.objects.create(playlist=playlist, position=position, title="x")
    read = PlaylistItem.objects.order_by("position").values_list("position", flat=True)
    assert list(read) == ["Zz", "a0V", "a1", "aV"]
