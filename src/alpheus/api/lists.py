"""Ordered lists read page by page: each page begins where the cursor says that the last one ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from alpheus.values.cursor import Key, Page, decode, encode

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Order:
    """One order of a list: by a column, then by id where it is equal; an index stands behind each."""

    name: str
    column: str
    kind: type[Key]
    descending: bool

    @property
    def columns(self) -> tuple[str, str]:
        """What the database orders by."""
        sign = "-" if self.descending else ""
        return (f"{sign}{self.column}", f"{sign}pk")


RELEASES_NEWEST = Order("releases.newest", "created_at", datetime, descending=True)
RELEASES_BY_TITLE = Order("releases.title", "sort_title", str, descending=False)
RECORDINGS_NEWEST = Order("recordings.newest", "created_at", datetime, descending=True)
ARTISTS_BY_NAME = Order("artists.name", "sort_name", str, descending=False)


def page(rows: QuerySet[Row], order: Order, *, cursor: str, limit: int) -> Page[Row]:
    """The page of a list that follows a cursor; the first where it is empty.

    Raises:
        CursorInvalid: the cursor is none of this list's.
    """
    if cursor:
        rows = rows.filter(_after(order, decode(order.name, [order.kind, int], cursor)))
    found = list(rows.order_by(*order.columns)[: limit + 1])
    shown = found[:limit]
    more = len(found) > limit
    return Page(shown, _cursor(order, shown[-1]) if more else None)


def _after(order: Order, keys: Sequence[Key]) -> Q:
    """Rows beyond these keys; the first condition alone lets the index find the place."""
    value, pk = keys
    beyond = "lt" if order.descending else "gt"
    return Q(**{f"{order.column}__{beyond}e": value}) & (
        Q(**{f"{order.column}__{beyond}": value}) | Q(**{f"pk__{beyond}": pk})
    )


def _cursor(order: Order, row: Model) -> str:
    return encode(order.name, [getattr(row, order.column), row.pk])
