"""The office's notices: somebody says that a release is not its seller's, and staff decides."""

from collections.abc import Mapping
from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from alpheus.catalogue.models import Recording
from alpheus.mail.addresses import absolute
from alpheus.rights import queries, rules
from alpheus.rights.errors import DecidedAlready, NoticeUnknown, OwnNotice, ReasonNeeded
from alpheus.rights.models import Notice
from alpheus.rights.rules import Decision, Standing
from alpheus.shops.errors import OwnShop
from alpheus.submissions.answer_notice import answer_notice
from alpheus.web.guards import account_of, auditors_only

REFUSED: Mapping[type[Exception], Promise] = {
    DecidedAlready: gettext_lazy("It is decided so by now. Nothing was changed."),
    ReasonNeeded: gettext_lazy(
        "Write a sentence: whoever gave the notice, and the shop, must understand why."
    ),
    OwnShop: gettext_lazy("It is about your own shop. Another decides it."),
    OwnNotice: gettext_lazy("You gave this notice yourself. Another decides it."),
}


@require_safe
@auditors_only
def page(request: HttpRequest) -> HttpResponse:
    """List notices: what nobody decided, then the rest."""
    context = {"open": queries.open_notices()[: queries.SHOWN_MAX], "decided": queries.decided_notices()}
    return render(request, "web/notices/index.html", context)


@require_safe
@auditors_only
def item(request: HttpRequest, gid: UUID) -> HttpResponse:
    """Show a notice and what was decided about it."""
    try:
        return _item(request, queries.notice(gid))
    except NoticeUnknown as error:
        raise Http404 from error


@require_POST
@auditors_only
def decide(request: HttpRequest, gid: UUID) -> HttpResponse:
    """Suspend what it is about, or dismiss it."""
    try:
        row = queries.notice(gid)
        decision = Decision(request.POST.get("decision", ""))
        answer_notice(
            staff=account_of(request),
            gid=gid,
            decision=decision,
            reason=request.POST.get("reason", ""),
            link=absolute(request, reverse("web:release", args=[row.release.gid])) if row.release else "",
            now=timezone.now(),
        )
    except (NoticeUnknown, ValueError) as error:
        raise Http404 from error
    except (DecidedAlready, ReasonNeeded, OwnShop, OwnNotice) as error:
        return _item(request, queries.notice(gid), refused=REFUSED[type(error)])
    told = (
        _("It is suspended, and told.") if decision is Decision.SUSPEND else _("It is dismissed, and told.")
    )
    messages.success(request, told)
    return redirect("web:audit-notices")


def _item(request: HttpRequest, row: Notice, *, refused: Promise | str = "") -> HttpResponse:
    standing = Standing(row.standing)
    return render(
        request,
        "web/notices/item.html",
        {
            "notice": row,
            "recordings": Recording.objects.filter(tracks__medium__release=row.release).distinct()[:50],
            "decisions": queries.decisions_of(row),
            "may": [it.value for it in Decision if rules.decided(standing, it)],
            "reason": request.POST.get("reason", ""),
            "refused": refused,
        },
        status=HTTPStatus.CONFLICT if refused else HTTPStatus.OK,
    )
