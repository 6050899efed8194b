"""What a radio begins from, as recordings and the tags they have: one of them, a release, an artist, a genre, a label, a shop, a playlist."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from statistics import median_low
from typing import Literal, TypeVar
from uuid import UUID

from django.db.models import QuerySet

from alpheus.catalogue.models import CreditedArtist, Genre, Recording, RecordingCredit, Release, Track
from alpheus.catalogue.shown import is_release_shown, recordings_shown, releases_shown
from alpheus.insight.errors import SeedUnknown
from alpheus.listening.library.errors import PlaylistUnknown
from alpheus.listening.library.models import PlaylistItem
from alpheus.listening.library.queries import playlist_seen_by
from alpheus.listening.models import Listener
from alpheus.parties.models import Artist, Label
from alpheus.shops.errors import ShopUnknown
from alpheus.shops.queries import recordings_shown_in, shop_at

Item = TypeVar("Item")
SeedKind = Literal["recording", "release", "artist", "genre", "label", "shop", "playlist"]
RECORDINGS_MOST = 30
"""Recordings that a seed is known by."""
POOL = 400
GENRES_MOST, PEOPLE_MOST, ARTISTS_MOST = 3, 12, 6


@dataclass(frozen=True)
class Seed:
    """What was chosen, with all that speaks for others. Dictionaries are names by row number."""

    kind: SeedKind
    key: str
    """A gid; of a genre its slug, of a shop its handle."""
    name: str
    language: str
    recordings: dict[int, str]
    genres: dict[int, str]
    artists: dict[int, str]
    people: dict[int, tuple[str, str]]
    """Who wrote, produced or played, with their role."""
    year: int | None
    left_out: frozenset[int] = frozenset()
    """Recordings that its listener has at hand anyway: of a playlist all that are in it."""


def read_seed(
    kind: SeedKind, key: str, *, draw: Callable[[], float], listener: Listener | None = None
) -> Seed:
    """Read what a radio begins from; a playlist as far as `listener` may see it.

    Raises:
        SeedUnknown: there is none.
    """
    if kind == "genre":
        return _of_genre(key, draw)
    if kind == "shop":
        return _of_shop(key, draw)
    if kind == "playlist":
        return _of_playlist(key, draw, listener)
    if kind == "label":
        return _of_label(key, draw)
    if kind == "artist":
        return _of_artist(key, draw)
    return _of_music(kind, key)


def _of_music(kind: Literal["recording", "release"], key: str) -> Seed:
    gid = _gid(key)
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


def _of_genre(slug: str, draw: Callable[[], float]) -> Seed:
    genre = Genre.objects.filter(slug=slug).first() if "\0" not in slug else None
    if genre is None:
        raise SeedUnknown("There is no such genre.")
    rows = _on(genre.releases.filter(is_release_shown(), removed_at=None), draw)
    return _described("genre", slug, (genre.name, ""), rows, genres={genre.pk: genre.name})


def _of_artist(key: str, draw: Callable[[], float]) -> Seed:
    artist = Artist.objects.filter(gid=_gid(key)).first()
    if artist is None:
        raise SeedUnknown("There is no such artist.")
    named = CreditedArtist.objects.filter(artist=artist).values("credit")
    theirs = list(recordings_shown().filter(credit__in=named).order_by("-pk")[:POOL])
    called = (artist.name, artist.language)
    return _described("artist", key, called, _sample(theirs, draw), artists={artist.pk: artist.name})


def _of_label(key: str, draw: Callable[[], float]) -> Seed:
    label = Label.objects.filter(gid=_gid(key)).first()
    if label is None:
        raise SeedUnknown("There is no such label.")
    rows = _on(releases_shown().filter(label=label), draw)
    return _described("label", key, (label.name, label.language), rows)


def _of_shop(handle: str, draw: Callable[[], float]) -> Seed:
    """An open shop, by what stands in it."""
    try:
        shop = shop_at(handle.replace("\0", ""))
    except ShopUnknown as error:
        raise SeedUnknown("There is no such shop.") from error
    standing = _sample(recordings_shown_in(shop)[:POOL], draw)
    language = shop.artist.language if shop.artist else ""
    return _described("shop", handle, (shop.name, language), standing)


def _of_playlist(key: str, draw: Callable[[], float], listener: Listener | None) -> Seed:
    """A playlist that the listener may see. What is in it is at hand already, so that the radio brings the rest."""
    try:
        playlist = playlist_seen_by(listener, _gid(key))
    except PlaylistUnknown as error:
        raise SeedUnknown("There is no such playlist.") from error
    inside = frozenset(
        PlaylistItem.objects.filter(playlist=playlist, removed_at=None, recording__isnull=False).values_list(
            "recording", flat=True
        )
    )
    chosen = _sample(sorted(inside), draw)
    rows = list(recordings_shown().filter(pk__in=chosen).order_by("pk"))
    return replace(_described("playlist", key, (playlist.title, ""), rows), left_out=inside)


def _on(releases: QuerySet[Release], draw: Callable[[], float]) -> list[Recording]:
    """Some of what is on releases, of the latest ones."""
    latest = releases.order_by("-released", "-pk").values_list("pk", flat=True)
    chosen = _sample(list(latest[:POOL]), draw)
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
