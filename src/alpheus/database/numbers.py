"""Number rows of a history that is only ever added to: 1, 2, 3, without a gap, by whoever holds its lock."""

from typing import Any

from django.db.models import Max, QuerySet


def next_number(rows: QuerySet[Any]) -> int:
    """The number after the last of some rows, which have a column `number`; 1 where there are none."""
    return int(rows.aggregate(last=Max("number"))["last"] or 0) + 1
