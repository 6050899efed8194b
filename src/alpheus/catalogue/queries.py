"""Reads of the catalogue for pages and the API: details in a fixed number of queries. Lists stand in `lists`.

What was removed is in none of them, except `recordings_of`: a queue may hold what was removed meanwhile.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from django.db.models import Count, Exists, Model, OuterRef, Prefetch, Q, QuerySet

from alpheus.catalogue.errors import NotInCatalogue
from alpheus.catalogue.models import (
    Cover,
    CreditedArtist,
    Genre,
    Lyrics,
    Medium,
    Recording,
    RecordingCredit,
    Release,
    Rendition,
    Track,
    WorkCredit,
)
from alpheus.catalogue.rules import is_lossy
from alpheus.catalogue.shown import (
    is_recording_shown,
    is_release_shown,
    recordings_shown,
    told,
)
from alpheus.parties.models import Artist, Label
from alpheus.search.lines import best_line
from alpheus.values import cursor as cursors
from alpheus.values.cursor import Key, Page

SIZE_MAX = 200

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class ArtistDetail:
    """An artist's page: their own releases by type, newest first, and those of others that they are heard on."""

    artist: Artist
    discography: dict[str, list[Release]]
    appears_on: list[Release]
    recordings: int

    @property
    def releases(self) -> list[Release]:
        """List their own releases, newest first within their type."""
        return [release for releases in self.discography.values() for release in releases]


@dataclass(frozen=True)
class SungLine:
    """A line of a recording's lyrics: its place among them, and when it is sung where that is known."""

    index: int
    text: str
    start_ms: int | None


@dataclass(frozen=True)
class Offered:
    """How much there is to hear."""

    releases: int
    recordings: int


def release_detail(gid: UUID, *, removed: bool = False) -> Release:
    """Read a release with its media, tracks (each with `has_lyrics` and `is_speech`), credits, genres and what can be played.

    Args:
        gid: the release's.
        removed: whether it is read though it is removed, with what is removed of it: whoever asks knows why it is shown.

    Raises:
        NotInCatalogue: there is none, or it was removed.
    """
    tracks = (
        Track.objects.filter(Q() if removed else Q(recording__removed_at=None))
        .select_related("recording__asset", "recording__credit", "credit")
        .prefetch_related(
            _credited("credit__"), _credited("recording__credit__"), _renditions("recording__asset__"),
            Prefetch("recording__roles", RecordingCredit.objects.select_related("artist")),
        )
        .annotate(
            has_lyrics=Exists(Lyrics.objects.filter(recording=OuterRef("recording"))),
            is_speech=_spoken("recording"),
        )
        .order_by("position")
    )  # fmt: skip
    release = (
        cards(removed=removed)
        .select_related("label")
        .prefetch_related(
            "genres", Prefetch("media", Medium.objects.prefetch_related(Prefetch("tracks", tracks)))
        )
        .filter(gid=gid)
        .first()
    )
    if release is None:
        raise NotInCatalogue("There is no such release; it may have been removed.")
    return release


def lossy_of(things: Iterable[UUID]) -> dict[UUID, list[str]]:
    """Which of some releases and recordings were made from lossy files, with what those were, each once."""
    gids = list(things)
    made = [
        *Recording.objects.filter(gid__in=gids).values_list("gid", "asset__quality"),
        *Track.objects.filter(medium__release__gid__in=gids, recording__removed_at=None)
        .order_by("medium__position", "position")
        .values_list("medium__release__gid", "recording__asset__quality"),
    ]
    found: dict[UUID, list[str]] = {}
    for gid, quality in made:
        if quality and is_lossy(quality) and quality not in found.setdefault(gid, []):
            found[gid].append(quality)
    return {gid: qualities for gid, qualities in found.items() if qualities}


def credits_of(artist: UUID) -> QuerySet[CreditedArtist, int]:
    """Ask which credits name an artist, as a part of another query."""
    return CreditedArtist.objects.filter(artist__gid=artist).values_list("credit", flat=True)


def heard_on(artist: UUID) -> QuerySet[Track, int]:
    """Ask which releases have a track that names an artist, or on which they did something.

    Two questions in one: either is answered from an index, and a row that may be either from none.
    """
    did = RecordingCredit.objects.filter(artist__gid=artist).values("recording")
    heard = Track.objects.filter(recording__removed_at=None).order_by()
    on = heard.values_list("medium__release", flat=True)
    return on.filter(credit__in=credits_of(artist)).union(on.filter(recording__in=did))


def artist_detail(gid: UUID, *, limit: int = 500) -> ArtistDetail:
    """Read an artist with aliases, discography by type (newest first), and releases that they appear on.

    Raises:
        NotInCatalogue: there is no such artist.
    """
    artist = Artist.objects.prefetch_related("aliases").filter(gid=gid).first()
    if artist is None:
        raise NotInCatalogue("There is no such artist.")
    named = credits_of(gid)
    dated = cards().filter(is_release_shown()).order_by("-released", "-pk")
    own = list(dated.filter(credit__in=named)[:limit])
    by_type: dict[str, list[Release]] = {value: [] for value in ("album", "ep", "single")}
    for release in own:
        by_type[release.type].append(release)
    others = dated.filter(pk__in=heard_on(gid)).exclude(credit__in=named)
    appears_on = list(others[:limit])
    recordings = recordings_shown().filter(credit__in=named).count()
    discography = {kind: releases for kind, releases in by_type.items() if releases}
    return ArtistDetail(artist, discography, appears_on, recordings)


def artist_recordings(artist: Artist, *, limit: int = 10) -> list[Recording]:
    """List an artist's own recordings, the newest first."""
    named = CreditedArtist.objects.filter(artist=artist).values("credit")
    rows = recordings_shown().filter(credit__in=named)
    return list(with_sound(rows).order_by("-created_at", "-pk")[:limit])


def recording_detail(gid: UUID) -> Recording:
    """Read a recording with credits, roles, works, the releases that it is on, and what can be played.

    Raises:
        NotInCatalogue: there is none, or it was removed.
    """
    rows = with_sound(Recording.objects.filter(removed_at=None))
    row = rows.prefetch_related(
        "works", Prefetch("works__roles", WorkCredit.objects.select_related("artist")),
        Prefetch("roles", RecordingCredit.objects.select_related("artist")),
    ).filter(gid=gid).first()  # fmt: skip
    if row is None:
        raise NotInCatalogue("There is no such recording; it may have been removed.")
    return row


def releases_with(recording: Recording) -> list[Release]:
    """The releases that a recording read by `recording_detail` is on, as far as they are shown, as cards, each once."""
    gids = dict.fromkeys(it.medium.release.gid for it in recording.tracks.all())
    rows = {row.gid: row for row in cards().filter(is_release_shown(), gid__in=gids)}
    return [rows[gid] for gid in gids if gid in rows]


def recordings_of(gids: Sequence[UUID]) -> list[Recording]:
    """Read recordings in the order asked, as a queue needs them; those that are not there are left out."""
    return recordings_of_each(gids)[0]


def recordings_of_each(*lists: Sequence[UUID]) -> list[list[Recording]]:
    """Read several lists at once, each as `recordings_of` does."""
    wanted = {gid for gids in lists for gid in gids}
    found = with_sound(Recording.objects.filter(gid__in=wanted)) if wanted else ()
    rows = {row.gid: row for row in found}
    return [[rows[gid] for gid in gids if gid in rows] for gids in lists]


def releases_of(gids: Sequence[UUID], *, removed: bool = False) -> list[Release]:
    """Read releases in the order asked, as cards, each with `is_shown`; those too that are `removed`, where that is asked."""
    if not gids:
        return []
    found = cards(removed=removed).filter(gid__in=set(gids)).annotate(is_shown=told(is_release_shown()))
    rows = {row.gid: row for row in found}
    return [rows[gid] for gid in gids if gid in rows]


def artists_of(gids: Sequence[UUID]) -> list[Artist]:
    """Read artists with their aliases in the order asked."""
    if not gids:
        return []
    rows = {row.gid: row for row in Artist.objects.prefetch_related("aliases").filter(gid__in=set(gids))}
    return [rows[gid] for gid in gids if gid in rows]


def release_of(recording: Recording) -> Release | None:
    """Tell the first release that a recording of this module's lists is on: of those that are shown, if any is."""
    tracks = list(recording.tracks.all())
    return tracks[0].medium.release if tracks else None


def lyrics_of(gid: UUID) -> Lyrics:
    """Read a recording's lyrics.

    Raises:
        NotInCatalogue: there are none.
    """
    row = Lyrics.objects.filter(recording__gid=gid, recording__removed_at=None).first()
    if row is None:
        raise NotInCatalogue("There are no lyrics for this recording.")
    return row


def label_by_gid(gid: UUID) -> Label:
    """Read a label.

    Raises:
        NotInCatalogue: there is none.
    """
    row = Label.objects.filter(gid=gid).first()
    if row is None:
        raise NotInCatalogue("There is no such label.")
    return row


def genre_by_slug(slug: str) -> Genre:
    """Read a genre.

    Raises:
        NotInCatalogue: there is none.
    """
    row = Genre.objects.filter(slug=slug).first()
    if row is None:
        raise NotInCatalogue("There is no such genre.")
    return row


def lines_of(gids: Sequence[UUID], text: str) -> dict[UUID, SungLine]:
    """Tell which line of recordings' lyrics somebody meant who typed `text`; where none holds it, there is none."""
    found: dict[UUID, SungLine] = {}
    if not gids:
        return found
    for gid, lines in Lyrics.objects.filter(recording__gid__in=set(gids)).values_list(
        "recording__gid", "lines"
    ):
        index = best_line([line["text"] for line in lines], text)
        if index is not None:
            found[gid] = SungLine(index, lines[index]["text"], lines[index].get("start_ms"))
    return found


def genres_in_use(*, limit: int = 50) -> list[Genre]:
    """List genres by how many releases have them; each row has `uses`."""
    used = Genre.objects.annotate(uses=uses_of_genre())
    return list(used.filter(uses__gt=0).order_by("-uses", "name")[:limit])


def cover_by_digest(digest: str) -> Cover:
    """Read a cover.

    Raises:
        NotInCatalogue: there is none.
    """
    row = Cover.objects.filter(digest=digest).first()
    if row is None:
        raise NotInCatalogue("There is no such cover.")
    return row


def offered() -> Offered:
    """Count what is offered, by indexes alone."""
    return Offered(
        releases=Release.objects.filter(removed_at=None).count(),
        recordings=Recording.objects.filter(removed_at=None).count(),
    )


def cards(*, removed: bool = False) -> QuerySet[Release]:
    """Ask for releases with all that a tile shows; for those too that are `removed`, where that is asked."""
    return (
        Release.objects.filter(Q() if removed else Q(removed_at=None))
        .select_related("credit", "cover")
        .prefetch_related(_credited("credit__"))
    )


def with_sound(rows: QuerySet[Recording]) -> QuerySet[Recording]:
    """Add all that a player and a row need: credit, asset, renditions, releases, `has_lyrics`, `is_speech`, `is_shown`."""
    tracks = (
        Track.objects.filter(medium__release__removed_at=None)
        .select_related("medium__release__cover", "medium__release__credit")
        .annotate(on_shown=told(is_release_shown("medium__release")))
        .order_by("-on_shown", "medium__release__created_at", "medium__release_id")
    )
    return (
        rows.select_related("credit", "asset")
        .prefetch_related(_credited("credit__"), _renditions("asset__"), Prefetch("tracks", tracks))
        .annotate(
            has_lyrics=Exists(Lyrics.objects.filter(recording=OuterRef("pk"))),
            is_speech=_spoken("pk"),
            is_shown=told(is_recording_shown()),
        )
    )


def _spoken(recording: str) -> Exists:
    """Ask whether a recording is on a release whose genre is spoken: then one may want to hear a sentence again."""
    return Exists(Track.objects.filter(recording=OuterRef(recording), medium__release__genres__spoken=True))


def _credited(path: str) -> Prefetch:  # type: ignore[type-arg] # django-stubs wants the path as a literal type
    return Prefetch(f"{path}artists", CreditedArtist.objects.select_related("artist"))


def _renditions(path: str) -> Prefetch:  # type: ignore[type-arg] # the same
    return Prefetch(f"{path}renditions", Rendition.objects.order_by("pk"))


def uses_of_genre() -> Count:
    """Count how many releases that are shown have a genre."""
    return Count("releases", filter=Q(is_release_shown("releases"), releases__removed_at=None))


def place_of(ordering: str, kinds: tuple[type[Key], ...], cursor: str | None) -> tuple[Key, ...] | None:
    """Read where a page begins; None for the first.

    Raises:
        CursorInvalid: the cursor belongs to another list.
    """
    return cursors.decode(ordering, kinds, cursor) if cursor else None


def page_of(ordering: str, rows: QuerySet[Row], size: int, keys: Callable[[Row], Iterable[Key]]) -> Page[Row]:
    """Read one row more than asked to know whether there is a next page."""
    limit = min(max(size, 1), SIZE_MAX)
    read = list(rows[: limit + 1])
    more = cursors.encode(ordering, tuple(keys(read[limit - 1]))) if len(read) > limit else None
    return Page(read[:limit], more)
