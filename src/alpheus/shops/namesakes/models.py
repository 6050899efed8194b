"""Table of namesakes: which artists of one name were told apart, by what, and by whom."""

from typing import ClassVar

from django.db import models


class ToldApart(models.Model):
    """A second artist of a name was written down. Rows are added and never changed: the database refuses it.

    It names nobody itself: who is meant is found by gid, as long as there is somebody to find.
    """

    shop = models.UUIDField(unique=True, help_text="the gid of the shop that waited")
    artist = models.UUIDField(help_text="the gid of its artist, who was written down then")
    other = models.UUIDField(help_text="the gid of the artist who had the name")
    disambiguation = models.CharField(max_length=500, help_text="by which they are told apart")
    actor = models.UUIDField(help_text="the gid of the operator's account")
    at = models.DateTimeField()

    class Meta:
        """The latest first."""

        ordering: ClassVar = ["-at", "-id"]
        verbose_name_plural = "told apart"

    def __str__(self) -> str:
        return f"{self.artist}: {self.disambiguation}"
