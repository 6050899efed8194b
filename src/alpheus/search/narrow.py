"""Narrows an ordered list to what is found by words, as somebody types them: by the tokens that search goes by.

What a search finds is in the order of search; a list has an order of its own. Where few things are found they are all
named. Where many are, the list is walked in its order and each stretch of it sifted: a page is full soon.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from alpheus.search.engine import engine
from alpheus.search.index import kind_token
from alpheus.search.models import Document
from alpheus.search.tokens import Group, Term, document_tokens, query_of

FEW = 1_000
"""Up to so many are named; more are at least a hundredth of a hundred thousand, so that a stretch of a list holds some."""


@dataclass(frozen=True)
class Words:
    """What a list is narrowed to.

    Attributes:
        kind: of documents.
        groups: what each must be found by.
        few: all that are found, where they are few.
    """

    kind: str
    groups: Sequence[Group]
    few: Sequence[UUID] | None

    def among(self, gids: Collection[UUID]) -> set[UUID]:
        """Which of these are found."""
        rows = Document.objects.filter(kind=self.kind, gid__in=gids).values_list("gid", "tokens")
        return {gid for gid, tokens in rows if holds(f" {tokens} ", self.groups)}


def narrow(kind: str, text: str) -> Words | None:
    """Read the words that a list of a kind is narrowed to; None where they ask for nothing."""
    groups = query_of(text).groups
    if not groups:
        return None
    of_kind: Group = [[Term(kind_token(kind))]]
    (found,) = engine().matching([[of_kind, *groups]], limit=FEW + 1)
    return Words(kind, groups, [gid for _, gid in found] if len(found) <= FEW else None)


def is_named_so(name: str, text: str) -> bool:
    """Tell whether a name that stands in no index is found by words."""
    groups = query_of(text).groups
    return not groups or holds(_tokens_of(name), groups)


def holds(tokens: str, groups: Sequence[Group]) -> bool:
    """Tell whether tokens, with a space around each, hold a way of every group."""
    return all(
        any(all(f" {term.text}{'' if term.prefix else ' '}" in tokens for term in way) for way in group)
        for group in groups
    )


@lru_cache(maxsize=8192)
def _tokens_of(name: str) -> str:
    return f" {' '.join(document_tokens([name]))} "
