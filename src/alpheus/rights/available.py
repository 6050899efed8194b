"""Where releases are offered: set with what is published, asked wherever something is shown or played."""

from collections.abc import Collection
from contextlib import AbstractContextManager
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from alpheus.catalogue.models import Recording, Release, Track
from alpheus.catalogue.shown import narrowed
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


@dataclass(frozen=True)
class OfferedIn:
    """What is offered in a territory, as parts of queries: `rules.is_open_in` said to a database.

    A release is found by the unique index of its row, where it has one; a recording is offered by any of the releases
    that it stands on.
    """

    here: str

    def releases(self, path: str) -> Q:
        """Which releases are offered there."""
        return ~Q(Exists(self._closing().filter(release=OuterRef(path))))

    def recordings(self, path: str) -> Q:
        """Which recordings are: those that stand on one that is offered there, or on none that is not."""
        standing = Track.objects.filter(recording=OuterRef(path))
        closed = Exists(self._closing().filter(release=OuterRef("medium__release")))
        return ~Q(Exists(standing.filter(closed))) | Q(Exists(standing.exclude(closed)))

    def _closing(self) -> QuerySet[Availability]:
        # Codes have two letters and spaces between, so that one is found nowhere but as itself.
        named = Q(territories__contains=self.here)
        return Availability.objects.filter(
            (Q(rule=Where.ONLY.value) & ~named) | (Q(rule=Where.EXCEPT.value) & named)
        )


def offered_in(here: str) -> AbstractContextManager[None]:
    """Show within only what is offered in a territory; where nobody says which, all."""
    return narrowed(OfferedIn(here) if here else None)


def is_available(release: Release, *, here: str) -> bool:
    """Whether a release is offered where a listener is."""
    row = Availability.objects.filter(release=release).first()
    return row is None or is_open_in(Where(row.rule), row.territories.split(), here)


def is_bounded(releases: Collection[Release]) -> bool:
    """Whether any of them is not offered everywhere: then what is said of them differs from place to place."""
    return Availability.objects.filter(release__in=releases).exists()


def is_heard_in(recording: int, *, here: str) -> bool:
    """Whether a recording (by primary key) is offered there."""
    if not here:
        return True
    return Recording.objects.filter(OfferedIn(here).recordings("pk"), pk=recording).exists()
