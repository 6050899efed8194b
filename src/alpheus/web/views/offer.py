"""What a listener does about an offer: ask to be told when it is on sale, keep what is free, choose a currency."""

from collections.abc import Callable, Mapping
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from alpheus.locker.errors import NotOfferedHere
from alpheus.locker.keep_free import keep_free
from alpheus.mail.addresses import absolute
from alpheus.parties.models import Account
from alpheus.shops.offers import queries
from alpheus.shops.offers import wish as wishing
from alpheus.shops.offers.errors import NotForSale, NotFree, OfferUnknown
from alpheus.shops.offers.models import Offer
from alpheus.values.money import CURRENCIES
from alpheus.web.middleware import LANGUAGE_COOKIE_SECONDS
from alpheus.web.prices import CURRENCY_COOKIE
from alpheus.web.views.back import whence
from alpheus.web.whereabouts import where

PENDING = "offer_pending"
"""In a guest's session: what they pressed, done once they are signed in."""


@require_POST
def wish(request: HttpRequest, gid: UUID) -> HttpResponse:
    """Ask to be told when it is on sale, or not to be (`wish=no`)."""
    if request.POST.get("wish") == "no" and isinstance(request.user, Account):
        wishing.give_up(account=request.user, offer=gid)
        messages.success(request, _("You will not be told."))
        return redirect(whence(request))
    return _do(request, "wish", gid)


@require_POST
def keep(request: HttpRequest, gid: UUID) -> HttpResponse:
    """Keep what is free."""
    return _do(request, "keep", gid)


@require_safe
def after(request: HttpRequest, gid: UUID) -> HttpResponse:
    """Do what a guest pressed before they signed in, and lead back to the page on which they did."""
    act, about = request.session.pop(PENDING, ("", ""))
    if isinstance(request.user, Account) and act in _ACTS and about == str(gid):
        return _do(request, act, gid)
    return redirect(_page(_offer(gid)))


@require_POST
def currency(request: HttpRequest) -> HttpResponse:
    """Show prices in `currency` from now on."""
    response = HttpResponseRedirect(whence(request))
    chosen = request.POST.get("currency", "")
    if chosen in CURRENCIES:
        response.set_cookie(
            CURRENCY_COOKIE,
            chosen,
            max_age=LANGUAGE_COOKIE_SECONDS,
            secure=settings.SESSION_COOKIE_SECURE,
            samesite="Lax",
        )
    return response


def _do(request: HttpRequest, act: str, gid: UUID) -> HttpResponse:
    found = _offer(gid)
    if not isinstance(request.user, Account):
        request.session[PENDING] = [act, str(gid)]
        back = reverse("web:offer-after", args=[gid])
        return redirect(f"{reverse('account_login')}?{urlencode({'next': back})}")
    try:
        _ACTS[act](request, request.user, found)
    except (NotForSale, NotFree):
        messages.error(request, _("The price was changed meanwhile. This is what holds now."))
    except NotOfferedHere:
        messages.error(request, _("Its shop does not offer this in your country."))
    return redirect(_page(found))


def _wish(request: HttpRequest, account: Account, offer: Offer) -> None:
    link = absolute(request, _page(offer))
    wishing.ask(account=account, offer=offer.gid, link=link, now=timezone.now())
    messages.success(request, _("You get one letter when it is on sale."))


def _keep(request: HttpRequest, account: Account, offer: Offer) -> None:
    keep_free(account=account, offer=offer.gid, here=where(request), now=timezone.now())
    messages.success(request, _("It is yours. It stands in your library."))


_ACTS: Mapping[str, Callable[[HttpRequest, Account, Offer], None]] = {"wish": _wish, "keep": _keep}


def _offer(gid: UUID) -> Offer:
    try:
        return queries.offer(gid).offer
    except OfferUnknown as error:
        raise Http404 from error


def _page(offer: Offer) -> str:
    """Where what is offered stands."""
    if offer.release is not None:
        return reverse("web:release", args=[offer.release.gid])
    return reverse("web:recording", args=[offer.recording.gid]) if offer.recording else "/"
