"""Shops as listeners see them, and a musician's own. Details of who is paid are given on a page, after signing in anew."""

# ruff: noqa: ARG001 - the framework gives every operation the request, by that name

from collections.abc import Sequence
from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import File, Query, Router, Schema, Status, UploadedFile
from ninja.decorators import decorate_view
from pydantic import Field

from alpheus.api import represent
from alpheus.api.callers import Admitted, caller_of
from alpheus.api.fresh import revalidated
from alpheus.api.limits import BROWSE
from alpheus.api.once import once
from alpheus.api.problems import Problem
from alpheus.api.releases import IMAGES
from alpheus.api.seats import shop_called, shop_for_call
from alpheus.api.shapes import CoverOut, Given, PageIn, ReleaseOut, ShopOut, Text
from alpheus.api.token import Scope
from alpheus.catalogue.artwork import BYTES_MAX
from alpheus.insight.audience import audience, since
from alpheus.shops import keep_shop, queries
from alpheus.shops.brand.queries import roster_of
from alpheus.shops.errors import HeaderUnfit
from alpheus.shops.feature import feature
from alpheus.shops.keep_shop import BIOGRAPHY_MAX
from alpheus.shops.models import Shop
from alpheus.shops.offers.queries import currency_of_shop
from alpheus.shops.offers.set_prices import set_currency
from alpheus.shops.queries import Featured, Filter, Sort
from alpheus.shops.rules import Kind, Lacking, May, Role, State
from alpheus.shops.seats import seat_for
from alpheus.shops.set_header import set_header
from alpheus.submissions.terms import terms
from alpheus.values.errors import CurrencyInvalid
from alpheus.values.money import Currency, parse_currency

router = Router(tags=["shops"])

READS = Admitted(scope=Scope.READ, policy=BROWSE)
MEMBERS = Admitted(scope=Scope.STUDIO, policy=BROWSE, member=True)


class ShopsIn(PageIn):
    """Which shops, in which order."""

    sort: Sort = "new"
    genre: Text = Field("", max_length=200, description="a genre's slug: of something that stands there")
    country: Text = Field("", max_length=2, description="ISO 3166-1 alpha-2")
    kind: Literal["", "independent", "brand"] = Field("", description="musicians' own, or labels'")


class ArtistRef(Schema):
    """An artist on a roster."""

    gid: UUID
    name: str


class FeaturedOut(Schema):
    """What a shop's page shows first."""

    kind: Literal["release", "recording"]
    gid: UUID
    title: str
    release: UUID = Field(description="it, or the one that the recording is on")


class FeatureIn(Given):
    """What comes first."""

    thing: UUID | None = Field(description="a release or a recording that stands in the shop; null: nothing")


class ShopDetailOut(ShopOut):
    """A shop whole."""

    biography: str
    links: list[str]
    hue: float | None = Field(description="OKLCH hue of its head, degrees; null is paper")
    header: CoverOut | None = Field(description="the picture above its name, twice as wide as high")
    releases: list[ReleaseOut] = Field(description="in the musician's order")
    soon: list[ReleaseOut] = Field(
        description="what appears later, and previews are heard of, the first first"
    )
    featured: FeaturedOut | None = Field(
        description="what comes first; null where nothing does, or it stands there no more"
    )
    artists: list[ArtistRef] = Field(description="of a label's roster; empty for an independent's")


class ShopPage(Schema):
    """A page of shops."""

    items: list[ShopOut]
    next: str | None


class OwnShopOut(Schema):
    """The caller's own shop or a label's for which they work, open or not."""

    gid: UUID
    kind: Kind
    role: Role = Field(description="what the caller is in it")
    state: State
    handle: str | None
    name: str
    country: str
    biography: str
    links: list[str]
    hue: float | None
    header: CoverOut | None = Field(description="the picture above its name, twice as wide as high")
    currency: str = Field(description="of new prices (ISO 4217)")
    missing: list[Lacking] = Field(description="what is left to do before it opens")
    releases: list[ReleaseOut]
    featured: FeaturedOut | None = Field(description="what listeners see first, if anything")


class ShopIn(Given):
    """What a shop says of itself; fields left out stay as they are."""

    handle: Annotated[Text, Field(max_length=31)] | None = None
    biography: Annotated[Text, Field(max_length=BIOGRAPHY_MAX)] | None = None
    links: list[Annotated[Text, Field(max_length=500)]] | None = Field(default=None, max_length=10)
    hue: int | None = Field(default=None, ge=-1, lt=360, description="-1 is paper")
    currency: Annotated[Text, Field(max_length=3)] | None = None


class AudienceIn(Given):
    """Over how long."""

    days: Literal["7", "28", "365"] | None = Field(
        default=None, description="up to now; left out, from the start"
    )


class TerritoryOut(Schema):
    """Listeners in one territory."""

    code: str = Field(description="ISO 3166-1 alpha-2; empty where it is not known")
    listeners: int


class HeardOut(Schema):
    """One recording's audience."""

    gid: UUID
    title: str
    plays: int | None = Field(
        description="qualified: 30 s heard, or a shorter recording whole; null for those of one to nine people, or where it would tell of others"
    )
    listeners: int | None = Field(description="null where plays is")
    keeps: int | None = Field(description="who keep it now; null for one to nine")


class AudienceOut(Schema):
    """Who hears a shop's music."""

    plays: int | None = Field(description="null for those of one to nine people")
    listeners: int | None = Field(description="null for one to nine")
    followers: int | None = Field(description="of the shop, now; null for one to nine")
    territories: list[TerritoryOut] = Field(description="of ten listeners or more, the most first")
    elsewhere: int | None = Field(description="listeners in none of these; null for one to nine")
    recordings: list[HeardOut] = Field(description="the most played first; what is not told last")


class OrderIn(Given):
    """Releases in the order in which they stand; those left out come after."""

    releases: list[UUID] = Field(max_length=1000)


@router.get("/shops", response=ShopPage, auth=READS, operation_id="list_shops")
@decorate_view(revalidated)
def list_shops(request: HttpRequest, given: Query[ShopsIn]) -> ShopPage:
    """Open shops, the newest first or those that most listeners love, by genre, country and kind if asked."""
    only = Filter(genre=given.genre, country=given.country, kind=given.kind)
    page = queries.open_shops(sort=given.sort, only=only, cursor=given.cursor or None, size=given.limit)
    return ShopPage(items=[shop_out(row) for row in page.rows], next=page.next)


@router.get("/shops/{handle}", response=ShopDetailOut, auth=READS, operation_id="get_shop")
@decorate_view(revalidated)
def get_shop(request: HttpRequest, handle: str) -> ShopDetailOut:
    """The open shop at an address, with what stands in it."""
    row = queries.shop_at(handle)
    return ShopDetailOut(
        **shop_out(row).model_dump(),
        biography=row.biography,
        links=row.links.split(),
        hue=row.hue,
        header=represent.cover(row.header),
        releases=[represent.release(it) for it in queries.releases_shown_in(row)],
        soon=[
            represent.release(it.release, appears_at=it.early.until)
            for it in queries.soon_shown_in(row, now=timezone.now())
        ],
        featured=_featured(queries.featured_shown_in(row)),
        artists=[ArtistRef(gid=it.artist.gid, name=it.artist.name) for it in roster_of(row)],
    )


@router.get("/studio/shop", response=OwnShopOut, auth=MEMBERS, operation_id="get_own_shop")
def get_own_shop(request: HttpRequest) -> OwnShopOut:
    """The caller's shop; it is founded when a recording of theirs is accepted. `Alpheus-Shop` names a label's."""
    return _own(request)


@router.get("/studio/audience", response=AudienceOut, auth=MEMBERS, operation_id="get_own_audience")
def get_own_audience(request: HttpRequest, given: Query[AudienceIn]) -> AudienceOut:
    """Who hears the music of the caller's shop: counts of plays and people where these are ten or more."""
    row = shop_for_call(request, May.AUDIENCE)
    found = audience(shop=row, since=since(int(given.days) if given.days else None, timezone.now()))
    return AudienceOut(
        plays=found.plays,
        listeners=found.listeners,
        followers=found.followers,
        territories=[TerritoryOut(code=code, listeners=people) for code, people in found.territories.told],
        elsewhere=found.territories.others,
        recordings=[
            HeardOut(
                gid=it.recording.gid,
                title=it.recording.title,
                plays=it.plays,
                listeners=it.listeners,
                keeps=it.keeps,
            )
            for it in found.recordings
        ],
    )


@router.patch("/studio/shop", response=OwnShopOut, auth=MEMBERS, operation_id="change_own_shop")
@once
def change_own_shop(request: HttpRequest, given: ShopIn) -> OwnShopOut:
    """Change what the caller's shop says of itself, and its address until it opens. Takes an Idempotency-Key."""
    account, shop = caller_of(request).account_or_refuse, shop_called(request)
    if given.handle is not None:
        keep_shop.name_address(owner=account, shop=shop, handle=given.handle)
    if given.currency is not None:
        set_currency(owner=account, shop=shop, currency=_currency(given.currency))
    keep_shop.describe(owner=account, shop=shop, fields=_fields(given))
    return _own(request)


@router.post("/studio/shop/open", response=OwnShopOut, auth=MEMBERS, operation_id="open_own_shop")
@once
def open_own_shop(request: HttpRequest) -> OwnShopOut:
    """Open the caller's shop. Takes an Idempotency-Key."""
    account = caller_of(request).account_or_refuse
    keep_shop.open_shop(owner=account, shop=shop_called(request), now=timezone.now())
    return _own(request)


@router.post("/studio/shop/close", response=OwnShopOut, auth=MEMBERS, operation_id="close_own_shop")
@once
def close_own_shop(request: HttpRequest) -> OwnShopOut:
    """Close the caller's shop. Takes an Idempotency-Key."""
    account = caller_of(request).account_or_refuse
    keep_shop.close_shop(owner=account, shop=shop_called(request), now=timezone.now())
    return _own(request)


@router.put("/studio/shop/order", response=OwnShopOut, auth=MEMBERS, operation_id="order_own_shop")
def order_own_shop(request: HttpRequest, given: OrderIn) -> OwnShopOut:
    """Put the releases of the caller's shop in order."""
    account = caller_of(request).account_or_refuse
    keep_shop.put_in_order(owner=account, shop=shop_called(request), releases=given.releases)
    return _own(request)


@router.put("/studio/shop/featured", response=OwnShopOut, auth=MEMBERS, operation_id="feature_in_own_shop")
def feature_in_own_shop(request: HttpRequest, given: FeatureIn) -> OwnShopOut:
    """Choose what the page of the caller's shop shows first: a release, a recording, or nothing."""
    account = caller_of(request).account_or_refuse
    feature(owner=account, shop=shop_called(request), thing=given.thing)
    return _own(request)


@router.post("/studio/shop/header", response=OwnShopOut, auth=IMAGES, operation_id="give_header")
def give_header(request: HttpRequest, image: File[UploadedFile]) -> OwnShopOut:
    """Give the caller's shop the picture above its name: a form with the file `image`, JPEG, PNG, WebP or AVIF."""
    account = caller_of(request).account_or_refuse
    if (image.size or 0) > BYTES_MAX:
        raise HeaderUnfit("The image is too large.")
    set_header(owner=account, shop=shop_called(request), image=image.read(), blobs=terms().blobs())
    return _own(request)


@router.delete("/studio/shop/header", response={204: None}, auth=MEMBERS, operation_id="remove_header")
def remove_header(request: HttpRequest) -> Status[None]:
    """Take the picture above the name of the caller's shop away."""
    account = caller_of(request).account_or_refuse
    set_header(owner=account, shop=shop_called(request), image=None, blobs=terms().blobs())
    return Status(204, None)


def shop_out(row: Shop) -> ShopOut:
    """An open shop as it travels: it has an address, and an artist or a label."""
    return ShopOut.model_validate(
        {"handle": row.handle, "name": row.name, "country": row.country, "opened_at": row.opened_at}
        | {
            "artist": row.artist.gid if row.artist else None,
            "label": row.label.gid if row.label else None,
            "kind": row.kind,
        }
    )


def _own(request: HttpRequest) -> OwnShopOut:
    seat = seat_for(caller_of(request).account_or_refuse, shop_called(request), May.SEE)
    row = seat.shop
    return OwnShopOut(
        gid=row.gid,
        kind=Kind(row.kind),
        role=seat.role,
        state=State(row.state),
        handle=row.handle,
        name=row.name,
        country=row.country,
        biography=row.biography,
        links=row.links.split(),
        hue=row.hue,
        header=represent.cover(row.header),
        currency=currency_of_shop(row),
        missing=list(_left(row)),
        releases=[represent.release(it) for it in queries.releases_of(row)],
        featured=_featured(queries.featured_of(row)),
    )


def _featured(found: Featured | None) -> FeaturedOut | None:
    if found is None:
        return None
    thing = found.track or found.release
    return FeaturedOut(
        kind="recording" if found.track else "release",
        gid=thing.gid,
        title=thing.title,
        release=found.release.gid,
    )


def _currency(code: str) -> Currency:
    try:
        return parse_currency(code)
    except CurrencyInvalid as error:
        raise Problem("currency_unknown") from error


def _left(row: Shop) -> Sequence[Lacking]:
    return keep_shop.lacking(row) if row.state != State.OPEN else ()


def _fields(given: ShopIn) -> dict[str, str]:
    fields = {
        "biography": given.biography,
        "links": "\n".join(given.links) if given.links is not None else None,
    }
    fields["hue"] = None if given.hue is None else str(given.hue) if given.hue >= 0 else "none"
    return {name: text for name, text in fields.items() if text is not None}
