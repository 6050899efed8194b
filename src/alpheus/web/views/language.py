"""The switch between languages."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from alpheus.web.middleware import LANGUAGE_COOKIE, LANGUAGE_COOKIE_SECONDS
from alpheus.web.views.back import whence


@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """Answer in `language` from now on, on the page that asked; an account remembers it."""
    code = request.POST.get("language", "").lower()
    response = HttpResponseRedirect(whence(request))
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
