"""Labels' shops: where the caller works, members, invitations and roster; and founding them, for operators.

Which shop is meant says the header `Alpheus-Shop`; without it the caller's own, or the first that they joined.
"""

# ruff: noqa: ARG001 - the framework gives every operation the request, by that name

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from ninja import Router, Schema, Status
from pydantic import Field

from alpheus.api.callers import Admitted, caller_of
from alpheus.api.limits import BROWSE
from alpheus.api.offers import Amount, MoneyOut, money_out
from alpheus.api.once import once
from alpheus.api.problems import Problem
from alpheus.api.seats import shop_called, shop_for_call
from alpheus.api.shapes import Given, Text
from alpheus.api.shops import MEMBERS
from alpheus.api.token import Scope
from alpheus.mail.addresses import absolute
from alpheus.parties.models import StaffRole
from alpheus.shops.brand import queries
from alpheus.shops.brand.answer import answer
from alpheus.shops.brand.found import agree, found, invite_owner
from alpheus.shops.brand.invite import invite, withdraw
from alpheus.shops.brand.members import change_role, hand_on, leave, remove
from alpheus.shops.brand.models import Invitation, Member
from alpheus.shops.brand.roster import add_artist
from alpheus.shops.brand.rules import Note, Terms
from alpheus.shops.brand.rules import State as InvitationState
from alpheus.shops.errors import ShopUnknown
from alpheus.shops.models import Shop
from alpheus.shops.offers.terms import terms as usual
from alpheus.shops.rules import Kind, May, Role, State
from alpheus.shops.seats import seat_for, seats_of
from alpheus.values.errors import VocabularyError
from alpheus.values.money import exactly

router = Router(tags=["labels"])

OPERATORS = Admitted(scope=Scope.OFFICE, policy=BROWSE, role=StaffRole.Role.OPERATOR)

Email = Annotated[Text, Field(max_length=320)]


class SeatOut(Schema):
    """A shop in which the caller works."""

    gid: UUID = Field(description="what `Alpheus-Shop` names it by")
    kind: Kind
    handle: str | None
    name: str
    state: State
    role: Role
    may: list[May] = Field(description="what the caller may do in it")


class SeatsOut(Schema):
    """Where the caller works."""

    items: list[SeatOut]


class MemberOut(Schema):
    """Somebody who belongs to a shop."""

    gid: UUID
    name: str
    email: str
    role: Role
    since: datetime


class InvitationOut(Schema):
    """Somebody who is invited and did not answer."""

    gid: UUID
    email: str
    role: Role
    state: InvitationState
    until: datetime


class NoteOut(Schema):
    """What was done about a shop's people."""

    event: Note
    by: str = Field(description="empty once their account is erased")
    whom: str
    role: Role | None
    at: datetime


class HouseOut(Schema):
    """Who belongs to a label's shop."""

    members: list[MemberOut]
    invitations: list[InvitationOut] = Field(description="that wait or ran out; for who may manage members")
    history: list[NoteOut] = Field(description="the latest first")


class InviteIn(Given):
    """Whom to invite, and as what."""

    email: Email
    role: Role


class RoleIn(Given):
    """Another role."""

    role: Role


class AnswerInvitationIn(Given):
    """The secret of a letter's link, and what is said to it."""

    secret: Annotated[Text, Field(min_length=1, max_length=100)]
    accepts: bool


class RosteredOut(Schema):
    """An artist on a label's roster."""

    artist: UUID
    name: str
    since: datetime


class RosterOut(Schema):
    """Whose music a label brings out."""

    items: list[RosteredOut]


class ArtistIn(Given):
    """An artist, by name."""

    name: Annotated[Text, Field(min_length=1, max_length=500)]


class AgreementIn(Given):
    """What a label's tracks sell at, and how long."""

    price: Amount | None = Field(default=None, description="in the house's currency; left out, the usual one")
    from_date: date = Field(description="the first day, UTC; today or later")
    until: date | None = Field(default=None, description="the last day; null: until another is made")


class LabelIn(AgreementIn):
    """A label's shop to be founded."""

    label: Annotated[Text, Field(min_length=1, max_length=500)]
    country: Annotated[Text, Field(max_length=2, description="ISO 3166-1 alpha-2")]
    email: Email = Field(description="of its owner, who is invited by letter")


class OwnerIn(Given):
    """Who is to own it."""

    email: Email


class AgreementOut(Schema):
    """An agreement."""

    number: int
    price: MoneyOut
    from_date: date
    until: date | None
    made_by: str
    made_at: datetime
    holds: bool = Field(description="today")


class LabelsShopOut(Schema):
    """A label's shop as operators see it."""

    gid: UUID
    label: UUID | None
    name: str
    country: str
    handle: str | None
    state: State
    founded_at: datetime
    agreements: list[AgreementOut]
    members: list[MemberOut]
    invitations: list[InvitationOut]
    history: list[NoteOut]


class LabelsShopsOut(Schema):
    """All of them."""

    items: list[LabelsShopOut]


@router.get("/studio/shops", response=SeatsOut, auth=MEMBERS, operation_id="list_own_shops")
def list_own_shops(request: HttpRequest) -> SeatsOut:
    """The shops in which the caller works: their own, then labels'."""
    seats = seats_of(caller_of(request).account_or_refuse)
    return SeatsOut(
        items=[
            SeatOut(
                gid=it.shop.gid,
                kind=Kind(it.shop.kind),
                handle=it.shop.handle,
                name=it.shop.name,
                state=State(it.shop.state),
                role=it.role,
                may=[what for what in May if it.may(what)],
            )
            for it in seats
        ]
    )


@router.get("/studio/members", response=HouseOut, auth=MEMBERS, operation_id="list_members")
def list_members(request: HttpRequest) -> HouseOut:
    """Who belongs to the shop, who is invited, and what was done about them."""
    return _house(request)


@router.post("/studio/members", response={201: HouseOut}, auth=MEMBERS, operation_id="invite_member")
@once
def invite_member(request: HttpRequest, given: InviteIn) -> Status[HouseOut]:
    """Invite somebody by letter. Takes an Idempotency-Key."""
    shop = _brand(request, May.MEMBERS)
    invite(
        by=caller_of(request).account_or_refuse,
        shop=shop.gid,
        email=given.email,
        role=given.role,
        answer=_link_of(request),
        now=timezone.now(),
    )
    return Status(201, _house(request))


@router.patch("/studio/members/{gid:gid}", response=HouseOut, auth=MEMBERS, operation_id="change_member")
def change_member(request: HttpRequest, gid: UUID, given: RoleIn) -> HouseOut:
    """Give a member another role."""
    account, shop = caller_of(request).account_or_refuse, _brand(request, May.MEMBERS)
    link = absolute(request, reverse("web:studio-members"))
    change_role(by=account, shop=shop.gid, member=gid, role=given.role, link=link, now=timezone.now())
    return _house(request)


@router.delete("/studio/members/{gid:gid}", response={204: None}, auth=MEMBERS, operation_id="remove_member")
def remove_member(request: HttpRequest, gid: UUID) -> Status[None]:
    """Remove a member."""
    account, shop = caller_of(request).account_or_refuse, _brand(request, May.MEMBERS)
    remove(by=account, shop=shop.gid, member=gid, now=timezone.now())
    return Status(204, None)


@router.post(
    "/studio/members/{gid:gid}/hand-on", response=HouseOut, auth=MEMBERS, operation_id="hand_on_shop"
)
@once
def hand_on_shop(request: HttpRequest, gid: UUID) -> HouseOut:
    """Make a member the owner in the caller's place, who manages the shop from then on. Takes an Idempotency-Key."""
    account, shop = caller_of(request).account_or_refuse, _brand(request, May.OWNERS)
    hand_on(
        by=account,
        shop=shop.gid,
        member=gid,
        link=absolute(request, reverse("web:studio-shop")),
        account_link=absolute(request, reverse("web:account")),
        now=timezone.now(),
    )
    return _house(request)


@router.post("/studio/leave", response={204: None}, auth=MEMBERS, operation_id="leave_shop")
def leave_shop(request: HttpRequest) -> Status[None]:
    """Leave the shop; its last owner cannot."""
    account, shop = caller_of(request).account_or_refuse, _brand(request, May.SEE)
    leave(account=account, shop=shop.gid, now=timezone.now())
    return Status(204, None)


@router.delete(
    "/studio/invitations/{gid:gid}", response={204: None}, auth=MEMBERS, operation_id="withdraw_invitation"
)
def withdraw_invitation(request: HttpRequest, gid: UUID) -> Status[None]:
    """Take an invitation back; its link holds no more."""
    account, shop = caller_of(request).account_or_refuse, _brand(request, May.MEMBERS)
    withdraw(by=account, shop=shop.gid, invitation=gid, now=timezone.now())
    return Status(204, None)


@router.post(
    "/studio/invitations/answer", response=SeatsOut, auth=MEMBERS, operation_id="answer_shop_invitation"
)
def answer_shop_invitation(request: HttpRequest, given: AnswerInvitationIn) -> SeatsOut:
    """Accept or decline an invitation by the secret of its letter's link."""
    account = caller_of(request).account_or_refuse
    answer(account=account, secret=given.secret, accepts=given.accepts, now=timezone.now())
    return list_own_shops(request)


@router.get("/studio/artists", response=RosterOut, auth=MEMBERS, operation_id="list_roster")
def list_roster(request: HttpRequest) -> RosterOut:
    """The artists whose music the label brings out, by name."""
    return _roster(_brand(request, May.SEE))


@router.post("/studio/artists", response={201: RosterOut}, auth=MEMBERS, operation_id="add_artist")
@once
def add_to_roster(request: HttpRequest, given: ArtistIn) -> Status[RosterOut]:
    """Put an artist on the roster by name, who sells in no shop here. Takes an Idempotency-Key."""
    account, shop = caller_of(request).account_or_refuse, _brand(request, May.ROSTER)
    add_artist(by=account, shop=shop.gid, name=given.name, now=timezone.now())
    return Status(201, _roster(shop))


@router.get("/office/labels", response=LabelsShopsOut, auth=OPERATORS, operation_id="list_labels_shops")
def list_labels_shops(request: HttpRequest) -> LabelsShopsOut:
    """All labels' shops, the latest founded first."""
    return LabelsShopsOut(items=[_shop(it) for it in queries.labels_shops()])


@router.post(
    "/office/labels", response={201: LabelsShopOut}, auth=OPERATORS, operation_id="found_labels_shop"
)
@once
def found_labels_shop(request: HttpRequest, given: LabelIn) -> Status[LabelsShopOut]:
    """Found a label's shop, with an agreement, and invite its owner by letter. Takes an Idempotency-Key."""
    shop = found(
        operator=caller_of(request).account_or_refuse,
        label=given.label,
        country=given.country.upper(),
        email=given.email,
        terms=_terms(given),
        answer=_link_of(request),
        now=timezone.now(),
    )
    return Status(201, _shop(shop))


@router.get(
    "/office/labels/{gid:gid}", response=LabelsShopOut, auth=OPERATORS, operation_id="get_labels_shop"
)
def get_labels_shop(request: HttpRequest, gid: UUID) -> LabelsShopOut:
    """A label's shop: its agreements, its people, what was done about them."""
    return _shop(queries.labels_shop(gid))


@router.post(
    "/office/labels/{gid:gid}/agreements",
    response={201: LabelsShopOut},
    auth=OPERATORS,
    operation_id="make_agreement",
)
@once
def make_agreement(request: HttpRequest, gid: UUID, given: AgreementIn) -> Status[LabelsShopOut]:
    """Make another agreement: from its first day on it takes the place of those before. Takes an Idempotency-Key."""
    operator = caller_of(request).account_or_refuse
    agree(operator=operator, shop=gid, terms=_terms(given), now=timezone.now())
    return Status(201, _shop(queries.labels_shop(gid)))


@router.post(
    "/office/labels/{gid:gid}/owner",
    response={201: LabelsShopOut},
    auth=OPERATORS,
    operation_id="invite_labels_owner",
)
@once
def invite_labels_owner(request: HttpRequest, gid: UUID, given: OwnerIn) -> Status[LabelsShopOut]:
    """Invite somebody to own a label's shop. Takes an Idempotency-Key."""
    shop = invite_owner(
        operator=caller_of(request).account_or_refuse,
        shop=gid,
        email=given.email,
        answer=_link_of(request),
        now=timezone.now(),
    )
    return Status(201, _shop(shop))


def _link_of(request: HttpRequest) -> Callable[[str], str]:
    """Where the holder of a secret answers an invitation."""
    return lambda secret: absolute(request, reverse("web:join", args=[secret]))


def _brand(request: HttpRequest, what: May) -> Shop:
    """The label's shop that the call is about; an independent's has no members."""
    shop = shop_for_call(request, what)
    if shop.kind != Kind.BRAND:
        raise ShopUnknown
    return shop


def _house(request: HttpRequest) -> HouseOut:
    shop = _brand(request, May.SEE)
    seat = seat_for(caller_of(request).account_or_refuse, shop_called(request), May.SEE)
    waiting = queries.invitations_of(shop, now=timezone.now()) if seat.may(May.MEMBERS) else ()
    return HouseOut(
        members=[_member(it) for it in queries.members_of(shop)],
        invitations=[_invitation(it, state) for it, state in waiting],
        history=_history(shop),
    )


def _roster(shop: Shop) -> RosterOut:
    rows = queries.roster_of(shop)
    return RosterOut(
        items=[RosteredOut(artist=it.artist.gid, name=it.artist.name, since=it.since) for it in rows]
    )


def _member(row: Member) -> MemberOut:
    return MemberOut(
        gid=row.gid, name=row.account.name, email=row.account.email, role=Role(row.role), since=row.since
    )


def _invitation(row: Invitation, state: InvitationState) -> InvitationOut:
    return InvitationOut(gid=row.gid, email=row.email, role=Role(row.role), state=state, until=row.until)


def _history(shop: Shop) -> list[NoteOut]:
    return [
        NoteOut(
            event=Note(it.note.event),
            by=it.by,
            whom=it.whom,
            role=Role(it.note.role) if it.note.role else None,
            at=it.note.at,
        )
        for it in queries.history_of(shop)
    ]


def _shop(row: Shop) -> LabelsShopOut:
    now = timezone.now()
    current = queries.agreement_on(row, now.date())
    return LabelsShopOut(
        gid=row.gid,
        label=row.label.gid if row.label else None,
        name=row.name,
        country=row.country,
        handle=row.handle,
        state=State(row.state),
        founded_at=row.founded_at,
        agreements=[
            AgreementOut(
                number=it.agreement.number,
                price=money_out(it.agreement.terms.price),
                from_date=it.agreement.from_date,
                until=it.agreement.until,
                made_by=it.by,
                made_at=it.agreement.made_at,
                holds=it.agreement == current,
            )
            for it in queries.agreements_of(row)
        ],
        members=[_member(it) for it in queries.members_of(row)],
        invitations=[_invitation(it, state) for it, state in queries.invitations_of(row, now=now)],
        history=_history(row),
    )


def _terms(given: AgreementIn) -> Terms:
    if given.price is None:
        return Terms(usual().track_price, given.from_date, given.until)
    try:
        price = exactly(Decimal(given.price), usual().reference)
    except VocabularyError as error:
        raise Problem("price_refused") from error
    return Terms(price, given.from_date, given.until)
