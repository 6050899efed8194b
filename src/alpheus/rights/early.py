"""Pre-listening: previews of a release that is to appear are heard before its minute.

It is removed from the catalogue meanwhile, as what is handed in is, so that no list, search, feed or radio has it, and
nobody keeps it. What is let through is asked for here, by name. When it ends, its tracklist goes: what is left of it is
recordings that are handed in.
"""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from alpheus.catalogue.models import Recording, Release, Track
from alpheus.catalogue.place_track import lift_tracks
from alpheus.rights.models import Early, Suspension

LATE = timedelta(minutes=10)
"""How long after its minute previews are heard still, should it not have appeared: its page is not gone in between."""


def open_early(*, release: Release, shop: UUID, until: datetime, zone: str, now: datetime) -> Early:
    """Let previews of a release that is removed be heard from now on until its minute. Done twice, the latter minute counts."""
    told = {"shop": shop, "until": until, "zone": zone}
    row, _ = Early.objects.update_or_create(
        release=release, defaults=told, create_defaults=told | {"since": now}
    )
    return row


@transaction.atomic
def end_early(*, rows: Iterable[Early], now: datetime) -> int:
    """End it at once: nothing of it is heard or shown, and its tracks are off it. Returns how many ended."""
    ended = list(rows)
    for row in ended:
        row.delete()
        for recording in Recording.objects.filter(tracks__medium__release=row.release).distinct():
            lift_tracks(recording=recording, release=row.release, now=now)
    return len(ended)


def close_early(*, release: Release) -> None:
    """Its minute has come, and it stands in the catalogue as all else does."""
    Early.objects.filter(release=release).delete()


def end_of_release(release: Release, *, now: datetime) -> int:
    """End it of one release, whether it had begun or not. Returns how many ended."""
    return end_early(rows=_all().filter(release=release), now=now)


def end_of_shop(shop: UUID, *, now: datetime) -> int:
    """End it of all that a shop lets be heard early. Returns how many ended."""
    return end_early(rows=_all().filter(shop=shop), now=now)


def end_without_namer(*, named: QuerySet[Any, Any], now: datetime) -> int:
    """End it of what nobody lets be heard any more; `named` are the keys of releases that somebody does. Returns how many ended."""
    return end_early(rows=_all().exclude(release__in=named), now=now)


def early_of(release: UUID, *, now: datetime) -> Early | None:
    """Since when a release (by gid) is heard early, and until when; None where it is not."""
    return _open(now).filter(release__gid=release).first()


def early_of_recording(recording: UUID, *, now: datetime) -> Early | None:
    """The same of the release that a recording (by gid) is to appear on."""
    return _open(now).filter(release__media__tracks__recording__gid=recording).first()


def early_of_shop(shop: UUID, *, now: datetime) -> list[Early]:
    """What a shop lets be heard early, what appears first first."""
    return list(_open(now).filter(shop=shop).order_by("until", "pk"))


def heard_early(recordings: Collection[UUID], *, now: datetime) -> set[UUID]:
    """Of which of these recordings (by gid) everybody hears a preview before they appear."""
    if not recordings:
        return set()
    rows = Recording.objects.filter(
        gid__in=set(recordings), tracks__medium__release__in=_open(now).values("release")
    )
    return set(rows.values_list("gid", flat=True))


def early_among(recordings: Collection[Recording], *, now: datetime) -> dict[int, Early]:
    """As what recordings (by primary key) are heard early: players show its sleeve, and when it appears."""
    removed = [it.pk for it in recordings if it.removed_at is not None]
    if not removed:
        return {}
    pairs = Track.objects.filter(recording__in=removed, medium__release__in=_open(now).values("release"))
    on = dict(pairs.values_list("recording", "medium__release"))
    rows = _open(now).select_related("release__cover").in_bulk(set(on.values()), field_name="release_id")
    return {pk: rows[on[pk]] for pk in removed if pk in on}


def _all() -> QuerySet[Early]:
    return Early.objects.select_related("release")


def _open(now: datetime) -> QuerySet[Early]:
    """What is heard now. Of what a notice suspends even one recording of, nothing is, before anybody ends it."""
    suspended = Suspension.objects.filter(recording__tracks__medium__release=OuterRef("release"))
    removed = _all().filter(release__removed_at__isnull=False)
    return removed.filter(~Exists(suspended), since__lte=now, until__gt=now - LATE)
