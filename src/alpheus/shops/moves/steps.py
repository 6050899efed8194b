"""Write down what was said to a move, and tell the others by letter. Other verbs call this, with the move locked."""

from collections.abc import Iterable
from datetime import datetime

from alpheus.database.numbers import next_number
from alpheus.mail.letters import Kind
from alpheus.mail.post import post
from alpheus.parties.models import Account
from alpheus.shops.moves.models import Move, MoveStep
from alpheus.shops.moves.rules import Side


def note(
    *, move: Move, event: str, side: Side, actor: Account, now: datetime, releases: int = 0, tracks: int = 0
) -> MoveStep:
    """Add to a move's history."""
    return MoveStep.objects.create(
        move=move,
        number=next_number(MoveStep.objects.filter(move=move)),
        event=event,
        side=side.value,
        actor=actor.gid,
        releases=releases,
        tracks=tracks,
        at=now,
    )


def tell(*, move: Move, kind: Kind, sides: Iterable[Side], now: datetime) -> None:
    """Write to some sides of a move, each in its language: to who runs the artist, or to who owns a label."""
    for side in sorted(sides):
        reader, address = _reader(move, side)
        if not address:
            continue
        values = {
            "artist": move.artist.name,
            "before": move.from_shop.name if move.from_shop else "",
            "after": move.to_shop.name if move.to_shop else move.artist.name,
            "link": move.link,
        }
        language = reader.locale if reader else ""
        post(kind=kind, to=address, language=language, values=values, now=now)


def _reader(move: Move, side: Side) -> tuple[Account | None, str]:
    if side is Side.ARTIST:
        known = move.musician or Account.objects.filter(email__iexact=move.email or None).first()
        return known, known.email if known else move.email
    shop = move.from_shop if side is Side.FROM else move.to_shop
    owner = shop.owner if shop else None
    return owner, owner.email if owner else ""
