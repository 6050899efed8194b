"""Tables of accounts, staff roles, artists and labels."""

import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alpheus.database.collated import Collated


class AccountManager(BaseUserManager["Account"]):
    """Creates accounts; an account is known by its e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "Account":
        """Create an account; without a password it signs in by link only."""
        account = self.model(email=self.normalize_email(email).lower(), **fields)
        account.set_password(password)
        account.save(using=self._db)
        return account

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "Account":
        """Create an account with every permission (Django's own command calls this)."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class Account(AbstractBaseUser, PermissionsMixin):
    """A person's sign-in. Every account is a listener."""

    gid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    locale = models.CharField(_("language"), max_length=16, blank=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    joined_at = models.DateTimeField(default=timezone.now)
    hides_explicit = models.BooleanField(default=False, help_text="whether explicit music is hidden")
    erase_at = models.DateTimeField(
        null=True,
        blank=True,
        db_index=True,
        help_text="when it is erased, as its owner asked; signing in clears it",
    )

    objects: ClassVar[AccountManager] = AccountManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        """No two addresses that differ in case only."""

        constraints: ClassVar = [models.UniqueConstraint(Lower("email"), name="account_email_ci")]

    def __str__(self) -> str:
        return self.name or self.email


class StaffRole(models.Model):
    """A staff role of an account: it listens and decides, closes months, or runs the installation."""

    class Role(models.TextChoices):
        """The staff roles."""

        AUDITOR = "auditor", _("auditor")
        ACCOUNTANT = "accountant", _("accountant")
        OPERATOR = "operator", _("operator")

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="roles")
    role = models.CharField(max_length=16, choices=Role.choices)

    class Meta:
        """An account has a role once."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["account", "role"], name="role_once")]

    def __str__(self) -> str:
        return f"{self.account}: {self.role}"


class Details(models.Model):
    """What a payee tells of themselves, each field sealed (sealing.py). Read by `details.py` only."""

    account = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="details")
    legal_name = models.TextField(help_text="sealed")
    address = models.TextField(help_text="sealed")
    country = models.TextField(help_text="sealed; of residence, ISO 3166-1 alpha-2")
    tax_status = models.TextField(help_text="sealed; rules.TaxStatus")
    tax_number = models.TextField(blank=True, help_text="sealed")
    payout_method = models.TextField(help_text="sealed; rules.PayoutMethod")
    bank_holder = models.TextField(blank=True, help_text="sealed")
    bank_account = models.TextField(blank=True, help_text="sealed; an IBAN or a number")
    bank_code = models.TextField(blank=True, help_text="sealed; BIC, or the bank's name and branch")
    alipay_account = models.TextField(blank=True, help_text="sealed")
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"details of {self.account_id}"


class DetailsTrace(models.Model):
    """A keyed digest of something in a payee's details (traces.py): that two are the same can be told, and nothing else."""

    details = models.ForeignKey(Details, on_delete=models.CASCADE, related_name="traces")
    kind = models.CharField(max_length=8, help_text="traces.Kind")
    digest = models.CharField(max_length=64, db_index=True, help_text="HMAC-SHA256, hexadecimal")
    key = models.CharField(max_length=8, help_text="which key it was made under (sealing.key_name)")

    class Meta:
        """One of each kind."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["details", "kind"], name="details_trace_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.details_id}"


class DetailsView(models.Model):
    """That an accountant saw somebody's details. Its owner sees this list."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="details_views")
    viewer = models.ForeignKey(Account, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        """The latest is read first."""

        indexes: ClassVar = [models.Index(fields=["account", "-at"], name="details_viewed")]

    def __str__(self) -> str:
        return f"{self.viewer_id} saw details of {self.account_id}"


class SignUps(models.Model):
    """How many accounts were opened from a network on a day."""

    network = models.CharField(max_length=64, help_text="an opaque name of it")
    day = models.DateField(help_text="in UTC")
    count = models.PositiveIntegerField(default=0)

    class Meta:
        """One row a network and day."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["network", "day"], name="sign_ups_once")]

    def __str__(self) -> str:
        return f"{self.day}: {self.count}"


class Counted(models.Model):
    """What limits on signing in count, as Django's database cache keeps it: shared by all processes."""

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.cache_key


class Artist(Collated):
    """Who performs, as credited (MusicBrainz: artist)."""

    gid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=500)
    key = models.CharField(
        max_length=500, db_index=True, help_text="the name folded: what people call the same"
    )
    sort_name = models.CharField(max_length=500)
    language = models.CharField(max_length=16, blank=True, help_text="BCP 47 tag of the name's script")
    disambiguation = models.CharField(max_length=500, blank=True)
    biography = models.TextField(blank=True)
    mbid = models.UUIDField(null=True, blank=True, unique=True, help_text="MusicBrainz artist")
    created_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        """Lists go by sort name."""

        indexes: ClassVar = [
            models.Index(fields=["sort_name", "id"], name="artist_by_sort_name"),
            models.Index(fields=["sort_zh", "id"], name="artist_by_pinyin"),
            models.Index(fields=["sort_ja", "id"], name="artist_by_kana"),
            models.Index(fields=["sort_ko", "id"], name="artist_by_hangul"),
        ]

    def __str__(self) -> str:
        return self.name


class Label(Collated):
    """A record company, or the name that releases come out under (MusicBrainz: label)."""

    gid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=500)
    key = models.CharField(
        max_length=500, unique=True, help_text="the name folded: what people call the same"
    )
    sort_name = models.CharField(max_length=500)
    language = models.CharField(max_length=16, blank=True, help_text="BCP 47 tag of the name's script")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        """Lists go by sort name."""

        indexes: ClassVar = [models.Index(fields=["sort_name", "id"], name="label_by_sort_name")]

    def __str__(self) -> str:
        return self.name


class ArtistAlias(models.Model):
    """Another name that an artist is found by."""

    artist = models.ForeignKey(Artist, on_delete=models.CASCADE, related_name="aliases")
    name = models.CharField(max_length=500)
    key = models.CharField(max_length=500, db_index=True, help_text="the name folded")
    sort_name = models.CharField(max_length=500, blank=True)
    language = models.CharField(max_length=16, blank=True)

    class Meta:
        """An artist has an alias once."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["artist", "name"], name="alias_once")]

    def __str__(self) -> str:
        return self.name
