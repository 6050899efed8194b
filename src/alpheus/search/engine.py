"""The index of whichever database holds the documents."""

from collections.abc import Iterable, Sequence
from typing import Protocol
from uuid import UUID

from django.db import connection

from alpheus.search import postgresql, sqlite
from alpheus.search.tokens import Group


class Engine(Protocol):
    """What `sqlite.py` and `postgresql.py` both do, with the same results."""

    def next_ids(self, count: int) -> list[int]:
        """Give ids for as many new documents."""

    def insert(self, rows: Iterable[tuple[int, str]]) -> None:
        """Index rows of (rank, tokens)."""

    def remove(self, rows: Iterable[tuple[int, str]]) -> None:
        """Take rows of (rank, tokens) out; the tokens must be those that were indexed."""

    def matching(self, queries: Sequence[Sequence[Group]], *, limit: int) -> list[list[tuple[int, UUID]]]:
        """List for each query the documents that hold a way of every group, the most popular first: (rank, gid).

        All are asked in one statement: somebody who types waits for each round trip.
        """


def engine() -> Engine:
    """The index beside the tables that are in use."""
    return postgresql if connection.vendor == "postgresql" else sqlite
