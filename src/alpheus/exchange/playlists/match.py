"""Which recordings here a file's tracks are: by ISRC, by address, else by title, artist and duration."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar
from uuid import UUID

from alpheus.catalogue.models import Recording
from alpheus.exchange.playlists.lines import Track
from alpheus.search.kinds import RECORDING
from alpheus.search.models import Document
from alpheus.search.tokens import folded

DURATION_TOLERANCE_MS = 3000
"""Players write whole seconds and count silence otherwise."""
_NAME_MAX = 400
_PORTION = 400  # values of one query
T = TypeVar("T")


def matched(tracks: Sequence[Track]) -> list[Recording | None]:
    """The recording of each track, or None where none here is it."""
    offered = Recording.objects.filter(removed_at=None).select_related("credit")
    by_isrc: dict[str, Recording] = {}
    for some in _portions({it.isrc for it in tracks if it.isrc}):
        for row in offered.filter(isrc__in=some).order_by("-pk"):
            by_isrc[row.isrc or ""] = row
    by_gid: dict[UUID, Recording] = {}
    for gids in _portions({it.gid for it in tracks if it.gid}):
        by_gid |= {row.gid: row for row in offered.filter(gid__in=gids)}
    found = [by_isrc.get(it.isrc) or (by_gid.get(it.gid) if it.gid else None) for it in tracks]
    named = _by_name([it for it, row in zip(tracks, found, strict=True) if row is None])
    return [row or _nearest(it, named.get(_key(it.title), [])) for it, row in zip(tracks, found, strict=True)]


def _by_name(tracks: Sequence[Track]) -> dict[str, list[Recording]]:
    """Recordings by their folded titles, of those titles only."""
    found: dict[str, list[Recording]] = {}
    for some in _portions({_key(it.title) for it in tracks if it.title}):
        names = dict(Document.objects.filter(kind=RECORDING, name__in=some).values_list("gid", "name"))
        rows = Recording.objects.filter(gid__in=list(names), removed_at=None).select_related("credit")
        for row in rows.prefetch_related("credit__artists__artist").order_by("pk"):
            found.setdefault(names[row.gid], []).append(row)
    return found


def _nearest(wanted: Track, namesakes: Sequence[Recording]) -> Recording | None:
    """Of recordings called so, the one by the same artist that is as long."""
    near = [(_apart(wanted, row), row.pk, row) for row in namesakes if _is_by(wanted.artist, row)]
    fitting = [it for it in near if it[0] <= DURATION_TOLERANCE_MS]
    return min(fitting)[2] if fitting else None


def _apart(wanted: Track, row: Recording) -> int:
    if wanted.duration_ms is None or row.duration_ms is None:
        return 0
    return abs(wanted.duration_ms - row.duration_ms)


def _is_by(artist: str, row: Recording) -> bool:
    names = {row.credit.name, *(it.name for it in row.credit.artists.all())}
    names |= {it.artist.name for it in row.credit.artists.all()}
    return _key(artist) in {_key(name) for name in names}


def _key(text: str) -> str:
    return folded(text)[:_NAME_MAX]


def _portions(values: Iterable[T]) -> Iterator[list[T]]:
    rest = iter(values)
    while some := list(islice(rest, _PORTION)):
        yield some
