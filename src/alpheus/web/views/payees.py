"""Details of who is paid, for accountants: each sight of them is written down, and their owner sees that."""

from collections.abc import Collection
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from alpheus.parties import details
from alpheus.parties.errors import DetailsUnknown
from alpheus.parties.traces import Kind
from alpheus.shops.queries import payees_of_shops
from alpheus.submissions.queries import paid_like_refused
from alpheus.web.evidence_cards import WORDINGS
from alpheus.web.guards import account_of, accountants_only
from alpheus.web.wordings import Wording


@require_safe
@accountants_only
def page(request: HttpRequest) -> HttpResponse:
    """List shops, and whether their owners gave their details, or what a refused payee gave too; none is shown here."""
    shops = [it.shop for it in payees_of_shops()]
    same = paid_like_refused(it.owner_id for it in shops if it.owner_id is not None)
    shown = [(it, doubts(same.get(it.owner_id or 0, set()))) for it in shops]
    return render(request, "web/payees/index.html", {"shops": shown})


def doubts(kinds: Collection[Kind]) -> list[Wording]:
    """What is the same as a refused payee's, in the words of the auditors' cards."""
    return [WORDINGS[f"refused-{it.value}"] for it in Kind if it in kinds]


@never_cache
@require_POST
@accountants_only
@reauthentication_required  # type: ignore[untyped-decorator] # allauth ships no types
def item(request: HttpRequest, gid: UUID) -> HttpResponse:
    """Show a payee's details: by a press of a button only, so that nobody sees them by the way, and to who proved anew who they are."""
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
