"""Lists of the catalogue by cursor: releases, recordings, artists, labels, genres and years, sorted and narrowed.

Each goes by an index from where the page before ended, so that a page at any depth costs the same. What was removed
is in none of them, nor what its reader is not shown (`shown`).
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

from django.db.models import Count, Exists, F, OrderBy, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from alpheus.catalogue.models import Genre, Recording, Release
from alpheus.catalogue.queries import (
    Row,
    cards,
    credits_of,
    heard_on,
    page_of,
    place_of,
    uses_of_genre,
    with_sound,
)
from alpheus.catalogue.shown import heard, is_release_shown, recordings_shown, releases_shown
from alpheus.parties.models import Artist, Label
from alpheus.values import cursor as cursors
from alpheus.values.collation import Reader, order_name, reader_within
from alpheus.values.cursor import Key, Page

ReleaseSort = Literal["newest", "date", "title"]
RecordingSort = Literal["newest", "title"]
ArtistSort = Literal["name", "newest"]
GenreSort = Literal["most", "name"]


@dataclass(frozen=True)
class Order:
    """What a list goes by: one column, then the row's number; `name` tells its cursors from those of other lists."""

    name: str
    column: str
    kind: type[Key]
    descending: bool = False
    collated: bool = False
    """Whether readers of some languages have an order of their own."""

    def of(self, reader: Reader, cursor: str | None) -> "Order":
        """The order that a reader expects; within a list it stays the one in which it was begun."""
        if not self.collated:
            return self
        whose = reader_within(self.name, cursor=cursor, reader=reader)
        if whose == "en":
            return self
        return replace(self, name=order_name(self.name, whose), column=f"sort_{whose}")

    def page(self, rows: QuerySet[Row], *, cursor: str | None, size: int) -> Page[Row]:
        """Read the page that a cursor leads to.

        Raises:
            CursorInvalid: the cursor belongs to another list.
        """
        at = place_of(self.name, (self.kind, int), cursor)
        if at:
            beyond = "lt" if self.descending else "gt"
            after = Q(**{f"{self.column}__{beyond}": at[0]}) | Q(
                **{self.column: at[0], f"pk__{beyond}": at[1]}
            )
            # The second condition follows from the first; databases find the place in the index by it.
            rows = rows.filter(after, **{f"{self.column}__{beyond}e": at[0]})
        ordered = rows.order_by(
            OrderBy(F(self.column), descending=self.descending),
            OrderBy(F("pk"), descending=self.descending),
        )
        return page_of(self.name, ordered, size, lambda row: (getattr(row, self.column), row.pk))


RELEASES: Final[dict[ReleaseSort, Order]] = {
    "newest": Order("releases", "created_at", datetime, descending=True),
    "date": Order("releases-date", "released", int, descending=True),
    "title": Order("releases-title", "sort_title", str, collated=True),
}
RECORDINGS: Final[dict[RecordingSort, Order]] = {
    "newest": Order("recordings", "created_at", datetime, descending=True),
    "title": Order("recordings-title", "sort_title", str, collated=True),
}
ARTISTS: Final[dict[ArtistSort, Order]] = {
    "name": Order("artists", "sort_name", str, collated=True),
    "newest": Order("artists-newest", "created_at", datetime, descending=True),
}
GENRES: Final[dict[GenreSort, Order]] = {
    "most": Order("genres", "uses", int, descending=True),
    "name": Order("genres-name", "name", str, collated=True),
}
LABELS: Final = Order("labels", "sort_name", str, collated=True)
YEARS: Final = "years"
VERSIONS: Final = Order("versions", "created_at", datetime)


@dataclass(frozen=True)
class Filter:
    """What a list of releases is narrowed to; empty fields narrow nothing."""

    type: str = ""
    genre: str = ""
    """A genre's slug."""
    year: int | None = None
    label: UUID | None = None
    artist: UUID | None = None
    """Whose own releases."""
    appears: UUID | None = None
    """Who is heard or credited on releases of others."""

    def narrow(self, releases: QuerySet[Release]) -> QuerySet[Release]:
        """Narrow a list of releases."""
        if self.type:
            releases = releases.filter(type=self.type)
        if self.genre:
            releases = releases.filter(genres__slug=self.genre)
        if self.year is not None:
            # By the index that lists by date go by.
            releases = releases.filter(
                released__gte=self.year * 10_000, released__lt=(self.year + 1) * 10_000
            )
        if self.label is not None:
            # Its number first: then the index of labels gives the order as well.
            found = Label.objects.filter(gid=self.label).values_list("pk", flat=True).first()
            releases = releases.filter(label=found) if found else releases.none()
        if self.artist is not None:
            releases = releases.filter(credit__in=credits_of(self.artist))
        if self.appears is not None:
            releases = releases.filter(pk__in=heard_on(self.appears)).exclude(
                credit__in=credits_of(self.appears)
            )
        return releases


NOTHING = Filter()


@dataclass(frozen=True)
class Year:
    """A year and how many releases came out in it."""

    year: int
    uses: int


def releases(
    *,
    sort: ReleaseSort = "newest",
    cursor: str | None = None,
    size: int = 24,
    only: Filter = NOTHING,
    reader: Reader = "en",
) -> Page[Release]:
    """List releases: the newest here first, by their own date, or by title as a reader's language orders it.

    Raises:
        CursorInvalid: the cursor belongs to another list.
    """
    rows = only.narrow(cards().filter(is_release_shown()))
    return RELEASES[sort].of(reader, cursor).page(rows, cursor=cursor, size=size)


def recordings(
    *,
    sort: RecordingSort = "newest",
    cursor: str | None = None,
    size: int = 48,
    artist: UUID | None = None,
    explicit: bool = True,
    reader: Reader = "en",
) -> Page[Recording]:
    """List recordings, the newest here first or by title as a reader's language orders it; all, or one artist's; without explicit ones if asked.

    Raises:
        CursorInvalid: the cursor belongs to another list.
    """
    rows = with_sound(recordings_shown())
    if artist is not None:
        rows = rows.filter(credit__in=credits_of(artist))
    if not explicit:
        rows = rows.filter(explicit=False)
    return RECORDINGS[sort].of(reader, cursor).page(rows, cursor=cursor, size=size)


def versions(recording: Recording, *, cursor: str | None = None, size: int = 50) -> Page[Recording]:
    """List other recordings of a recording's works, the first first.

    Raises:
        CursorInvalid: the cursor belongs to another list.
    """
    same = Recording.works.through.objects.filter(work__in=recording.works.all()).values("recording")
    others = recordings_shown().filter(pk__in=same).exclude(pk=recording.pk)
    order = replace(VERSIONS, name=f"{VERSIONS.name}-{recording.gid.hex}")
    return order.page(with_sound(others), cursor=cursor, size=size)


def artists(
    *, sort: ArtistSort = "name", cursor: str | None = None, size: int = 48, reader: Reader = "en"
) -> Page[Artist]:
    """List artists who have something to hear, by name as a reader's language orders it or the newest here first.

    Raises:
        CursorInvalid: the cursor belongs to another list.
    """
    return ARTISTS[sort].of(reader, cursor).page(Artist.objects.filter(heard()), cursor=cursor, size=size)


def labels(*, cursor: str | None = None, size: int = 48, reader: Reader = "en") -> Page[Label]:
    """List labels that have releases here, by name as a reader's language orders it; each row has `uses`.

    Raises:
        CursorInvalid: the cursor belongs to another list.
    """
    out = releases_shown().filter(label=OuterRef("pk"))
    rows = Label.objects.filter(Exists(out)).annotate(uses=_count(out, "label"))
    return LABELS.of(reader, cursor).page(rows, cursor=cursor, size=size)


def genres(
    *, sort: GenreSort = "most", cursor: str | None = None, size: int = 48, reader: Reader = "en"
) -> Page[Genre]:
    """List genres that releases have, those of most releases first or by name as a reader's language orders it; each row has `uses`.

    Raises:
        CursorInvalid: the cursor belongs to another list.
    """
    rows = Genre.objects.annotate(uses=uses_of_genre())
    return GENRES[sort].of(reader, cursor).page(rows.filter(uses__gt=0), cursor=cursor, size=size)


def years(*, cursor: str | None = None, size: int = 200) -> Page[Year]:
    """List years of releases, the latest first.

    Raises:
        CursorInvalid: the cursor belongs to another list.
    """
    rows = releases_shown().filter(year__isnull=False)
    at = place_of(YEARS, (int,), cursor)
    if at:
        rows = rows.filter(year__lt=at[0])
    counted = rows.values_list("year").annotate(uses=Count("pk")).order_by("-year")
    found = [Year(year, uses) for year, uses in counted[: size + 1] if year is not None]
    more = cursors.encode(YEARS, (found[size - 1].year,)) if len(found) > size else None
    return Page(found[:size], more)


def _count(rows: QuerySet[Release], by: str) -> Coalesce:
    counted = rows.order_by().values(by).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)
