"""What only the operator may ask."""

# ruff: noqa: ARG001 - the framework gives every operation the request, by that name
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from ninja import Query, Router, Schema, Status
from pydantic import Field

from alpheus.api.callers import Admitted, caller_of
from alpheus.api.limits import BROWSE
from alpheus.api.once import once
from alpheus.api.problems import Problem
from alpheus.api.shapes import Given, KeyLogFaultOut, OfficeOut, PageIn, Text
from alpheus.api.token import Scope
from alpheus.listening import queries
from alpheus.mail.addresses import absolute
from alpheus.parties.models import StaffRole
from alpheus.shops.namesakes import queries as namesakes
from alpheus.shops.namesakes.tell_apart import LONGEST, tell_apart
from alpheus.shops.offers import queries as offers
from alpheus.shops.offers.queries import RateSet
from alpheus.shops.offers.rules import Rounding, usual_rounding
from alpheus.shops.offers.set_rate import set_rate
from alpheus.values.errors import CurrencyInvalid
from alpheus.values.money import in_digits, parse_currency

router = Router(tags=["office"])

OPERATOR = Admitted(scope=Scope.OFFICE, policy=BROWSE, role=StaffRole.Role.OPERATOR)


class RateIn(Given):
    """A rate from a day on."""

    currency: Annotated[Text, Field(max_length=3, description="ISO 4217")]
    per_reference: Decimal = Field(description="how much of it one unit of the house's currency is")
    rounding: Rounding | None = Field(
        default=None, description="of prices in it, up; null: as is usual for it"
    )
    from_date: date | None = Field(default=None, description="UTC; null: today")
    sure: bool = Field(
        default=False, description="that one more than 20% away from what holds until then is right"
    )


class RateSetOut(Schema):
    """A rate as it was set."""

    currency: str
    per_reference: str
    rounding: Rounding
    from_date: date
    set_at: datetime
    by: str = Field(description="who set it; empty on a terminal, and once their account is erased")


class RatesSetOut(Schema):
    """A page of them."""

    items: list[RateSetOut]
    next: str | None


@router.get("/office/rates", response=RatesSetOut, auth=OPERATOR, operation_id="list_rates_set")
def list_rates_set(request: HttpRequest, given: Query[PageIn]) -> RatesSetOut:
    """All rates that were ever set, the latest first; `GET /rates` tells what holds."""
    page = offers.rates_set(cursor=given.cursor or None, size=given.limit)
    return RatesSetOut(items=[_rate_out(it) for it in page.rows], next=page.next)


@router.post("/office/rates", response={201: RateSetOut}, auth=OPERATOR, operation_id="set_rate")
@once
def add_rate(request: HttpRequest, given: RateIn) -> Status[RateSetOut]:
    """Set a rate from today or a later day on; none is ever changed. Takes an Idempotency-Key."""
    account, now = caller_of(request).account_or_refuse, timezone.now()
    try:
        currency = parse_currency(given.currency)
    except CurrencyInvalid as error:
        raise Problem("currency_unknown") from error
    row = set_rate(
        currency=currency,
        per_reference=given.per_reference,
        rounding=given.rounding or usual_rounding(currency),
        from_date=given.from_date or now.date(),
        by=account,
        sure=given.sure,
        now=now,
    )
    return Status(201, _rate_out(RateSet(row, str(account))))


def _rate_out(it: RateSet) -> RateSetOut:
    return RateSetOut(
        currency=it.row.currency,
        per_reference=in_digits(it.row.per_reference),
        rounding=Rounding(it.row.rounding),
        from_date=it.row.from_date,
        set_at=it.row.set_at,
        by=it.by,
    )


class WaitingOut(Schema):
    """A shop that cannot open because of its name, beside who has it."""

    shop: UUID
    name: str
    country: str
    links: list[str]
    artist: UUID = Field(description="who has the name")
    disambiguation: str = Field(description="theirs")
    sold_by: str = Field(description="the shop that sells their music")


class ToldApartOut(Schema):
    """Two who were told apart."""

    artist: UUID = Field(description="who was written down then")
    other: UUID = Field(description="who had the name")
    disambiguation: str
    by: str = Field(description="empty once their account is erased")
    at: datetime


class NamesakesOut(Schema):
    """Who waits because of a name, and who was told apart."""

    waiting: list[WaitingOut]
    told_apart: list[ToldApartOut]


class TellApartIn(Given):
    """What tells a musician apart."""

    disambiguation: Annotated[Text, Field(max_length=LONGEST)]


@router.get("/office/namesakes", response=NamesakesOut, auth=OPERATOR, operation_id="list_namesakes")
def list_namesakes(request: HttpRequest) -> NamesakesOut:
    """Shops that cannot open because somebody else sells under the name, and who was told apart before."""
    return _namesakes()


@router.post("/office/namesakes/{gid:gid}", response=NamesakesOut, auth=OPERATOR, operation_id="tell_apart")
@once
def add_namesake(request: HttpRequest, gid: UUID, given: TellApartIn) -> NamesakesOut:
    """Tell the musician of a shop that waits apart from who has the name. Takes an Idempotency-Key."""
    tell_apart(
        operator=caller_of(request).account_or_refuse,
        shop=gid,
        disambiguation=given.disambiguation,
        link=absolute(request, reverse("web:studio-shop")),
        now=timezone.now(),
    )
    return _namesakes()


def _namesakes() -> NamesakesOut:
    return NamesakesOut(
        waiting=[
            WaitingOut(
                shop=it.shop.gid,
                name=it.shop.name,
                country=it.shop.country,
                links=it.shop.links.split(),
                artist=it.artist.gid,
                disambiguation=it.artist.disambiguation,
                sold_by=it.sold_by.handle or it.sold_by.name,
            )
            for it in namesakes.waiting()
        ],
        told_apart=[
            ToldApartOut(
                artist=it.row.artist,
                other=it.row.other,
                disambiguation=it.row.disambiguation,
                by=it.by,
                at=it.row.at,
            )
            for it in namesakes.told_apart()
        ],
    )


@router.get("/office/listening", response=OfficeOut, auth=OPERATOR, operation_id="get_office_listening")
def get_office_listening(request: HttpRequest) -> OfficeOut:
    """How many listen now, and damage noticed in key logs."""
    return OfficeOut(
        listening_now=queries.listening_now(now=timezone.now()),
        key_log_faults=[KeyLogFaultOut.from_orm(row) for row in queries.key_log_faults()],
    )
