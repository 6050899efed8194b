"""What of the catalogue its reader is shown: all that is offered, or less where a room above narrows it.

Lists, searches and radios ask here, so that what narrows them stands in one place and a new list cannot forget it. What
is read by its gid is not narrowed: whoever names a thing is told why they may not have it.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Protocol
from uuid import UUID

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet, Value

from alpheus.catalogue.models import CreditedArtist, Recording, Release
from alpheus.parties.models import Artist
from alpheus.search.kinds import ARTIST, LYRICS, RECORDING, RELEASE


class Narrowing(Protocol):
    """Says, as a part of a query, which rows a reader is shown; `path` leads to the key of the release or recording."""

    def releases(self, path: str) -> Q:
        """Which releases."""

    def recordings(self, path: str) -> Q:
        """Which recordings."""


_narrowing: ContextVar[Narrowing | None] = ContextVar("narrowing", default=None)


@contextmanager
def narrowed(by: Narrowing | None) -> Iterator[None]:
    """Show no more than this within; tasks and commands, around which nobody stands, see all."""
    token = _narrowing.set(by)
    try:
        yield
    finally:
        _narrowing.reset(token)


def is_release_shown(path: str = "pk") -> Q:
    """Ask of rows whose release `path` leads to whether it is shown."""
    by = _narrowing.get()
    return by.releases(path) if by else Q()


def is_recording_shown(path: str = "pk") -> Q:
    """Ask of rows whose recording `path` leads to whether it is shown."""
    by = _narrowing.get()
    return by.recordings(path) if by else Q()


def told(asked: Q) -> ExpressionWrapper[Q] | Value:
    """A condition as a column of an answer."""
    return ExpressionWrapper(asked, output_field=BooleanField()) if asked else Value(value=True)


def releases_shown() -> QuerySet[Release]:
    """Releases that are offered to who reads."""
    return Release.objects.filter(is_release_shown(), removed_at=None)


def recordings_shown() -> QuerySet[Recording]:
    """Recordings that are offered to who reads."""
    return Recording.objects.filter(is_recording_shown(), removed_at=None)


def heard() -> Exists:
    """Ask whether an artist is credited on a recording that is shown."""
    return Exists(
        CreditedArtist.objects.filter(artist=OuterRef("pk")).filter(
            Exists(recordings_shown().filter(credit=OuterRef("credit")))
        )
    )


def shown_among(kind: str, gids: Sequence[UUID]) -> Sequence[UUID]:
    """Of what a search found of a kind, what its reader is shown, in the same order."""
    if not gids or _narrowing.get() is None:
        return gids
    rows: QuerySet[Release] | QuerySet[Recording] | QuerySet[Artist]
    if kind == RELEASE:
        rows = releases_shown()
    elif kind in {RECORDING, LYRICS}:
        rows = recordings_shown()
    elif kind == ARTIST:
        rows = Artist.objects.filter(heard())
    else:
        return gids
    there = set(rows.filter(gid__in=gids).values_list("gid", flat=True))
    return [gid for gid in gids if gid in there]
