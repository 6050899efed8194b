"""The routes of accounts: allauth's own views, those of them that have a page in our look.

Their names are allauth's, so that its own redirects and letters find them.
"""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from urllib.parse import urlsplit

from allauth.account import views
from allauth.account.models import EmailConfirmationHMAC
from allauth.mfa import urls as mfa
from allauth.socialaccount import urls as social
from allauth.socialaccount.models import SocialApp
from allauth.urls import build_provider_urlpatterns
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, include, path, re_path

from alpheus.parties.models import Account
from alpheus.web.speech import settle
from alpheus.web.views.account import CLEAR_ON_SIGN_OUT, sessions

View = Callable[..., HttpResponse]

WAIT_SECONDS = 60
"""allauth's limits are by the minute, and it does not tell when to come back."""


def refusing(view: View) -> View:
    """Answer 422 where a form was refused (RFC 9110 §15.5.21), and tell who is limited when to come back.

    allauth answers 200, and tells nothing.
    """

    @wraps(view)
    def refused(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
            response.headers.setdefault("Retry-After", str(WAIT_SECONDS))
        if request.method == "POST" and response.status_code == HTTPStatus.OK:
            context = response.context_data if isinstance(response, TemplateResponse) else None
            form = (context or {}).get("form")
            if form is not None and form.is_bound and not form.is_valid():
                response.status_code = HTTPStatus.UNPROCESSABLE_ENTITY
        return response

    return refused


def forgetting(view: View) -> View:
    """Have the browser forget all that this site kept, once someone has signed out."""

    @wraps(view)
    def forgotten(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponse:
        was_in = request.user.is_authenticated
        response = view(request, *args, **kwargs)
        if was_in and not request.user.is_authenticated:
            response["Clear-Site-Data"] = CLEAR_ON_SIGN_OUT
        return response

    return forgotten


def remembering(view: View) -> View:
    """Once someone has signed in, speak the language that their account remembers, or remember this one."""

    @wraps(view)
    def remembered(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if isinstance(request.user, Account):
            settle(request, response, request.user)
        return response

    return remembered


def leading_out(view: View) -> View:
    """Lead to a provider by a page that goes on by itself; an unknown provider is not here.

    The redirect would be part of the form's own way, which the pages' policy keeps at home (CSP form-action).
    """

    @wraps(view)
    def led(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponse:
        try:
            response = view(request, *args, **kwargs)
        except SocialApp.DoesNotExist as error:
            raise Http404 from error
        address = response.headers.get("Location", "")
        if request.method != "POST" or not urlsplit(address).netloc:
            return response
        page = render(
            request, "web/leading_out.html", {"address": address, "host": urlsplit(address).hostname}
        )
        page.headers["Refresh"] = f"0; url={address}"
        page.headers["Cache-Control"] = "no-store"
        return page

    return led


class ConfirmByLink(views.ConfirmEmailView):  # type: ignore[misc] # allauth ships no types
    """Where a letter's link confirms an address. Also where pages ask for a code: who signed up by the API has a link."""

    def get_object(self, queryset: object = None) -> EmailConfirmationHMAC:  # noqa: ARG002 - allauth's signature
        """What the link's key confirms; allauth itself looks at none while pages ask for codes."""
        found = EmailConfirmationHMAC.from_key(self.kwargs["key"])
        if found is None:
            raise Http404
        return found


def _form(route: str, view: View, name: str) -> URLPattern:
    return path(route, refusing(view), name=name)


def _each(
    patterns: list[URLPattern | URLResolver], dress: Callable[[View], View]
) -> list[URLPattern | URLResolver]:
    """Allauth's own routes, dressed."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            _each(pattern.url_patterns, dress)
        else:
            pattern.callback = dress(pattern.callback)
    return patterns


urlpatterns = [
    _form("login/", remembering(views.login), "account_login"),
    path("logout/", forgetting(views.logout), name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    _form("signup/", remembering(views.signup), "account_signup"),
    _form("reauthenticate/", views.reauthenticate, "account_reauthenticate"),
    _form("email/", views.email, "account_email"),
    _form("confirm-email/", remembering(views.email_verification_sent), "account_email_verification_sent"),
    re_path(r"^confirm-email/(?P<key>[-:\w]+)/$", ConfirmByLink.as_view(), name="account_confirm_email"),
    _form("password/change/", views.password_change, "account_change_password"),
    _form("password/set/", views.password_set, "account_set_password"),
    _form("password/reset/", views.password_reset, "account_reset_password"),
    path("password/reset/done/", views.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        refusing(views.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("2fa/", include(_each(mfa.urlpatterns, lambda view: refusing(remembering(view))))),
    path("connected/", include(_each(social.urlpatterns, lambda view: refusing(remembering(view))))),
    path("with/", include(_each(build_provider_urlpatterns(), lambda view: remembering(leading_out(view))))),
    path("sessions/", sessions, name="usersessions_list"),
]
if settings.MFA_PASSKEY_SIGNUP_ENABLED:
    urlpatterns.append(
        _form("signup/passkey/", remembering(views.signup_by_passkey), "account_signup_by_passkey")
    )
