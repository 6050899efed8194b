"""Tells search what the catalogue holds: artists, releases, recordings, by all names they have."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from uuid import UUID

from django.db import transaction

from alpheus.catalogue.models import ArtistCredit, Recording, Release
from alpheus.parties.models import Artist
from alpheus.search import index
from alpheus.search.index import Entry
from alpheus.search.models import Document

ARTIST, RELEASE, RECORDING = "artist", "release", "recording"
KINDS = (ARTIST, RELEASE, RECORDING)
_BATCH = 500  # rows read at once


def index_release(release: Release) -> None:
    """Put a release and the artists it credits into the index; take one that was removed out."""
    if release.removed_at is not None:
        forget(RELEASE, [release.gid])
        return
    entries = [_entry(RELEASE, release.gid, [release.title], release.credit)]
    index.put_many(_with_popularity([*entries, *_artists([release.credit])]))


def index_recording(recording: Recording) -> None:
    """Put a recording and the artists it credits into the index; take one that was removed out."""
    if recording.removed_at is not None:
        forget(RECORDING, [recording.gid])
        return
    entries = [_entry(RECORDING, recording.gid, [recording.title], recording.credit)]
    index.put_many(_with_popularity([*entries, *_artists([recording.credit])]))


def forget(kind: str, gids: Iterable[UUID]) -> None:
    """Take documents out of the index."""
    index.remove(kind, gids)


@transaction.atomic
def rebuild() -> int:
    """Index the whole catalogue anew, keeping what is known of popularity; returns how many documents there are."""
    known = dict(Document.objects.exclude(popularity=0).values_list("gid", "popularity"))
    index.clear()
    index.put_many(replace(entry, popularity=known.get(entry.gid, 0)) for entry in _everything())
    return Document.objects.count()


def _everything() -> Iterator[Entry]:
    for artist in Artist.objects.prefetch_related("aliases").iterator(chunk_size=_BATCH):
        yield _artist_entry(artist)
    for release in Release.objects.filter(removed_at=None).select_related("credit").iterator(_BATCH):
        yield _entry(RELEASE, release.gid, [release.title], release.credit)
    for recording in Recording.objects.filter(removed_at=None).select_related("credit").iterator(_BATCH):
        yield _entry(RECORDING, recording.gid, [recording.title], recording.credit)


def _entry(kind: str, gid: UUID, names: list[str], credit: ArtistCredit) -> Entry:
    return Entry(kind, gid, names, beside=[credit.name])


def _artists(credits_: Iterable[ArtistCredit]) -> list[Entry]:
    artists = Artist.objects.filter(credits__credit__in=list(credits_)).prefetch_related("aliases").distinct()
    return [_artist_entry(artist) for artist in artists]


def _artist_entry(artist: Artist) -> Entry:
    aliases = [alias.name for alias in artist.aliases.all()]
    return Entry(ARTIST, artist.gid, [artist.name, *aliases], beside=[artist.sort_name])


def _with_popularity(entries: list[Entry]) -> list[Entry]:
    """Keep the popularity that plays have given a document meanwhile."""
    known = dict(
        Document.objects.filter(gid__in=[entry.gid for entry in entries]).values_list("gid", "popularity")
    )
    return [
        Entry(entry.kind, entry.gid, entry.names, entry.beside, known.get(entry.gid, 0)) for entry in entries
    ]
