"""Details of who is paid, for accountants: each sight of them is written down, and their owner sees that."""

from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from alpheus.parties import details
from alpheus.parties.errors import DetailsUnknown
from alpheus.shops.models import Shop
from alpheus.web.guards import account_of, accountants_only

SHOWN_MAX = 200


@require_safe
@accountants_only
def page(request: HttpRequest) -> HttpResponse:
    """List shops, and whether their owners gave their details; none is shown here."""
    rows: QuerySet[Shop] = Shop.objects.select_related("owner__details").order_by("-founded_at", "-pk")
    return render(request, "web/payees/index.html", {"shops": rows[:SHOWN_MAX]})


@never_cache
@require_POST
@accountants_only
def item(request: HttpRequest, gid: UUID) -> HttpResponse:
    """Show a payee's details: by a press of a button only, so that nobody sees them by the way."""
    try:
        opened = details.see(of=gid, viewer=account_of(request), now=timezone.now())
    except DetailsUnknown as error:
        raise Http404 from error
    return render(
        request,
        "web/payees/item.html",
        {
            "account": opened.account,
            "details": opened.fields,
            "changed_at": opened.changed_at,
            "seen": details.seen(opened.account),
        },
    )
