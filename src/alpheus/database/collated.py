"""Columns that names are ordered by for readers whose languages have an order of their own."""

from django.db import models


class Collated(models.Model):
    """A row that lists order by name; the keys are `values.collation.sort_keys`, beside the one for all other readers."""

    sort_zh = models.CharField(max_length=400, blank=True, help_text="by pinyin")
    sort_ja = models.CharField(max_length=400, blank=True, help_text="by kana")
    sort_ko = models.CharField(max_length=400, blank=True, help_text="by hangul")

    class Meta:
        """Not a table of its own."""

        abstract = True
