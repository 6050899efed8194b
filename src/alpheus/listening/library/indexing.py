"""Tells search which playlists may be found."""

from alpheus.listening.library.models import Playlist
from alpheus.listening.library.rules import Action, Role, may
from alpheus.search import index
from alpheus.search.kinds import PLAYLIST


def index_playlist(playlist: Playlist) -> None:
    """Have a playlist found by its title and its owner's name, if anybody may find it; else not."""
    found = may(Action.FIND, role=Role.OTHER, visibility=playlist.visibility)
    if not found or playlist.deleted_at is not None:
        index.remove(PLAYLIST, [playlist.gid])
        return
    account = playlist.owner.account
    index.put(PLAYLIST, playlist.gid, [playlist.title], beside=[account.name] if account else [])


def rebuild() -> int:
    """Index all public playlists anew; returns how many there are."""
    public = Playlist.objects.filter(deleted_at=None, visibility=Playlist.Visibility.PUBLIC)
    count = 0
    for playlist in public.select_related("owner__account").iterator(chunk_size=500):
        index_playlist(playlist)
        count += 1
    return count
