"""Tables of imported folders and files: what stood in the folder, and what became of it."""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alpheus.catalogue.models import Asset, Recording, Release


class ImportedFolder(models.Model):
    """A folder that was imported; files and releases are remembered under it."""

    key = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the path's bytes, hex")
    path = models.TextField(help_text="absolute; bytes that are not UTF-8 as %XX")
    started_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, help_text="when a run last came to its end")

    def __str__(self) -> str:
        return self.path


class ImportedFile(models.Model):
    """One file of an imported folder, as it was when last read."""

    class State(models.TextChoices):
        """What became of the file."""

        IMPORTED = "imported", _("imported")
        DUPLICATE = "duplicate", _("duplicate")
        REFUSED = "refused", _("refused")
        REMOVED = "removed", _("removed")

    folder = models.ForeignKey(ImportedFolder, on_delete=models.CASCADE, related_name="files")
    key = models.CharField(max_length=64, help_text="SHA-256 of the path's bytes, hex")
    path = models.TextField(help_text="relative to the folder; bytes that are not UTF-8 as %XX")
    size_bytes = models.BigIntegerField()
    modified_ns = models.BigIntegerField()
    beside = models.CharField(max_length=64, blank=True, help_text="digest of the lyrics and cover beside it")
    sha256 = models.CharField(max_length=64, blank=True, db_index=True)
    state = models.CharField(max_length=10, choices=State.choices, db_index=True)
    reason = models.TextField(blank=True, help_text="why it was refused")
    remedy = models.TextField(blank=True, help_text="what to do about it")
    asset = models.ForeignKey(Asset, on_delete=models.SET_NULL, null=True, related_name="files")
    recording = models.ForeignKey(Recording, on_delete=models.SET_NULL, null=True, related_name="files")
    release = models.ForeignKey(Release, on_delete=models.SET_NULL, null=True, related_name="files")
    seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        """A path stands once under a folder."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["folder", "key"], name="file_once")]

    def __str__(self) -> str:
        return self.path


class ImportedRelease(models.Model):
    """Which release a group of files became, so that a later run adds to it instead of making another."""

    folder = models.ForeignKey(ImportedFolder, on_delete=models.CASCADE, related_name="releases")
    key = models.CharField(max_length=64, help_text="SHA-256 of what groups the files, hex")
    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="imported_as")

    class Meta:
        """A group became one release."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["folder", "key"], name="group_once")]

    def __str__(self) -> str:
        return f"{self.release}"
