"""Clear what could be undone and no longer can: deleted playlists, removed tracks, revisions, what was let go."""

from datetime import datetime

from alpheus.listening.library.models import Keep, Playlist, PlaylistItem, PlaylistRevision
from alpheus.values.cleared import Cleared

_PORTION = 500


def clear_library(*, before: datetime, dry_run: bool) -> Cleared:
    """Delete playlists deleted before a time, and tracks, revisions and keeps that were given up before it.

    Revisions go after the tracks that they could bring back.
    """
    doomed = (
        Playlist.objects.filter(deleted_at__lt=before),
        PlaylistItem.objects.filter(removed_at__lt=before),
        PlaylistRevision.objects.filter(made_at__lt=before),
        Keep.objects.filter(let_go_at__lt=before),
    )
    if dry_run:
        return Cleared(sum(rows.count() for rows in doomed))
    cleared = Cleared()
    for rows in doomed:
        while portion := list(rows.order_by("pk").values_list("pk", flat=True)[:_PORTION]):
            rows.model._default_manager.filter(pk__in=portion).delete()  # noqa: SLF001 - of any model
            cleared += Cleared(len(portion))
    return cleared
