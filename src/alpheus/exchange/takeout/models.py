"""The table of exports."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils import timezone

from alpheus.parties.models import Account


class Export(models.Model):
    """An account's data as one file, from when it was asked for until its time is over."""

    gid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="exports")
    link = models.CharField(max_length=500, help_text="where its owner loads it, for the letter")
    asked_at = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField(db_index=True, help_text="when it is forgotten")
    archive = models.BinaryField(
        null=True, help_text="the zip, once it is made: beside the rest, so that it goes with it"
    )
    size_bytes = models.PositiveBigIntegerField(default=0)

    class Meta:
        """The latest first."""

        indexes: ClassVar = [models.Index(fields=["account", "-asked_at"], name="export_by_account")]

    def __str__(self) -> str:
        return str(self.gid)

    @property
    def is_ready(self) -> bool:
        """Whether it can be loaded."""
        return self.size_bytes > 0
