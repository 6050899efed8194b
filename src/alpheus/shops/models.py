"""Tables of shops: who runs one, what stands in it, and what waits to be put there."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alpheus.catalogue.models import Cover, Recording, Release
from alpheus.parties.models import Account, Artist, Label
from alpheus.shops import rules


class Shop(models.Model):
    """An independent musician's shop, founded when their first piece is accepted; or a label's, founded by an operator.

    An independent's has one owner and one artist, a brand's has members (brand.models.Member) and a roster.
    """

    class Kind(models.TextChoices):
        """Whose it is (rules.Kind)."""

        INDEPENDENT = rules.Kind.INDEPENDENT.value, _("Independent")
        BRAND = rules.Kind.BRAND.value, _("Label")

    class State(models.TextChoices):
        """Where it stands (rules.State)."""

        FOUNDED = rules.State.FOUNDED.value, _("Not open yet")
        OPEN = rules.State.OPEN.value, _("Open")
        CLOSED = rules.State.CLOSED.value, _("Closed")

    gid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=11, choices=Kind.choices, default=Kind.INDEPENDENT)
    owner = models.ForeignKey(
        Account,
        on_delete=models.CASCADE,
        null=True,
        related_name="shops",
        help_text="who is paid and written to; of a brand shop one of its owners, none until one accepted",
    )
    label = models.OneToOneField(
        Label, on_delete=models.PROTECT, null=True, related_name="shop", help_text="whose brand shop it is"
    )
    artist = models.OneToOneField(
        Artist,
        on_delete=models.PROTECT,
        null=True,
        related_name="shop",
        help_text="whose music it sells; from its opening on",
    )
    state = models.CharField(max_length=8, choices=State.choices, default=State.FOUNDED)
    handle = models.CharField(
        max_length=30, null=True, unique=True, help_text="its address is /@handle; lower case"
    )
    name = models.CharField(max_length=500, help_text="the artist's, as it was accepted; or the label's")
    country = models.CharField(max_length=2, help_text="ISO 3166-1 alpha-2")
    biography = models.TextField(blank=True)
    links = models.TextField(blank=True, help_text="one address a line")
    currency = models.CharField(
        max_length=3, blank=True, help_text="ISO 4217, of its prices; empty is the house's"
    )
    hue = models.FloatField(null=True, help_text="OKLCH hue of its head, degrees; none is paper")
    header = models.ForeignKey(
        Cover,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        help_text="the picture above its name, twice as wide as high; none by default",
    )
    featured_release = models.ForeignKey(
        Release,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        help_text="what its page shows first, while it stands in it",
    )
    featured_recording = models.ForeignKey(
        Recording, on_delete=models.SET_NULL, null=True, related_name="+", help_text="the same, one track"
    )
    loved = models.PositiveIntegerField(
        default=0, help_text="how many listeners keep, follow or play it; 0 where that would tell of a few"
    )
    founded_at = models.DateTimeField(default=timezone.now)
    opened_at = models.DateTimeField(null=True, help_text="when it first opened")

    class Meta:
        """The newest first; what is open has an address and an artist."""

        indexes: ClassVar = [
            models.Index(
                F("opened_at").desc(), F("id").desc(), name="shop_newest", condition=Q(state="open")
            ),
            models.Index(F("loved").desc(), F("id").desc(), name="shop_loved", condition=Q(state="open")),
            models.Index(F("country"), F("id").desc(), name="shop_country", condition=Q(state="open")),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=[it.value for it in rules.State]), name="shop_state"
            ),
            models.CheckConstraint(
                condition=~Q(state="open")
                | Q(handle__isnull=False, artist__isnull=False, opened_at__isnull=False)
                | Q(handle__isnull=False, label__isnull=False, opened_at__isnull=False),
                name="shop_open_somewhere",
            ),
            models.CheckConstraint(
                condition=Q(kind="independent", owner__isnull=False, label=None)
                | Q(kind="brand", label__isnull=False, artist=None),
                name="shop_of_one_kind",
            ),
            models.UniqueConstraint(
                fields=["owner"], condition=Q(kind="independent"), name="shop_independent_once"
            ),
            models.CheckConstraint(
                condition=Q(featured_release=None) | Q(featured_recording=None), name="shop_features_one"
            ),
            models.CheckConstraint(condition=Q(hue=None) | Q(hue__gte=0, hue__lt=360), name="shop_hue"),
        ]

    def __str__(self) -> str:
        return self.name


class Piece(models.Model):
    """A recording that was accepted for a shop; its release is there from the shop's opening on."""

    shop = models.ForeignKey(Shop, on_delete=models.CASCADE, related_name="pieces")
    recording = models.OneToOneField(Recording, on_delete=models.PROTECT, related_name="piece")
    release = models.ForeignKey(Release, on_delete=models.PROTECT, null=True, related_name="pieces")
    position = models.PositiveIntegerField(help_text="in the musician's order, from 0")

    class Meta:
        """In the musician's order."""

        ordering: ClassVar = ["position", "-pk"]

    def __str__(self) -> str:
        return f"{self.shop_id}: {self.recording_id}"


# Django finds the tables of an app in what this module imports; those refer to Shop by name.
from alpheus.shops.brand import models as _brand  # noqa: E402, F401
from alpheus.shops.moves import models as _moves  # noqa: E402, F401
from alpheus.shops.namesakes import models as _namesakes  # noqa: E402, F401
from alpheus.shops.offers import models as _offers  # noqa: E402, F401
from alpheus.shops.splits import models as _splits  # noqa: E402, F401
