"""A guest becomes an account: what they keep goes along, and nothing is lost."""

from django.db.models import Q

from alpheus.listening.library.models import (
    Keep,
    Playlist,
    PlaylistEditor,
    PlaylistItem,
    PlaylistRevision,
)
from alpheus.listening.models import Listener


def join(*, guest: Listener, mine: Listener) -> None:
    """Move all of a guest's library to an account's listener; inside the caller's transaction.

    What both keep is kept once, since the earlier time; what one let go and the other keeps is kept.
    """
    for theirs in Keep.objects.filter(listener=guest):
        same = Q(
            recording=theirs.recording_id,
            release=theirs.release_id,
            artist=theirs.artist_id,
            playlist=theirs.playlist_id,
        )
        own = Keep.objects.filter(same, listener=mine).first()
        if own is None:
            theirs.listener = mine
            theirs.save(update_fields=["listener"])
            continue
        _unite(own, theirs)
        theirs.delete()
    Playlist.objects.filter(owner=guest).update(owner=mine)
    Keep.objects.filter(listener=mine, playlist__owner=mine).delete()
    PlaylistEditor.objects.filter(listener=mine, playlist__owner=mine).delete()
    PlaylistRevision.objects.filter(by=guest).update(by=mine)
    PlaylistItem.objects.filter(added_by=guest).update(added_by=mine)


def _unite(own: Keep, theirs: Keep) -> None:
    if theirs.let_go_at is None:
        own.kept_at = theirs.kept_at if own.let_go_at else min(own.kept_at, theirs.kept_at)
        own.let_go_at = None
        own.save(update_fields=["kept_at", "let_go_at"])
