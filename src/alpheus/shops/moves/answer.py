"""Say yes or no to a move, or take it back. The last yes has it done: `submissions.move_artist` calls this, and then `settle`."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from alpheus.mail.letters import Kind as Letter
from alpheus.parties.models import Account
from alpheus.shops.moves import rules
from alpheus.shops.moves.errors import MoveOver, MoveUnknown
from alpheus.shops.moves.models import Move
from alpheus.shops.moves.queries import awaited, move_for, needed, sides_of
from alpheus.shops.moves.rules import Event, Side, State
from alpheus.shops.moves.steps import note, tell


def locked(account: Account, gid: UUID) -> Move:
    """A move in which an account has a say, which nobody else answers until this transaction ends.

    Raises:
        MoveUnknown: there is none.
        MoveOver: it is settled.
    """
    Move.objects.select_for_update(of=("self",)).filter(gid=gid).first()
    row = move_for(account, gid)
    if row.state != State.ASKED:
        raise MoveOver(State(row.state))
    return row


def say_yes(*, move: Move, by: Account, now: datetime) -> frozenset[Side]:
    """Agree to a locked move for the sides that somebody speaks for. Returns who is still to be heard.

    The last yes is not written down here: what moved is written with it.

    Raises:
        MoveUnknown: they spoke already, and wait for others.
    """
    own = sides_of(by, move) & awaited(move)
    if not own:
        raise MoveUnknown
    if Side.ARTIST in own and move.musician_id is None:
        move.musician = by
        move.save(update_fields=["musician"])
    left = awaited(move) - own
    if left:
        for side in sorted(own):
            note(move=move, event=Event.AGREE.value, side=side, actor=by, now=now)
    return left


@transaction.atomic
def decline(*, by: Account, gid: UUID, now: datetime) -> Move:
    """Say no: it is over, and everybody else in it is told; raises as `locked` does.

    Raises:
        MoveUnknown: their word is not waited for: who asked takes it back.
    """
    move = locked(by, gid)
    own = sides_of(by, move) & awaited(move)
    if not own:
        raise MoveUnknown
    return _end(move, Event.DECLINE, min(own), by, now)


@transaction.atomic
def withdraw(*, by: Account, gid: UUID, now: datetime) -> Move:
    """Take a yes back before all have said it: the move is over; raises as `locked` does.

    Raises:
        MoveUnknown: they said none.
    """
    move = locked(by, gid)
    own = sides_of(by, move) - awaited(move)
    if not own:
        raise MoveUnknown
    return _end(move, Event.WITHDRAW, min(own), by, now)


def _end(move: Move, event: Event, side: Side, by: Account, now: datetime) -> Move:
    state = rules.after(State(move.state), event)
    if state is None:
        raise MoveOver(State(move.state))
    others = needed(move) - sides_of(by, move)
    move.state, move.settled_at = state.value, now
    move.save(update_fields=["state", "settled_at"])
    note(move=move, event=event.value, side=side, actor=by, now=now)
    kind = Letter.MOVE_DECLINED if event is Event.DECLINE else Letter.MOVE_WITHDRAWN
    tell(move=move, kind=kind, sides=others, now=now)
    return move
