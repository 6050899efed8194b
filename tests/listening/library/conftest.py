from itertools import count

import music
import pytest

from alpheus.listening.library.add_to_playlist import add_to_playlist
from alpheus.listening.library.create_playlist import create_playlist
from alpheus.listening.library.describe_playlist import Description
from alpheus.listening.library.models import PlaylistEditor
from alpheus.listening.models import Listener
from alpheus.parties.models import Account

_numbers = count(1)


@pytest.fixture
def member():
    """Make listeners who have an account."""

    def made(name="Wren"):
        account = Account.objects.create_user(f"{next(_numbers)}@example.com", name=name)
        return Listener.objects.create(account=account)

    return made


@pytest.fixture
def owner(db, member):
    return member()


@pytest.fixture
def recordings(db):
    return [music.recording(f"Track {n}", seconds=60) for n in range(1, 6)]


@pytest.fixture
def playlist(owner, recordings, now):
    made = create_playlist(listener=owner, described=Description("Rain on the late tram"), now=now)
    add_to_playlist(listener=owner, gid=made.gid, recordings=[it.gid for it in recordings], now=now)
    made.refresh_from_db()
    return made


@pytest.fixture
def editor(playlist, member):
    made = member("Tove")
    PlaylistEditor.objects.create(playlist=playlist, listener=made)
    return made


@pytest.fixture
def titles():
    """The titles of a playlist's tracks, in order."""
    from alpheus.listening.library import queries

    def read(playlist):
        return [it.recording.title if it.recording else it.item.title for it in queries.items(playlist).rows]

    return read
