"""The table of letters that wait to be sent."""

from typing import ClassVar

from django.db import models
from django.utils import timezone


class Letter(models.Model):
    """A letter on its way. Its row goes when it is sent: nothing keeps what was written to whom."""

    to = models.EmailField()
    kind = models.CharField(max_length=32, help_text="which of letters.Kind")
    subject = models.CharField(max_length=300)
    text = models.TextField(help_text="the plain text")
    html = models.TextField(help_text="the same, laid out")
    written_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        """Erasing an account asks by address."""

        indexes: ClassVar = [models.Index(fields=["to"], name="letter_by_address")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
