"""Shops as listeners see them: the newest, and each at its address."""

from collections.abc import Mapping

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from alpheus.community import follow as following
from alpheus.community.follow import leave
from alpheus.community.queries import follow_of, followed_by
from alpheus.mail.addresses import absolute
from alpheus.parties.models import Account
from alpheus.shops import queries
from alpheus.shops.brand.queries import roster_of
from alpheus.shops.errors import ShopUnknown
from alpheus.shops.models import Shop
from alpheus.shops.queries import NOTHING, Filter, Sort
from alpheus.shops.rules import Kind
from alpheus.shops.seats import belongs_to
from alpheus.web import listing
from alpheus.web.clocks import told
from alpheus.web.explicit import shows_explicit
from alpheus.web.guards import account_of, members_only
from alpheus.web.preparing import playable
from alpheus.web.prices import Reader
from alpheus.web.templatetags.words import territory

LISTED = 30
GENRES = 300
"""Genres to choose from."""
SORTS: Mapping[Sort, Promise] = {"new": gettext_lazy("New"), "loved": gettext_lazy("Most loved")}
KINDS: Mapping[str, Promise] = {
    "": gettext_lazy("All"),
    Kind.BRAND: gettext_lazy("Labels"),
    Kind.INDEPENDENT: gettext_lazy("Independents"),
}
CHROMA = 0.062
"""Of a head whose hue the musician chose: the lightness stays ours, so that all that stands on it can be read."""


@require_safe
def everything(request: HttpRequest) -> HttpResponse:
    """The storefront: open shops, the newest first or the most loved, narrowed by genre and country."""
    sort = listing.asked(request, "sort", SORTS, usual="new")
    kind = listing.asked(request, "kind", KINDS, usual="")
    only = Filter(genre=_short(request, "genre"), country=_short(request, "country"), kind=kind)
    found = listing.read(
        request, lambda cursor: queries.open_shops(sort=sort, only=only, cursor=cursor, size=LISTED)
    )
    countries = [(code, territory(code)) for code in queries.countries_of_shops()]
    return render(
        request,
        "web/shops.html",
        {
            "followed": _followed(request) if only == NOTHING and sort == "new" else [],
            "rows": found.rows,
            "sort": sort,
            "sorts": listing.choices(request, "sort", SORTS, chosen=sort, usual="new"),
            "kinds": listing.choices(request, "kind", KINDS, chosen=kind, usual=""),
            "only": only,
            "genres": queries.genres_of_shops(limit=GENRES),
            "countries": sorted(countries, key=lambda it: it[1].casefold()),
            **listing.around(request, found),
        },
    )


@require_safe
def page(request: HttpRequest, handle: str) -> HttpResponse:
    """Show a shop at its address; it has one way to be written."""
    if handle != handle.lower():
        return redirect("web:shop", handle=handle.lower())
    try:
        shop = queries.shop_at(handle)
    except ShopUnknown as error:
        raise Http404 from error
    shown = shows_explicit(request)
    releases = queries.releases_shown_in(shop)
    featured = queries.featured_shown_in(shop)
    prices = Reader(request).of([it.gid for it in releases])
    for release in releases:
        release.price = prices[release.gid].price if release.gid in prices else ""  # type: ignore[attr-defined] # for its tile
    return render(
        request,
        "web/shop.html",
        {
            "shop": shop,
            "tint": _tint(shop),
            "releases": releases,
            "soon": [
                (it.release, told(request, it.early.until, zone=it.early.zone))
                for it in queries.soon_shown_in(shop, now=timezone.now())
            ],
            "queue": playable([it for it in queries.recordings_shown_in(shop) if shown or not it.explicit]),
            "featured": featured,
            "featured_queue": playable(
                [it for it in featured.recordings if shown or not it.explicit] if featured else []
            ),
            "links": [(it, it.partition("://")[2].strip("/")) for it in shop.links.split()],
            "is_own": isinstance(request.user, Account) and belongs_to(request.user, shop),
            "roster": roster_of(shop),
            "follow": follow_of(request.user, shop) if isinstance(request.user, Account) else None,
        },
    )


@require_POST
@members_only
def follow(request: HttpRequest, handle: str) -> HttpResponse:
    """Follow the shop, ask for letters or end them, or leave it."""
    try:
        shop = queries.shop_at(handle)
    except ShopUnknown as error:
        raise Http404 from error
    account = account_of(request)
    if request.POST.get("follow") == "no":
        leave(account=account, shop=shop)
    else:
        link = absolute(request, reverse("web:shop", args=[shop.handle]))
        mail = request.POST.get("mail") == "on"
        following.follow(account=account, shop=shop, mail=mail, link=link, now=timezone.now())
    return redirect("web:shop", handle=shop.handle)


def _tint(shop: Shop) -> tuple[float, float] | None:
    """Hue and chroma of its head: the one that was chosen, or else its picture's; None is paper."""
    if shop.hue is not None:
        return shop.hue, CHROMA
    return (shop.header.hue, min(shop.header.chroma, CHROMA)) if shop.header else None


def _short(request: HttpRequest, name: str) -> str:
    """What the address narrows to; nothing that a database would choke on."""
    return request.GET.get(name, "").replace("\0", "")[:200]


def _followed(request: HttpRequest) -> list[Shop]:
    """What a member follows stands before all others, on the first page."""
    if not isinstance(request.user, Account) or request.GET.get("cursor"):
        return []
    return followed_by(request.user)
