"""For which shop somebody works on these pages: the one that they chose, as long as they belong to it, else their own."""

from uuid import UUID

from django.http import HttpRequest

from alpheus.shops.errors import NotYours, RoleRefused
from alpheus.shops.models import Shop
from alpheus.shops.rules import May
from alpheus.shops.seats import Seat, seat_of, seats_of
from alpheus.web.guards import account_of

_CHOSEN = "shop"
"""In the session: the gid of the shop that was chosen."""


def seat_here(request: HttpRequest) -> Seat | None:
    """Somebody's place in the shop that they chose; None while they belong to no shop."""
    seats, chosen = seats_of(account_of(request)), _chosen(request)
    return next((it for it in seats if it.shop.gid == chosen), seats[0] if seats else None)


def shop_here(request: HttpRequest, what: May) -> Shop:
    """The shop that they chose, for something that they may do there.

    Raises:
        NotYours: they belong to no shop; the guard says that nothing is here.
        RoleRefused: their role does not allow it; the guard refuses.
    """
    seat = seat_here(request)
    if seat is None:
        raise NotYours
    if not seat.may(what):
        raise RoleRefused
    return seat.shop


def choose(request: HttpRequest, shop: UUID) -> bool:
    """Work for a shop from now on. Returns False where they do not belong to it."""
    if seat_of(account_of(request), shop) is None:
        return False
    request.session[_CHOSEN] = str(shop)
    return True


def _chosen(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.session.get(_CHOSEN, ""))
    except ValueError:
        return None
