"""Tables of imported files: what stood in the folder, and what became of it."""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alpheus.catalogue.models import Asset, Recording


class ImportedFile(models.Model):
    """One file of an imported folder, as it was when last read."""

    class State(models.TextChoices):
        """What became of the file."""

        IMPORTED = "imported", _("imported")
        DUPLICATE = "duplicate", _("duplicate")
        REFUSED = "refused", _("refused")
        REMOVED = "removed", _("removed")

    root = models.CharField(max_length=4096)
    path = models.CharField(max_length=4096, help_text="relative to root; surrogate escapes for broken names")
    size_bytes = models.BigIntegerField()
    modified_ns = models.BigIntegerField()
    sha256 = models.CharField(max_length=64, blank=True, db_index=True)
    state = models.CharField(max_length=10, choices=State.choices, db_index=True)
    reason = models.TextField(blank=True, help_text="why it was refused, and the remedy")
    asset = models.ForeignKey(Asset, on_delete=models.SET_NULL, null=True, related_name="files")
    recording = models.ForeignKey(Recording, on_delete=models.SET_NULL, null=True, related_name="files")
    seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        """A path stands once under a root."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["root", "path"], name="file_once")]

    def __str__(self) -> str:
        return self.path
