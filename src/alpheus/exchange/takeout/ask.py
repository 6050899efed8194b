"""Ask for an account's data, make it ready, load it."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from alpheus.exchange.takeout.bundle import bundle
from alpheus.exchange.takeout.errors import ExportUnknown
from alpheus.exchange.takeout.models import Export
from alpheus.mail.letters import Kind
from alpheus.mail.post import post
from alpheus.parties.models import Account

AGAIN_AFTER = timedelta(minutes=10)
"""Asked again sooner, the one that is there already is given: gathering reads all that an account ever heard."""


@transaction.atomic
def ask(*, account: Account, page: str, lasts: timedelta, now: datetime) -> Export:
    """Have an account's data gathered; a letter tells when it is ready.

    Args:
        account: whose.
        page: where its owner loads it, for the letter.
        lasts: how long it can be loaded.
        now: the time.
    """
    from alpheus.exchange.takeout.tasks import make_export  # noqa: PLC0415 - the task's module imports this one

    Account.objects.select_for_update().get(pk=account.pk)
    recent = live(account=account, now=now).filter(asked_at__gt=now - AGAIN_AFTER).first()
    if recent is not None:
        return recent
    live(account=account, now=now).delete()  # the new one holds all that the old one did
    export = Export.objects.create(account=account, link=page, asked_at=now, until=now + lasts)
    make_export.enqueue(export.pk)
    return export


def live(*, account: Account, now: datetime) -> "QuerySet[Export]":
    """An account's exports whose time is not over, the latest first, without their bytes."""
    return Export.objects.filter(account=account, until__gt=now).order_by("-asked_at").defer("archive")


def load(*, account: Account, gid: UUID, now: datetime) -> bytes:
    """An export's bytes, for the account that it is about.

    Raises:
        ExportUnknown: it is another's, not ready, or its time is over.
    """
    export = Export.objects.filter(account=account, gid=gid, until__gt=now).first()
    if export is None or export.archive is None:
        raise ExportUnknown("There is no such file any more. Ask for your data again.")
    return bytes(export.archive)


def make(*, export: int, title: str, now: datetime) -> bool:
    """Gather the data of an export and tell its owner. Returns False where it is gone or made already."""
    row = Export.objects.select_related("account").filter(pk=export, size_bytes=0).first()
    if row is None:
        return False
    archive = bundle(account=row.account, title=title, page=row.link, now=now)
    with transaction.atomic():
        made = Export.objects.filter(pk=export, size_bytes=0)
        if not made.update(archive=archive, size_bytes=len(archive)):
            return False
        post(
            kind=Kind.EXPORT_READY,
            to=row.account.email,
            language=row.account.locale,
            values={"link": row.link, "until": row.until.date()},
            now=now,
        )
    return True


def forget_old(*, now: datetime) -> int:
    """Forget exports whose time is over. Returns how many."""
    return Export.objects.filter(until__lte=now).delete()[0]
