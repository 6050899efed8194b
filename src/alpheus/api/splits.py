"""Splits: how a shop's owner shares income, and what others share with the caller."""

from datetime import date
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from ninja import Router, Schema, Status
from pydantic import Field, StringConstraints

from alpheus.api.callers import caller_of
from alpheus.api.once import once
from alpheus.api.seats import seat_called, shop_called, shop_for_call
from alpheus.api.shapes import Given, Text
from alpheus.api.shops import MEMBERS
from alpheus.mail.addresses import absolute
from alpheus.shops.rules import Kind, May
from alpheus.shops.splits import queries
from alpheus.shops.splits.answer import answer
from alpheus.shops.splits.models import Split
from alpheus.shops.splits.propose import Links, propose, withdraw
from alpheus.shops.splits.rules import PEOPLE_MAX, Answer, Person, State
from alpheus.values.share import WHOLE, Share

router = Router(tags=["shops"])

Parts = Annotated[int, Field(ge=1, le=WHOLE, description="ten-thousandths: 3333 is 33.33%")]


class PersonIn(Given):
    """Somebody who is to have a share."""

    name: Annotated[Text, Field(min_length=1, max_length=500)]
    email: Annotated[Text, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+$", max_length=320)]
    parts: Parts


class SplitIn(Given):
    """How the income of recordings is to be shared; all shares together are 10,000 ten-thousandths."""

    recordings: list[UUID] = Field(min_length=1, max_length=1000)
    own_parts: Parts | None = Field(default=None, description="the caller's share; null for none")
    people: list[PersonIn] = Field(min_length=1, max_length=PEOPLE_MAX)
    from_date: date = Field(description="UTC; today or later")


class AnswerIn(Given):
    """Yes or no to one's share."""

    accepts: bool


class PartOut(Schema):
    """One person's share."""

    name: str
    parts: int = Field(description="ten-thousandths")
    answer: Answer


class SplitOut(Schema):
    """A split with what its people said."""

    gid: UUID
    state: State
    shop: str
    recordings: list[UUID]
    people: list[PartOut]
    from_date: date
    counts_from: date | None = Field(description="null until it is agreed")


class SplitsOut(Schema):
    """What the caller proposed, and what others share with them."""

    own: list[SplitOut]
    shared: list[SplitOut]


@router.get("/studio/splits", response=SplitsOut, auth=MEMBERS, operation_id="list_splits")
def list_splits(request: HttpRequest) -> SplitsOut:
    """The splits of the caller's shop, and those in which they have a share or are asked to; the latest first."""
    account = caller_of(request).account_or_refuse
    seat = seat_called(request)
    may_see = seat is not None and seat.may(May.SEE_SPLITS)
    return SplitsOut(
        own=[_out(it) for it in queries.splits_of(seat.shop)] if seat and may_see else [],
        shared=[_out(it.split) for it in queries.parts_with(account)],
    )


@router.post("/studio/splits", response={201: SplitOut}, auth=MEMBERS, operation_id="propose_split")
@once
def propose_split(request: HttpRequest, given: SplitIn) -> Status[SplitOut]:
    """Ask everyone in a split to accept it, by letter. Takes an Idempotency-Key."""
    account = caller_of(request).account_or_refuse
    shop = shop_for_call(request, May.SPLITS)
    name = shop.name if shop.kind == Kind.BRAND else account.name
    own = [Person(name, "", Share(given.own_parts))] if given.own_parts else []
    split = propose(
        owner=account,
        shop=shop.gid,
        recordings=given.recordings,
        people=[*own, *(Person(it.name, it.email, Share(it.parts)) for it in given.people)],
        from_date=given.from_date,
        links=Links(
            splits=absolute(request, reverse("web:studio-splits")),
            answer=lambda secret: absolute(request, reverse("web:split", args=[secret])),
        ),
        now=timezone.now(),
    )
    return Status(201, _out(split))


@router.post(
    "/studio/splits/{gid:split}/withdraw", response=SplitOut, auth=MEMBERS, operation_id="withdraw_split"
)
@once
def withdraw_split(request: HttpRequest, split: UUID) -> SplitOut:
    """Take a proposal back that waits for answers. Takes an Idempotency-Key."""
    account = caller_of(request).account_or_refuse
    return _out(withdraw(owner=account, shop=shop_called(request), gid=split, now=timezone.now()))


@router.post(
    "/studio/splits/{gid:split}/answer", response=SplitOut, auth=MEMBERS, operation_id="answer_split"
)
@once
def answer_split(request: HttpRequest, split: UUID, given: AnswerIn) -> SplitOut:
    """Accept or decline the caller's share. Takes an Idempotency-Key."""
    account = caller_of(request).account_or_refuse
    part = queries.part_of(account, split)
    return _out(answer(account=account, part=part, accepts=given.accepts, now=timezone.now()))


def _out(split: Split) -> SplitOut:
    return SplitOut(
        gid=split.gid,
        state=State(split.state),
        shop=split.shop_name,
        recordings=[it.gid for it in split.recordings.all()],
        people=[PartOut(name=it.name, parts=it.parts, answer=Answer(it.answer)) for it in split.parts.all()],
        from_date=split.from_date,
        counts_from=split.counts_from,
    )
