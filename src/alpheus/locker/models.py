"""Tables of the locker: who owns what."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from alpheus.catalogue.models import Recording, Release
from alpheus.parties.models import Account


class Owned(models.Model):
    """A release or a track that an account owns: of a release, all that is on it."""

    class How(models.TextChoices):
        """How it came to them."""

        FREE = "free", _("kept for free")

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="owned")
    release = models.ForeignKey(Release, on_delete=models.CASCADE, null=True, related_name="owned")
    recording = models.ForeignKey(Recording, on_delete=models.CASCADE, null=True, related_name="owned")
    how = models.CharField(max_length=8, choices=How.choices)
    since = models.DateTimeField()

    class Meta:
        """A thing is owned once; the latest come first."""

        verbose_name_plural = "owned"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(release__isnull=False, recording__isnull=True)
                | Q(release__isnull=True, recording__isnull=False),
                name="owned_one_thing",
            ),
            models.UniqueConstraint(fields=["account", "release"], name="owned_release_once"),
            models.UniqueConstraint(fields=["account", "recording"], name="owned_recording_once"),
        ]
        indexes: ClassVar = [
            models.Index(F("account"), F("since").desc(), F("id").desc(), name="owned_newest")
        ]

    def __str__(self) -> str:
        return f"{self.account_id}: {self.release_id or self.recording_id}"
