"""Pages for when something is wrong: what happened, and what to do."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WORDS: dict[HTTPStatus, tuple[Promise, Promise]] = {
    HTTPStatus.BAD_REQUEST: (
        _("That request made no sense here"),
        _("Go back and try again. If it came from a link, the link is broken."),
    ),
    HTTPStatus.FORBIDDEN: (
        _("This page is not for this account"),
        _(
            "Whoever runs this place can open it to you. If a form brought you here, load it anew and send it again."
        ),
    ),
    HTTPStatus.NOT_FOUND: (
        _("Nothing is at this address"),
        _("It may have moved, or it was never here. Search finds whatever is."),
    ),
}


def _page(request: HttpRequest, status: HTTPStatus) -> HttpResponse:
    title, text = WORDS[status]
    return render(request, "web/error.html", {"error_title": title, "error_text": text}, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """400: Django calls this with the reason, which is for the log, not for the page."""
    return _page(request, HTTPStatus.BAD_REQUEST)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """403."""
    return _page(request, HTTPStatus.FORBIDDEN)


def csrf_refused(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """403 of a form whose token is old; settings.CSRF_FAILURE_VIEW names this."""
    return _page(request, HTTPStatus.FORBIDDEN)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """404."""
    return _page(request, HTTPStatus.NOT_FOUND)


def broken(_request: HttpRequest) -> HttpResponse:
    """500: without the shell, which may be what broke."""
    return HttpResponse(render_to_string("web/broken.html"), status=HTTPStatus.INTERNAL_SERVER_ERROR)
