"""Where a switch that stands on every page goes back to."""

from urllib.parse import urlsplit

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def whence(request: HttpRequest) -> str:
    """The page that a form was sent from: path and query of the Referer where it is ours, else the front page."""
    referer = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(referer, {request.get_host()}, require_https=request.is_secure()):
        return "/"
    parts = urlsplit(referer)
    # One slash only: `//elsewhere` is another host's address to a browser, and so is `/\elsewhere`.
    path = "/" + parts.path.lstrip("/\\")
    return f"{path}?{parts.query}" if parts.query else path
