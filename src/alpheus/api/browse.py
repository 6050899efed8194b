"""Browse and search the catalogue."""

# ruff: noqa: ARG001 - the framework gives every operation the request, by that name
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router

from alpheus.api import represent
from alpheus.api.callers import Admitted
from alpheus.api.fresh import revalidated
from alpheus.api.limits import BROWSE
from alpheus.api.shapes import (
    ArtistDetailOut,
    ArtistPage,
    FoundOut,
    LineOut,
    LyricsOut,
    PageIn,
    RecordingOut,
    RecordingPage,
    RecordingsOut,
    ReleaseDetailOut,
    ReleasePage,
    ReleasesIn,
    SearchIn,
    SomeIn,
)
from alpheus.api.token import Scope
from alpheus.catalogue import queries
from alpheus.catalogue.models import Lyrics
from alpheus.catalogue.queries import Filter
from alpheus.search.find import search as find

router = Router(tags=["browse"])
router.add_decorator(revalidated, mode="view")

READS = Admitted(scope=Scope.READ, policy=BROWSE)


@router.get("/recordings", response=RecordingPage, auth=READS, operation_id="list_recordings")
def list_recordings(request: HttpRequest, given: Query[PageIn]) -> RecordingPage:
    """Recordings, the newest first."""
    page = queries.recordings_newest(cursor=given.cursor, size=given.limit)
    return RecordingPage(items=[represent.recording(row) for row in page.rows], next=page.next)


@router.get("/recordings/some", response=RecordingsOut, auth=READS, operation_id="get_recordings")
def get_recordings(request: HttpRequest, given: Query[SomeIn]) -> RecordingsOut:
    """Up to fifty recordings at once, by repeating `gid`, as a player's queue needs them."""
    return RecordingsOut(items=represent.recordings(given.gid))


@router.get("/recordings/{gid:recording}", response=RecordingOut, auth=READS, operation_id="get_recording")
def get_recording(request: HttpRequest, recording: UUID) -> RecordingOut:
    """One recording."""
    return represent.recording(queries.recording_detail(recording))


@router.get("/recordings/{gid:recording}/lyrics", response=LyricsOut, auth=READS, operation_id="get_lyrics")
def get_lyrics(request: HttpRequest, recording: UUID) -> LyricsOut:
    """A recording's words, with times where they are synced."""
    row = queries.lyrics_of(recording)
    lines = [LineOut.model_validate(line) for line in row.lines]
    return LyricsOut(form=Lyrics.Form(row.form), language=row.language, lines=lines)


@router.get("/releases", response=ReleasePage, auth=READS, operation_id="list_releases")
def list_releases(request: HttpRequest, given: Query[ReleasesIn]) -> ReleasePage:
    """Releases, the newest first or by title; narrowed by type, genre and year."""
    only = Filter(type=given.type, genre=given.genre, year=given.year)
    read = queries.releases_newest if given.sort == "newest" else queries.releases_by_title
    page = read(cursor=given.cursor, size=given.limit, only=only)
    return ReleasePage(items=[represent.release(row) for row in page.rows], next=page.next)


@router.get("/releases/{gid:release}", response=ReleaseDetailOut, auth=READS, operation_id="get_release")
def get_release(request: HttpRequest, release: UUID) -> ReleaseDetailOut:
    """One release with its media and tracks."""
    return represent.release_detail(queries.release_detail(release))


@router.get("/artists", response=ArtistPage, auth=READS, operation_id="list_artists")
def list_artists(request: HttpRequest, given: Query[PageIn]) -> ArtistPage:
    """Artists who have something to hear, by sort name."""
    page = queries.artists_by_name(cursor=given.cursor, size=given.limit)
    return ArtistPage(items=[represent.artist(row) for row in page.rows], next=page.next)


@router.get("/artists/{gid:artist}", response=ArtistDetailOut, auth=READS, operation_id="get_artist")
def get_artist(request: HttpRequest, artist: UUID) -> ArtistDetailOut:
    """One artist, with their releases and those that they appear on."""
    return represent.artist_detail(queries.artist_detail(artist))


@router.get("/search", response=FoundOut, auth=READS, operation_id="search")
def search(request: HttpRequest, given: Query[SearchIn]) -> FoundOut:
    """Artists, releases and recordings by name, as one types; the best first."""
    found = find(given.q, ("artist", "release", "recording"), given.limit)
    return FoundOut(
        artists=[represent.artist(row) for row in queries.artists_of(found["artist"])],
        releases=[represent.release(row) for row in queries.releases_of(found["release"])],
        recordings=represent.recordings(found["recording"]),
    )
