"""Who is paid, for accountants: each sight of their details is written down, as on the page, and their owner sees that."""

# ruff: noqa: ARG001 - the framework gives every operation the request, by that name

from datetime import datetime
from typing import Literal
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema
from pydantic import Field

from alpheus.api.callers import Admitted, caller_of, prove_anew
from alpheus.api.limits import BROWSE
from alpheus.api.problems import Problem
from alpheus.api.token import Scope
from alpheus.parties import details
from alpheus.parties.errors import DetailsUnknown
from alpheus.parties.models import StaffRole
from alpheus.parties.traces import Kind
from alpheus.shops.queries import payees_of_shops
from alpheus.shops.rules import State
from alpheus.submissions.queries import paid_like_refused

router = Router(tags=["office"])

ACCOUNTANT = Admitted(scope=Scope.PAYEES, policy=BROWSE, role=StaffRole.Role.ACCOUNTANT)


class PayeeOut(Schema):
    """A shop, and whether who is paid for it gave their details; none of them stands here."""

    shop: UUID
    name: str
    state: State
    account: UUID | None = Field(description="who is paid; null until a label has an owner")
    details_changed_at: datetime | None = Field(description="null while none are given")
    same_as_refused: list[Kind] = Field(
        description="what a refused payee gave too: it proves nothing, and is never told here"
    )


class PayeesOut(Schema):
    """The latest shops, at most 200."""

    items: list[PayeeOut]


class SeenOut(Schema):
    """One sight of somebody's details."""

    by: str = Field(description="empty once their account is erased")
    at: datetime


class PayeeDetailsOut(Schema):
    """Details as their owner gave them."""

    legal_name: str
    address: str
    country: str
    tax_status: str
    tax_number: str
    payout_method: Literal["bank", "alipay"]
    bank_holder: str
    bank_account: str
    bank_code: str
    alipay_account: str
    changed_at: datetime
    seen: list[SeenOut] = Field(description="the latest first; this very sight is the first")


@router.get("/office/payees", response=PayeesOut, auth=ACCOUNTANT, operation_id="list_payees")
def list_payees(request: HttpRequest) -> PayeesOut:
    """Shops, and whether their owners gave their details, or what a refused payee gave too."""
    shops = payees_of_shops()
    same = paid_like_refused(it.owner_id for it in shops if it.owner_id is not None)
    return PayeesOut(
        items=[
            PayeeOut(
                shop=it.shop.gid,
                name=it.shop.name,
                state=State(it.shop.state),
                account=it.shop.owner.gid if it.shop.owner else None,
                details_changed_at=it.details_changed_at,
                same_as_refused=sorted(same.get(it.owner_id or 0, set())),
            )
            for it in shops
        ]
    )


@router.post(
    "/office/payees/{gid:gid}/see", response=PayeeDetailsOut, auth=ACCOUNTANT, operation_id="see_payee"
)
def see_payee(request: HttpRequest, gid: UUID) -> PayeeDetailsOut:
    """Read the details of an account. Every call is a sight of its own: it is written down, and they see who it was."""
    viewer = caller_of(request).account_or_refuse
    prove_anew(request)
    try:
        opened = details.see(of=gid, viewer=viewer, now=timezone.now())
    except DetailsUnknown as error:
        raise Problem("not_found") from error
    seen = [SeenOut(by=str(it.viewer) if it.viewer else "", at=it.at) for it in details.seen(opened.account)]
    return PayeeDetailsOut.model_validate(
        dict(opened.fields) | {"changed_at": opened.changed_at, "seen": seen}
    )
