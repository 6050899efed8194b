"""For which shop an operation of the studio is called: the header `Alpheus-Shop` names it, else it is the caller's own."""

from uuid import UUID

from django.http import HttpRequest

from alpheus.api.callers import caller_of
from alpheus.shops.errors import NotYours
from alpheus.shops.models import Shop
from alpheus.shops.rules import May
from alpheus.shops.seats import Seat, seat_for, seat_of

HEADER = "Alpheus-Shop"


def shop_called(request: HttpRequest) -> UUID | None:
    """The gid of the shop that the call names; None where it names none.

    Raises:
        NotYours: what it names is no gid.
    """
    named = request.headers.get(HEADER, "")
    try:
        return UUID(named) if named else None
    except ValueError as error:
        raise NotYours from error


def seat_called(request: HttpRequest) -> Seat | None:
    """The caller's place in that shop, or in the first in which they work; None where they work in none.

    Raises:
        NotYours: the call names one in which they do not work.
    """
    shop = shop_called(request)
    seat = seat_of(caller_of(request).account_or_refuse, shop)
    if seat is None and shop is not None:
        raise NotYours
    return seat


def shop_for_call(request: HttpRequest, what: May) -> Shop:
    """The shop of a call, for something that the caller may do there.

    Raises:
        NotYours: they work in none, or not in the one that is named.
        RoleRefused: their role does not allow it.
    """
    return seat_for(caller_of(request).account_or_refuse, shop_called(request), what).shop
