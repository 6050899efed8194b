"""The account's own page, from which everything about it is reached, and the pages behind it that are ours."""

from datetime import timedelta
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import get_adapter as social_adapter
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alpheus.exchange.takeout import ask as takeout
from alpheus.exchange.takeout.errors import ExportUnknown
from alpheus.listening import sign_ins
from alpheus.listening.errors import SignInUnknown
from alpheus.mail.addresses import absolute
from alpheus.parties import deletion
from alpheus.parties.models import Account

CLEAR_ON_SIGN_OUT = '"cache", "storage"'
"""What a browser forgets on sign-out. Not "cookies": the chosen language and theme stay."""
NAME_CHARACTERS = 120


@login_required
@never_cache
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Show all that can be chosen about an account."""
    account = _account(request)
    kinds = list(Authenticator.objects.filter(user=account).values_list("type", flat=True))
    context = {
        "account": account,
        "passkeys": kinds.count(Authenticator.Type.WEBAUTHN),
        "two_step": Authenticator.Type.TOTP in kinds,
        "sessions": len(sign_ins.of(account=account, session_key=request.session.session_key)),
        "providers": social_adapter().list_providers(request),
        "connected": SocialAccount.objects.filter(user=account).count(),
    }
    return render(request, "web/account.html", context)


@login_required
@require_POST
def name(request: HttpRequest) -> HttpResponse:
    """Keep the name that an account is shown by."""
    account = _account(request)
    account.name = " ".join(request.POST.get("name", "").replace("\0", "").split())[:NAME_CHARACTERS]
    account.save(update_fields=["name"])
    messages.success(request, _("Your name is kept."))
    return redirect("web:account")


@login_required
@require_POST
def explicit(request: HttpRequest) -> HttpResponse:
    """Hide explicit music, or show it again."""
    account = _account(request)
    account.hides_explicit = request.POST.get("hides") == "on"
    account.save(update_fields=["hides_explicit"])
    messages.success(
        request,
        _("Explicit music is hidden from you.") if account.hides_explicit else _("Explicit music is shown."),
    )
    return redirect("web:account")


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sessions(request: HttpRequest) -> HttpResponse:
    """Show where an account is signed in; on POST end one of these sessions, or all but this."""
    account, key = _account(request), request.session.session_key
    if request.method == "POST":
        _end(request, account, key)
        return redirect("usersessions_list")
    return render(request, "web/sessions.html", {"sign_ins": sign_ins.of(account=account, session_key=key)})


def _end(request: HttpRequest, account: Account, key: str | None) -> None:
    now, terms, chosen = timezone.now(), settings.LISTENING, request.POST.get("end", "")
    if chosen == "others":
        sign_ins.end_all(account=account, but=key, terms=terms, now=now)
        messages.success(request, _("You are signed out everywhere else."))
        return
    try:
        sign_ins.end(account=account, sign_in=int(chosen) if chosen.isdecimal() else 0, terms=terms, now=now)
        messages.success(request, _("That session is over."))
    except SignInUnknown:
        messages.error(request, _("That session was over already."))


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def export(request: HttpRequest) -> HttpResponse:
    """Show the file of an account's data, or on POST have it made."""
    account, now = _account(request), timezone.now()
    if request.method == "POST":
        takeout.ask(
            account=account,
            page=absolute(request, reverse("web:export")),
            lasts=timedelta(days=settings.OURS.export_days),
            now=now,
        )
        return redirect("web:export")
    return render(request, "web/export.html", {"export": takeout.live(account=account, now=now).first()})


@login_required
@never_cache
@require_safe
def export_file(request: HttpRequest, gid: UUID) -> HttpResponse:
    """Give an account its own data."""
    try:
        archive = takeout.load(account=_account(request), gid=gid, now=timezone.now())
    except ExportUnknown as error:
        raise Http404 from error
    filename = f"alpheus-{timezone.now():%Y-%m-%d}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{filename}"'}
    return HttpResponse(archive, content_type="application/zip", headers=headers)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required  # type: ignore[untyped-decorator] # allauth ships no types
def delete(request: HttpRequest) -> HttpResponse:
    """Say what deleting an account means; on POST have it erased after the grace, and sign out everywhere."""
    account, now = _account(request), timezone.now()
    grace = timedelta(days=settings.OURS.erase_after_days)
    if request.method != "POST":
        return render(request, "web/delete_account.html", {"day": now + grace, "days": grace.days})
    link = absolute(request, reverse("account_login"))
    deletion.ask(account=account, grace=grace, sign_in_url=link, now=now)
    key = request.session.session_key
    sign_ins.end_all(account=account, but=key, terms=settings.LISTENING, now=now)
    logout(request)
    response = HttpResponseRedirect(reverse("web:deleted"))
    response["Clear-Site-Data"] = CLEAR_ON_SIGN_OUT
    return response


@never_cache
@require_safe
def deleted(request: HttpRequest) -> HttpResponse:
    """Say that an account will be erased, and how to keep it."""
    return render(request, "web/deleted.html", {"days": settings.OURS.erase_after_days})


def _account(request: HttpRequest) -> Account:
    """Whose page it is; `login_required` stands before every caller."""
    if not isinstance(request.user, Account):
        raise Http404
    return request.user
