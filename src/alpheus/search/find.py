"""Finds documents: whole names first, then names that begin so, then the most popular that hold every term."""

from collections.abc import Sequence
from uuid import UUID

from alpheus.search.engine import engine
from alpheus.search.index import kind_token
from alpheus.search.models import Document
from alpheus.search.tokens import Term, folded, query_terms

_LAST = "\U0010ffff"
_WIDER = 5  # candidates per place, so that a name that begins so can pass a more popular one
_NAMESAKES = 200  # read of those that are called or begin exactly so


def search(text: str, kinds: Sequence[str], limit: int) -> dict[str, list[UUID]]:
    """List what a text finds, by kind in the order asked, at most `limit` of each, the best first."""
    terms, name = query_terms(text), folded(text)
    return {kind: _of_kind(kind, terms, name, limit) if terms else [] for kind in kinds}


def _of_kind(kind: str, terms: Sequence[Term], name: str, limit: int) -> list[UUID]:
    ranks = engine().matching(terms, kind_token=kind_token(kind), limit=limit * _WIDER)
    # By rank alone and by name alone: a sort or a second condition makes SQLite walk the whole other index.
    rows = set(Document.objects.filter(rank__in=ranks).values_list("rank", "gid", "name"))
    named = Document.objects.filter(kind=kind, name__gte=name, name__lt=name + _LAST).order_by("kind", "name")
    rows |= set(named.values_list("rank", "gid", "name")[: max(limit * _WIDER, _NAMESAKES)])
    ordered = sorted(rows, key=lambda row: (row[2] == name, row[2].startswith(name), row[0]), reverse=True)
    return [gid for _, gid, _ in ordered[:limit]]
