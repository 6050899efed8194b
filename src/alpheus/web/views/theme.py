"""The switch between light, dark and what the system says."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from alpheus.web.context import THEME_COOKIE, THEMES
from alpheus.web.middleware import LANGUAGE_COOKIE_SECONDS
from alpheus.web.views.back import whence


@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """Show pages in `theme` from now on; anything but light and dark follows the system."""
    response = HttpResponseRedirect(whence(request))
    chosen = request.POST.get("theme", "")
    if chosen in THEMES:
        response.set_cookie(
            THEME_COOKIE,
            chosen,
            max_age=LANGUAGE_COOKIE_SECONDS,
            secure=settings.SESSION_COOKIE_SECURE,
            samesite="Lax",
        )
    else:
        response.delete_cookie(THEME_COOKIE)
    return response
