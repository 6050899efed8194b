"""The page of an account's API tokens: listed, made and shown once, revoked."""

from http import HTTPStatus

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from alpheus.values.text import line
from alpheus.web.guards import account_of
from alpheus.web.tokens import DAYS, SCOPES, USUAL, scopes_for, tokens

NAME_MAX = 120


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """List an account's tokens; on POST make one, whose secret this very answer shows and no other ever does."""
    return _made(request) if request.method == "POST" else _page(request)


@reauthentication_required  # type: ignore[untyped-decorator] # allauth ships no types
def _made(request: HttpRequest) -> HttpResponse:
    """Make a token for who proved anew who they are: it outlives the sign-in. What was typed is kept meanwhile."""
    account = account_of(request)
    name = line(request.POST.get("name", ""), limit=NAME_MAX).strip()
    scopes = [it for it in scopes_for(account) if it in request.POST.getlist("scope")]
    days = request.POST.get("days", "")
    if not name:
        return _page(request, refused=_("Give it a name, so that you know later what uses it."))
    if not scopes:
        return _page(request, refused=_("Choose at least one thing that it may do."))
    if days not in {str(it) for it in DAYS}:
        return _page(request, refused=_("Choose how long it holds."))
    made = tokens().issue(account=account, name=name, scopes=scopes, days=int(days), now=timezone.now())
    return _page(request, secret=made.secret)


@login_required
@require_POST
def revoke(request: HttpRequest, number: int) -> HttpResponse:
    """End a token."""
    if tokens().revoke(account=account_of(request), pk=number, now=timezone.now()):
        messages.success(request, _("That token holds no more."))
    else:
        messages.error(request, _("That token was over already."))
    return redirect("web:tokens")


def _page(request: HttpRequest, *, secret: str = "", refused: str = "") -> HttpResponse:
    account = account_of(request)
    typed = request.POST if refused else {}
    context = {
        "tokens": [
            {"row": it, "scopes": _told(str(getattr(it, "scopes", "")))}
            for it in tokens().live(account, now=timezone.now())
        ],
        "scopes": [
            (name, told, name in (request.POST.getlist("scope") if refused else USUAL))
            for name, told in scopes_for(account).items()
        ],
        "days": DAYS,
        "name": typed.get("name", ""),
        "secret": secret,
        "refused": refused,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refused else HTTPStatus.OK
    return render(request, "web/tokens.html", context, status=status)


def _told(scopes: str) -> list[Promise | str]:
    return [SCOPES.get(it, it) for it in scopes.split()]
