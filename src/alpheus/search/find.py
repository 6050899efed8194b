"""Finds documents: whole names first, then names that begin so, then the most popular that hold every term."""

from collections.abc import Sequence
from uuid import UUID

from alpheus.search import sqlite
from alpheus.search.index import kind_token
from alpheus.search.models import Document
from alpheus.search.tokens import Term, folded, query_terms

_LAST = "\U0010ffff"
_WIDER = 5  # candidates per place, so that a name that begins so can pass a more popular one


def search(text: str, kinds: Sequence[str], limit: int) -> dict[str, list[UUID]]:
    """List what a text finds, by kind in the order asked, at most `limit` of each, the best first."""
    terms, name = query_terms(text), folded(text)
    return {kind: _of_kind(kind, terms, name, limit) if terms else [] for kind in kinds}


def _of_kind(kind: str, terms: Sequence[Term], name: str, limit: int) -> list[UUID]:
    documents = Document.objects.filter(kind=kind)
    whole = list(documents.filter(name=name).order_by("-rank").values_list("gid", flat=True)[:limit])
    ranks = sqlite.matching(terms, kind_token=kind_token(kind), limit=limit * _WIDER)
    rows = set(documents.filter(rank__in=ranks).values_list("rank", "gid", "name"))
    begun = documents.filter(name__gte=name, name__lt=name + _LAST)
    rows |= set(begun.order_by("name").values_list("rank", "gid", "name")[: limit * _WIDER])
    ordered = sorted(rows, key=lambda row: (row[2].startswith(name), row[0]), reverse=True)
    return list(dict.fromkeys([*whole, *(gid for _, gid, _ in ordered)]))[:limit]
