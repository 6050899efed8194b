"""Lists of the catalogue by cursor: releases, recordings, artists, labels, genres and years, sorted and narrowed.

Each goes by an index from where the page before ended, so that a page at any depth costs the same. What was removed
is in none of them, nor what its reader is not shown (`shown`).
"""

import unicodedata
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
from alpheus.search.kinds import ARTIST, RECORDING, RELEASE
from alpheus.search.narrow import Words, is_named_so, narrow
from alpheus.values import cursor as cursors
from alpheus.values.collation import Reader, begins, order_name, reader_within
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
    by_year: bool = False
    """Whether it goes by dates as numbers, YYYYMMDD."""

    def of(self, reader: Reader, cursor: str | None) -> "Order":
        """The order that a reader expects; within a list it stays the one in which it was begun."""
        if not self.collated:
            return self
        whose = reader_within(self.name, cursor=cursor, reader=reader)
        if whose == "en":
            return self
        return replace(self, name=order_name(self.name, whose), column=f"sort_{whose}")

    def start(self, given: str, reader: Reader) -> tuple[Reader, Key] | None:
        """Tell where somebody wants to begin: an initial of names, or a year. None where that is no place of this list."""
        if self.collated:
            return begins(given, reader)
        if self.by_year and given.isascii() and given.isdigit() and len(given) <= 4:
            return reader, int(given) * 10_000 + 9_999
        return None

    def page(
        self, rows: QuerySet[Row], *, cursor: str | None, size: int, words: Words | None = None
    ) -> Page[Row]:
        """Read the page that a cursor leads to, of what is found by words if there are any.

        Raises:
            CursorInvalid: the cursor belongs to another list.
        """
        at = place_of(self.name, (self.kind, int), cursor)
        if at:
            rows = self._after(rows, at)
        if words is not None and words.few is not None:
            rows = rows.filter(gid__in=words.few)
        elif words is not None:
            rows = rows.filter(pk__in=self._sifted(rows, words, size + 1))
        return page_of(self.name, self._in_order(rows), size, lambda row: (getattr(row, self.column), row.pk))

    def begin(self, rows: QuerySet[Row], key: Key) -> QuerySet[Row]:
        """Leave out what comes before a place of the list."""
        return rows.filter(**{f"{self.column}__{'lte' if self.descending else 'gte'}": key})

    def _after(self, rows: QuerySet[Row], at: tuple[Key, ...]) -> QuerySet[Row]:
        beyond = "lt" if self.descending else "gt"
        after = Q(**{f"{self.column}__{beyond}": at[0]}) | Q(**{self.column: at[0], f"pk__{beyond}": at[1]})
        # The second condition follows from the first; databases find the place in the index by it.
        return rows.filter(after, **{f"{self.column}__{beyond}e": at[0]})

    def _in_order(self, rows: QuerySet[Row]) -> QuerySet[Row]:
        return rows.order_by(
            OrderBy(F(self.column), descending=self.descending),
            OrderBy(F("pk"), descending=self.descending),
        )

    def _sifted(self, rows: QuerySet[Row], words: Words, count: int) -> list[int]:
        """The first `count` that are found by words: the list is walked in stretches, since it holds many of them."""
        found: list[int] = []
        left = rows
        while len(found) < count:
            stretch = list(self._in_order(left).values_list(self.column, "pk", "gid")[:STRETCH])
            fit = words.among([gid for _, _, gid in stretch])
            found += [pk for _, pk, gid in stretch if gid in fit]
            if len(stretch) < STRETCH:
                break
            left = self._after(rows, stretch[-1][:2])
        return found[:count]


STRETCH: Final = 500
"""Rows that are sifted at once."""


RELEASES: Final[dict[ReleaseSort, Order]] = {
    "newest": Order("releases", "created_at", datetime, descending=True),
    "date": Order("releases-date", "released", int, descending=True, by_year=True),
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
_YEAR_DIGITS = 4
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
    words: str = "",
    start: str = "",
) -> Page[Release]:
    """List releases: the newest here first, by their own date, or by title as a reader's language orders it.

    Those alone that are found by `words`, if there are any; from `start` on, an initial or a year as fits the order.

    Raises:
        CursorInvalid: the cursor belongs to another list.
    """
    rows = only.narrow(cards().filter(is_release_shown()))
    found = narrow(RELEASE, words)
    return _page(RELEASES[sort], rows, cursor=cursor, size=size, reader=reader, start=start, words=found)


def recordings(
    *,
    sort: RecordingSort = "newest",
    cursor: str | None = None,
    size: int = 48,
    artist: UUID | None = None,
    explicit: bool = True,
    reader: Reader = "en",
    words: str = "",
    start: str = "",
) -> Page[Recording]:
    """List recordings, the newest here first or by title as a reader's language orders it; all, or one artist's; without explicit ones if asked.

    Those alone that are found by `words`, if there are any; by title from the initial `start` on.

    Raises:
        CursorInvalid: the cursor belongs to another list.
    """
    rows = with_sound(recordings_shown())
    if artist is not None:
        rows = rows.filter(credit__in=credits_of(artist))
    if not explicit:
        rows = rows.filter(explicit=False)
    found = narrow(RECORDING, words)
    return _page(RECORDINGS[sort], rows, cursor=cursor, size=size, reader=reader, start=start, words=found)


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
    *,
    sort: ArtistSort = "name",
    cursor: str | None = None,
    size: int = 48,
    reader: Reader = "en",
    words: str = "",
    start: str = "",
) -> Page[Artist]:
    """List artists who have something to hear, by name as a reader's language orders it or the newest here first.

    Those alone that are found by `words`, if there are any; by name from the initial `start` on.

    Raises:
        CursorInvalid: the cursor belongs to another list.
    """
    rows, found = Artist.objects.filter(heard()), narrow(ARTIST, words)
    return _page(ARTISTS[sort], rows, cursor=cursor, size=size, reader=reader, start=start, words=found)


def labels(
    *, cursor: str | None = None, size: int = 48, reader: Reader = "en", words: str = "", start: str = ""
) -> Page[Label]:
    """List labels that have releases here, by name as a reader's language orders it; each row has `uses`.

    Those alone that are found by `words`, if there are any; from the initial `start` on.

    Raises:
        CursorInvalid: the cursor belongs to another list.
    """
    out = releases_shown().filter(label=OuterRef("pk"))
    rows = Label.objects.filter(Exists(out)).annotate(uses=_count(out, "label"))
    rows = _named(rows, words)
    return _page(LABELS, rows, cursor=cursor, size=size, reader=reader, start=start)


def genres(
    *,
    sort: GenreSort = "most",
    cursor: str | None = None,
    size: int = 48,
    reader: Reader = "en",
    words: str = "",
    start: str = "",
) -> Page[Genre]:
    """List genres that releases have, those of most releases first or by name as a reader's language orders it; each row has `uses`.

    Those alone that are found by `words`, if there are any; by name from the initial `start` on.

    Raises:
        CursorInvalid: the cursor belongs to another list.
    """
    rows = Genre.objects.annotate(uses=uses_of_genre())
    rows = _named(rows.filter(uses__gt=0), words)
    return _page(GENRES[sort], rows, cursor=cursor, size=size, reader=reader, start=start)


def years(*, cursor: str | None = None, size: int = 200, words: str = "") -> Page[Year]:
    """List years of releases, the latest first; those alone that begin with the digits `words`, if there are any.

    Raises:
        CursorInvalid: the cursor belongs to another list.
    """
    rows = releases_shown().filter(_year_begins(words), year__isnull=False)
    at = place_of(YEARS, (int,), cursor)
    if at:
        rows = rows.filter(year__lt=at[0])
    counted = rows.values_list("year").annotate(uses=Count("pk")).order_by("-year")
    found = [Year(year, uses) for year, uses in counted[: size + 1] if year is not None]
    more = cursors.encode(YEARS, (found[size - 1].year,)) if len(found) > size else None
    return Page(found[:size], more)


def _page(
    order: Order,
    rows: QuerySet[Row],
    *,
    cursor: str | None,
    size: int,
    reader: Reader,
    start: str,
    words: Words | None = None,
) -> Page[Row]:
    """Read a page from a cursor on; the first one from where somebody wants to begin."""
    begun = order.start(start, reader) if start and not cursor else None
    if begun is None:
        return order.of(reader, cursor).page(rows, cursor=cursor, size=size, words=words)
    whose, key = begun
    ordered = order.of(whose, None)
    return ordered.page(ordered.begin(rows, key), cursor=None, size=size, words=words)


def _named(rows: QuerySet[Row], words: str) -> QuerySet[Row]:
    """Rows of few, which stand in no index, whose names are found by words."""
    if not words.strip():
        return rows
    model = rows.model._default_manager  # noqa: SLF001 - Django's own name for it
    return rows.filter(
        pk__in=[pk for pk, name in model.values_list("pk", "name") if is_named_so(name, words)]
    )


def _year_begins(words: str) -> Q:
    """Ask for years that begin with these digits: 19 is the whole century."""
    digits = unicodedata.normalize("NFKC", words).strip()
    if not digits:
        return Q()
    if not (digits.isascii() and digits.isdigit() and len(digits) <= _YEAR_DIGITS):
        return Q(pk__in=[])
    wide = 10 ** (_YEAR_DIGITS - len(digits))
    return Q(year__gte=int(digits) * wide, year__lt=(int(digits) + 1) * wide)


def _count(rows: QuerySet[Release], by: str) -> Coalesce:
    counted = rows.order_by().values(by).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)
