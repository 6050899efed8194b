"""Shops as listeners see them: the newest, and each at its address."""

from collections.abc import Iterable

from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from alpheus.catalogue.models import Recording, Release
from alpheus.community import follow as following
from alpheus.community.follow import leave
from alpheus.community.queries import follow_of, followed_by
from alpheus.parties.models import Account
from alpheus.shops import queries
from alpheus.shops.errors import ShopUnknown
from alpheus.shops.models import Shop
from alpheus.web import listing
from alpheus.web.addresses import absolute
from alpheus.web.countries import country
from alpheus.web.explicit import shows_explicit
from alpheus.web.guards import account_of, members_only
from alpheus.web.preparing import playable

LISTED = 30
CHROMA = 0.062
"""Of a head whose hue the musician chose: the lightness stays ours, so that all that stands on it can be read."""


@require_safe
def everything(request: HttpRequest) -> HttpResponse:
    """List open shops, the newest first."""
    found = listing.read(request, lambda cursor: queries.newest(cursor=cursor, size=LISTED))
    return render(
        request,
        "web/list.html",
        {
            "kind": "shops",
            "heading": _("Shops"),
            "followed": _followed(request),
            "back": reverse("web:home"),
            "rows": found.rows,
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
    releases = queries.releases_of(shop)
    return render(
        request,
        "web/shop.html",
        {
            "shop": shop,
            "country": country(shop.country),
            "chroma": CHROMA,
            "releases": releases,
            "queue": _queue(releases, explicit=shows_explicit(request)),
            "links": [(it, it.partition("://")[2].strip("/")) for it in shop.links.split()],
            "is_own": shop.owner == request.user,
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


def _followed(request: HttpRequest) -> list[Shop]:
    """What a member follows stands before all others, on the first page."""
    if not isinstance(request.user, Account) or request.GET.get("cursor"):
        return []
    return followed_by(request.user)


def _queue(releases: Iterable[Release], *, explicit: bool) -> list[str]:
    """All that the shop has, in its order."""
    sounding = Recording.objects.filter(removed_at=None).select_related("asset").defer("asset__peaks")
    rows = Release.objects.filter(pk__in=[it.pk for it in releases]).prefetch_related(
        Prefetch("media__tracks__recording", queryset=sounding.prefetch_related("asset__renditions"))
    )
    by_number = {row.pk: row for row in rows}
    recordings = [
        track.recording
        for release in releases
        for medium in by_number[release.pk].media.all()
        for track in medium.tracks.all()
    ]
    return list(dict.fromkeys(playable([it for it in recordings if explicit or not it.explicit])))
