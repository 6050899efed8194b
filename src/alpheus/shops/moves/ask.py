"""Ask for a move: a label invites an artist or lets one go, or who runs the artist asks; everybody else in it has a say."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction

from alpheus.mail.letters import Kind as Letter
from alpheus.parties.models import Account, Artist
from alpheus.shops.brand.invite import address_of
from alpheus.shops.errors import NotYours, ShopUnknown
from alpheus.shops.models import Shop
from alpheus.shops.moves.errors import MoveAskedAlready, MoveRefused
from alpheus.shops.moves.models import Move
from alpheus.shops.moves.queries import Whereabouts, awaited, sides_of, whereabouts
from alpheus.shops.moves.rules import State
from alpheus.shops.moves.steps import note, tell
from alpheus.shops.rules import Kind
from alpheus.shops.rules import State as ShopState


@transaction.atomic
def ask(
    *,
    by: Account,
    artist: UUID,
    to: UUID | None,
    takes_releases: bool,
    link: Callable[[UUID], str],
    now: datetime,
    email: str = "",
) -> Move:
    """Ask that an artist goes to a label, or into independence; who asks has agreed for the sides they speak for.

    Args:
        by: who asks.
        artist: whose move it is.
        to: the gid of the label's shop; none: into independence.
        takes_releases: whether what is out moves with them, else it stays where it came out.
        link: the page of the move with a gid.
        now: the time.
        email: where who runs the artist is asked, of an artist whom a label added by name.

    Raises:
        MoveRefused: they sell nowhere, are there already, or nobody is there to run them.
        ShopUnknown: there is no such label's shop, or it is closed.
        NotYours: who asks has no say in it.
        AddressRefused: `email` is none.
        MoveAskedAlready: the same waits for an answer.
    """
    found = Artist.objects.select_for_update(of=("self",)).filter(gid=artist).first()
    at = whereabouts(found) if found is not None else None
    if found is None or at is None:
        raise MoveRefused
    label = _label(to) if to is not None else None
    address = address_of(email) if email and at.musician is None else ""
    _refuse_what_leads_nowhere(at, label, address)
    move = Move(
        gid=uuid4(),
        artist=found,
        musician=at.musician,
        email=address,
        from_shop=at.shop,
        to_shop=label,
        takes_releases=takes_releases,
        asked_at=now,
    )
    move.link = link(move.gid)
    spoken_for = sides_of(by, move)
    if not spoken_for:
        raise NotYours
    if Move.objects.filter(artist=found, to_shop=label, state=State.ASKED).exists():
        raise MoveAskedAlready
    move.save()
    for side in sorted(spoken_for):
        note(move=move, event="ask", side=side, actor=by, now=now)
    tell(move=move, kind=Letter.MOVE_ASKED, sides=awaited(move), now=now)
    return move


def _refuse_what_leads_nowhere(at: Whereabouts, label: Shop | None, address: str) -> None:
    """Nobody moves to where they are; who becomes independent has somebody who runs them; one at least is asked."""
    if label is None and (not at.is_label or (at.musician is None and not address)):
        raise MoveRefused
    if label is not None and label.pk == at.shop.pk:
        raise MoveRefused


def _label(gid: UUID) -> Shop:
    rows = Shop.objects.select_related("owner").filter(gid=gid, kind=Kind.BRAND)
    shop = rows.exclude(state=ShopState.CLOSED).first()
    if shop is None:
        raise ShopUnknown
    return shop
