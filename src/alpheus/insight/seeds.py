"""What a radio begins from: a recording, a release, an artist or a genre, as recordings and the tags they have."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median_low
from typing import Literal, TypeVar
from uuid import UUID

from alpheus.catalogue.models import CreditedArtist, Genre, Recording, RecordingCredit, Release, Track
from alpheus.catalogue.shown import is_release_shown, recordings_shown, releases_shown
from alpheus.insight.errors import SeedUnknown
from alpheus.parties.models import Artist

Item = TypeVar("Item")
SeedKind = Literal["recording", "release", "artist", "genre"]
RECORDINGS_MOST = 30
"""Recordings that a seed is known by."""
POOL = 400
GENRES_MOST, PEOPLE_MOST, ARTISTS_MOST = 3, 12, 6


@dataclass(frozen=True)
class Seed:
    """What was chosen, with all that speaks for others. Dictionaries are names by row number."""

    kind: SeedKind
    key: str
    """A gid; of a genre its slug."""
    name: str
    language: str
    recordings: dict[int, str]
    genres: dict[int, str]
    artists: dict[int, str]
    people: dict[int, tuple[str, str]]
    """Who wrote, produced or played, with their role."""
    year: int | None


def read_seed(kind: SeedKind, key: str, *, draw: Callable[[], float]) -> Seed:
    """Read what a radio begins from.

    Raises:
        SeedUnknown: there is none.
    """
    if kind == "genre":
        genre = Genre.objects.filter(slug=key).first() if "\0" not in key else None
        if genre is None:
            raise SeedUnknown("There is no such genre.")
        return _described(kind, key, (genre.name, ""), _of_genre(genre, draw), genres={genre.pk: genre.name})
    gid = _gid(key)
    if kind == "artist":
        artist = Artist.objects.filter(gid=gid).first()
        if artist is None:
            raise SeedUnknown("There is no such artist.")
        named = CreditedArtist.objects.filter(artist=artist).values("credit")
        theirs = list(recordings_shown().filter(credit__in=named).order_by("-pk")[:POOL])
        chosen = _sample(theirs, draw)
        return _described(kind, key, (artist.name, artist.language), chosen, artists={artist.pk: artist.name})
    row: Recording | Release | None
    if kind == "release":
        row = releases_shown().filter(gid=gid).first()
        found = list(recordings_shown().filter(tracks__medium__release__gid=gid).distinct()[:RECORDINGS_MOST])
    else:
        row = recordings_shown().filter(gid=gid).first()
        found = [row] if isinstance(row, Recording) else []
    if row is None:
        raise SeedUnknown(f"There is no such {kind}.")
    return _described(kind, key, (row.title, row.language), found)


def _gid(key: str) -> UUID:
    try:
        return UUID(key)
    except ValueError as error:
        raise SeedUnknown("This names nothing.") from error


def _of_genre(genre: Genre, draw: Callable[[], float]) -> list[Recording]:
    releases = genre.releases.filter(is_release_shown(), removed_at=None).order_by("-released", "-pk")
    chosen = _sample(list(releases.values_list("pk", flat=True)[:POOL]), draw)
    tracks = Track.objects.filter(medium__release__in=chosen, recording__removed_at=None)
    return _sample([track.recording for track in tracks.select_related("recording")[:POOL]], draw)


def _sample(items: Sequence[Item], draw: Callable[[], float]) -> list[Item]:
    if len(items) <= RECORDINGS_MOST:
        return list(items)
    order = sorted(range(len(items)), key=lambda _: draw())
    return [items[place] for place in sorted(order[:RECORDINGS_MOST])]


def _described(
    kind: SeedKind,
    key: str,
    named: tuple[str, str],
    rows: Sequence[Recording],
    *,
    genres: dict[int, str] | None = None,
    artists: dict[int, str] | None = None,
) -> Seed:
    """Add the tags of its recordings to a seed; `named` is its name and that name's language."""
    pks = [row.pk for row in rows]
    releases = Release.objects.filter(media__tracks__recording__in=pks, removed_at=None)
    years = [year for year in releases.values_list("year", flat=True) if year]
    told = Counter(Genre.objects.filter(releases__in=releases).values_list("pk", "name"))
    credited = CreditedArtist.objects.filter(credit__in=[row.credit_id for row in rows])
    who = Counter(credited.values_list("artist", "artist__name"))
    did = RecordingCredit.objects.filter(recording__in=pks).values_list("artist", "artist__name", "role")
    people: dict[int, tuple[str, str]] = {}
    for pk, person, role in did[:POOL]:
        people.setdefault(pk, (person, role))
    return Seed(
        kind=kind,
        key=key,
        name=named[0],
        language=named[1],
        recordings={row.pk: row.title for row in rows},
        genres=genres or dict(pair for pair, _ in told.most_common(GENRES_MOST)),
        artists=artists or dict(pair for pair, _ in who.most_common(ARTISTS_MOST)),
        people=dict(list(people.items())[:PEOPLE_MOST]),
        year=median_low(years) if years else None,
    )
