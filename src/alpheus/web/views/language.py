"""The switch between languages."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from alpheus.web.middleware import LANGUAGE_COOKIE, LANGUAGE_COOKIE_SECONDS


@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """Answer in `language` from now on, and go back to the page at `next`; an account remembers it."""
    code = request.POST.get("language", "").lower()
    response = HttpResponseRedirect(where_next(request))
    if code in dict(settings.LANGUAGES):
        response.set_cookie(
            LANGUAGE_COOKIE,
            code,
            max_age=LANGUAGE_COOKIE_SECONDS,
            secure=settings.SESSION_COOKIE_SECURE,
            samesite="Lax",
        )
        if request.user.is_authenticated and request.user.locale != code:
            request.user.locale = code
            request.user.save(update_fields=["locale"])
    return response


def where_next(request: HttpRequest) -> str:
    """The page to go back to: `next`, if it is ours."""
    wanted = request.POST.get("next", "/")
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if ours else "/"
