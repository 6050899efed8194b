"""Tables of labels' shops: agreements, members, invitations, and what was done about them."""

import uuid
from datetime import UTC
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from alpheus.parties.models import Account, Artist
from alpheus.shops import rules as shops
from alpheus.shops.brand import rules
from alpheus.values.money import Currency, Money


class Agreement(models.Model):
    """For which time a label's tracks sell at which price. Rows are added and never changed: the database refuses it."""

    shop: "models.ForeignKey[Any, Any]" = models.ForeignKey(
        "shops.Shop", on_delete=models.DO_NOTHING, db_constraint=False, related_name="agreements"
    )
    number = models.PositiveIntegerField(help_text="counted from 1")
    minor = models.PositiveBigIntegerField(help_text="a track's price, in the currency's smallest unit")
    currency = models.CharField(max_length=3, help_text="ISO 4217")
    from_date = models.DateField(help_text="the first day, UTC")
    until = models.DateField(null=True, help_text="the last day; none: until another is made")
    made_by = models.UUIDField(help_text="the gid of the operator's account")
    made_at = models.DateTimeField()

    class Meta:
        """In the order in which they were made."""

        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shop", "number"], name="agreement_number"),
            models.CheckConstraint(condition=Q(minor__gt=0), name="agreement_on_something"),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("from_date")), name="agreement_ends_later"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.shop_id}.{self.number}: {self.minor} {self.currency} from {self.from_date}"

    @property
    def terms(self) -> rules.Terms:
        """What was agreed."""
        return rules.Terms(Money(self.minor, Currency(self.currency)), self.from_date, self.until)

    @property
    def made_on(self) -> Any:
        """The day on which it was made, UTC."""
        return self.made_at.astimezone(UTC).date()


class Role(models.TextChoices):
    """What somebody is in a shop (shops.rules.Role)."""

    OWNER = shops.Role.OWNER.value, _("Owner")
    MANAGER = shops.Role.MANAGER.value, _("Manager")
    EDITOR = shops.Role.EDITOR.value, _("Editor")
    BOOKKEEPER = shops.Role.BOOKKEEPER.value, _("Bookkeeper")


class Member(models.Model):
    """Somebody who belongs to a brand shop."""

    gid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="members")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role.choices)
    since = models.DateTimeField()

    class Meta:
        """Once in a shop."""

        ordering: ClassVar = ["since", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shop", "account"], name="member_once"),
            models.CheckConstraint(condition=Q(role__in=[it.value for it in shops.Role]), name="member_role"),
        ]

    def __str__(self) -> str:
        return f"{self.shop_id}: {self.account_id} {self.role}"


class Invitation(models.Model):
    """Somebody is asked by letter to join a brand shop."""

    class State(models.TextChoices):
        """Where it stands (rules.State); that it ran out is told by `until`."""

        WAITING = rules.State.WAITING.value, _("Waits for an answer")
        EXPIRED = rules.State.EXPIRED.value, _("Ran out")
        ACCEPTED = rules.State.ACCEPTED.value, _("Accepted")
        DECLINED = rules.State.DECLINED.value, _("Declined")
        WITHDRAWN = rules.State.WITHDRAWN.value, _("Withdrawn")

    gid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField(max_length=320, blank=True, help_text="where they were asked")
    role = models.CharField(max_length=10, choices=Role.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the link's secret")
    by = models.ForeignKey(Account, on_delete=models.SET_NULL, null=True, related_name="+")
    account = models.ForeignKey(
        Account, on_delete=models.SET_NULL, null=True, related_name="+", help_text="who answered"
    )
    made_at = models.DateTimeField()
    until = models.DateTimeField(help_text="then it cannot be answered any more")
    settled_at = models.DateTimeField(null=True)

    class Meta:
        """One that waits an address and shop."""

        ordering: ClassVar = ["-made_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["shop", "email"], condition=Q(state="waiting"), name="invitation_waits_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "accepted", "declined", "withdrawn"]),
                name="invitation_state",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting") | Q(settled_at__isnull=False), name="invitation_settled_when"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.shop_id}: {self.role} {self.state}"


class HouseNote(models.Model):
    """What was done about a brand shop's people. Rows are added and never changed: the database refuses it.

    It names nobody itself: who is meant is found by gid, as long as there is somebody to find.
    """

    class Event(models.TextChoices):
        """What (rules.Note)."""

        FOUNDED = rules.Note.FOUNDED.value, _("The shop was founded")
        INVITED = rules.Note.INVITED.value, _("Invited")
        ACCEPTED = rules.Note.ACCEPTED.value, _("Accepted the invitation")
        DECLINED = rules.Note.DECLINED.value, _("Declined the invitation")
        WITHDRAWN = rules.Note.WITHDRAWN.value, _("The invitation was withdrawn")
        ROLE = rules.Note.ROLE.value, _("Has another role")
        REMOVED = rules.Note.REMOVED.value, _("Was removed")
        LEFT = rules.Note.LEFT.value, _("Left the shop")
        HANDED_ON = rules.Note.HANDED_ON.value, _("Was handed the ownership")
        UNROSTERED = rules.Note.UNROSTERED.value, _("Left the roster")
        ROSTERED = rules.Note.ROSTERED.value, _("Is on the roster")

    shop: "models.ForeignKey[Any, Any]" = models.ForeignKey(
        "shops.Shop", on_delete=models.DO_NOTHING, db_constraint=False, related_name="notes"
    )
    number = models.PositiveIntegerField(help_text="counted from 1")
    event = models.CharField(max_length=10, choices=Event.choices)
    actor = models.UUIDField(help_text="the gid of the account that did it")
    whom = models.UUIDField(null=True, help_text="the gid of the account or invitation that it is about")
    role = models.CharField(max_length=10, choices=Role.choices, blank=True)
    at = models.DateTimeField()

    class Meta:
        """Numbered without a gap that two could fill."""

        ordering: ClassVar = ["number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["shop", "number"], name="house_note_number")]

    def __str__(self) -> str:
        return f"{self.shop_id}.{self.number} {self.event}"


class Rostered(models.Model):
    """An artist whose music a brand shop brings out, for a time."""

    gid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="roster")
    artist = models.ForeignKey(Artist, on_delete=models.PROTECT, related_name="rostered")
    musician = models.ForeignKey(
        Account,
        on_delete=models.SET_NULL,
        null=True,
        related_name="rostered",
        help_text="who runs the artist; none where the label added them by name",
    )
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, help_text="when they left")

    class Meta:
        """On one roster at a time."""

        ordering: ClassVar = ["since", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["artist"], condition=Q(until=None), name="rostered_once"),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="rostered_until_later"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.shop_id}: {self.artist_id}"
