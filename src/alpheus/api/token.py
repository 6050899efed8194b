"""API tokens: issued, recognised, revoked. Only a token's SHA-256 is kept."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db.models import QuerySet

from alpheus.api.models import Token
from alpheus.parties.models import Account
from alpheus.values.secret import digest

PREFIX = "alp_"
"""Lets people and scanners of leaked secrets tell what it is."""
LIFETIME_MAX_DAYS = 365
TOKENS_MAX = 50
"""Tokens of one account at a time; the oldest beyond these are revoked."""
USED_EXACT_TO = timedelta(hours=1)
"""When a token was last used is noted this seldom, so that reading does not write."""


class Scope(StrEnum):
    """What a token may do."""

    READ = "read"
    LISTEN = "listen"
    ACCOUNT = "account"
    STUDIO = "studio"
    OFFICE = "office"
    PAYEES = "payees"
    """Read what payees gave in confidence: apart from all else that a staff role allows, so that no other program sees it."""


@dataclass(frozen=True)
class Issued:
    """A new token: the only time that its secret is seen."""

    token: Token
    secret: str


def issue(*, account: Account, name: str, scopes: Iterable[Scope], days: int, now: datetime) -> Issued:
    """Make a token for an account."""
    secret = PREFIX + secrets.token_urlsafe(32)
    token = Token.objects.create(
        account=account,
        digest=digest(secret),
        name=name,
        scopes=" ".join(sorted(set(scopes))),
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    beyond = [row.pk for row in live(account, now=now)[TOKENS_MAX:]]
    Token.objects.filter(pk__in=beyond).update(revoked_at=now)
    return Issued(token, secret)


def live(account: Account, *, now: datetime) -> QuerySet[Token]:
    """An account's tokens that hold, the newest first."""
    return Token.objects.filter(account=account, revoked_at=None, expires_at__gt=now).order_by("-pk")


def recognise(secret: str, *, now: datetime) -> Token | None:
    """The token with this secret, if it holds and its account may sign in."""
    token = Token.objects.select_related("account").filter(digest=digest(secret)).first()
    if token is None or token.revoked_at or token.expires_at <= now:
        return None
    if not token.account.is_active or token.account.erase_at:  # only signing in keeps an account
        return None
    if token.used_at is None or now - token.used_at > USED_EXACT_TO:
        Token.objects.filter(pk=token.pk).update(used_at=now)
    return token


def revoke(*, account: Account, pk: int, now: datetime) -> bool:
    """Revoke a token. Returns False when the account has no such token that holds."""
    return bool(live(account, now=now).filter(pk=pk).update(revoked_at=now))
