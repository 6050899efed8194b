"""All rows of a query, some at a time."""

from collections.abc import Iterator
from typing import TypeVar

from django.db.models import Model, QuerySet

Row = TypeVar("Row", bound=Model)


def portions(rows: QuerySet[Row], size: int) -> Iterator[list[Row]]:
    """Read rows by their primary keys, at most `size` at once and each portion to its end.

    No cursor stays open between two portions: SQLite lets nobody write who is still reading.
    """
    last = 0
    while some := list(rows.filter(pk__gt=last).order_by("pk")[:size]):
        yield some
        last = some[-1].pk
