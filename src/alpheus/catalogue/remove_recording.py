"""Take a recording out of what is offered, and offer it again; it stays in the catalogue, for its plays are history."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from alpheus.catalogue import indexing
from alpheus.catalogue.models import Recording, Release
from alpheus.catalogue.place_track import settle_release


@transaction.atomic
def remove_recordings(*, recordings: Iterable[Recording], now: datetime) -> None:
    """Mark recordings as removed; releases of which nothing is left go from view with them."""
    rows = [recording for recording in recordings if recording.removed_at is None]
    Recording.objects.filter(pk__in=[row.pk for row in rows]).update(removed_at=now)
    indexing.forget_recordings([row.gid for row in rows])
    for release in Release.objects.filter(media__tracks__recording__in=rows).distinct():
        settle_release(release=release, now=now)


@transaction.atomic
def offer_again(*, recordings: Iterable[Recording], now: datetime) -> None:
    """Offer recordings that were removed; releases that they are on come back with them."""
    rows = [recording for recording in recordings if recording.removed_at is not None]
    Recording.objects.filter(pk__in=[row.pk for row in rows]).update(removed_at=None)
    for recording in Recording.objects.filter(pk__in=[row.pk for row in rows]):
        indexing.index_recording(recording)
    for release in Release.objects.filter(media__tracks__recording__in=rows).distinct():
        settle_release(release=release, now=now, type_given=release.type)
