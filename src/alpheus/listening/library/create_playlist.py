"""Make a playlist, with tracks or without."""

from datetime import datetime

from django.db import transaction

from alpheus.listening.library import changing
from alpheus.listening.library.describe_playlist import Description, checked
from alpheus.listening.library.errors import TooMuch
from alpheus.listening.library.models import Playlist
from alpheus.listening.library.rules import PLAYLISTS_MAX
from alpheus.listening.models import Listener
from alpheus.values.collation import sort_keys
from alpheus.values.sort_names import sort_name


@transaction.atomic
def create_playlist(*, listener: Listener, described: Description, now: datetime) -> Playlist:
    """Make a playlist of a listener's.

    Raises:
        TitleMissing: it has no title.
        AccountNeeded: a guest cannot publish.
        TooMuch: they have as many as anybody may.
    """
    plain = checked(described, listener)
    if Playlist.objects.filter(owner=listener, deleted_at=None).count() >= PLAYLISTS_MAX:
        raise TooMuch(f"You have {PLAYLISTS_MAX} playlists. Delete one before you make another.")
    playlist = Playlist.objects.create(
        owner=listener,
        title=plain.title,
        sort_title=sort_name(plain.title),
        **sort_keys(plain.title).columns,
        description=plain.description,
        visibility=plain.visibility,
        created_at=now,
        changed_at=now,
    )
    changing.tell_search(playlist)
    return playlist
