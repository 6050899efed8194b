"""Tables of bulk intake: a sheet, the releases and rows that are made of it, and what each row's track is."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alpheus.parties.models import Account
from alpheus.shops.models import Shop


class Intake(models.Model):
    """A sheet that a shop's catalogue is taken in by; a corrected one takes its place."""

    class State(models.TextChoices):
        """How far it is."""

        FAULTY = "faulty", _("Something to mend")
        LAYING_OUT = "laying_out", _("Being laid out")
        OPEN = "open", _("Takes files")
        HANDING_IN = "handing_in", _("Being handed in")

    gid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    account = models.ForeignKey(
        Account,
        on_delete=models.CASCADE,
        related_name="intakes",
        help_text="who worked on it last; workers act as they",
    )
    shop = models.ForeignKey(
        Shop,
        on_delete=models.CASCADE,
        null=True,
        related_name="intakes",
        help_text="the label's shop whose catalogue it is; none: the account's own",
    )
    state = models.CharField(max_length=10, choices=State.choices)
    name = models.CharField(max_length=255, blank=True, help_text="of the sheet's file, to tell it by")
    sheet = models.TextField(help_text="its text, whatever its encoding was")
    encoding = models.CharField(max_length=16, blank=True, help_text="that it was read by")
    rows = models.PositiveIntegerField(default=0, help_text="how many it has")
    releases = models.PositiveIntegerField(default=0, help_text="how many releases they are")
    done = models.PositiveIntegerField(default=0, help_text="releases that what is under way is done with")
    superfluous = models.TextField(
        blank=True, help_text="files of the last zip or folder that no row names, one a line"
    )
    several = models.TextField(blank=True, help_text="names that several files of it have, one a line")
    unfit = models.TextField(blank=True, help_text="files of it that cannot be used, one a line")
    declared = models.CharField(max_length=200, blank=True, help_text="declarations made for all, by name")
    link = models.CharField(max_length=500, blank=True, help_text="its page, for the letter")
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        """The latest first; it is in one of its states."""

        ordering: ClassVar = ["-created_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state__in=["faulty", "laying_out", "open", "handing_in"]),
                name="intake_state",
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(self.gid)


class LaidOut(models.Model):
    """A release of a sheet, and the draft that it became."""

    intake = models.ForeignKey(Intake, on_delete=models.CASCADE, related_name="laid_out")
    key = models.CharField(max_length=64, help_text="rules.Planned.key")
    cover_key = models.CharField(max_length=1000, blank=True, help_text="rules.file_key of its cover's name")
    submission = models.OneToOneField(
        "submissions.Submission", on_delete=models.CASCADE, related_name="laid_out"
    )

    class Meta:
        """A release is laid out once."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["intake", "key"], name="laid_out_once")]

    def __str__(self) -> str:
        return f"{self.intake_id}: {self.submission_id}"


class Entry(models.Model):
    """A row of a sheet, known by the file that it names, and the track that it became."""

    intake = models.ForeignKey(Intake, on_delete=models.CASCADE, related_name="entries")
    number = models.PositiveIntegerField(help_text="of the row, as spreadsheet programs count")
    file = models.CharField(max_length=1000, help_text="as it is written")
    key = models.CharField(max_length=1000, help_text="rules.file_key of it")
    track = models.OneToOneField(
        "submissions.Track", on_delete=models.SET_NULL, null=True, related_name="entry"
    )

    class Meta:
        """A file stands on one row."""

        ordering: ClassVar = ["number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["intake", "key"], name="intake_entry_once")]

    def __str__(self) -> str:
        return f"{self.number}: {self.file}"
