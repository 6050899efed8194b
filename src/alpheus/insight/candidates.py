"""What may follow a seed: what its listeners also played, and what shares genre, artist, people or time with it.

Every question is answered by an index and cut off after some hundred rows, so that its cost does not grow with
the catalogue.
"""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from alpheus.catalogue.credits import is_various
from alpheus.catalogue.models import CreditedArtist, Recording, RecordingCredit, Release, Rendition, Track
from alpheus.catalogue.shown import is_recording_shown, releases_shown
from alpheus.insight.models import HeardTogether
from alpheus.insight.rules import WEIGHTS, Candidate, Reason
from alpheus.insight.seeds import Seed

HEARD_MOST = 300
EACH_MOST = 80
"""Recordings that one kind of tag brings."""
RELEASES_MOST = 40
"""Releases of the same genre, or of the same time, on either side of the seed's year."""
TRACKS_EACH = 3
YEARS = 2
"""So far apart is about the same time."""


@dataclass(frozen=True)
class Pool:
    """What was found, by listeners and by tags."""

    heard: list[Candidate]
    tagged: list[Candidate]


def gather(seed: Seed, *, explicit: bool = True) -> Pool:
    """Find what may follow a seed; only what can be heard now."""
    tagged = [
        *_by_artist(seed, explicit=explicit),
        *_by_people(seed, explicit=explicit),
        *_near(seed, explicit=explicit),
    ]
    return Pool(_heard(seed, explicit=explicit), tagged)


def _offered(path: str, *, explicit: bool) -> Q:
    """Ask whether a recording that `path` leads to can be heard now.

    By the row at hand: a list of all that can be heard would be made anew for every question.
    """
    ready = Exists(Rendition.objects.filter(asset=OuterRef(f"{path}asset")))
    told = Q(ready, is_recording_shown(path.removesuffix("__") or "pk"), **{f"{path}removed_at": None})
    return told if explicit else told & Q(**{f"{path}explicit": False})


def _heard(seed: Seed, *, explicit: bool) -> list[Candidate]:
    pairs = HeardTogether.objects.filter(
        _offered("other__", explicit=explicit), recording__in=list(seed.recordings)
    )
    found = pairs.order_by("-closeness").values_list("other", "other__credit", "recording", "closeness")
    return [
        Candidate(other, credit, Reason("listeners", seed.recordings[of]), close)
        for other, credit, of, close in found[:HEARD_MOST]
        if other not in seed.recordings
    ]


def _by_artist(seed: Seed, *, explicit: bool) -> list[Candidate]:
    found: list[Candidate] = []
    for artist, name in seed.artists.items():
        if is_various(name):
            continue
        named = CreditedArtist.objects.filter(artist=artist).values("credit")
        rows = Recording.objects.filter(_offered("", explicit=explicit), credit__in=named).order_by("-pk")
        reason = Reason("artist", name)
        found += [
            Candidate(pk, credit, reason, WEIGHTS["artist"])
            for pk, credit in rows.values_list("pk", "credit")[:EACH_MOST]
        ]
    return found


def _by_people(seed: Seed, *, explicit: bool) -> list[Candidate]:
    """By those who wrote, produced or played; whoever is the artist anyway says nothing new."""
    people = {pk: told for pk, told in seed.people.items() if pk not in seed.artists}
    did = RecordingCredit.objects.filter(_offered("recording__", explicit=explicit), artist__in=people)
    rows = did.order_by("-pk").values_list("recording", "recording__credit", "artist")[: 2 * EACH_MOST]
    return [
        Candidate(pk, credit, Reason("credit", *people[person]), WEIGHTS["credit"])
        for pk, credit, person in rows
    ]


def _near(seed: Seed, *, explicit: bool) -> list[Candidate]:
    """By genre, nearest in time first, and by time alone where no genre is known."""
    releases = releases_shown()
    if seed.genres:
        through = Release.genres.through.objects
        releases = releases.filter(
            Exists(through.filter(release=OuterRef("pk"), genre__in=list(seed.genres)))
        )
        chosen = _around(releases, seed.year)
        pairs = through.filter(release__in=chosen, genre__in=list(seed.genres))
        reasons: dict[int, Reason] = {}
        shared: defaultdict[int, int] = defaultdict(int)
        for release, genre in pairs.values_list("release", "genre"):
            reasons.setdefault(release, Reason("genre", seed.genres[genre]))
            shared[release] += 1
        weights = {pk: WEIGHTS["genre"] * (1 + 0.5 * (shared[pk] - 1)) for pk in reasons}
    elif seed.year is not None:
        about = (seed.year - YEARS, seed.year + YEARS)
        dated = releases.filter(released__gte=about[0] * 10_000, released__lt=(about[1] + 1) * 10_000)
        reason = Reason("era", f"{about[0]}–{about[1]}")
        reasons = dict.fromkeys(_around(dated, seed.year), reason)
        weights = dict.fromkeys(reasons, WEIGHTS["era"])
    else:
        return []
    return _tracks(reasons, weights, explicit=explicit)


def _around(releases: QuerySet[Release], year: int | None) -> list[int]:
    """The nearest in time on either side; without a year the latest."""
    if year is None:
        return list(releases.order_by("-released", "-pk").values_list("pk", flat=True)[: 2 * RELEASES_MOST])
    middle = year * 10_000 + 700
    later = releases.filter(released__gte=middle).order_by("released", "pk")
    earlier = releases.filter(released__lt=middle).order_by("-released", "-pk")
    return [
        *later.values_list("pk", flat=True)[:RELEASES_MOST],
        *earlier.values_list("pk", flat=True)[:RELEASES_MOST],
    ]


def _tracks(reasons: dict[int, Reason], weights: dict[int, float], *, explicit: bool) -> list[Candidate]:
    """Some recordings of each release."""
    rows = Track.objects.filter(_offered("recording__", explicit=explicit), medium__release__in=list(reasons))
    found = rows.annotate(release=F("medium__release")).values_list(
        "release", "recording", "recording__credit"
    )
    counts: defaultdict[int, int] = defaultdict(int)
    chosen = []
    for release, recording, credit in found.order_by("medium__release", "medium__position", "position"):
        counts[release] += 1
        if counts[release] <= TRACKS_EACH:
            chosen.append(Candidate(recording, credit, reasons[release], weights[release]))
    return chosen
