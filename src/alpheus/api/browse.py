"""Browse and search the catalogue."""

# ruff: noqa: ARG001 - the framework gives every operation the request, by that name
from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import Field

from alpheus.api import represent
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
from alpheus.catalogue import queries
from alpheus.catalogue.models import Lyrics
from alpheus.catalogue.queries import Filter
from alpheus.search.find import search as find

router = Router(tags=["browse"])
router.add_decorator(revalidated, mode="view")

READS = Admitted(scope=Scope.READ, policy=BROWSE)

Cursor = Query[Annotated[str, Field(description="`next` of the page before; empty for the first")]]
Limit = Query[Annotated[int, Field(ge=1, le=100, description="rows of a page")]]


@router.get("/recordings", response=RecordingPage, auth=READS, operation_id="list_recordings")
def list_recordings(request: HttpRequest, cursor: Cursor = "", limit: Limit = 50) -> RecordingPage:
    """Recordings, the newest first."""
    page = queries.recordings_newest(cursor=cursor, size=limit)
    return RecordingPage(items=[represent.recording(row) for row in page.rows], next=page.next)


@router.get("/recordings/some", response=RecordingsOut, auth=READS, operation_id="get_recordings")
def get_recordings(request: HttpRequest, gid: Query[FewGids]) -> RecordingsOut:
    """Up to fifty recordings at once, by repeating `gid`, as a player's queue needs them."""
    return RecordingsOut(items=represent.recordings(gid))


@router.get("/recordings/{uuid:recording}", response=RecordingOut, auth=READS, operation_id="get_recording")
def get_recording(request: HttpRequest, recording: UUID) -> RecordingOut:
    """One recording."""
    return represent.recording(queries.recording_detail(recording))


@router.get("/recordings/{uuid:recording}/lyrics", response=LyricsOut, auth=READS, operation_id="get_lyrics")
def get_lyrics(request: HttpRequest, recording: UUID) -> LyricsOut:
    """A recording's words, with times where they are synced."""
    row = queries.lyrics_of(recording)
    lines = [LineOut.model_validate(line) for line in row.lines]
    return LyricsOut(form=Lyrics.Form(row.form), language=row.language, lines=lines)


@router.get("/releases", response=ReleasePage, auth=READS, operation_id="list_releases")
def list_releases(
    request: HttpRequest,
    *,
    sort: Query[Literal["newest", "title"]] = "newest",
    type: Query[Literal["", "single", "ep", "album"]] = "",  # noqa: A002 - the catalogue's word for it
    genre: Query[Annotated[str, Field(max_length=80, description="a genre's slug")]] = "",
    year: Query[Annotated[int | None, Field(ge=1, le=9999)]] = None,
    cursor: Cursor = "",
    limit: Limit = 50,
) -> ReleasePage:
    """Releases, the newest first or by title; narrowed by type, genre and year."""
    only = Filter(type=type, genre=genre, year=year)
    read = queries.releases_newest if sort == "newest" else queries.releases_by_title
    page = read(cursor=cursor, size=limit, only=only)
    return ReleasePage(items=[represent.release(row) for row in page.rows], next=page.next)


@router.get("/releases/{uuid:release}", response=ReleaseDetailOut, auth=READS, operation_id="get_release")
def get_release(request: HttpRequest, release: UUID) -> ReleaseDetailOut:
    """One release with its media and tracks."""
    return represent.release_detail(queries.release_detail(release))


@router.get("/artists", response=ArtistPage, auth=READS, operation_id="list_artists")
def list_artists(request: HttpRequest, cursor: Cursor = "", limit: Limit = 50) -> ArtistPage:
    """Artists who have something to hear, by sort name."""
    page = queries.artists_by_name(cursor=cursor, size=limit)
    return ArtistPage(items=[represent.artist(row) for row in page.rows], next=page.next)


@router.get("/artists/{uuid:artist}", response=ArtistDetailOut, auth=READS, operation_id="get_artist")
def get_artist(request: HttpRequest, artist: UUID) -> ArtistDetailOut:
    """One artist, with their releases and those that they appear on."""
    return represent.artist_detail(queries.artist_detail(artist))


@router.get("/search", response=FoundOut, auth=READS, operation_id="search")
def search(
    request: HttpRequest,
    q: Query[Annotated[str, Field(min_length=1, max_length=200, description="in any script")]],
    limit: Query[Annotated[int, Field(ge=1, le=50, description="of each kind")]] = 10,
) -> FoundOut:
    """Artists, releases and recordings by name, as one types; the best first."""
    found = find(q, ("artist", "release", "recording"), limit)
    return FoundOut(
        artists=[represent.artist(row) for row in queries.artists_of(found["artist"])],
        releases=[represent.release(row) for row in queries.releases_of(found["release"])],
        recordings=represent.recordings(found["recording"]),
    )
