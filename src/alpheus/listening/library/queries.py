"""Reads of the library, named by what they return. What somebody may see is decided here, in the queries themselves."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeVar
from uuid import UUID

from django.db.models import Count, Exists, F, Max, Model, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from alpheus.catalogue.models import Cover, CreditedArtist, Recording, Rendition, Track
from alpheus.catalogue.queries import artists_of, recordings_of, releases_of
from alpheus.listening.library.errors import PlaylistUnknown
from alpheus.listening.library.keep import Kind, Thing
from alpheus.listening.library.models import (
    Keep,
    Playlist,
    PlaylistEditor,
    PlaylistItem,
    PlaylistRevision,
)
from alpheus.listening.library.rules import UNDO_WITHIN, Action, Role, may, seen_by_anybody
from alpheus.listening.models import Listener, Play
from alpheus.listening.queries import by_plays
from alpheus.listening.queue import QUEUE_MAX
from alpheus.search.tokens import folded
from alpheus.values import cursor as cursors
from alpheus.values.collation import Reader, order_name, reader_within
from alpheus.values.cursor import Key, Page

SIZE_MAX = 200
MOSAIC = 4
"""Covers that a playlist is shown by."""
_MOSAIC_READ = 16  # tracks looked at for them
_SEEN_BY_ANYBODY = seen_by_anybody(Playlist.Visibility.values)

Sort = Literal["newest", "name", "artist"]
Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Kept:
    """A thing that is kept, and since when."""

    thing: Thing
    kept_at: datetime


@dataclass(frozen=True)
class Listed:
    """A track of a playlist with its number, counted from 1, and its recording as players need it."""

    number: int
    item: PlaylistItem
    recording: Recording | None


@dataclass(frozen=True)
class Heard:
    """One play of a history."""

    play: Play
    recording: Recording


@dataclass(frozen=True)
class Counted:
    """A recording, how often it was heard, and how long altogether."""

    recording: Recording
    plays: int


def kept(
    listener: Listener,
    kind: Kind,
    *,
    sort: Sort = "newest",
    words: str = "",
    cursor: str | None = None,
    size: int = 50,
    reader: Reader = "en",
) -> Page[Kept]:
    """What a listener keeps of one kind: the newest first, by name, or by whose it is; narrowed to words.

    Names are in the order that a reader's language has.

    Raises:
        CursorInvalid: the cursor belongs to another list.
    """
    rows = _kept(listener, kind)
    for word in folded(words).split():
        rows = rows.filter(words__contains=word)
    name = f"kept-{kind.value}-{sort}"
    if sort == "newest":
        page = _newest(name, rows, "kept_at", cursor, size)
    else:
        whose = reader_within(name, cursor=cursor, reader=reader)
        rows = rows.annotate(key=_key(kind, sort, whose))
        page = _ascending(order_name(name, whose), rows, "key", cursor, size)
    gids = [row.gid for row in page.rows]  # type: ignore[attr-defined] # annotated by _kept
    things = {thing.gid: thing for thing in _things(kind, gids)}
    found = [
        Kept(things[gid], row.kept_at) for gid, row in zip(gids, page.rows, strict=True) if gid in things
    ]
    return Page(found, page.next)


def kept_count(listener: Listener, kind: Kind) -> int:
    """How many things of a kind a listener keeps."""
    return _kept(listener, kind).count()


def kept_among(listener: Listener, gids: Iterable[UUID]) -> set[UUID]:
    """Which of these recordings, releases, artists and playlists a listener keeps."""
    wanted = list(gids)
    rows = Keep.objects.filter(listener=listener, let_go_at=None)
    found: set[UUID] = set()
    for kind in Kind:
        found.update(
            rows.filter(**{f"{kind.value}__gid__in": wanted}).values_list(f"{kind.value}__gid", flat=True)
        )
    return found


def kept_queue(listener: Listener) -> list[UUID]:
    """All recordings that a listener keeps and that can be heard, the newest first: a queue."""
    rows = _audible(_kept(listener, Kind.RECORDING))
    return list(rows.order_by("-kept_at", "-pk").values_list("recording__gid", flat=True)[:QUEUE_MAX])


def role_of(playlist: Playlist, listener: Listener | None) -> Role:
    """What somebody is to a playlist."""
    if listener is None:
        return Role.OTHER
    if playlist.owner_id == listener.pk:
        return Role.OWNER
    edits = PlaylistEditor.objects.filter(playlist=playlist, listener=listener).exists()
    return Role.EDITOR if edits else Role.OTHER


def seen_by(listener: Listener | None) -> QuerySet[Playlist]:
    """Playlists that somebody may see by their address."""
    seen = Q(visibility__in=_SEEN_BY_ANYBODY)
    if listener is not None:
        seen |= Q(owner=listener) | Q(Exists(_edited(listener)))
    return Playlist.objects.filter(seen, deleted_at=None).select_related("owner__account")


def playlist_seen_by(listener: Listener | None, gid: UUID) -> Playlist:
    """A playlist.

    Raises:
        PlaylistUnknown: there is none, or it is not for this listener's eyes.
    """
    playlist = seen_by(listener).filter(gid=gid).first()
    if playlist is None:
        raise PlaylistUnknown(
            "There is no such playlist. It may have been deleted, or is not shared with you."
        )
    return playlist


def found_playlists(gids: Sequence[UUID]) -> list[Playlist]:
    """Playlists in the order asked, those that anybody may find."""
    if not gids:
        return []
    public = [it.value for it in Playlist.Visibility if may(Action.FIND, role=Role.OTHER, visibility=it)]
    rows = {row.gid: row for row in seen_by(None).filter(gid__in=set(gids), visibility__in=public)}
    return [rows[gid] for gid in gids if gid in rows]


def playlists_of(
    listener: Listener,
    *,
    sort: Literal["changed", "title"] = "changed",
    words: str = "",
    cursor: str | None = None,
    size: int = 50,
    reader: Reader = "en",
    with_kept: bool = False,
) -> Page[Playlist]:
    """A listener's playlists and those shared with them to edit: changed last first, or by title.

    With those of others that they keep, as far as these may still be seen, if asked.

    Raises:
        CursorInvalid: the cursor belongs to another list.
    """
    mine = Q(owner=listener) | Q(Exists(_edited(listener)))
    if with_kept:
        keeps = Keep.objects.filter(playlist=OuterRef("pk"), listener=listener, let_go_at=None)
        mine |= Q(Exists(keeps), visibility__in=_SEEN_BY_ANYBODY)
    rows = Playlist.objects.filter(mine, deleted_at=None).select_related("owner__account")
    if words:
        rows = rows.filter(title__icontains=words)
    if sort == "title":
        whose = reader_within("playlists-title", cursor=cursor, reader=reader)
        column = "sort_title" if whose == "en" else f"sort_{whose}"
        return _ascending(order_name("playlists-title", whose), rows, column, cursor, size)
    return _newest("playlists-changed", rows, "changed_at", cursor, size)


def items(playlist: Playlist, *, cursor: str | None = None, size: int = 100) -> Page[Listed]:
    """A window of a playlist's tracks in their order.

    Raises:
        CursorInvalid: the cursor belongs to another list.
    """
    ordering = f"items-{playlist.gid.hex}"
    at = cursors.decode(ordering, (str, int), cursor) if cursor else None
    rows = PlaylistItem.objects.filter(playlist=playlist, removed_at=None).select_related("added_by__account")
    if at:
        rows = rows.filter(position__gt=at[0])
    limit = min(max(size, 1), SIZE_MAX)
    read = list(rows.order_by("position")[: limit + 1])
    begun = int(at[1]) if at else 0  # type: ignore[arg-type] # decoded as an int
    shown = read[:limit]
    more = cursors.encode(ordering, (shown[-1].position, begun + limit)) if len(read) > limit else None
    return Page(_listed(shown, begun), more)


def all_items(playlist: Playlist) -> list[Listed]:
    """All tracks of a playlist, as an export writes them."""
    rows = PlaylistItem.objects.filter(playlist=playlist, removed_at=None).order_by("position")
    return _listed(list(rows), 0)


def items_by_gid(playlist: Playlist, gids: Sequence[UUID]) -> list[PlaylistItem]:
    """Tracks of a playlist in its order, removed ones too."""
    return list(PlaylistItem.objects.filter(playlist=playlist, gid__in=set(gids)).order_by("position"))


def queue_of(playlist: Playlist, *, since: PlaylistItem | None = None) -> list[UUID]:
    """What of a playlist can be heard, in order, from one of its tracks on: a queue, as long as one may be."""
    rows = _audible(PlaylistItem.objects.filter(playlist=playlist, removed_at=None))
    if since is not None:
        rows = rows.filter(position__gte=since.position)
    return list(rows.order_by("position").values_list("recording__gid", flat=True)[:QUEUE_MAX])


def covers_of(playlists: Iterable[Playlist]) -> dict[int, list[Cover]]:
    """Up to four covers of each playlist, by its primary key: those of its first releases."""
    first: dict[int, list[int]] = {}
    for playlist in playlists:
        rows = PlaylistItem.objects.filter(playlist=playlist, removed_at=None, recording__isnull=False)
        first[playlist.pk] = list(
            rows.order_by("position").values_list("recording_id", flat=True)[:_MOSAIC_READ]
        )
    wanted = {pk for recordings in first.values() for pk in recordings}
    if not wanted:  # asking for nothing takes its time too, and search mostly finds no playlist
        return {pk: [] for pk in first}
    tracks = Track.objects.filter(recording__in=wanted, medium__release__cover__isnull=False)
    tracks = tracks.filter(medium__release__removed_at=None).select_related("medium__release__cover")
    of_recording: dict[int, Cover] = {}
    for track in tracks.order_by("-medium__release__created_at"):
        if track.medium.release.cover is not None:
            of_recording[track.recording_id] = track.medium.release.cover
    return {
        pk: list({of_recording[it].pk: of_recording[it] for it in recordings if it in of_recording}.values())[
            :MOSAIC
        ]
        for pk, recordings in first.items()
    }


def editors_of(playlist: Playlist) -> list[Listener]:
    """Who edits a playlist beside its owner, the longest first."""
    rows = playlist.editors.select_related("listener__account").order_by("since", "pk")
    return [row.listener for row in rows]


def undoable(
    playlist: Playlist, listener: Listener, *, now: datetime, version: int | None = None
) -> PlaylistRevision | None:
    """The listener's latest change of a playlist that can still be undone, or the one that made `version`."""
    rows = playlist.revisions.filter(by=listener, undone_at=None, made_at__gte=now - UNDO_WITHIN)
    if version is not None:
        rows = rows.filter(version=version)
    return rows.order_by("-version").first()


def deleted_playlists(listener: Listener, *, now: datetime) -> list[Playlist]:
    """A listener's playlists that were deleted and can be brought back, the latest first."""
    rows = Playlist.objects.filter(owner=listener, deleted_at__gte=now - UNDO_WITHIN)
    return list(rows.order_by("-deleted_at")[:SIZE_MAX])


def history(listener: Listener, *, cursor: str | None = None, size: int = 50) -> Page[Heard]:
    """What a listener heard, play by play, the latest first; previews too, but not what they cleared.

    Raises:
        CursorInvalid: the cursor belongs to another list.
    """
    rows = Play.objects.filter(listener=listener, hidden_at=None).annotate(gid=F("recording__gid"))
    page = _newest("history", rows, "started_at", cursor, size)
    recordings = {row.gid: row for row in recordings_of([play.gid for play in page.rows])}  # type: ignore[attr-defined]
    heard = [Heard(play, recordings[play.gid]) for play in page.rows if play.gid in recordings]  # type: ignore[attr-defined]
    return Page(heard, page.next)


def hidden_plays(listener: Listener) -> tuple[int, datetime | None]:
    """How many plays a listener's history hides, and when it was cleared last."""
    hidden = Play.objects.filter(listener=listener, hidden_at__isnull=False)
    counted = hidden.aggregate(count=Count("pk"), last=Max("hidden_at"))
    return counted["count"], counted["last"]


def most_played(
    listener: Listener, *, since: datetime | None = None, cursor: str | None = None, size: int = 50
) -> Page[Counted]:
    """What a listener heard most since a time, counting plays of 30 seconds or more, but not what they cleared.

    Raises:
        CursorInvalid: the cursor belongs to another list.
    """
    plays = Play.objects.filter(listener=listener, hidden_at=None, qualified=True)
    if since is not None:
        plays = plays.filter(started_at__gte=since)
    ordering = f"most-{since.date().isoformat() if since else 'ever'}"
    counted = by_plays(ordering, plays, cursor=cursor, size=size)
    recordings = {row.gid: row for row in recordings_of([gid for gid, _ in counted.rows])}
    return Page(
        [Counted(recordings[gid], times) for gid, times in counted.rows if gid in recordings], counted.next
    )


def _kept(listener: Listener, kind: Kind) -> QuerySet[Keep]:
    rows = Keep.objects.filter(listener=listener, let_go_at=None, **{f"{kind.value}__isnull": False})
    if kind is Kind.PLAYLIST:
        rows = rows.filter(playlist__deleted_at=None, playlist__visibility__in=_SEEN_BY_ANYBODY)
    elif kind is not Kind.ARTIST:
        rows = rows.filter(**{f"{kind.value}__removed_at": None})
    return rows.annotate(gid=F(f"{kind.value}__gid"))


def _key(kind: Kind, sort: Sort, reader: Reader) -> F | Coalesce:
    """What orders kept things by name, or by the name of whose they are, for a reader."""
    if reader == "en" or (sort == "artist" and kind in {Kind.ARTIST, Kind.PLAYLIST}):
        return F("name" if sort == "name" else "by")
    column = f"sort_{reader}"
    if sort == "name":
        return F(f"{kind.value}__{column}")
    first = CreditedArtist.objects.filter(credit=OuterRef(f"{kind.value}__credit"), position=0)
    return Coalesce(Subquery(first.values(f"artist__{column}")[:1]), Value(""))


def _things(kind: Kind, gids: Sequence[UUID]) -> Sequence[Thing]:
    if kind is Kind.RECORDING:
        return recordings_of(gids)
    if kind is Kind.PLAYLIST:
        return list(seen_by(None).filter(gid__in=set(gids)))
    return releases_of(gids) if kind is Kind.RELEASE else artists_of(gids)


def _edited(listener: Listener) -> QuerySet[PlaylistEditor]:
    return PlaylistEditor.objects.filter(playlist=OuterRef("pk"), listener=listener)


def _audible(rows: QuerySet[Row]) -> QuerySet[Row]:
    """Of rows with a recording, those that can be heard: not removed, and with a rendition."""
    renditions = Rendition.objects.filter(asset=OuterRef("recording__asset"))
    return rows.filter(Exists(renditions), recording__removed_at=None, recording__isnull=False)


def _listed(rows: Sequence[PlaylistItem], begun: int) -> list[Listed]:
    listed = {row.recording_id for row in rows if row.recording_id is not None}
    known = dict(Recording.objects.filter(pk__in=listed).values_list("pk", "gid"))
    recordings = {row.gid: row for row in recordings_of(list(known.values()))}
    return [
        Listed(begun + place, row, recordings.get(known[row.recording_id]) if row.recording_id else None)
        for place, row in enumerate(rows, start=1)
    ]


def _newest(ordering: str, rows: QuerySet[Row], moment: str, cursor: str | None, size: int) -> Page[Row]:
    at = cursors.decode(ordering, (datetime, int), cursor) if cursor else None
    if at:
        earlier = Q(**{f"{moment}__lt": at[0]}) | Q(**{moment: at[0], "pk__lt": at[1]})
        rows = rows.filter(earlier, **{f"{moment}__lte": at[0]})
    return _cut(ordering, rows.order_by(f"-{moment}", "-pk"), size, moment)


def _ascending(ordering: str, rows: QuerySet[Row], column: str, cursor: str | None, size: int) -> Page[Row]:
    at = cursors.decode(ordering, (str, int), cursor) if cursor else None
    if at:
        later = Q(**{f"{column}__gt": at[0]}) | Q(**{column: at[0], "pk__gt": at[1]})
        rows = rows.filter(later, **{f"{column}__gte": at[0]})
    return _cut(ordering, rows.order_by(column, "pk"), size, column)


def _cut(ordering: str, rows: QuerySet[Row], size: int, column: str) -> Page[Row]:
    """Read one row more than asked to know whether there is a next page."""
    limit = min(max(size, 1), SIZE_MAX)
    read = list(rows[: limit + 1])
    keys: tuple[Key, ...] = (
        (getattr(read[limit - 1], column), read[limit - 1].pk) if len(read) > limit else ()
    )
    return Page(read[:limit], cursors.encode(ordering, keys) if keys else None)
