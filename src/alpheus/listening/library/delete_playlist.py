"""Delete a playlist; it can be undone until cleaning takes it."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from alpheus.listening.library import changing
from alpheus.listening.library.models import PlaylistRevision
from alpheus.listening.library.rules import Action
from alpheus.listening.models import Listener


@transaction.atomic
def delete_playlist(
    *, listener: Listener, gid: UUID, now: datetime, seen: int | None = None
) -> PlaylistRevision:
    """Take a playlist out of everybody's sight.

    Raises:
        PlaylistUnknown, NotYours, ChangedMeanwhile: as `changing.begin`.
    """
    playlist = changing.begin(listener=listener, gid=gid, action=Action.DELETE, seen=seen)
    revision = changing.note(playlist, by=listener, kind=PlaylistRevision.Kind.DELETE, now=now)
    playlist.deleted_at = now
    playlist.save(update_fields=["deleted_at"])
    changing.tell_search(playlist)
    return revision
