"""What only the operator may ask."""

# ruff: noqa: ARG001 - the framework gives every operation the request, by that name
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

from django.http import HttpRequest
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
from alpheus.parties.models import StaffRole
from alpheus.shops.offers import queries as offers
from alpheus.shops.offers.queries import RateSet
from alpheus.shops.offers.rules import Rounding, usual_rounding
from alpheus.shops.offers.set_rate import set_rate
from alpheus.values.errors import CurrencyInvalid
from alpheus.values.money import parse_currency

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
        per_reference=f"{it.row.per_reference.normalize():f}",
        rounding=Rounding(it.row.rounding),
        from_date=it.row.from_date,
        set_at=it.row.set_at,
        by=it.by,
    )


@router.get("/office/listening", response=OfficeOut, auth=OPERATOR, operation_id="get_office_listening")
def get_office_listening(request: HttpRequest) -> OfficeOut:
    """How many listen now, and damage noticed in key logs."""
    return OfficeOut(
        listening_now=queries.listening_now(now=timezone.now()),
        key_log_faults=[KeyLogFaultOut.from_orm(row) for row in queries.key_log_faults()],
    )
