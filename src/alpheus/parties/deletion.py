"""An account's owner asks to have it deleted, and until the day comes may sign in and keep it."""

from datetime import datetime, timedelta

from django.db import transaction

from alpheus.mail.letters import Kind
from alpheus.mail.post import post
from alpheus.parties.models import Account


@transaction.atomic
def ask(*, account: Account, grace: timedelta, sign_in_url: str, now: datetime) -> datetime:
    """Have an account erased after a grace. Asked again, the first day stays. Returns when it will be."""
    when = now + grace
    if not Account.objects.filter(pk=account.pk, erase_at=None).update(erase_at=when):
        account.refresh_from_db(fields=["erase_at"])
        return account.erase_at or when
    account.erase_at = when
    post(
        kind=Kind.DELETION_ASKED,
        to=account.email,
        language=account.locale,
        values={"day": when.date(), "link": sign_in_url},
        now=now,
    )
    return when


@transaction.atomic
def cancel(*, account: Account, account_url: str, now: datetime) -> bool:
    """Keep an account that was to be erased. Returns whether it was to be."""
    if not Account.objects.filter(pk=account.pk, erase_at__isnull=False).update(erase_at=None):
        return False
    account.erase_at = None
    post(
        kind=Kind.DELETION_CANCELLED,
        to=account.email,
        language=account.locale,
        values={"link": account_url},
        now=now,
    )
    return True
