"""Take tracks out of a playlist; they keep their places, so that undoing puts them back where they were."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction

from alpheus.listening.library import changing
from alpheus.listening.library.models import Playlist, PlaylistItem, PlaylistRevision
from alpheus.listening.library.rules import Action
from alpheus.listening.models import Listener


@transaction.atomic
def remove_from_playlist(
    *, listener: Listener, gid: UUID, items: Collection[UUID], now: datetime, seen: int | None = None
) -> tuple[Playlist, PlaylistRevision | None]:
    """Take tracks out. Those that somebody else took out first are passed over.

    Raises:
        PlaylistUnknown, NotYours, ChangedMeanwhile: as `changing.begin`.
    """
    playlist = changing.begin(listener=listener, gid=gid, action=Action.EDIT, seen=seen)
    present = PlaylistItem.objects.filter(playlist=playlist, gid__in=set(items), removed_at=None)
    count = present.count()
    if not count:
        return playlist, None
    revision = changing.note(playlist, by=listener, kind=PlaylistRevision.Kind.REMOVE, now=now, items=count)
    present.update(removed_at=now, removed_in=revision)
    changing.recount(playlist)
    return playlist, revision
