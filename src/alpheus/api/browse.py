"""Browse the catalogue."""

# ruff: noqa: ARG001 - the framework gives every operation the request, by that name
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from ninja import Query, Router

from alpheus.api import represent
from alpheus.api.callers import Admitted, caller_of
from alpheus.api.explicit import shows_explicit
from alpheus.api.fresh import revalidated
from alpheus.api.limits import BROWSE
from alpheus.api.problems import Problem
from alpheus.api.session import here
from alpheus.api.shapes import (
    ArtistDetailOut,
    ArtistPage,
    ArtistsIn,
    GenrePage,
    GenresIn,
    HeardMostIn,
    LabelOut,
    LabelPage,
    LineOut,
    LyricsOut,
    NarrowedIn,
    PageIn,
    RecordingDetailOut,
    RecordingPage,
    RecordingsIn,
    RecordingsOut,
    ReleaseDetailOut,
    ReleasePage,
    ReleasesIn,
    SomeIn,
    StartedIn,
    YearOut,
    YearPage,
)
from alpheus.api.token import Scope
from alpheus.catalogue import lists, queries
from alpheus.catalogue.lists import Filter, Order
from alpheus.catalogue.models import Lyrics, Recording
from alpheus.catalogue.shown import recordings_shown
from alpheus.database.collated import reader
from alpheus.listening.queries import heard_most
from alpheus.locker.queries import note_owned
from alpheus.rights.available import is_available
from alpheus.rights.early import early_of

router = Router(tags=["browse"])
router.add_decorator(revalidated, mode="view")

READS = Admitted(scope=Scope.READ, policy=BROWSE)


@router.get("/recordings", response=RecordingPage, auth=READS, operation_id="list_recordings")
def list_recordings(request: HttpRequest, given: Query[RecordingsIn]) -> RecordingPage:
    """Recordings, the newest here first or by title; all, or one artist's."""
    page = lists.recordings(
        sort=given.sort,
        cursor=given.cursor,
        size=given.limit,
        artist=given.artist,
        explicit=shows_explicit(request, given.explicit),
        reader=reader(),
        words=given.q,
        start=_start(lists.RECORDINGS[given.sort], given.start),
    )
    return RecordingPage(items=[represent.recording(row) for row in page.rows], next=page.next)


@router.get("/recordings/some", response=RecordingsOut, auth=READS, operation_id="get_recordings")
def get_recordings(request: HttpRequest, given: Query[SomeIn]) -> RecordingsOut:
    """Up to fifty recordings at once, by repeating `gid`, as a player's queue needs them."""
    return RecordingsOut(items=represent.recordings(given.gid, caller_of(request).account))


@router.get(
    "/recordings/{gid:recording}", response=RecordingDetailOut, auth=READS, operation_id="get_recording"
)
def get_recording(request: HttpRequest, recording: UUID) -> RecordingDetailOut:
    """One recording, with its credits, works, releases and other versions."""
    return represent.recording_detail(_offered(request, recording))


@router.get(
    "/recordings/{gid:recording}/versions",
    response=RecordingPage,
    auth=READS,
    operation_id="list_versions",
)
def list_versions(request: HttpRequest, recording: UUID, given: Query[PageIn]) -> RecordingPage:
    """Other recordings of the same works, the first first."""
    row = _offered(request, recording)
    page = lists.versions(row, cursor=given.cursor, size=given.limit)
    return RecordingPage(items=[represent.recording(one) for one in page.rows], next=page.next)


@router.get("/recordings/{gid:recording}/lyrics", response=LyricsOut, auth=READS, operation_id="get_lyrics")
def get_lyrics(request: HttpRequest, recording: UUID) -> LyricsOut:
    """A recording's words, with times where they are synced."""
    row = queries.lyrics_of(recording)
    if not recordings_shown().filter(gid=recording).exists():
        _offered(request, recording)
    lines = [LineOut.model_validate(line) for line in row.lines]
    return LyricsOut(form=Lyrics.Form(row.form), language=row.language, lines=lines)


@router.get("/releases", response=ReleasePage, auth=READS, operation_id="list_releases")
def list_releases(request: HttpRequest, given: Query[ReleasesIn]) -> ReleasePage:
    """Releases, the newest here first, by date or by title; narrowed by type, genre, year, label and artist."""
    only = Filter(
        type=given.type, genre=given.genre, year=given.year, label=given.label, artist=given.artist,
        appears=given.appears,
    )  # fmt: skip
    page = lists.releases(
        sort=given.sort, cursor=given.cursor, size=given.limit, only=only, reader=reader(),
        words=given.q, start=_start(lists.RELEASES[given.sort], given.start),
    )  # fmt: skip
    return ReleasePage(items=[represent.release(row) for row in page.rows], next=page.next)


@router.get("/releases/{gid:release}", response=ReleaseDetailOut, auth=READS, operation_id="get_release")
def get_release(request: HttpRequest, release: UUID) -> ReleaseDetailOut:
    """One release with its media and tracks; one that is heard early too, with `appears_at`."""
    early = early_of(release, now=timezone.now())
    found = queries.release_detail(release, removed=early is not None)
    if not is_available(found, here=here(request)):
        raise Problem("not_offered_here")
    return represent.release_detail(found, appears_at=early.until if early else None)


@router.get("/artists", response=ArtistPage, auth=READS, operation_id="list_artists")
def list_artists(request: HttpRequest, given: Query[ArtistsIn]) -> ArtistPage:
    """Artists who have something to hear, by name as the caller's language orders it, or the newest here first."""
    page = lists.artists(
        sort=given.sort, cursor=given.cursor, size=given.limit, reader=reader(),
        words=given.q, start=_start(lists.ARTISTS[given.sort], given.start),
    )  # fmt: skip
    return ArtistPage(items=[represent.artist(row) for row in page.rows], next=page.next)


@router.get("/artists/{gid:artist}", response=ArtistDetailOut, auth=READS, operation_id="get_artist")
def get_artist(request: HttpRequest, artist: UUID) -> ArtistDetailOut:
    """One artist, with their releases and those that they appear on."""
    return represent.artist_detail(queries.artist_detail(artist))


@router.get("/artists/{gid:artist}/most", response=RecordingPage, auth=READS, operation_id="list_heard_most")
def list_heard_most(request: HttpRequest, artist: UUID, given: Query[HeardMostIn]) -> RecordingPage:
    """An artist's recordings that listeners here heard most, counting plays of 30 s or more; unheard ones are left out."""
    page = heard_most(
        artist,
        cursor=given.cursor,
        size=given.limit,
        explicit=shows_explicit(request, given.explicit),
    )
    return RecordingPage(items=[represent.recording(row) for row in page.rows], next=page.next)


@router.get("/labels", response=LabelPage, auth=READS, operation_id="list_labels")
def list_labels(request: HttpRequest, given: Query[StartedIn]) -> LabelPage:
    """Labels that have releases here, by name as the caller's language orders it."""
    page = lists.labels(
        cursor=given.cursor, size=given.limit, reader=reader(),
        words=given.q, start=_start(lists.LABELS, given.start),
    )  # fmt: skip
    return LabelPage(items=[represent.counted_label(row) for row in page.rows], next=page.next)


@router.get("/labels/{gid:label}", response=LabelOut, auth=READS, operation_id="get_label")
def get_label(request: HttpRequest, label: UUID) -> LabelOut:
    """One label; its releases are `GET /releases?label=`."""
    return represent.label(queries.label_by_gid(label))


@router.get("/genres", response=GenrePage, auth=READS, operation_id="list_genres")
def list_genres(request: HttpRequest, given: Query[GenresIn]) -> GenrePage:
    """Genres that releases have, those of most releases first or by name."""
    page = lists.genres(
        sort=given.sort, cursor=given.cursor, size=given.limit, reader=reader(),
        words=given.q, start=_start(lists.GENRES[given.sort], given.start),
    )  # fmt: skip
    return GenrePage(items=[represent.genre(row) for row in page.rows], next=page.next)


@router.get("/years", response=YearPage, auth=READS, operation_id="list_years")
def list_years(request: HttpRequest, given: Query[NarrowedIn]) -> YearPage:
    """Years of releases, the latest first."""
    page = lists.years(cursor=given.cursor, size=given.limit, words=given.q)
    return YearPage(items=[YearOut(year=row.year, releases=row.uses) for row in page.rows], next=page.next)


def _start(order: Order, start: str) -> str:
    """Where a list begins, if it has such a place.

    Raises:
        Problem: it has none.
    """
    if start and order.start(start, reader()) is None:
        raise Problem(
            "invalid",
            errors=[
                {
                    "at": "query.start",
                    "reason": gettext(
                        "This list has no such place. Send one letter, kana or hangul initial where it goes by name, a year where it goes by date."
                    ),
                }
            ],
        )
    return start


def _offered(request: HttpRequest, recording: UUID) -> Recording:
    """A recording that is offered where the caller is, or theirs."""
    row = queries.recording_detail(recording)
    note_owned(caller_of(request).account, [row])
    if not row.is_shown:  # type: ignore[attr-defined] # `with_sound` notes it
        raise Problem("not_offered_here")
    return row
