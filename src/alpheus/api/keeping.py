"""What the caller keeps, heard, and heard most."""

from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Status
from ninja.decorators import decorate_view

from alpheus.api import represent, represent_playlists
from alpheus.api.callers import Admitted, caller_of
from alpheus.api.fresh import revalidated
from alpheus.api.library_shapes import (
    AmongIn,
    AmongOut,
    CountedOut,
    HeardOut,
    HiddenOut,
    HistoryPage,
    KeptArtistOut,
    KeptArtistPage,
    KeptIn,
    KeptPlaylistOut,
    KeptPlaylistPage,
    KeptRecordingOut,
    KeptRecordingPage,
    KeptReleaseOut,
    KeptReleasePage,
    MostIn,
    MostPage,
)
from alpheus.api.limits import LISTEN
from alpheus.api.once import once
from alpheus.api.shapes import PageIn
from alpheus.api.token import Scope
from alpheus.catalogue.models import Recording, Release
from alpheus.database.collated import reader
from alpheus.listening.library import queries
from alpheus.listening.library.hide_history import hide_history, show_again
from alpheus.listening.library.keep import Kind, keep, let_go
from alpheus.listening.library.models import Playlist
from alpheus.listening.library.queries import Kept
from alpheus.listening.library.rules import since
from alpheus.locker.queries import note_owned
from alpheus.parties.models import Artist
from alpheus.values.cursor import Page

router = Router(tags=["library"])

LISTENS = Admitted(scope=Scope.LISTEN, policy=LISTEN)
_NOTHING: Page[Kept] = Page([], None)


@router.get(
    "/library/recordings", response=KeptRecordingPage, auth=LISTENS, operation_id="list_kept_recordings"
)
@decorate_view(revalidated)
def list_kept_recordings(request: HttpRequest, given: Query[KeptIn]) -> KeptRecordingPage:
    """Recordings that the caller keeps: the newest first, by title, or by artist."""
    page = _kept(request, Kind.RECORDING, given)
    found = [(it.kept_at, it.thing) for it in page.rows if isinstance(it.thing, Recording)]
    note_owned(caller_of(request).account, [it for _, it in found])
    items = [KeptRecordingOut(kept_at=at, recording=represent.recording(it)) for at, it in found]
    return KeptRecordingPage(items=items, next=page.next)


@router.get("/library/releases", response=KeptReleasePage, auth=LISTENS, operation_id="list_kept_releases")
@decorate_view(revalidated)
def list_kept_releases(request: HttpRequest, given: Query[KeptIn]) -> KeptReleasePage:
    """Releases that the caller keeps."""
    page = _kept(request, Kind.RELEASE, given)
    items = [
        KeptReleaseOut(kept_at=it.kept_at, release=represent.release(it.thing))
        for it in page.rows
        if isinstance(it.thing, Release)
    ]
    return KeptReleasePage(items=items, next=page.next)


@router.get("/library/artists", response=KeptArtistPage, auth=LISTENS, operation_id="list_kept_artists")
@decorate_view(revalidated)
def list_kept_artists(request: HttpRequest, given: Query[KeptIn]) -> KeptArtistPage:
    """Artists whom the caller keeps."""
    page = _kept(request, Kind.ARTIST, given)
    items = [
        KeptArtistOut(kept_at=it.kept_at, artist=represent.artist(it.thing))
        for it in page.rows
        if isinstance(it.thing, Artist)
    ]
    return KeptArtistPage(items=items, next=page.next)


@router.get("/library/playlists", response=KeptPlaylistPage, auth=LISTENS, operation_id="list_kept_playlists")
@decorate_view(revalidated)
def list_kept_playlists(request: HttpRequest, given: Query[KeptIn]) -> KeptPlaylistPage:
    """Others' playlists that the caller keeps; one that may not be seen any more is left out until it may."""
    page = _kept(request, Kind.PLAYLIST, given)
    rows = [it.thing for it in page.rows if isinstance(it.thing, Playlist)]
    shown = represent_playlists.playlists(rows, caller_of(request).known_listener())
    items = [
        KeptPlaylistOut(kept_at=it.kept_at, playlist=playlist)
        for it, playlist in zip(page.rows, shown, strict=True)
    ]
    return KeptPlaylistPage(items=items, next=page.next)


@router.get("/library/among", response=AmongOut, auth=LISTENS, operation_id="list_kept_among")
@decorate_view(revalidated)
def list_kept_among(request: HttpRequest, given: Query[AmongIn]) -> AmongOut:
    """Which of up to 200 things the caller keeps, as a page's hearts need it."""
    listener = caller_of(request).known_listener()
    return AmongOut(kept=sorted(queries.kept_among(listener, given.gid)) if listener else [])


@router.put("/library/{kind}/{gid:gid}", response={204: None}, auth=LISTENS, operation_id="keep")
def put_kept(request: HttpRequest, kind: Kind, gid: UUID) -> Status[None]:
    """Keep a `recording`, a `release`, an `artist` or another's `playlist`; what is kept already stays as it is."""
    keep(listener=caller_of(request).listener(), kind=kind, gid=gid, now=timezone.now())
    return Status(204, None)


@router.delete("/library/{kind}/{gid:gid}", response={204: None}, auth=LISTENS, operation_id="let_go")
def delete_kept(request: HttpRequest, kind: Kind, gid: UUID) -> Status[None]:
    """Let something go; kept again within the hour it has its old place."""
    listener = caller_of(request).known_listener()
    if listener is not None:
        let_go(listener=listener, kind=kind, gid=gid, now=timezone.now())
    return Status(204, None)


@router.get("/history", response=HistoryPage, auth=LISTENS, operation_id="list_history")
def list_history(request: HttpRequest, given: Query[PageIn]) -> HistoryPage:
    """What the caller heard, play by play, the latest first."""
    listener = caller_of(request).known_listener()
    if listener is None:
        return HistoryPage(items=[], next=None, hidden=0)
    page = queries.history(listener, cursor=given.cursor, size=given.limit)
    note_owned(caller_of(request).account, [it.recording for it in page.rows])
    items = [
        HeardOut(
            started_at=it.play.started_at,
            heard_ms=it.play.heard_ms,
            preview=it.play.preview,
            recording=represent.recording(it.recording),
        )
        for it in page.rows
    ]
    return HistoryPage(items=items, next=page.next, hidden=queries.hidden_plays(listener)[0])


@router.delete("/history", response=HiddenOut, auth=LISTENS, operation_id="clear_history")
@once
def clear_history(request: HttpRequest) -> HiddenOut:
    """Clear the history from view. The plays stay, because artists are paid by them. Takes an Idempotency-Key."""
    listener = caller_of(request).known_listener()
    return HiddenOut(plays=hide_history(listener=listener, now=timezone.now()) if listener else 0)


@router.post("/history/undo", response=HiddenOut, auth=LISTENS, operation_id="show_history_again")
@once
def show_history_again(request: HttpRequest) -> HiddenOut:
    """Show again what was cleared last. Takes an Idempotency-Key."""
    listener = caller_of(request).known_listener()
    return HiddenOut(plays=show_again(listener=listener) if listener else 0)


@router.get("/history/most", response=MostPage, auth=LISTENS, operation_id="list_most_played")
def list_most_played(request: HttpRequest, given: Query[MostIn]) -> MostPage:
    """What the caller heard most in four weeks, six months, a year or ever, counting plays of 30 s or more."""
    listener = caller_of(request).known_listener()
    if listener is None:
        return MostPage(items=[], next=None)
    begun = since(given.period, now=timezone.now())
    page = queries.most_played(listener, since=begun, cursor=given.cursor, size=given.limit)
    note_owned(caller_of(request).account, [it.recording for it in page.rows])
    items = [CountedOut(plays=it.plays, recording=represent.recording(it.recording)) for it in page.rows]
    return MostPage(items=items, next=page.next)


def _kept(request: HttpRequest, kind: Kind, given: KeptIn) -> Page[Kept]:
    listener = caller_of(request).known_listener()
    if listener is None:
        return _NOTHING
    return queries.kept(
        listener,
        kind,
        sort=given.sort,
        words=given.q,
        cursor=given.cursor,
        size=given.limit,
        reader=reader(),
    )
