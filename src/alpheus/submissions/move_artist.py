"""Agree to an artist's move. With the last yes it is done, and what they handed in goes where their releases go."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from alpheus.catalogue.models import Release
from alpheus.parties.models import Account
from alpheus.shops.moves.answer import locked, say_yes
from alpheus.shops.moves.errors import MoveHindered
from alpheus.shops.moves.models import Move
from alpheus.shops.moves.rules import Conflict
from alpheus.shops.moves.settle import settle
from alpheus.shops.rules import Kind as ShopKind
from alpheus.submissions.models import Submission
from alpheus.submissions.rules import UNDER_WAY, Kind, State


@transaction.atomic
def agree(*, by: Account, gid: UUID, now: datetime) -> Move:
    """Say yes to a move; the last who does has it done.

    Raises:
        MoveUnknown: there is none in which they have a say, or they said it already.
        MoveOver: it is settled.
        MoveHindered: it cannot be done now; nothing is changed, and they may say yes again later.
    """
    move = locked(by, gid)
    if say_yes(move=move, by=by, now=now):
        return move
    if _is_under_way(move):
        raise MoveHindered(Conflict.IN_AUDIT)
    _hand_over(move, settle(move=move, by=by, now=now))
    return move


def _is_under_way(move: Move) -> bool:
    """Whether a release of theirs is being heard or waits for its day: it would appear in the wrong shop."""
    rows = Submission.objects.filter(kind=Kind.RELEASE)
    if move.from_shop is not None and move.from_shop.kind == ShopKind.BRAND:
        rows = rows.filter(shop=move.from_shop, artist=move.artist)
    else:
        rows = rows.filter(shop=None, account=move.musician)
    heard = Q(state__in=[it.value for it in UNDER_WAY - {State.DRAFT}])
    waits = Q(state=State.ACCEPTED, published_at=None)
    return rows.filter(heard | waits).exists()


def _hand_over(move: Move, releases: Sequence[Release]) -> None:
    """Who publishes a release now changes it."""
    rows = Submission.objects.filter(release__in=releases, kind=Kind.RELEASE)
    if move.to_shop is not None:
        rows.update(shop=move.to_shop, artist=move.artist)
    elif move.musician is not None:
        rows.update(shop=None, artist=None, account=move.musician)
