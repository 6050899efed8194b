"""What every answer carries: security headers, and the language it is written in; and how it travels."""

import re
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.gzip import GZipMiddleware
from django.utils import translation
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.decorators import sync_and_async_middleware

from alpheus.listening.sign_out import was_signed_out
from alpheus.rights.available import offered_in
from alpheus.web.whereabouts import where

LANGUAGE_COOKIE = "language"
LANGUAGE_PARAMETER = "language"
"""In an address it asks for one answer in that language, so that search engines and friends can be given one."""
LANGUAGE_COOKIE_SECONDS = 60 * 60 * 24 * 365

HOST = re.compile(r"(\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]+)(?::\d+)?\Z")
"""A Host header (RFC 9110 §7.2): a name, an IPv4 or a bracketed IPv6 address, perhaps with a port."""

Answer = Callable[[HttpRequest], HttpResponse | Awaitable[HttpResponse]]

STEADY = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}


def edge_origins(request: HttpRequest) -> tuple[str, ...]:
    """Where this page's browser reaches the edges: as set, or the page's own host at the edge's port."""
    scheme = "https" if request.is_secure() else "http"
    # The Host header as sent: CommonMiddleware refuses unknown hosts later, so nothing may fail or be trusted here.
    named = HOST.match(request.META.get("HTTP_HOST") or request.META.get("SERVER_NAME", ""))
    here = f"{scheme}://{named[1] if named else 'localhost'}"
    return tuple(
        "{0.scheme}://{0.netloc}".format(urlsplit(edge.public_url))
        if edge.public_url
        else f"{here}:{edge.public_port}"
        for edge in settings.LISTENING.edges
    )


ANYWHERE = {
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Referrer-Policy": "strict-origin-when-cross-origin",
}
"""What a page that stands in others' pages says instead (Django's `xframe_options_exempt` marks it)."""


def content_security_policy(edges: tuple[str, ...], *, ancestors: str = "'none'") -> str:
    """No inline script, no frames, sound only from the page's own buffers, connections only home and to the edges.

    Style attributes are allowed because an artwork's tint is two custom properties on an element; they run nothing.
    """
    return "; ".join(
        [
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "style-src-elem 'self'",
            "style-src-attr 'unsafe-inline'",
            "img-src 'self' data:",
            "font-src 'self'",
            "media-src blob:",
            " ".join(["connect-src 'self'", *edges]),
            "manifest-src 'self'",
            "worker-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            f"frame-ancestors {ancestors}",
        ]
    )


def _guard(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    framed = getattr(response, "xframe_options_exempt", False)
    for name, value in (STEADY | ANYWHERE if framed else STEADY).items():
        response.headers.setdefault(name, value)
    if framed:
        del response.headers["X-Frame-Options"]
    if not settings.DEBUG:
        policy = content_security_policy(edge_origins(request), ancestors="*" if framed else "'none'")
        response.headers.setdefault("Content-Security-Policy", policy)
    if request.is_secure():
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    return response


def _changed(get_response: Answer, change: Callable[[HttpRequest, HttpResponse], HttpResponse]) -> Answer:
    """Answer as before, changed; of the same kind, asynchronous or not, as what answers."""
    if iscoroutinefunction(get_response):

        async def changed_async(request: HttpRequest) -> HttpResponse:
            return change(request, await get_response(request))

        return markcoroutinefunction(changed_async)

    return lambda request: change(request, get_response(request))  # type: ignore[arg-type]


@sync_and_async_middleware
def security_headers(get_response: Answer) -> Answer:
    """Give every answer, static files included, the headers that keep a page to itself."""
    return _changed(get_response, _guard)


TEXTUAL = re.compile(r"text/|image/svg\+xml|application/(?:[\w.+-]*\b)?(?:json|xml|javascript)\b")
"""Content types that become smaller; pictures, archives and music are as small as they get."""


@sync_and_async_middleware
def compressed(get_response: Answer) -> Answer:
    """Send pages and JSON gzipped to who takes them so: on a phone's network that is most of the wait for them.

    Django pads what it compresses by a random length, so that secrets in a page cannot be guessed by its size (BREACH).
    What streams is left alone: live events must leave at once.
    """
    gzip = GZipMiddleware(lambda _: HttpResponse())

    def shrink(request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if not response.streaming and TEXTUAL.match(response.headers.get("Content-Type", "")):
            gzip.process_response(request, response)  # in place
        return response

    return _changed(get_response, shrink)


EVERYTHING = '"cache", "cookies", "storage"'


def empty_signed_out(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Have a browser that was signed out from another device empty itself, whatever it asks for first.

    Its session is gone from the database, so its cookie leads nowhere; only then is anything looked up. Inside of
    the sessions' own middleware.
    """

    def emptied(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        brought = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
        is_another = request.session.accessed and request.session.session_key != brought
        if brought and is_another and was_signed_out(web_session=brought):
            response.headers["Clear-Site-Data"] = EVERYTHING
            request.session.flush()
        return response

    return emptied


def chosen_language(request: HttpRequest) -> str:
    """The language to answer in: the address's, else the cookie's (set by the switch, and at sign-in), else Accept-Language's."""
    known = dict(settings.LANGUAGES)
    for chosen in (request.GET.get(LANGUAGE_PARAMETER, ""), request.COOKIES.get(LANGUAGE_COOKIE, "")):
        if chosen.lower() in known:
            return chosen.lower()
    return translation.get_language_from_request(request)


def _tell(response: HttpResponse, language: str) -> HttpResponse:
    response.headers.setdefault("Content-Language", translation.to_locale(language).replace("_", "-"))
    if response.headers.get("Content-Type", "").startswith("text/html"):
        patch_vary_headers(response, ["Accept-Language", "Cookie"])
        if "Cache-Control" not in response.headers:
            patch_cache_control(response, private=True, no_cache=True)
    return response


@sync_and_async_middleware
def language(get_response: Answer) -> Answer:
    """Answer in the reader's language, for pages, accounts and the API alike."""
    if iscoroutinefunction(get_response):

        async def spoken_async(request: HttpRequest) -> HttpResponse:
            code = chosen_language(request)
            with translation.override(code):
                request.LANGUAGE_CODE = code
                return _tell(await get_response(request), code)

        return markcoroutinefunction(spoken_async)

    def spoken(request: HttpRequest) -> HttpResponse:
        code = chosen_language(request)
        with translation.override(code):
            request.LANGUAGE_CODE = code
            return _tell(get_response(request), code)  # type: ignore[arg-type]

    return spoken


@sync_and_async_middleware
def territory(get_response: Answer) -> Answer:
    """Show of the catalogue what is offered where the reader is, by pages and the API alike."""
    if iscoroutinefunction(get_response):

        async def within_async(request: HttpRequest) -> HttpResponse:
            with offered_in(where(request)):
                return await get_response(request)  # type: ignore[no-any-return] # told from the other kind at run time

        return markcoroutinefunction(within_async)

    def within(request: HttpRequest) -> HttpResponse | Awaitable[HttpResponse]:
        with offered_in(where(request)):
            return get_response(request)

    return within
