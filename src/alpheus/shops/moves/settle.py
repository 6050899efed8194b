"""Do a move on which all are agreed: the artist, their future releases, and what is out where that was agreed."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Max

from alpheus.catalogue.models import Release
from alpheus.catalogue.remove_recording import remove_recordings
from alpheus.mail.letters import Kind as Letter
from alpheus.parties.models import Account
from alpheus.shops.brand.follow_agreement import follow_agreement
from alpheus.shops.brand.models import Rostered
from alpheus.shops.brand.roster import put
from alpheus.shops.brand.rules import Note
from alpheus.shops.brand.write_down import write_down
from alpheus.shops.models import Piece, Shop
from alpheus.shops.moves import rules
from alpheus.shops.moves.errors import MoveHindered, MoveOver
from alpheus.shops.moves.models import Move
from alpheus.shops.moves.queries import awaited, needed, pieces_out, sides_of, whereabouts
from alpheus.shops.moves.rules import Conflict, Event, State
from alpheus.shops.moves.steps import note, tell
from alpheus.shops.offers.models import Offer
from alpheus.shops.rules import Kind
from alpheus.shops.rules import State as ShopState
from alpheus.shops.take_in import publish_if_free


def settle(*, move: Move, by: Account, now: datetime) -> list[Release]:
    """Do a locked move with the last yes. Returns the releases that moved with the artist.

    Plays, keeps, followers, splits and prices' history stay with what they are about.

    Raises:
        MoveHindered: it cannot be done now.
        MoveOver: it is settled.
    """
    state = rules.after(State(move.state), Event.MOVE)
    if state is None:
        raise MoveOver(State(move.state))
    origin = _origin(move)
    others = needed(move) - sides_of(by, move)
    sides = sorted(sides_of(by, move) & awaited(move))
    target = _target(move, origin, now)
    pieces = pieces_out(origin, move.artist) if move.takes_releases else []
    releases = list(dict.fromkeys(it.release for it in pieces if it.release is not None))
    _leave(move, origin, by, now)
    if target.kind == Kind.BRAND:
        put(shop=target, artist=move.artist, musician=move.musician, by=by, now=now)
    _carry(pieces, target, now)
    move.state, move.settled_at = state.value, now
    move.save(update_fields=["state", "settled_at"])
    for side in sides:
        note(
            move=move,
            event=Event.MOVE.value,
            side=side,
            actor=by,
            now=now,
            releases=len(releases),
            tracks=len(pieces),
        )
    tell(move=move, kind=Letter.MOVE_DONE, sides=others, now=now)
    return releases


def _origin(move: Move) -> Shop:
    """Where they are, as it was asked."""
    shops = [it.pk for it in (move.from_shop, move.to_shop) if it is not None]
    rows = {it.pk: it for it in Shop.objects.select_for_update().filter(pk__in=shops).order_by("pk")}
    at = whereabouts(move.artist)
    if at is None or at.shop.pk != move.from_shop_id:
        raise MoveHindered(Conflict.GONE)
    if any(it.state == ShopState.CLOSED for it in rows.values()):
        raise MoveHindered(Conflict.CLOSED)
    return at.shop


def _target(move: Move, origin: Shop, now: datetime) -> Shop:
    """The label; or the musician's own shop, founded where they have none."""
    if move.to_shop is not None:
        return move.to_shop
    if move.musician is None:
        raise MoveHindered(Conflict.NO_SHOP)
    own, made = Shop.objects.get_or_create(
        owner=move.musician,
        kind=Kind.INDEPENDENT,
        defaults={"name": move.artist.name, "country": origin.country, "founded_at": now},
    )
    of_another = own.artist_id not in {None, move.artist_id} or own.name != move.artist.name
    if not made and of_another:
        raise MoveHindered(Conflict.NO_SHOP)
    return own


def _leave(move: Move, origin: Shop, by: Account, now: datetime) -> None:
    """A label's roster is left; an independent's shop stays, with what stays in it."""
    if origin.kind != Kind.BRAND:
        return
    Rostered.objects.filter(artist=move.artist, shop=origin, until=None).update(until=now)
    write_down(shop=origin, event=Note.UNROSTERED, actor=by, whom=move.artist.gid, now=now)


def _carry(pieces: Sequence[Piece], target: Shop, now: datetime) -> None:
    """Pieces and their offers go behind what stands in the shop, in their order; prices go on as they were."""
    last = target.pieces.aggregate(last=Max("position"))["last"]
    first = 0 if last is None else last + 1
    places = {release: n for n, release in enumerate(dict.fromkeys(it.release_id or -it.pk for it in pieces))}
    for piece in pieces:
        offers = Offer.objects.filter(shop=piece.shop)
        offers.filter(recording=piece.recording).update(shop=target)
        if piece.release is not None:
            offers.filter(release=piece.release).update(shop=target)
        position = first + places[piece.release_id or -piece.pk]
        Piece.objects.filter(pk=piece.pk).update(shop=target, position=position)
    if target.state != ShopState.OPEN:
        remove_recordings(recordings=[it.recording for it in pieces], now=now)
    else:
        for piece in Piece.objects.select_related("shop", "release").filter(pk__in=[it.pk for it in pieces]):
            publish_if_free(piece=piece, now=now)
    follow_agreement(shop=target, now=now)
