"""Columns that names are ordered by for readers whose languages have an order of their own."""

from collections.abc import Callable
from typing import Any

from django.db import models
from django.utils.translation import get_language

from alpheus.database.portions import portions
from alpheus.values.collation import Reader, SortKeys, reader_of

_AT_ONCE = 2_000


class Collated(models.Model):
    """A row that lists order by name; the keys are `values.collation.sort_keys`, beside the one for all other readers."""

    sort_zh = models.CharField(max_length=400, blank=True, help_text="by pinyin")
    sort_ja = models.CharField(max_length=400, blank=True, help_text="by kana")
    sort_ko = models.CharField(max_length=400, blank=True, help_text="by hangul")

    class Meta:
        """Not a table of its own."""

        abstract = True


def collate(row: Any, keys: SortKeys) -> None:
    """Put keys into a row's columns; it is not saved."""
    for column, key in keys.columns.items():
        setattr(row, column, key)


def fill(model: Any, keys_of: Callable[[Any], SortKeys]) -> None:
    """Give keys to all rows that are there already, as a migration does with its own view of a model."""
    for rows in portions(model.objects.all(), _AT_ONCE):
        for row in rows:
            keys = keys_of(row)
            collate(row, keys)
        model.objects.bulk_update(rows, tuple(keys.columns), batch_size=500)


def reader() -> Reader:
    """Whose order names are in: that of the language which the request is answered in, as far as it has one of its own."""
    return reader_of(get_language() or "")
