"""A link that signs an account in once, without a password: for the first operator, and for one locked out."""

from datetime import datetime, timedelta

from django.core import signing

from alpheus.parties.errors import SignInLinkRefused
from alpheus.parties.models import Account

SALT = "alpheus.parties.sign_in_link"
LIFETIME = timedelta(hours=24)


def make(*, account: Account, now: datetime) -> str:
    """Sign a token that `redeem` takes once, within 24 hours and before the account signs in any other way."""
    claims = {
        "account": account.gid.hex,
        "expires": int((now + LIFETIME).timestamp()),
        "last": _mark(account.last_login),
    }
    return signing.dumps(claims, salt=SALT)


def look(*, token: str, now: datetime) -> Account:
    """Whose link it is, without using it up.

    Raises:
        SignInLinkRefused: forged, expired, used already, or its account may not sign in.
    """
    try:
        claims = signing.loads(token, salt=SALT)
        gid, expires, last = str(claims["account"]), int(claims["expires"]), str(claims["last"])
    except (signing.BadSignature, KeyError, TypeError, ValueError) as error:
        raise SignInLinkRefused(SignInLinkRefused.Why.FORGED) from error
    if now.timestamp() >= expires:
        raise SignInLinkRefused(SignInLinkRefused.Why.EXPIRED)
    account = Account.objects.filter(gid=gid, is_active=True).first()
    if account is None:
        raise SignInLinkRefused(SignInLinkRefused.Why.FORGED)
    if _mark(account.last_login) != last:
        raise SignInLinkRefused(SignInLinkRefused.Why.USED)
    return account


def redeem(*, token: str, now: datetime) -> Account:
    """Use a link up and return the account that it signs in.

    The account's last sign-in is what the link was signed against, so moving it is what uses the link up:
    of two that redeem at once, one moves it and the other is refused.

    Raises:
        SignInLinkRefused: as `look`.
    """
    account = look(token=token, now=now)
    moved = Account.objects.filter(pk=account.pk, last_login=account.last_login)
    if account.last_login is None:
        moved = Account.objects.filter(pk=account.pk, last_login__isnull=True)
    if not moved.update(last_login=now):
        raise SignInLinkRefused(SignInLinkRefused.Why.USED)
    account.last_login = now
    return account


def _mark(moment: datetime | None) -> str:
    return "" if moment is None else moment.isoformat()
