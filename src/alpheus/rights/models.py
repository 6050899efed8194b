"""Tables of rights: notices that something is not its seller's, what is suspended by them, where and how early something is heard."""

import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from alpheus.catalogue.models import Recording, Release
from alpheus.rights import rules


class Notice(models.Model):
    """Somebody says that a release is not its seller's."""

    class Claim(models.TextChoices):
        """What they say is theirs (rules.Claim)."""

        RECORDING = rules.Claim.RECORDING.value, _("The recording")
        WORK = rules.Claim.WORK.value, _("Words or music")
        NAME = rules.Claim.NAME.value, _("The artist's name")
        ARTWORK = rules.Claim.ARTWORK.value, _("The artwork")

    class Standing(models.TextChoices):
        """Where it stands (rules.Standing)."""

        OPEN = rules.Standing.OPEN.value, _("Not decided")
        SUSPENDED = rules.Standing.SUSPENDED.value, _("Suspended")
        DISMISSED = rules.Standing.DISMISSED.value, _("Dismissed")

    gid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    release = models.ForeignKey(Release, on_delete=models.SET_NULL, null=True, related_name="notices")
    title = models.CharField(max_length=1000, help_text="the release's, should it go")
    claim = models.CharField(max_length=10, choices=Claim.choices)
    words = models.TextField(help_text="what they say")
    proof = models.TextField(help_text="where that can be seen")
    name = models.CharField(max_length=300)
    email = models.EmailField()
    locale = models.CharField(max_length=16, blank=True)
    signature = models.CharField(max_length=300, help_text="their name, typed under the declaration")
    network = models.CharField(max_length=64, blank=True, db_index=True, help_text="an opaque name of it")
    standing = models.CharField(max_length=10, choices=Standing.choices, default=Standing.OPEN)
    given_at = models.DateTimeField(db_index=True)

    class Meta:
        """What is open is read first, the oldest first."""

        indexes: ClassVar = [
            models.Index(fields=["given_at", "id"], name="notice_open", condition=Q(standing="open"))
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(standing__in=[it.value for it in rules.Standing]), name="notice_standing"
            ),
            models.CheckConstraint(
                condition=Q(claim__in=[it.value for it in rules.Claim]), name="notice_claim"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}: {self.claim}"


class NoticeDecision(models.Model):
    """What was decided about a notice. Rows are added and never changed: the database refuses it."""

    notice: "models.ForeignKey[Any, Any]" = models.ForeignKey(
        Notice, on_delete=models.DO_NOTHING, db_constraint=False, related_name="decisions"
    )
    number = models.PositiveIntegerField(help_text="counted from 1")
    decision = models.CharField(max_length=10, help_text="rules.Decision")
    before = models.CharField(max_length=10, help_text="rules.Standing")
    after = models.CharField(max_length=10, help_text="rules.Standing")
    actor = models.UUIDField(help_text="the gid of the account that decided")
    reason = models.TextField()
    at = models.DateTimeField()

    class Meta:
        """Numbered without a gap that two could fill."""

        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["notice", "number"], name="notice_decision_number")
        ]

    def __str__(self) -> str:
        return f"{self.notice_id}.{self.number} {self.decision}"


class Suspension(models.Model):
    """A recording that is not offered because of a notice."""

    recording = models.ForeignKey(Recording, on_delete=models.CASCADE, related_name="suspensions")
    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="suspensions")
    was_offered = models.BooleanField(help_text="whether it was on offer when it was suspended")

    class Meta:
        """A notice suspends a recording once."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["recording", "notice"], name="suspension_once")
        ]

    def __str__(self) -> str:
        return f"{self.recording_id} by {self.notice_id}"


class Availability(models.Model):
    """Where a release is offered, where that is not everywhere."""

    class Rule(models.TextChoices):
        """How its territories are meant (rules.Where)."""

        ONLY = rules.Where.ONLY.value, _("Only in these")
        EXCEPT = rules.Where.EXCEPT.value, _("Everywhere but in these")

    release = models.OneToOneField(Release, on_delete=models.CASCADE, related_name="availability")
    rule = models.CharField(max_length=6, choices=Rule.choices)
    territories = models.TextField(help_text="ISO 3166-1 alpha-2, with spaces between")

    class Meta:
        """One of the rules."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(rule__in=[rules.Where.ONLY.value, rules.Where.EXCEPT.value]),
                name="availability_rule",
            )
        ]

    def __str__(self) -> str:
        return f"{self.release}: {self.rule} {self.territories}"


class Early(models.Model):
    """A release of which previews are heard before its minute (pre-listening). While its row is there, and no longer.

    The release and its recordings are removed meanwhile, so that nothing else shows them: this row alone lets them be heard.
    """

    release = models.OneToOneField(Release, on_delete=models.CASCADE, related_name="early")
    shop = models.UUIDField(db_index=True, help_text="the gid of the shop that lets it be heard")
    since = models.DateTimeField()
    until = models.DateTimeField(help_text="its minute: then it appears whole")
    zone = models.CharField(
        max_length=64, help_text="IANA's name of the time zone by whose clocks that is told"
    )

    class Meta:
        """It begins before its minute."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(since__lt=models.F("until")), name="early_before_its_minute")
        ]

    def __str__(self) -> str:
        return f"{self.release} until {self.until}"
