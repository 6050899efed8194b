"""What only the operator may ask."""

# ruff: noqa: ARG001 - the framework gives every operation the request, by that name
from collections.abc import Collection
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated
from uuid import UUID

from django.conf import settings
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
from alpheus.exchange.folder.models import ImportedFile
from alpheus.exchange.folder.overview import overview
from alpheus.listening import queries
from alpheus.listening.edge_state import EdgeState
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


class FolderOut(Schema):
    """An imported folder, and what became of its files."""

    path: str
    started_at: datetime = Field(description="of the latest run")
    finished_at: datetime | None = Field(description="null while it is read for the first time")
    imported: int
    duplicate: int
    refused: int
    removed: int


class AtWorkOut(Schema):
    """A file that is being prepared."""

    path: str = Field(description="empty where it was not imported")
    asset: str
    phase: str
    fraction: float = Field(description="of all phases, 0 to 1")


class FailureOut(Schema):
    """A file that was not taken, and what to do."""

    folder: str
    path: str
    reason: str
    remedy: str
    seen_at: datetime


class EdgeOut(Schema):
    """An edge as it answers."""

    id: str
    url: str
    answers: bool
    serving: bool = Field(description="whether it is given new streams")
    reason: str = Field(description="why it does not answer")
    figures: dict[str, int | float | bool | str | None] = Field(description="what it says of itself")


class DamagedOut(Schema):
    """A stored object that an edge could not open; it is never served."""

    edge: str
    path: str
    what: str
    recording: UUID | None


class PlaysOut(Schema):
    """Plays that were counted."""

    all: int
    qualified: int = Field(description="30 s or longer")
    last: datetime | None = Field(description="when the last began")


class OverviewOut(Schema):
    """How the installation fares."""

    releases: int
    recordings: int
    artists: int
    accounts: int
    assets: dict[str, int] = Field(description="files by where their ingest stands")
    at_work: list[AtWorkOut]
    folders: list[FolderOut]
    failures: list[FailureOut] = Field(description="the latest 50")
    failure_count: int
    tasks_failed: int
    stored_bytes: int
    disk_free_bytes: int | None = Field(description="null where objects lie in a bucket")
    edges: list[EdgeOut]
    damaged: list[DamagedOut]
    plays: PlaysOut
    listening_now: int = Field(description="streams that hold a grant")
    key_log_faults: list[KeyLogFaultOut]


@router.get("/office", response=OverviewOut, auth=OPERATOR, operation_id="get_office")
def get_office(request: HttpRequest) -> OverviewOut:
    """How the installation fares: what is imported, what failed and what to do, storage, edges, plays."""
    it = overview(
        terms=settings.LISTENING,
        objects_url=settings.OURS.objects_url,
        data=Path(settings.OURS.data),
        now=timezone.now(),
    )
    return OverviewOut(
        **it.counts,
        assets=dict(it.assets),
        at_work=[
            AtWorkOut(path=path, asset=row.key, phase=row.phase, fraction=row.fraction)
            for row, path in it.at_work
        ],
        folders=[FolderOut.from_orm(row) for row in it.folders],
        failures=[_failure(row) for row in it.failures],
        failure_count=it.failure_count,
        tasks_failed=it.tasks_failed,
        stored_bytes=it.stored_bytes,
        disk_free_bytes=it.disk_free_bytes,
        edges=[_edge(row, it.serving) for row in it.edges],
        damaged=[
            DamagedOut(edge=lost.edge, path=lost.path, what=lost.what, recording=of.gid if of else None)
            for lost, of in it.damaged
        ],
        plays=PlaysOut.model_validate(dict(it.plays)),
        listening_now=it.listening_now,
        key_log_faults=[KeyLogFaultOut.from_orm(row) for row in it.faults],
    )


def _failure(row: ImportedFile) -> FailureOut:
    return FailureOut(
        folder=row.folder.path,
        path=row.path,
        reason=row.reason or (row.asset.reason if row.asset else ""),
        remedy=row.remedy,
        seen_at=row.seen_at,
    )


def _edge(row: EdgeState, serving: Collection[str]) -> EdgeOut:
    return EdgeOut(
        id=row.id,
        url=row.url,
        answers=row.answers,
        serving=row.id in serving,
        reason=row.reason,
        figures={
            it.name: it.value
            if it.value is None or isinstance(it.value, int | float | str)
            else str(it.value)
            for it in row.figures
        },
    )


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
