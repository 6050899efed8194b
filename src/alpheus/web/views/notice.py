"""Anybody says of a release that it is not its seller's."""

from collections.abc import Mapping
from http import HTTPStatus
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from alpheus.catalogue.errors import NotInCatalogue
from alpheus.catalogue.models import Release
from alpheus.catalogue.queries import release_detail
from alpheus.listening.network import client_address, network_of
from alpheus.mail.addresses import absolute
from alpheus.parties.models import Account
from alpheus.rights.early import early_of
from alpheus.rights.errors import NoticeRefused, NoticesFlood
from alpheus.rights.models import Notice
from alpheus.rights.notice import Given, give_notice

NEEDED: Mapping[str, Promise] = {
    "claim": _("Say what is yours."),
    "words": _("Say what is wrong."),
    "proof": _("Say where it can be seen."),
    "name": _("Give your name."),
    "email": _("Give an e-mail address at which we can answer."),
    "signature": _("Type your name as your signature."),
}


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, gid: UUID) -> HttpResponse:
    """Show the form, and take what is sent."""
    try:
        release = release_detail(gid, removed=early_of(gid, now=timezone.now()) is not None)
    except NotInCatalogue as error:
        raise Http404 from error
    if request.method != "POST":
        return _form(request, release, {})
    try:
        _give(request, release)
    except NoticeRefused as error:
        return _form(request, release, {name: NEEDED[name] for name in error.missing})
    except NoticesFlood:
        return _form(request, release, {}, flood=True)
    return render(request, "web/notice.html", {"release": release, "taken": True})


def _give(request: HttpRequest, release: Release) -> None:
    given = Given(**{name: request.POST.get(name, "") for name in NEEDED})
    address = client_address(request, settings.TRUSTED_PROXIES)
    give_notice(
        release=release,
        given=given,
        network=network_of(address, secret=settings.LISTENING.internal_key),
        language=get_language() or "",
        link=absolute(request, reverse("web:release", args=[release.gid])),
        now=timezone.now(),
    )


def _form(
    request: HttpRequest, release: Release, wrong: Mapping[str, Promise], *, flood: bool = False
) -> HttpResponse:
    known = (
        {"name": request.user.name, "email": request.user.email} if isinstance(request.user, Account) else {}
    )
    status = HTTPStatus.OK
    if wrong:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    elif flood:
        status = HTTPStatus.TOO_MANY_REQUESTS
    return render(
        request,
        "web/notice.html",
        {
            "release": release,
            "claims": Notice.Claim.choices,
            "given": request.POST or known,
            "wrong": wrong,
            "flood": flood,
        },
        status=status,
    )
