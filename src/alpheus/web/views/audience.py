"""A musician's audience: what of theirs is heard and kept, and where."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from alpheus.insight.audience import PERIODS, audience, since
from alpheus.insight.rules import COHORT_LEAST
from alpheus.shops.rules import May
from alpheus.web.guards import members_only
from alpheus.web.seats import seat_here, shop_here

USUAL = 28
ALL = "all"


@never_cache
@require_safe
@members_only
def page(request: HttpRequest) -> HttpResponse:
    """Show who hears the music of the account's shop, over one of a few periods."""
    if seat_here(request) is None:
        return redirect("web:studio")
    shop = shop_here(request, May.AUDIENCE)
    days = _days(request.GET.get("days", str(USUAL)))
    found = audience(shop=shop, since=since(days, timezone.now()))
    most = max((people for _, people in found.territories.told), default=1)
    return render(
        request,
        "web/studio/audience.html",
        {
            "shop": shop,
            "days": days,
            "periods": PERIODS,
            "audience": found,
            "territories": [(code, people, 100 * people / most) for code, people in found.territories.told],
            "least": COHORT_LEAST,
        },
    )


def _days(asked: str) -> int | None:
    """One of the periods; the usual one where something else was asked for, None for all time."""
    if asked == ALL:
        return None
    return int(asked) if asked in {str(it) for it in PERIODS} else USUAL
