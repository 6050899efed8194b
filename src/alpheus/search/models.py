"""The table of documents; `sqlite.py` indexes their tokens in an FTS5 table beside it, `postgresql.py` in a column of it."""

from typing import ClassVar

from django.db import models


class Document(models.Model):
    """What can be found: an artist, a release, a recording; known by its kind and gid."""

    kind = models.CharField(max_length=20)
    gid = models.UUIDField()
    name = models.CharField(max_length=400, help_text="folded, to find whole names and beginnings first")
    tokens = models.TextField(help_text="with spaces between")
    popularity = models.PositiveBigIntegerField(default=0)
    rank = models.PositiveBigIntegerField(
        unique=True, help_text="its row in the index: popularity class, then id"
    )

    class Meta:
        """One document a thing; names can be looked up from their beginning."""

        indexes: ClassVar = [models.Index(fields=["kind", "name"], name="document_by_name")]
        constraints: ClassVar = [models.UniqueConstraint(fields=["kind", "gid"], name="document_once")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.name}"
