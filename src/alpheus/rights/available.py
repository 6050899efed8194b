"""Where releases are offered: set with what is published, asked wherever something is shown or played."""

from collections.abc import Collection, Iterable

from django.db import transaction

from alpheus.catalogue.models import Release, Track
from alpheus.rights.models import Availability
from alpheus.rights.rules import Where, is_open_in


@transaction.atomic
def set_availability(*, release: Release, where: Where, territories: Collection[str]) -> None:
    """Offer a release everywhere, only in some territories (ISO 3166-1 alpha-2), or everywhere but in them."""
    if where is Where.EVERYWHERE:
        Availability.objects.filter(release=release).delete()
        return
    told = {"rule": where.value, "territories": " ".join(sorted(set(territories)))}
    Availability.objects.update_or_create(release=release, defaults=told)


def is_available(release: Release, *, here: str) -> bool:
    """Whether a release is offered where a listener is."""
    row = Availability.objects.filter(release=release).first()
    return row is None or _opens(row, here)


def closed_releases(releases: Iterable[int], *, here: str) -> set[int]:
    """Which of these (by primary key) are not offered there."""
    rows = Availability.objects.filter(release__in=set(releases)) if here else []
    return {it.release_id for it in rows if not _opens(it, here)}


def is_heard_in(recording: int, *, here: str) -> bool:
    """Whether a recording (by primary key) is offered there: by any of the releases that it stands on, or by none of its own rule."""
    if not here:
        return True
    bounded = Availability.objects.filter(release__media__tracks__recording=recording).distinct()
    closed = {it.release_id for it in bounded if not _opens(it, here)}
    if not closed:
        return True
    standing = Track.objects.filter(recording=recording).values_list("medium__release", flat=True)
    return set(standing) != closed


def _opens(row: Availability, here: str) -> bool:
    return is_open_in(Where(row.rule), row.territories.split(), here)
