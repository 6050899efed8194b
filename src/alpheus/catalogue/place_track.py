"""Put a recording in its place on a release, and settle the release when its tracklist stands."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from alpheus.catalogue import indexing
from alpheus.catalogue.credit_artists import credit_artists
from alpheus.catalogue.credits import Credit
from alpheus.catalogue.facts import ArtistFacts, Place
from alpheus.catalogue.models import Medium, Recording, Release, Track
from alpheus.catalogue.rules import release_type
from alpheus.database.turns import take_turn
from alpheus.values.text import line

_POSITION_MAX = 32_000


@transaction.atomic
def place_track(
    *,
    release: Release,
    recording: Recording,
    place: Place,
    title: str,
    credit: Credit,
    about: ArtistFacts | None = None,
) -> Track:
    """Put a recording on a release, once; a place that another recording holds becomes the next free one."""
    take_turn("catalogue")
    medium, _ = Medium.objects.get_or_create(release=release, position=min(max(place.disc, 1), _POSITION_MAX))
    disc_title = line(place.disc_title, limit=500)
    if disc_title and medium.title != disc_title:
        medium.title = disc_title
        medium.save(update_fields=["title"])
    track = Track.objects.filter(medium__release=release, recording=recording).first() or Track(
        recording=recording
    )
    track.position = _free(medium, track, min(max(place.position, 1), _POSITION_MAX))
    track.medium = medium
    track.title = line(title, limit=1000)
    track.credit = credit_artists(credit, about=about)
    track.save()
    Medium.objects.filter(release=release, tracks=None).delete()
    return track


def _free(medium: Medium, track: Track, position: int) -> int:
    others = medium.tracks.exclude(pk=track.pk)
    if not others.filter(position=position).exists():
        return position
    return int(others.aggregate(last=Max("position"))["last"] or 0) + 1


@transaction.atomic
def lift_tracks(*, recording: Recording, release: Release, now: datetime) -> None:
    """Take a recording off a release; a release without tracks is removed from view."""
    Track.objects.filter(medium__release=release, recording=recording).delete()
    Medium.objects.filter(release=release, tracks=None).delete()
    settle_release(release=release, now=now)


@transaction.atomic
def settle_release(
    *, release: Release, now: datetime, type_given: str = "", loudness: tuple[float, float] | None = None
) -> None:
    """Tell what follows from a release's tracks: its type, whether there is anything to hear, its loudness.

    `loudness` is (LUFS integrated over the whole, true peak in dBTP).
    """
    tracks = Track.objects.filter(medium__release=release, recording__removed_at=None)
    durations = [ms or 0 for ms in tracks.values_list("recording__duration_ms", flat=True)]
    if durations:
        release.type = type_given or release_type(durations)
    release.removed_at = None if durations else (release.removed_at or now)
    if loudness is not None:
        release.loudness_lufs, release.true_peak_dbtp = loudness
    release.save(update_fields=["type", "removed_at", "loudness_lufs", "true_peak_dbtp"])
    indexing.index_release(release)
