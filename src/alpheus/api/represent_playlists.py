"""Turns playlists, as the library's queries load them, into the shapes that travel."""

from collections.abc import Sequence

from alpheus.api import represent
from alpheus.api.library_shapes import PersonOut, PlaylistOut
from alpheus.catalogue.models import Cover
from alpheus.listening.library import queries
from alpheus.listening.library.models import Playlist
from alpheus.listening.models import Listener


def playlists(rows: Sequence[Playlist], listener: Listener | None) -> list[PlaylistOut]:
    """Playlists as a listener's lists show them."""
    covers = queries.covers_of(rows)
    return [playlist(row, listener, covers[row.pk]) for row in rows]


def playlist(row: Playlist, listener: Listener | None, covers: Sequence[Cover]) -> PlaylistOut:
    """One playlist, with what the listener is to it."""
    shown = [represent.cover(cover) for cover in covers]
    return PlaylistOut(
        gid=row.gid,
        title=row.title,
        description=row.description,
        visibility=row.visibility,  # type: ignore[arg-type] # a text column that a CHECK guards
        owner=person(row.owner),
        role=queries.role_of(row, listener).value,
        tracks=row.tracks,
        duration_ms=row.duration_ms,
        covers=[cover for cover in shown if cover is not None],
        version=row.version,
        changed_at=row.changed_at,
    )


def person(listener: Listener) -> PersonOut:
    """Somebody who keeps a playlist; a guest has no name."""
    return PersonOut(gid=listener.gid, name=listener.account.name if listener.account else "")
