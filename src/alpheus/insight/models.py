"""Tables of what is heard together, counted ahead so that a page only reads."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from alpheus.catalogue.models import Recording


class HeardTogether(models.Model):
    """Listeners of one recording who also heard another around the same time."""

    recording = models.ForeignKey(
        Recording, on_delete=models.CASCADE, db_index=False, related_name="heard_together"
    )
    other = models.ForeignKey(Recording, on_delete=models.CASCADE, related_name="+")
    listeners = models.PositiveIntegerField(help_text="different ones, so that one fan counts once")
    closeness = models.FloatField(
        help_text="listeners, less for what everybody hears: insight.rules.closeness"
    )

    class Meta:
        """A pair is told once in each direction, the closest first."""

        indexes: ClassVar = [models.Index(F("recording"), F("closeness").desc(), name="together_closest")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["recording", "other"], name="together_once"),
            models.CheckConstraint(condition=~Q(recording=F("other")), name="together_with_another"),
        ]

    def __str__(self) -> str:
        return f"{self.recording} with {self.other}: {self.listeners}"


class Counted(models.Model):
    """When a recording's listeners were last counted."""

    recording = models.OneToOneField(Recording, on_delete=models.CASCADE, related_name="counted")
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.recording} at {self.at}"
