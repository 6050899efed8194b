"""Tell which radios are made for a listener: from what they played, or from genres while they played nothing."""

from collections import Counter
from dataclasses import dataclass
from typing import Literal

from django.db.models import Count, Exists, OuterRef

from alpheus.catalogue.credits import is_various
from alpheus.catalogue.models import CreditedArtist, Genre, Recording
from alpheus.catalogue.queries import recordings_of
from alpheus.catalogue.shown import is_recording_shown, releases_shown
from alpheus.insight.models import HeardTogether
from alpheus.insight.seeds import SeedKind
from alpheus.listening.models import Listener, Play

SIZE = 6
PLAYS_MOST = 60
"""Plays that are looked at, the latest."""
ARTISTS, GENRES = 3, 2


@dataclass(frozen=True)
class Station:
    """A radio to start: what it begins from."""

    kind: SeedKind
    key: str
    name: str
    language: str = ""


@dataclass(frozen=True)
class MadeFor:
    """What is made for a listener: `of` tells from what, `by` what it mostly goes by."""

    stations: list[Station]
    of: Literal["plays", "nothing"]
    by: Literal["listeners", "tags"]


def made_for(*, listener: Listener | None, size: int = SIZE) -> MadeFor:
    """Choose radios for a listener."""
    plays = (
        list(
            Play.objects.filter(listener=listener, qualified=True)
            .order_by("-started_at")
            .values_list("recording", flat=True)[:PLAYS_MOST]
        )
        if listener
        else []
    )
    stations = _from(plays)[:size]
    if not stations:
        return MadeFor([_station(genre) for genre in _popular(size)], "nothing", "tags")
    heard = HeardTogether.objects.filter(recording__in=set(plays)).exists()
    return MadeFor(stations, "plays", "listeners" if heard else "tags")


def _from(plays: list[int]) -> list[Station]:
    """What played last, then whom and which genres the listener plays most."""
    played = Recording.objects.filter(is_recording_shown(), pk__in=set(plays))
    told = {pk: (gid, removed) for pk, gid, removed in played.values_list("pk", "gid", "removed_at")}
    times = Counter(pk for pk in plays if pk in told)
    rows = {pk: gid for pk, (gid, removed) in told.items() if removed is None}
    last = next((pk for pk in plays if pk in rows), None)
    if last is None:
        return []
    newest = recordings_of([rows[last]])[0]
    whole = [Station("recording", str(newest.gid), newest.title, newest.language)]
    return [*whole, *_artists(times), *_genres(times)]


def _artists(times: Counter[int]) -> list[Station]:
    counts: Counter[tuple[str, str, str]] = Counter()
    named = CreditedArtist.objects.filter(credit__recordings__in=times)
    told = named.values_list("credit__recordings", "artist__gid", "artist__name", "artist__language")
    for recording, gid, name, language in told:
        if recording in times and not is_various(name):
            counts[str(gid), name, language] += times[recording]
    return [Station("artist", *told) for told, _ in counts.most_common(ARTISTS)]


def _genres(times: Counter[int]) -> list[Station]:
    counts: Counter[tuple[str, str]] = Counter()
    told = Genre.objects.filter(releases__media__tracks__recording__in=times)
    for slug, name, recording in told.values_list("slug", "name", "releases__media__tracks__recording"):
        if recording in times:
            counts[slug, name] += times[recording]
    return [Station("genre", slug, name) for (slug, name), _ in counts.most_common(GENRES)]


def _popular(size: int) -> list[Genre]:
    """Genres of most releases; what was removed counts as well, which spares looking at every release."""
    used = (
        Genre.releases.through.objects.values("genre").annotate(uses=Count("pk")).order_by("-uses", "genre")
    )
    counted = list(used.values_list("genre", flat=True)[: 2 * size])
    there = releases_shown().filter(genres=OuterRef("pk"))
    rows = Genre.objects.filter(Exists(there)).in_bulk(counted)
    return [rows[pk] for pk in counted if pk in rows][:size]


def _station(genre: Genre) -> Station:
    return Station("genre", genre.slug, genre.name)
