"""Tables of splits: what is shared from when, and who said what to their part."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from alpheus.catalogue.models import Recording
from alpheus.parties.models import Account
from alpheus.shops.splits import rules


class Split(models.Model):
    """How the income of some recordings of a shop is shared from a day on, once everybody in it has accepted."""

    class State(models.TextChoices):
        """Where it stands (rules.State)."""

        PROPOSED = rules.State.PROPOSED.value, _("Waits for answers")
        AGREED = rules.State.AGREED.value, _("Agreed")
        DECLINED = rules.State.DECLINED.value, _("Declined")
        WITHDRAWN = rules.State.WITHDRAWN.value, _("Withdrawn")

    gid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    shop = models.ForeignKey(
        "shops.Shop",
        on_delete=models.SET_NULL,
        null=True,
        related_name="splits",
        help_text="none once it is erased",
    )
    shop_name = models.CharField(max_length=500)
    recordings: "models.ManyToManyField[Recording, models.Model]" = models.ManyToManyField(
        Recording, related_name="splits"
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROPOSED)
    from_date = models.DateField(help_text="UTC; as proposed")
    counts_from = models.DateField(null=True, help_text="UTC; once it is agreed (rules.counts_from)")
    link = models.URLField(max_length=500, help_text="where splits are seen, for letters")
    proposed_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        """What is agreed counts from a day."""

        ordering: ClassVar = ["-proposed_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=[it.value for it in rules.State]), name="split_state"
            ),
            models.CheckConstraint(
                condition=Q(state="agreed", counts_from__isnull=False)
                | (~Q(state="agreed") & Q(counts_from=None)),
                name="split_counts_when_agreed",
            ),
            models.CheckConstraint(
                condition=Q(state="proposed") | Q(settled_at__isnull=False), name="split_settled_when"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.shop_name}: {self.state} from {self.from_date}"


class SplitPart(models.Model):
    """One person's share in a split."""

    class Answer(models.TextChoices):
        """What they said (rules.Answer)."""

        WAITING = rules.Answer.WAITING.value, _("has not answered yet")
        ACCEPTED = rules.Answer.ACCEPTED.value, _("accepted")
        DECLINED = rules.Answer.DECLINED.value, _("declined")

    split = models.ForeignKey(Split, on_delete=models.CASCADE, related_name="parts")
    position = models.PositiveSmallIntegerField()
    account = models.ForeignKey(
        Account,
        on_delete=models.SET_NULL,
        null=True,
        related_name="split_parts",
        help_text="whose it is: who proposed it, and who answered",
    )
    is_owner = models.BooleanField(default=False)
    name = models.CharField(max_length=500, help_text="as whoever proposed it calls them")
    email = models.EmailField(max_length=320, blank=True, help_text="where they were asked")
    parts = models.PositiveSmallIntegerField(help_text="ten-thousandths")
    answer = models.CharField(max_length=8, choices=Answer.choices, default=Answer.WAITING, blank=True)
    answered_at = models.DateTimeField(null=True)
    digest = models.CharField(
        max_length=64, blank=True, db_index=True, help_text="SHA-256 of their link's secret"
    )

    class Meta:
        """In the order in which they were named; a share is more than nothing."""

        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["split", "position"], name="split_part_position"),
            models.CheckConstraint(condition=Q(parts__gt=0, parts__lte=10_000), name="split_part_of_a_whole"),
            models.CheckConstraint(
                condition=Q(answer="") | Q(answered_at__isnull=False), name="split_part_answered_when"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.split_id}: {self.parts}"
