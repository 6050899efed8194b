"""Tables of API tokens, of counted attempts to make them, and of answers kept for who asks again."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from alpheus.parties.models import Account


class Token(models.Model):
    """A key to the API for one account; only its SHA-256 is kept, and it can be revoked."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="api_tokens")
    digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the token, hex")
    name = models.CharField(max_length=120, blank=True, help_text="what the listener calls it")
    scopes = models.CharField(
        max_length=200, help_text="what it may do, names with spaces between (RFC 6749)"
    )
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, help_text="when last used, to the hour")
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        """A token ends after it begins."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=models.F("created_at")), name="token_ends_later"
            )
        ]

    def __str__(self) -> str:
        return self.name or f"token {self.pk}"


class Attempt(models.Model):
    """How often something was tried in a window of time, counted across all processes."""

    key = models.CharField(max_length=120, help_text="what is limited and for whom, hashed")
    window = models.PositiveBigIntegerField(help_text="start of the window, Unix seconds")
    count = models.PositiveIntegerField(default=0)

    class Meta:
        """One row a key and window."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["key", "window"], name="attempt_once")]

    def __str__(self) -> str:
        return f"{self.key}: {self.count}"


class Answered(models.Model):
    """What a call with an Idempotency-Key was answered, for who sends it again."""

    key = models.CharField(max_length=64, unique=True, help_text="SHA-256 of caller, operation and key, hex")
    request = models.CharField(max_length=64, help_text="SHA-256 of what was sent, hex")
    status = models.PositiveSmallIntegerField(default=0, help_text="0 while it is being done")
    body = models.TextField(blank=True, help_text="the answer, JSON")
    at = models.DateTimeField(default=timezone.now, db_index=True)

    def __str__(self) -> str:
        return f"{self.key[:12]}: {self.status}"
