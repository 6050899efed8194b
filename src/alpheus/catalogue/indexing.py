"""Tells search what the catalogue holds: artists, releases, recordings, by all names they have."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from typing import TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet

from alpheus.catalogue.models import ArtistCredit, Lyrics, Recording, Release
from alpheus.database.portions import portions
from alpheus.parties.models import Artist
from alpheus.search import index
from alpheus.search.index import Entry
from alpheus.search.kinds import ARTIST, LYRICS, RECORDING, RELEASE
from alpheus.search.models import Document

KINDS = (ARTIST, RELEASE, RECORDING, LYRICS)
_BATCH = 500  # rows read at once

Row = TypeVar("Row", bound=Model)


def index_release(release: Release) -> None:
    """Put a release and the artists it credits into the index; take one that was removed out."""
    if release.removed_at is not None:
        forget(RELEASE, [release.gid])
        return
    index.put_many(_with_popularity([_release_entry(release), *_artists([release.credit])]))


def index_recording(recording: Recording) -> None:
    """Put a recording, its lyrics and the artists it credits into the index; take one that was removed out."""
    if recording.removed_at is not None:
        forget_recordings([recording.gid])
        return
    lyrics = Lyrics.objects.filter(recording=recording).select_related("recording").first()
    if lyrics is None:
        forget(LYRICS, [recording.gid])
    words = [_lyrics_entry(lyrics)] if lyrics else []
    index.put_many(_with_popularity([_recording_entry(recording), *words, *_artists([recording.credit])]))


def forget(kind: str, gids: Iterable[UUID]) -> None:
    """Take documents out of the index."""
    index.remove(kind, gids)


def forget_recordings(gids: Collection[UUID]) -> None:
    """Take recordings and their lyrics out of the index."""
    forget(RECORDING, gids)
    forget(LYRICS, gids)


def rebuild() -> int:
    """Index the whole catalogue anew, keeping what is known of popularity; returns how many documents it has.

    It is done some at a time, so that others can write in between; what is found meanwhile is found by the old rules or the new.
    """
    _put_all(Artist.objects.prefetch_related("aliases"), _artist_entry)
    _put_all(_releases().select_related("credit"), _release_entry)
    _put_all(_recordings().select_related("credit"), _recording_entry)
    _put_all(_lyrics().select_related("recording"), _lyrics_entry)
    count = 0
    for kind, gids in (
        (ARTIST, Artist.objects.values_list("gid", flat=True)),
        (RELEASE, _releases().values_list("gid", flat=True)),
        (RECORDING, _recordings().values_list("gid", flat=True)),
        (LYRICS, _lyrics().values_list("recording__gid", flat=True)),
    ):
        indexed, offered = set(Document.objects.filter(kind=kind).values_list("gid", flat=True)), set(gids)
        index.remove(kind, indexed - offered)
        count += len(indexed & offered)
    return count


def _releases() -> QuerySet[Release]:
    return Release.objects.filter(removed_at=None)


def _recordings() -> QuerySet[Recording]:
    return Recording.objects.filter(removed_at=None)


def _lyrics() -> QuerySet[Lyrics]:
    return Lyrics.objects.filter(recording__removed_at=None)


def _put_all(rows: QuerySet[Row], entry_of: Callable[[Row], Entry]) -> None:
    for some in portions(rows, _BATCH):
        index.put_many(_with_popularity([entry_of(row) for row in some]))


def _release_entry(release: Release) -> Entry:
    names = dict.fromkeys([release.title, release.sort_title])
    return Entry(RELEASE, release.gid, list(names), beside=[release.credit.name])


def _recording_entry(recording: Recording) -> Entry:
    return Entry(
        RECORDING,
        recording.gid,
        [recording.title],
        beside=[recording.credit.name],
        explicit=recording.explicit,
    )


def _lyrics_entry(lyrics: Lyrics) -> Entry:
    lines = [line["text"] for line in lyrics.lines]
    return Entry(LYRICS, lyrics.recording.gid, names=(), lines=lines, explicit=lyrics.recording.explicit)


def _artists(credits_: Iterable[ArtistCredit]) -> list[Entry]:
    artists = Artist.objects.filter(credits__credit__in=list(credits_)).prefetch_related("aliases").distinct()
    return [_artist_entry(artist) for artist in artists]


def _artist_entry(artist: Artist) -> Entry:
    names = [artist.name, *(alias.name for alias in artist.aliases.all()), artist.sort_name]
    return Entry(ARTIST, artist.gid, names)


def _with_popularity(entries: list[Entry]) -> list[Entry]:
    """Keep the popularity that plays have given a document meanwhile."""
    known = dict(
        Document.objects.filter(gid__in=[entry.gid for entry in entries]).values_list("gid", "popularity")
    )
    return [replace(entry, popularity=known.get(entry.gid, 0)) for entry in entries]
