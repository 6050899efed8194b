"""Two musicians of one name in the office: an operator sees both, and tells them apart."""

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from alpheus.mail.addresses import absolute
from alpheus.shops.namesakes import queries
from alpheus.shops.namesakes.errors import DisambiguationRefused, NoNamesake
from alpheus.shops.namesakes.tell_apart import tell_apart
from alpheus.web.guards import account_of, operators_only


@require_safe
@operators_only
def page(request: HttpRequest) -> HttpResponse:
    """List shops that wait because of their names, and who was told apart before."""
    return _page(request)


@require_POST
@operators_only
def tell(request: HttpRequest, gid: UUID) -> HttpResponse:
    """Tell the musician of a shop that waits apart from who has the name."""
    words = request.POST.get("disambiguation", "")[:1000]
    link = absolute(request, reverse("web:studio-shop"))
    try:
        tell_apart(
            operator=account_of(request), shop=gid, disambiguation=words, link=link, now=timezone.now()
        )
    except NoNamesake as error:
        raise Http404 from error
    except DisambiguationRefused:
        return _page(request, wrong=gid, typed=words)
    messages.success(request, _("They are told apart. The musician gets a letter and can open the shop."))
    return redirect("web:office-namesakes")


def _page(request: HttpRequest, *, wrong: UUID | None = None, typed: str = "") -> HttpResponse:
    return render(
        request,
        "web/namesakes.html",
        {"waiting": queries.waiting(), "told": queries.told_apart(), "wrong": wrong, "typed": typed},
        status=HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK,
    )
