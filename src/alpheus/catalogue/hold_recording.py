"""Keep a recording that is handed in and not offered: it can be granted, and no list, page or search shows it."""

from contextlib import suppress
from datetime import datetime

from django.db import transaction
from django.db.models import ProtectedError

from alpheus.catalogue.models import ArtistCredit, Asset, Recording
from alpheus.values.language import language_of
from alpheus.values.sort_names import sort_name
from alpheus.values.text import line


@transaction.atomic
def hold_recording(*, title: str, artist: str, asset: Asset, now: datetime) -> Recording:
    """Keep one. Nobody becomes an artist of the catalogue by handing in: its credit is a name and no more."""
    credit = ArtistCredit.objects.create(name=line(artist, limit=1000))
    duration_ms = round(1000 * asset.samples / asset.rate_hz) if asset.samples and asset.rate_hz else None
    return Recording.objects.create(
        title=line(title, limit=1000),
        sort_title=sort_name(line(title, limit=1000)),
        credit=credit,
        asset=asset,
        duration_ms=duration_ms,
        language=language_of(title),
        removed_at=now,
        created_at=now,
    )


@transaction.atomic
def describe_held(*, recording: Recording, title: str, artist: str) -> None:
    """Give one that is held its names."""
    recording.title = line(title, limit=1000)
    recording.sort_title, recording.language = sort_name(recording.title), language_of(recording.title)
    recording.save(update_fields=["title", "sort_title", "language"])
    ArtistCredit.objects.filter(pk=recording.credit_id, digest=None).update(name=line(artist, limit=1000))


@transaction.atomic
def let_go(*, recording: Recording) -> None:
    """Forget one: its row goes, or where somebody was granted it, all that it says; cleaning removes its sound."""
    credit = recording.credit
    try:
        with transaction.atomic():
            recording.delete()
    except ProtectedError:
        recording.title = recording.sort_title = recording.language = ""
        recording.asset, recording.duration_ms = None, None
        recording.save(update_fields=["title", "sort_title", "language", "asset", "duration_ms"])
        ArtistCredit.objects.filter(pk=credit.pk, digest=None).update(name="")
        return
    with suppress(ProtectedError), transaction.atomic():  # others may be credited in the same words
        credit.delete()
