"""Add tracks to a playlist: recordings that are here, and lines of an import that are not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from alpheus.catalogue.models import Recording
from alpheus.listening.library import changing
from alpheus.listening.library.errors import TooMuch
from alpheus.listening.library.models import Playlist, PlaylistItem, PlaylistRevision
from alpheus.listening.library.rules import ITEMS_MAX, Action
from alpheus.listening.models import Listener

_PORTION = 500  # rows of one INSERT


@dataclass(frozen=True)
class Line:
    """One track to add: a recording, or what an import says of one that is not here."""

    recording: Recording | None
    title: str = ""
    artist: str = ""
    album: str = ""
    isrc: str = ""
    location: str = ""
    duration_ms: int | None = None


@dataclass(frozen=True)
class Added:
    """What was added; `left_out` are recordings that are not here."""

    playlist: Playlist
    revision: PlaylistRevision | None
    items: list[PlaylistItem]
    left_out: list[UUID]


@transaction.atomic
def add_to_playlist(
    *,
    listener: Listener,
    gid: UUID,
    recordings: Sequence[UUID],
    now: datetime,
    after: UUID | None = None,
    seen: int | None = None,
) -> Added:
    """Add recordings to a playlist, each as often as it is named, at its end or after one of its tracks.

    Raises:
        PlaylistUnknown, NotYours, ChangedMeanwhile: as `changing.begin`.
        ItemUnknown: `after` is no track of it.
        TooMuch: it would have more tracks than a playlist may.
    """
    playlist = changing.begin(listener=listener, gid=gid, action=Action.EDIT, seen=seen)
    here = {row.gid: row for row in Recording.objects.filter(gid__in=set(recordings), removed_at=None)}
    lines = [Line(here[one]) for one in recordings if one in here]
    items, revision = put(playlist, lines, by=listener, after=after, now=now)
    return Added(playlist, revision, items, [one for one in recordings if one not in here])


def put(
    playlist: Playlist, lines: Sequence[Line], *, by: Listener, now: datetime, after: UUID | None = None
) -> tuple[list[PlaylistItem], PlaylistRevision | None]:
    """Put lines into a locked playlist; where there are none, nothing is changed.

    Raises:
        ItemUnknown, TooMuch: as `add_to_playlist`.
    """
    if not lines:
        return [], None
    if playlist.tracks + len(lines) > ITEMS_MAX:
        raise TooMuch(f"A playlist holds {ITEMS_MAX} tracks. Take some out, or begin another.")
    keys = (
        changing.places(playlist, after=changing.item_of(playlist, after), count=len(lines))
        if after
        else changing.places_at_the_end(playlist, count=len(lines))
    )
    revision = changing.note(playlist, by=by, kind=PlaylistRevision.Kind.ADD, now=now, items=len(lines))
    items = PlaylistItem.objects.bulk_create(
        [
            PlaylistItem(
                playlist=playlist, position=key, added_by=by, added_at=now, added_in=revision, **vars(line)
            )
            for key, line in zip(keys, lines, strict=True)
        ],
        batch_size=_PORTION,
    )
    changing.recount(playlist)
    return items, revision
