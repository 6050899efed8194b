"""Which language a reader chose: kept in a cookie, and with the account where there is one."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from alpheus.parties.models import Account
from alpheus.web.middleware import LANGUAGE_COOKIE, LANGUAGE_COOKIE_SECONDS


def choose(request: HttpRequest, response: HttpResponse, code: str) -> None:
    """Answer in this language from now on; an account remembers it. An unknown language changes nothing."""
    if code not in dict(settings.LANGUAGES):
        return
    _keep(response, code)
    if isinstance(request.user, Account):
        _remember(request.user, code)


def settle(request: HttpRequest, response: HttpResponse, account: Account) -> None:
    """Someone signed in: what they chose in this browser counts, else what their account remembers."""
    known = dict(settings.LANGUAGES)
    chosen = request.COOKIES.get(LANGUAGE_COOKIE, "")
    if chosen in known:
        _remember(account, chosen)
    elif account.locale in known:
        _keep(response, account.locale)


def _keep(response: HttpResponse, code: str) -> None:
    response.set_cookie(
        LANGUAGE_COOKIE,
        code,
        max_age=LANGUAGE_COOKIE_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def _remember(account: Account, code: str) -> None:
    if account.locale != code:
        account.locale = code
        account.save(update_fields=["locale"])
