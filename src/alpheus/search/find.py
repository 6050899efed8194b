"""Finds documents: names that are just this first, then names that begin so, then whole words, then words begun.

Within each, the most popular come first. What is mistyped is mended when nothing is found, and said.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from alpheus.search.engine import engine
from alpheus.search.index import kind_token
from alpheus.search.kinds import LYRICS
from alpheus.search.mending import mended
from alpheus.search.tokens import Group, Term, line_query, query_of


@dataclass(frozen=True)
class Found:
    """What a text finds, by kind, the best first.

    Attributes:
        gids: of each kind that was asked for.
        mended: the text that was searched for instead, since nothing is called what was typed; else empty.
    """

    gids: Mapping[str, list[UUID]]
    mended: str = ""


def search(text: str, kinds: Sequence[str], limit: int, *, exactly: bool = False) -> Found:
    """Find at most `limit` of each kind; a text that finds nothing is mended unless it is meant `exactly`."""
    found = _of_kinds(text, kinds, limit)
    if exactly or any(found.values()):
        return Found(found)
    instead = mended(text, [kind for kind in kinds if kind != LYRICS])
    return Found(_of_kinds(instead, kinds, limit), instead) if instead else Found(found)


def _of_kinds(text: str, kinds: Sequence[str], limit: int) -> dict[str, list[UUID]]:
    return {kind: _of_kind(kind, text, limit) for kind in kinds}


def _of_kind(kind: str, text: str, limit: int) -> list[UUID]:
    of_kind: Group = [[Term(kind_token(kind))]]
    found: dict[UUID, None] = {}
    for groups in _ever_looser(kind, text):
        rows = engine().matching([of_kind, *groups], limit=limit)
        found.update(dict.fromkeys(gid for _, gid in rows))
        if len(found) >= limit:
            break
    return list(found)[:limit]


def _ever_looser(kind: str, text: str) -> Iterator[Sequence[Group]]:
    """Say what to look for, the best first; nothing when there is nothing to look for."""
    if kind == LYRICS:
        yield from filter(None, [line_query(text)])
        return
    query = query_of(text)
    if query.groups:
        if query.beginnings:
            yield query.called
            yield query.beginning
        if query.whole != query.groups:
            yield query.whole
        yield query.groups
