"""Reads of moves, named by what they return."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from alpheus.catalogue.models import Release
from alpheus.parties.models import Account, Artist
from alpheus.parties.queries import names_of
from alpheus.shops.brand.models import Rostered
from alpheus.shops.models import Piece, Shop
from alpheus.shops.moves import rules
from alpheus.shops.moves.errors import MoveUnknown
from alpheus.shops.moves.models import Move, MoveStep
from alpheus.shops.moves.rules import Event, Side, State
from alpheus.shops.rules import Kind, May, roles_that
from alpheus.shops.seats import works_in


@dataclass(frozen=True)
class Whereabouts:
    """With whom an artist is, and who runs them."""

    shop: Shop
    musician: Account | None

    @property
    def is_label(self) -> bool:
        """Whether they are on a roster."""
        return self.shop.kind == Kind.BRAND


@dataclass(frozen=True)
class Stepped:
    """A line of a move's history as pages show it."""

    step: MoveStep
    by: str
    """The name of who did it; empty once their account is erased."""


def whereabouts(artist: Artist) -> Whereabouts | None:
    """With whom an artist is now: a label, or their own shop; None where they sell nowhere."""
    row = Rostered.objects.filter(artist=artist, until=None).select_related("shop__owner", "musician").first()
    if row is not None:
        return Whereabouts(row.shop, row.musician)
    shop = Shop.objects.filter(artist=artist).select_related("owner").first()
    return Whereabouts(shop, shop.owner) if shop is not None else None


def needed(move: Move) -> frozenset[Side]:
    """Whose word a move needs."""
    return rules.sides(
        has_musician=move.musician_id is not None or bool(move.email),
        from_label=move.from_shop is not None and move.from_shop.kind == Kind.BRAND,
        to_label=move.to_shop is not None,
    )


def awaited(move: Move) -> frozenset[Side]:
    """Who has not said yes yet; nobody once it is settled."""
    if move.state != State.ASKED:
        return frozenset()
    said = MoveStep.objects.filter(move=move, event__in=["ask", Event.AGREE])
    return rules.awaited(needed(move), {Side(it) for it in said.values_list("side", flat=True)})


def sides_of(account: Account, move: Move) -> frozenset[Side]:
    """For which sides of a move an account may speak."""
    is_musician = move.musician_id == account.pk or (
        move.musician_id is None and bool(move.email) and move.email.casefold() == account.email.casefold()
    )
    speaks = {
        Side.ARTIST: is_musician,
        Side.FROM: move.from_shop is not None and works_in(account, move.from_shop, May.ROSTER),
        Side.TO: move.to_shop is not None and works_in(account, move.to_shop, May.ROSTER),
    }
    return frozenset(side for side, does in speaks.items() if does and side in needed(move))


def move_for(account: Account, gid: UUID) -> Move:
    """A move in which an account has a say.

    Raises:
        MoveUnknown: there is none.
    """
    row = _whole(Move.objects.filter(gid=gid)).first()
    if row is None or not sides_of(account, row):
        raise MoveUnknown
    return row


def moves_of(account: Account) -> list[Move]:
    """Moves in which an account has a say, as who runs the artist or for labels whose roster it keeps; the latest first."""
    asked = Q(musician=None, email__iexact=account.email)
    labels = account.memberships.filter(role__in=roles_that(May.ROSTER)).values("shop")
    of_labels = Q(from_shop__in=labels) | Q(to_shop__in=labels)
    return list(_whole(Move.objects.filter(Q(musician=account) | asked | of_labels)))


def history(move: Move) -> list[Stepped]:
    """What happened to a move, in order."""
    steps = list(MoveStep.objects.filter(move=move))
    names = names_of(it.actor for it in steps)
    return [Stepped(it, names.get(it.actor, "")) for it in steps]


def releases_to_move(move: Move) -> list[Release]:
    """What of the artist is out in the shop that they leave, in its order: it moves with them if that is agreed.

    Of a move that is settled nothing waits any more.
    """
    if move.state != State.ASKED or move.from_shop is None:
        return []
    pieces = pieces_out(move.from_shop, move.artist)
    return list(dict.fromkeys(it.release for it in pieces if it.release is not None))


def pieces_out(shop: Shop, artist: Artist) -> Sequence[Piece]:
    """An artist's pieces in a shop: an independent's are all theirs, of a label's those that are credited to them first."""
    rows = shop.pieces.select_related("release", "recording", "shop").order_by("position", "pk")
    if shop.kind == Kind.BRAND:
        first = rows.filter(release__credit__artists__artist=artist, release__credit__artists__position=0)
        rows = first.distinct()
    return list(rows)


def run_by(account: Account) -> list[Rostered]:
    """Whom of a label's roster an account runs."""
    rows = Rostered.objects.filter(musician=account, until=None).select_related("artist", "shop")
    return list(rows.order_by("since", "pk"))


def _whole(rows: QuerySet[Move]) -> QuerySet[Move]:
    return rows.select_related("artist", "musician", "from_shop__owner", "to_shop__owner")
