"""Finds documents: names that are just this first, then names that begin so, then whole words, then words begun.

Within each, the most popular come first. What is mistyped is mended when nothing is found, and said.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from alpheus.search.engine import engine
from alpheus.search.index import kind_token
from alpheus.search.kinds import LYRICS
from alpheus.search.mending import mended
from alpheus.search.tokens import Group, Term, line_query, query_of
from alpheus.values import cursor as cursors
from alpheus.values.cursor import Page

DEEPEST = 1_000
"""How many of a kind a text finds page by page."""
_STEPS = 2
_WIDER, _WIDEST = 4, 64
"""Where too little of what was found may be shown, so much more is looked at, up to so many times of what was asked for."""

Shown = Callable[[str, Sequence[UUID]], Sequence[UUID]]
"""Which documents of a kind may be shown, in the same order."""


@dataclass(frozen=True)
class Found:
    """What a text finds, by kind, the best first.

    Attributes:
        gids: of each kind that was asked for.
        mended: the text that was searched for instead, since nothing is called what was typed; else empty.
    """

    gids: Mapping[str, list[UUID]]
    mended: str = ""


def search(
    text: str,
    kinds: Sequence[str],
    limit: int,
    *,
    exactly: bool = False,
    explicit: bool = True,
    shown: Shown = lambda _, gids: gids,
) -> Found:
    """Find at most `limit` of each kind; a text that finds nothing is mended unless it is meant `exactly`.

    Args:
        text: as it is typed; a space at its end says that its last word is finished.
        kinds: of documents.
        limit: of each kind.
        exactly: whether a text that finds nothing stays as it is.
        explicit: whether what is explicit is among it.
        shown: which of it who searches may be shown; it is not among the words that documents are found by.
    """
    found = _shown_of_kinds(text, kinds, limit, explicit=explicit, shown=shown)
    if exactly or any(found.values()):
        return Found(found)
    instead = mended(text, [kind for kind in kinds if kind != LYRICS], explicit=explicit)
    if not instead:
        return Found(found)
    return Found(_shown_of_kinds(instead, kinds, limit, explicit=explicit, shown=shown), instead)


def of_kind(
    text: str,
    kind: str,
    *,
    cursor: str | None,
    size: int,
    exactly: bool = False,
    explicit: bool = True,
    shown: Shown = lambda _, gids: gids,
) -> tuple[Page[UUID], str]:
    """Find all of one kind, page by page, the best first; `DEEPEST` of them, for who wants more can say more.

    Args:
        text: as `search` takes it, and the others too.
        kind: of documents.
        cursor: where to go on.
        size: of a page.
        exactly: whether a text that finds nothing stays as it is.
        explicit: whether what is explicit is among it.
        shown: which of it who searches may be shown.

    Returns:
        The page, and the text that was searched for instead, if it was mended.

    Raises:
        CursorInvalid: the cursor belongs to another list.
    """
    ordering = f"search-{kind}"
    (start,) = cursors.decode(ordering, (int,), cursor) if cursor else (0,)
    start = min(max(int(str(start)), 0), DEEPEST)
    end = min(start + size, DEEPEST)
    found = search(text, [kind], end + 1, exactly=exactly, explicit=explicit, shown=shown)
    gids = found.gids[kind]
    more = cursors.encode(ordering, (end,)) if len(gids) > end < DEEPEST else None
    return Page(gids[start:end], more), found.mended


def _shown_of_kinds(
    text: str, kinds: Sequence[str], limit: int, *, explicit: bool, shown: Shown
) -> dict[str, list[UUID]]:
    """Look for what may be shown: wider, where most of what is found best may not."""
    kept: dict[str, list[UUID]] = {}
    asked, reach = list(kinds), limit
    while asked and reach <= limit * _WIDEST:
        found = _of_kinds(text, asked, reach, explicit=explicit)
        kept |= {kind: list(shown(kind, gids))[:limit] for kind, gids in found.items()}
        asked = [kind for kind in asked if len(kept[kind]) < limit <= reach <= len(found[kind])]
        reach *= _WIDER
    return {kind: kept[kind] for kind in kinds}


def _of_kinds(text: str, kinds: Sequence[str], limit: int, *, explicit: bool) -> dict[str, list[UUID]]:
    """Look for what is called so first, in one statement for all kinds; then, where that is not enough, for the rest."""
    found: dict[str, dict[UUID, None]] = {kind: {} for kind in kinds}
    steps = {kind: _ever_looser(kind, text) for kind in kinds}
    for step in range(_STEPS):
        asked = [
            (kind, [[[Term(kind_token(kind, explicit=explicit))]], *groups])
            for kind in kinds
            if len(found[kind]) < limit
            for groups in steps[kind][step]
        ]
        answers = engine().matching([groups for _, groups in asked], limit=limit)
        for (kind, _), rows in zip(asked, answers, strict=True):
            found[kind].update(dict.fromkeys(gid for _, gid in rows))
    return {kind: list(gids)[:limit] for kind, gids in found.items()}


def _ever_looser(kind: str, text: str) -> tuple[Sequence[Sequence[Group]], Sequence[Sequence[Group]]]:
    """Say what to look for in each step, the best first; nothing when there is nothing to look for."""
    if kind == LYRICS:
        line = line_query(text)
        return [line] if line else [], []
    query = query_of(text)
    if not query.groups:
        return [], []
    called = [query.called, query.beginning] if query.beginnings else []
    return called, [query.whole, query.groups] if query.whole != query.groups else [query.groups]
