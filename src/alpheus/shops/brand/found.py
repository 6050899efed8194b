"""An operator founds a label's shop and makes its agreements: each is a row that says who made it, and when."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

from django.db import transaction

from alpheus.parties.know_label import know_label
from alpheus.parties.models import Account
from alpheus.shops.brand import rules
from alpheus.shops.brand.errors import AgreementRefused, LabelHasShop, LabelRefused
from alpheus.shops.brand.follow_agreement import follow_agreement
from alpheus.shops.brand.invite import ask
from alpheus.shops.brand.models import Agreement
from alpheus.shops.brand.rules import Note, Terms
from alpheus.shops.brand.write_down import write_down
from alpheus.shops.errors import ShopUnknown
from alpheus.shops.models import Shop
from alpheus.shops.rules import Kind, Role
from alpheus.values.territory import CODES


@transaction.atomic
def found(
    *,
    operator: Account,
    label: str,
    country: str,
    email: str,
    terms: Terms,
    answer: Callable[[str], str],
    now: datetime,
) -> Shop:
    """Found a label's shop, with an agreement, and invite who is to own it.

    Args:
        operator: who founds it.
        label: its name.
        country: ISO 3166-1 alpha-2.
        email: of its owner to be.
        terms: what its tracks sell at, and how long.
        answer: the page on which the holder of a secret answers.
        now: the time.

    Raises:
        LabelRefused: it has no name, or the country is none.
        LabelHasShop: there is one.
        AgreementRefused: the agreement cannot be that.
        AddressRefused: the owner's address is none.
    """
    known = know_label(name=label)
    if known is None or country not in CODES:
        raise LabelRefused
    if Shop.objects.filter(label=known).exists():
        raise LabelHasShop
    shop = Shop.objects.create(
        kind=Kind.BRAND.value, label=known, name=known.name, country=country, founded_at=now
    )
    write_down(shop=shop, event=Note.FOUNDED, actor=operator, now=now)
    _agree(shop, operator, terms, now)
    ask(shop=shop, by=operator, email=email, role=Role.OWNER, answer=answer, now=now)
    return shop


@transaction.atomic
def agree(*, operator: Account, shop: UUID, terms: Terms, now: datetime) -> Agreement:
    """Make another agreement with a label: from its first day on it takes the place of those before.

    Raises:
        ShopUnknown: there is no such brand shop.
        AgreementRefused: it cannot be that.
    """
    return _agree(_locked(shop), operator, terms, now)


@transaction.atomic
def invite_owner(
    *, operator: Account, shop: UUID, email: str, answer: Callable[[str], str], now: datetime
) -> Shop:
    """Ask somebody to own a brand shop: who was asked first did not answer, or its last owner's account was erased.

    Raises:
        ShopUnknown: there is no such brand shop.
        AddressRefused, MemberAlready, InvitedTooMany: as `invite.ask`.
    """
    found = _locked(shop)
    ask(shop=found, by=operator, email=email, role=Role.OWNER, answer=answer, now=now)
    return found


def _agree(shop: Shop, operator: Account, terms: Terms, now: datetime) -> Agreement:
    problem = rules.problem(terms, today=now.astimezone(UTC).date())
    if problem is not None:
        raise AgreementRefused(problem)
    made = Agreement.objects.create(
        shop=shop,
        number=Agreement.objects.filter(shop=shop).count() + 1,
        minor=terms.price.minor,
        currency=terms.price.currency,
        from_date=terms.from_date,
        until=terms.until,
        made_by=operator.gid,
        made_at=now,
    )
    follow_agreement(shop=shop, now=now)
    return made


def _locked(gid: UUID) -> Shop:
    shop = Shop.objects.select_for_update(of=("self",)).filter(gid=gid, kind=Kind.BRAND).first()
    if shop is None:
        raise ShopUnknown
    return shop
