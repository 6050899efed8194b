"""The routes of accounts: allauth's own views, those of them that have a page in our look.

Their names are allauth's, so that its own redirects and letters find them.
"""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus

from allauth.account import views
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, re_path

from alpheus.parties.models import Account
from alpheus.web.speech import settle

View = Callable[..., HttpResponse]

CLEAR_ON_SIGN_OUT = '"cache", "storage"'
"""What a browser forgets on sign-out. Not "cookies": the chosen language and theme stay."""


def refusing(view: View) -> View:
    """Answer 422 where a form was refused (RFC 9110 §15.5.21); allauth answers 200."""

    @wraps(view)
    def refused(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponse:
        response = view(request, *args, **kwargs)
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


def _form(route: str, view: View, name: str) -> URLPattern:
    return path(route, refusing(view), name=name)


urlpatterns = [
    _form("login/", remembering(views.login), "account_login"),
    path("logout/", forgetting(views.logout), name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    _form("signup/", remembering(views.signup), "account_signup"),
    _form("reauthenticate/", views.reauthenticate, "account_reauthenticate"),
    _form("email/", views.email, "account_email"),
    path("confirm-email/", views.email_verification_sent, name="account_email_verification_sent"),
    re_path(r"^confirm-email/(?P<key>[-:\w]+)/$", views.confirm_email, name="account_confirm_email"),
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
]
