"""Browse and search the catalogue."""

# ruff: noqa: ARG001 - the framework gives every operation the request, by that name
from typing import Annotated, Literal
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Query, Router
from pydantic import Field

from alpheus.api import lists, represent
from alpheus.api.callers import Admitted
from alpheus.api.fresh import revalidated
from alpheus.api.limits import BROWSE
from alpheus.api.shapes import (
    ArtistDetailOut,
    ArtistPage,
    FewGids,
    FoundOut,
    LineOut,
    LyricsOut,
    RecordingOut,
    RecordingPage,
    RecordingsOut,
    ReleaseDetailOut,
    ReleasePage,
)
from alpheus.api.token import Scope
from alpheus.catalogue.models import Lyrics, Recording, Release
from alpheus.parties.models import Artist
from alpheus.search.find import search as find

router = Router(tags=["browse"])
router.add_decorator(revalidated, mode="view")

READS = Admitted(scope=Scope.READ, policy=BROWSE)

Cursor = Query[Annotated[str, Field(description="`next` of the page before; empty for the first")]]
Limit = Query[Annotated[int, Field(ge=1, le=100, description="rows of a page")]]


@router.get("/recordings", response=RecordingPage, auth=READS, operation_id="list_recordings")
def list_recordings(request: HttpRequest, cursor: Cursor = "", limit: Limit = 50) -> RecordingPage:
    """Recordings, the newest first."""
    rows = represent.whole_recordings(Recording.objects.all())
    page = lists.page(rows, lists.RECORDINGS_NEWEST, cursor=cursor, limit=limit)
    return RecordingPage(items=[represent.recording(row) for row in page.rows], next=page.next)


@router.get("/recordings/some", response=RecordingsOut, auth=READS, operation_id="get_recordings")
def get_recordings(request: HttpRequest, gid: Query[FewGids]) -> RecordingsOut:
    """Up to fifty recordings at once, by repeating `gid`, as a player's queue needs them."""
    return RecordingsOut(items=represent.recordings(gid))


@router.get("/recordings/{uuid:recording}", response=RecordingOut, auth=READS, operation_id="get_recording")
def get_recording(request: HttpRequest, recording: UUID) -> RecordingOut:
    """One recording."""
    found = represent.recordings([recording])
    if not found:
        raise Http404
    return found[0]


@router.get("/recordings/{uuid:recording}/lyrics", response=LyricsOut, auth=READS, operation_id="get_lyrics")
def get_lyrics(request: HttpRequest, recording: UUID) -> LyricsOut:
    """A recording's words, with times where they are synced."""
    row = Lyrics.objects.filter(recording__gid=recording).first()
    if row is None:
        raise Http404
    return LyricsOut(
        form=Lyrics.Form(row.form),
        language=row.language,
        lines=[LineOut.model_validate(line) for line in row.lines],
    )


@router.get("/releases", response=ReleasePage, auth=READS, operation_id="list_releases")
def list_releases(
    request: HttpRequest,
    sort: Query[Literal["newest", "title"]] = "newest",
    cursor: Cursor = "",
    limit: Limit = 50,
) -> ReleasePage:
    """Releases, the newest first or by title."""
    order = lists.RELEASES_NEWEST if sort == "newest" else lists.RELEASES_BY_TITLE
    rows = represent.whole_releases(Release.objects.all())
    page = lists.page(rows, order, cursor=cursor, limit=limit)
    return ReleasePage(items=[represent.release(row) for row in page.rows], next=page.next)


@router.get("/releases/{uuid:release}", response=ReleaseDetailOut, auth=READS, operation_id="get_release")
def get_release(request: HttpRequest, release: UUID) -> ReleaseDetailOut:
    """One release with its media and tracks."""
    row = represent.whole_releases(Release.objects.filter(gid=release)).first()
    if row is None:
        raise Http404
    return represent.release_detail(row)


@router.get("/artists", response=ArtistPage, auth=READS, operation_id="list_artists")
def list_artists(request: HttpRequest, cursor: Cursor = "", limit: Limit = 50) -> ArtistPage:
    """Artists by sort name."""
    page = lists.page(Artist.objects.all(), lists.ARTISTS_BY_NAME, cursor=cursor, limit=limit)
    return ArtistPage(items=[represent.artist(row) for row in page.rows], next=page.next)


@router.get("/artists/{uuid:artist}", response=ArtistDetailOut, auth=READS, operation_id="get_artist")
def get_artist(request: HttpRequest, artist: UUID) -> ArtistDetailOut:
    """One artist."""
    row = Artist.objects.filter(gid=artist).prefetch_related("aliases").first()
    if row is None:
        raise Http404
    return represent.artist_detail(row)


@router.get(
    "/artists/{uuid:artist}/releases",
    response=ReleasePage,
    auth=READS,
    operation_id="list_artist_releases",
)
def list_artist_releases(
    request: HttpRequest, artist: UUID, cursor: Cursor = "", limit: Limit = 50
) -> ReleasePage:
    """Releases that credit an artist, the newest first."""
    if not Artist.objects.filter(gid=artist).exists():
        raise Http404
    rows = represent.whole_releases(Release.objects.filter(credit__artists__artist__gid=artist).distinct())
    page = lists.page(rows, lists.RELEASES_NEWEST, cursor=cursor, limit=limit)
    return ReleasePage(items=[represent.release(row) for row in page.rows], next=page.next)


@router.get("/search", response=FoundOut, auth=READS, operation_id="search")
def search(
    request: HttpRequest,
    q: Query[Annotated[str, Field(min_length=1, max_length=200, description="in any script")]],
    limit: Query[Annotated[int, Field(ge=1, le=50, description="of each kind")]] = 10,
) -> FoundOut:
    """Artists, releases and recordings by name, as one types; the best first."""
    found = find(q, ("artist", "release", "recording"), limit)
    return FoundOut(
        artists=represent.artists(found["artist"]),
        releases=represent.releases(found["release"]),
        recordings=represent.recordings(found["recording"]),
    )
