"""How every change of a playlist begins and ends: behind its lock, with who may and what was seen; noted, counted.

Changes of one playlist take turns on its row, so that each is made to the playlist as it is then. That is why two
editors at once lose nothing: an operation names tracks, not places, and a removed track keeps its place, so "after
that one" means the same before and after somebody else's change.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Max, Sum
from django.db.models.functions import Coalesce

from alpheus.listening.library import indexing, queries
from alpheus.listening.library.errors import ChangedMeanwhile, ItemUnknown, NotYours, PlaylistUnknown
from alpheus.listening.library.keys import between, spread
from alpheus.listening.library.models import Playlist, PlaylistItem, PlaylistRevision
from alpheus.listening.library.rules import KEY_MAX, Action, may
from alpheus.listening.models import Listener


def begin(
    *,
    listener: Listener | None,
    gid: UUID,
    action: Action,
    seen: int | None = None,
    deleted: bool = False,
) -> Playlist:
    """Lock a playlist for a change; inside a transaction.

    Args:
        listener: who changes it.
        gid: which.
        action: what will be done.
        seen: the version that the caller last saw, where it matters to them.
        deleted: whether a deleted one counts, as for undoing.

    Raises:
        PlaylistUnknown: there is none, or it is not for their eyes.
        NotYours: they may see it, but not do this.
        ChangedMeanwhile: it is not the version that they saw.
    """
    rows = Playlist.objects.select_for_update().filter(gid=gid)
    playlist = rows.first() if deleted else rows.filter(deleted_at=None).first()
    if playlist is None:
        raise PlaylistUnknown(
            "There is no such playlist. It may have been deleted, or is not shared with you."
        )
    role = queries.role_of(playlist, listener)
    if not may(Action.SEE, role=role, visibility=playlist.visibility):
        raise PlaylistUnknown(
            "There is no such playlist. It may have been deleted, or is not shared with you."
        )
    if not may(action, role=role, visibility=playlist.visibility):
        raise NotYours("This playlist is somebody else's. Ask its owner for an invitation to edit it.")
    if seen is not None and seen != playlist.version:
        raise ChangedMeanwhile("The playlist was changed meanwhile. Look at it again, then try once more.")
    return playlist


def note(
    playlist: Playlist, *, by: Listener, kind: PlaylistRevision.Kind, now: datetime, **undoing: object
) -> PlaylistRevision:
    """Note a change that is being made, with what undoing it takes; the playlist's version is one more."""
    touch(playlist, now=now)
    return PlaylistRevision.objects.create(
        playlist=playlist, version=playlist.version, by=by, kind=kind, made_at=now, **undoing
    )


def touch(playlist: Playlist, *, now: datetime) -> None:
    """Count a change: one version more."""
    playlist.version += 1
    playlist.changed_at = now
    playlist.save(update_fields=["version", "changed_at"])


def recount(playlist: Playlist) -> None:
    """Count the tracks that are there, and how long they last."""
    present = PlaylistItem.objects.filter(playlist=playlist, removed_at=None)
    counted = present.aggregate(
        tracks=Count("pk"), duration=Sum(Coalesce("recording__duration_ms", "duration_ms", 0))
    )
    playlist.tracks, playlist.duration_ms = counted["tracks"], counted["duration"] or 0
    playlist.save(update_fields=["tracks", "duration_ms"])


def tell_search(playlist: Playlist) -> None:
    """Have a public playlist found by its title, and none that is not."""
    indexing.index_playlist(playlist)


def item_of(playlist: Playlist, gid: UUID) -> PlaylistItem:
    """A track of a playlist; also one that was removed, which keeps its place.

    Raises:
        ItemUnknown: it has none such.
    """
    item = PlaylistItem.objects.filter(playlist=playlist, gid=gid).first()
    if item is None:
        raise ItemUnknown("This playlist has no such track. It may have been removed for good.")
    return item


def places(
    playlist: Playlist, *, after: PlaylistItem | None, count: int, but: PlaylistItem | None = None
) -> Sequence[str]:
    """Make so many places that follow a track, or the first of all.

    Args:
        playlist: locked.
        after: the track that they follow; None for the beginning.
        count: how many.
        but: a track whose own place counts as free, because it will move.
    """
    for _ in range(2):
        others = PlaylistItem.objects.filter(playlist=playlist)
        others = others.exclude(pk=but.pk) if but else others
        before = after.position if after else None
        following = others.filter(position__gt=before) if before is not None else others
        upper = following.order_by("position").values_list("position", flat=True).first()
        keys = [between(before, upper)] if count == 1 else spread(before, upper, count)
        if max(map(len, keys), default=0) <= KEY_MAX:
            break
        _shorten(playlist)
        if after:
            after.refresh_from_db(fields=["position"])
    return keys


def places_at_the_end(playlist: Playlist, *, count: int) -> Sequence[str]:
    """Make so many places after all others."""
    last = PlaylistItem.objects.filter(playlist=playlist).aggregate(last=Max("position"))["last"]
    return spread(last, None, count)


def _shorten(playlist: Playlist) -> None:
    """Write all places of a playlist anew, after the last of the old ones, so that none meets another meanwhile."""
    rows = list(PlaylistItem.objects.filter(playlist=playlist).order_by("position"))
    for row, key in zip(rows, places_at_the_end(playlist, count=len(rows)), strict=True):
        row.position = key
    PlaylistItem.objects.bulk_update(rows, ["position"], batch_size=500)
