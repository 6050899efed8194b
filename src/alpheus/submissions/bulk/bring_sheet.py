"""Bring a sheet, or a corrected one: it is checked row by row before any file is asked for, and then laid out."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from alpheus.parties.models import Account
from alpheus.shops.brand.queries import fixed_price
from alpheus.shops.models import Shop
from alpheus.shops.offers.queries import currency_of_shop
from alpheus.shops.queries import shop_of
from alpheus.shops.rules import Kind
from alpheus.submissions.access import handled_by, shop_for_releases
from alpheus.submissions.bulk import rules
from alpheus.submissions.bulk.errors import IntakeUnknown, NotWhileWorking, SheetUnreadable
from alpheus.submissions.bulk.models import Intake
from alpheus.submissions.bulk.sheet import Sheet, Unreadable, parse, read
from alpheus.submissions.bulk.whose import may_hand_in
from alpheus.submissions.errors import ShopMissing
from alpheus.values.text import line

WORKING = (Intake.State.LAYING_OUT, Intake.State.HANDING_IN)


def own(account: Account, gid: UUID) -> Intake:
    """An intake that an account works on, which nobody else changes until this transaction ends.

    Of a label's it becomes the account's: what workers do for it they do as who had it done last, since whoever brought it
    may have left.

    Raises:
        IntakeUnknown: there is none that they may work on.
    """
    row = Intake.objects.select_for_update(of=("self",)).filter(handled_by(account), gid=gid).first()
    if row is None:
        raise IntakeUnknown
    if row.account_id != account.pk:
        row.account = account
        row.save(update_fields=["account"])
    return row


def shop_of_intake(row: Intake) -> Shop:
    """Whose catalogue it is.

    Raises:
        ShopMissing: its account has no shop any more.
    """
    shop = row.shop if row.shop is not None else shop_of(row.account)
    if shop is None:
        raise ShopMissing("Releases stand in a shop. Yours is founded when an application is accepted.")
    return shop


def checked(row: Intake) -> tuple[Sheet, tuple[rules.Fault, ...]]:
    """An intake's sheet, and what is to be mended in it.

    Raises:
        ShopMissing: its account has no shop any more.
    """
    shop, sheet = shop_of_intake(row), parse(row.sheet)
    return sheet, _faults(shop, sheet, timezone.now())


def _faults(shop: Shop, sheet: Sheet, now: datetime) -> tuple[rules.Fault, ...]:
    prices = rules.Prices(currency_of_shop(shop), fixed_price(shop, now=now))
    return rules.faults(sheet, may_sell=may_hand_in(shop), prices=prices)


def bring_sheet(
    *,
    account: Account,
    shop: UUID | None = None,
    data: bytes,
    name: str,
    encoding: str = "",
    gid: UUID | None = None,
    now: datetime,
) -> Intake:
    """Keep a sheet and, where nothing in it is to be mended, have it laid out.

    Args:
        account: who brings it.
        shop: for which of their shops; none: the first in which they work. A corrected sheet is for the same as before.
        data: the file's bytes.
        name: the file's, to tell it by.
        encoding: of the file, where somebody knows; empty: it is told by its bytes.
        gid: the intake whose sheet it corrects; none for a new one.
        now: the time.

    Raises:
        ShopMissing: the account works in no shop.
        NotYours, RoleRefused, ArtistMoved: as `access.shop_for_releases`.
        SheetUnreadable: it cannot be read; nothing was changed.
        IntakeUnknown: there is no such intake of theirs.
        NotWhileWorking: its rows are being worked on.
    """
    found_shop = shop_for_releases(account, _same_shop(account, gid) if gid else shop)
    try:
        sheet = read(data, encoding=encoding)
    except Unreadable as error:
        raise SheetUnreadable(error.problem) from error
    found = _faults(found_shop, sheet, now)
    with transaction.atomic():
        row = own(account, gid) if gid else _new(account, found_shop, now)
        if row.pk and row.state in WORKING:
            raise NotWhileWorking
        row.state = Intake.State.FAULTY if found else Intake.State.LAYING_OUT
        row.encoding = sheet.encoding
        row.sheet, row.name = sheet.text, line(name.replace("\\", "/").rpartition("/")[2], limit=255)
        row.rows, row.done, row.changed_at = len(sheet.rows), 0, now
        row.releases = 0 if found else len(rules.plan(sheet))
        row.save()
        if not found:
            _have_laid_out(row)
    return row


def _have_laid_out(row: Intake) -> None:
    from alpheus.submissions.tasks import lay_out  # noqa: PLC0415 - the task's module imports what lays out

    lay_out.enqueue(row.pk)


def _new(account: Account, shop: Shop, now: datetime) -> Intake:
    return Intake(account=account, shop=shop if shop.kind == Kind.BRAND else None, created_at=now)


def _same_shop(account: Account, gid: UUID) -> UUID:
    """Whose catalogue the sheet was for that is corrected."""
    row = Intake.objects.filter(handled_by(account), gid=gid).select_related("shop", "account").first()
    if row is None:
        raise IntakeUnknown
    return shop_of_intake(row).gid
