"""The table of documents; `sqlite.py` indexes their tokens in an FTS5 table beside it, `postgresql.py` in a column of it."""

from typing import ClassVar

from django.db import models


class Document(models.Model):
    """What can be found: an artist, a release, a recording; known by its kind and gid."""

    kind = models.CharField(max_length=20)
    gid = models.UUIDField()
    name = models.CharField(max_length=400, help_text="folded: what a mistyped name is told to be")
    tokens = models.TextField(help_text="with spaces between")
    popularity = models.PositiveBigIntegerField(default=0)
    rank = models.PositiveBigIntegerField(
        unique=True, help_text="its row in the index: popularity class, then id"
    )

    made_by = models.PositiveSmallIntegerField(
        default=0, db_index=True, help_text="tokens.VERSION of the rules that its tokens were made by"
    )

    class Meta:
        """One document a thing."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["kind", "gid"], name="document_once")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.name}"


class Word(models.Model):
    """A word that is in some name: what a mistyped one may have meant. Words only come, in the order of their ids.

    It may be there twice, when two who met it first did so at once: with a UNIQUE each would wait for the other.
    """

    word = models.CharField(max_length=40, db_index=True)

    def __str__(self) -> str:
        return self.word
