"""Move a track of a playlist: one row is written."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from alpheus.listening.library import changing
from alpheus.listening.library.models import Playlist, PlaylistItem, PlaylistRevision
from alpheus.listening.library.rules import Action
from alpheus.listening.models import Listener


@transaction.atomic
def move_in_playlist(
    *,
    listener: Listener,
    gid: UUID,
    item: UUID,
    after: UUID | None,
    now: datetime,
    seen: int | None = None,
) -> Playlist:
    """Move a track so that it follows another, or is the first. Of two who move one track the later counts.

    Raises:
        PlaylistUnknown, NotYours, ChangedMeanwhile: as `changing.begin`.
        ItemUnknown: the playlist has no such track.
    """
    playlist = changing.begin(listener=listener, gid=gid, action=Action.EDIT, seen=seen)
    moved = changing.item_of(playlist, item)
    anchor = changing.item_of(playlist, after) if after else None
    if anchor == moved or _present_before(playlist, moved) == anchor:
        return playlist
    key = changing.places(playlist, after=anchor, count=1, but=moved)[0]
    moved.refresh_from_db(fields=["position"])  # all places may have been written anew
    changing.note(
        playlist,
        by=listener,
        kind=PlaylistRevision.Kind.MOVE,
        now=now,
        items=1,
        item=moved,
        position=moved.position,
    )
    PlaylistItem.objects.filter(pk=moved.pk).update(position=key)
    return playlist


def last_item(playlist: Playlist) -> PlaylistItem | None:
    """The last track that is there, which a track moved to the end follows."""
    return _present(playlist).order_by("-position").first()


def _present_before(playlist: Playlist, item: PlaylistItem) -> PlaylistItem | None:
    return _present(playlist).filter(position__lt=item.position).order_by("-position").first()


def _present(playlist: Playlist) -> QuerySet[PlaylistItem]:
    return PlaylistItem.objects.filter(playlist=playlist, removed_at=None)
