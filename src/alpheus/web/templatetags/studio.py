"""What the studio's pages show at their head: for which shop one works there, and for which others one could."""

from typing import Any

from django import template
from django.template.context import RequestContext

from alpheus.shops.seats import seats_of
from alpheus.web.guards import account_of
from alpheus.web.seats import seat_here

register = template.Library()


@register.inclusion_tag("web/studio/seats.html", takes_context=True)
def seats(context: RequestContext) -> dict[str, Any]:
    """The shops that somebody works for, one of which is chosen; nothing where there is only their own."""
    request = context["request"]
    return {
        "seats": seats_of(account_of(request)),
        "seat": seat_here(request),
        "csrf_token": context.get("csrf_token"),
    }
