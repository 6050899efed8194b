"""The index of whichever database holds the documents."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from django.db import connection

from alpheus.search import postgresql, sqlite
from alpheus.search.tokens import Term


class Engine(Protocol):
    """What `sqlite.py` and `postgresql.py` both do, with the same results."""

    def next_ids(self, count: int) -> list[int]:
        """Give ids for as many new documents."""

    def insert(self, rows: Iterable[tuple[int, str]]) -> None:
        """Index rows of (rank, tokens)."""

    def remove(self, rows: Iterable[tuple[int, str]]) -> None:
        """Take rows of (rank, tokens) out; the tokens must be those that were indexed."""

    def clear(self) -> None:
        """Take everything out."""

    def matching(self, terms: Sequence[Term], *, kind_token: str, limit: int) -> list[int]:
        """List the ranks of a kind's documents that hold all terms, the most popular first."""


def engine() -> Engine:
    """The index beside the tables that are in use."""
    return postgresql if connection.vendor == "postgresql" else sqlite
