"""Artists' moves between label and independence, for labels and for who runs the artist."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from ninja import Router, Schema, Status
from pydantic import Field

from alpheus.api import represent
from alpheus.api.callers import caller_of
from alpheus.api.once import once
from alpheus.api.shapes import Given, ReleaseOut, Text
from alpheus.api.shops import MEMBERS
from alpheus.mail.addresses import absolute
from alpheus.parties.models import Account
from alpheus.shops.moves import queries
from alpheus.shops.moves.answer import decline, withdraw
from alpheus.shops.moves.ask import ask
from alpheus.shops.moves.models import Move
from alpheus.shops.moves.rules import Side, State
from alpheus.submissions.move_artist import agree

router = Router(tags=["labels"])


class MoveAskedIn(Given):
    """A move that is asked for."""

    artist: UUID
    to: UUID | None = Field(description="the gid of a label's shop; null: into independence")
    takes_releases: bool = Field(description="whether what is out moves with them")
    email: Annotated[Text, Field(max_length=320)] = Field(
        default="", description="of who runs the artist, where the label added them by name"
    )


class MoveAnswerIn(Given):
    """What is said to one."""

    answer: Literal["agree", "decline", "withdraw"]


class MoveStepOut(Schema):
    """What happened to a move."""

    event: str
    side: Side
    by: str = Field(description="empty once their account is erased")
    releases: int = Field(description="that moved with the artist")
    tracks: int
    at: datetime


class MoveOut(Schema):
    """A move."""

    gid: UUID
    state: State
    artist: UUID
    name: str
    from_shop: str
    to_shop: str | None = Field(description="null: into independence")
    takes_releases: bool
    awaited: list[Side] = Field(description="who has not agreed yet")
    releases: list[ReleaseOut] = Field(
        description="that are out in the shop which they leave, until it is done"
    )
    steps: list[MoveStepOut]


class MovesOut(Schema):
    """Moves in which the caller has a say."""

    items: list[MoveOut]


@router.get("/studio/moves", response=MovesOut, auth=MEMBERS, operation_id="list_moves")
def list_moves(request: HttpRequest) -> MovesOut:
    """Moves in which the caller has a say, as who runs the artist or for a label; the latest first."""
    return MovesOut(items=[_out(it) for it in queries.moves_of(caller_of(request).account_or_refuse)])


@router.post("/studio/moves", response={201: MoveOut}, auth=MEMBERS, operation_id="ask_move")
@once
def ask_move(request: HttpRequest, given: MoveAskedIn) -> Status[MoveOut]:
    """Ask that an artist moves; everybody else in it is asked by letter. Takes an Idempotency-Key."""
    move = ask(
        by=caller_of(request).account_or_refuse,
        artist=given.artist,
        to=given.to,
        takes_releases=given.takes_releases,
        email=given.email,
        link=lambda gid: absolute(request, reverse("web:studio-move", args=[gid])),
        now=timezone.now(),
    )
    return Status(201, _out(move))


@router.get("/studio/moves/{gid:gid}", response=MoveOut, auth=MEMBERS, operation_id="get_move")
def get_move(request: HttpRequest, gid: UUID) -> MoveOut:
    """A move in which the caller has a say: what moves with the artist, who is still to be heard, what was said."""
    return _out(queries.move_for(caller_of(request).account_or_refuse, gid))


@router.post("/studio/moves/{gid:gid}/answer", response=MoveOut, auth=MEMBERS, operation_id="answer_move")
@once
def answer_move(request: HttpRequest, gid: UUID, given: MoveAnswerIn) -> MoveOut:
    """Agree, decline, or take one's own yes back; the last yes has it done. Takes an Idempotency-Key."""
    account: Account = caller_of(request).account_or_refuse
    verb = {"agree": agree, "decline": decline, "withdraw": withdraw}[given.answer]
    return _out(verb(by=account, gid=gid, now=timezone.now()))


def _out(move: Move) -> MoveOut:
    return MoveOut(
        gid=move.gid,
        state=State(move.state),
        artist=move.artist.gid,
        name=move.artist.name,
        from_shop=move.from_shop.name if move.from_shop else "",
        to_shop=move.to_shop.name if move.to_shop else None,
        takes_releases=move.takes_releases,
        awaited=sorted(queries.awaited(move)),
        releases=[represent.release(it) for it in queries.releases_to_move(move)],
        steps=[
            MoveStepOut(
                event=it.step.event,
                side=Side(it.step.side),
                by=it.by,
                releases=it.step.releases,
                tracks=it.step.tracks,
                at=it.step.at,
            )
            for it in queries.history(move)
        ],
    )
