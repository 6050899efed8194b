"""Tables of offers: what is offered at which price since when, rates between currencies, who wants to hear of it, and sales."""

import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alpheus.catalogue.models import Recording, Release
from alpheus.parties.models import Account
from alpheus.shops.offers import rules


class Offer(models.Model):
    """A release or a track that a shop asks a price for."""

    gid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="offers")
    release = models.ForeignKey(Release, on_delete=models.CASCADE, null=True, related_name="offers")
    recording = models.ForeignKey(Recording, on_delete=models.CASCADE, null=True, related_name="offers")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        """A shop offers a thing once."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(release__isnull=False, recording__isnull=True)
                | Q(release__isnull=True, recording__isnull=False),
                name="offer_one_thing",
            ),
            models.UniqueConstraint(fields=["shop", "release"], name="offer_release_once"),
            models.UniqueConstraint(fields=["shop", "recording"], name="offer_recording_once"),
        ]

    def __str__(self) -> str:
        return f"{self.shop_id}: {self.release_id or self.recording_id}"


class Price(models.Model):
    """What was asked from a moment on. Rows are added and never changed: the database refuses it."""

    class Kind(models.TextChoices):
        """How it is asked (rules.Kind)."""

        FREE = rules.Kind.FREE.value, _("Free")
        FIXED = rules.Kind.FIXED.value, _("A fixed price")
        MINIMUM = rules.Kind.MINIMUM.value, _("A minimum; who wants pays more")
        OPEN = rules.Kind.OPEN.value, _("Everybody pays what they want")
        ALONE_NOT = rules.Kind.ALONE_NOT.value, _("Only with its release")

    offer: "models.ForeignKey[Any, Any]" = models.ForeignKey(
        Offer, on_delete=models.DO_NOTHING, db_constraint=False, related_name="prices"
    )
    number = models.PositiveIntegerField(help_text="counted from 1")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    since = models.DateTimeField()

    class Meta:
        """Numbered without a gap that two could fill."""

        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["offer", "number"], name="price_number"),
            models.CheckConstraint(condition=Q(kind__in=[it.value for it in rules.Kind]), name="price_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.offer_id}.{self.number} {self.kind}"


class PriceAmount(models.Model):
    """What a price is in one currency: in the shop's own, or set for another. Added and never changed, as prices are."""

    price: "models.ForeignKey[Any, Any]" = models.ForeignKey(
        Price, on_delete=models.DO_NOTHING, related_name="amounts"
    )
    currency = models.CharField(max_length=3, help_text="ISO 4217")
    minor = models.PositiveBigIntegerField(help_text="in its smallest unit")
    is_base = models.BooleanField(help_text="what other currencies are converted from")

    class Meta:
        """One amount a currency, more than nothing."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["price", "currency"], name="price_currency_once"),
            models.UniqueConstraint(fields=["price"], condition=Q(is_base=True), name="price_one_base"),
            models.CheckConstraint(condition=Q(minor__gt=0), name="price_of_something"),
        ]

    def __str__(self) -> str:
        return f"{self.minor} {self.currency}"


class Rate(models.Model):
    """What one unit of the reference currency is in another from a day on. Added and never changed; the latest row of a day holds."""

    class Rounding(models.TextChoices):
        """How prices in it are rounded (rules.Rounding)."""

        UNIT = rules.Rounding.UNIT.value, _("to the smallest unit")
        NINES = rules.Rounding.NINES.value, _("to what ends in 9")
        WHOLE = rules.Rounding.WHOLE.value, _("to whole units")
        TENS = rules.Rounding.TENS.value, _("to tens")

    currency = models.CharField(max_length=3, help_text="ISO 4217")
    per_reference = models.DecimalField(max_digits=20, decimal_places=8)
    rounding = models.CharField(max_length=8, choices=Rounding.choices)
    from_date = models.DateField(help_text="UTC")
    set_at = models.DateTimeField()
    set_by = models.UUIDField(null=True, help_text="the gid of the operator's account; none: on a terminal")

    class Meta:
        """Found by currency and day; listed by when they were set."""

        indexes: ClassVar = [
            models.Index(fields=["currency", "from_date", "id"], name="rate_of_day"),
            models.Index(fields=["-set_at", "-id"], name="rate_latest_set"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(per_reference__gt=0), name="rate_of_something"),
            models.CheckConstraint(
                condition=Q(rounding__in=[it.value for it in rules.Rounding]), name="rate_rounding"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.per_reference} {self.currency} from {self.from_date}"


class Wish(models.Model):
    """Somebody wants to hear when something can be bought: one letter, once."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="wishes")
    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="wishes")
    link = models.URLField(max_length=500, help_text="the page on which they asked")
    since = models.DateTimeField()
    told_at = models.DateTimeField(null=True)

    class Meta:
        """Once; those that wait are found by whose they are."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["account", "offer"], name="wish_once")]
        indexes: ClassVar = [
            models.Index(fields=["account", "since"], name="wish_waits", condition=Q(told_at=None))
        ]

    def __str__(self) -> str:
        return f"{self.account_id}: {self.offer_id}"


class Sales(models.Model):
    """A time in which the house sells, and where what is offered is paid for."""

    where = models.URLField(max_length=500, help_text="the page on which listeners pay")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        """Open once at a time."""

        verbose_name_plural = "sales"
        constraints: ClassVar = [
            models.UniqueConstraint(models.Value(1), condition=Q(closed_at=None), name="sales_open_once"),
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(closed_at__gte=models.F("opened_at")), name="sales_end_later"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.where} from {self.opened_at}"
