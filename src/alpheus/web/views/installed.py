"""What makes the site an app on a home screen: manifest, service worker, the page without network, what others share."""

import hashlib
import json
from functools import cache
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from alpheus.web.context import TAGS

BACKGROUND = "#0f2b2b"
"""The icon's own ground: what stands on the screen while the app opens."""

ASKED_ANEW = "no-cache"
"""Browsers ask whether it changed each time, so that a new build is noticed at once."""

PINNED = ("built/app.css", "built/icons.svg", "built/icon.svg", "built/offline.js")
"""What the page without network needs."""

SHARED_MAX = 200
"""Characters of what another app shares that are searched for."""


@require_safe
def manifest(_request: HttpRequest) -> HttpResponse:
    """Say how the site is installed, in the reader's language."""
    code = get_language() or settings.LANGUAGE_CODE
    title = str(settings.OURS.title)
    told = {
        "id": "/",
        "name": title,
        "short_name": title[:12],
        "description": gettext("Music from the cloud; nothing stays on this device."),
        "lang": TAGS.get(code, code),
        "start_url": reverse("web:home"),
        "scope": "/",
        "display": "standalone",
        "background_color": BACKGROUND,
        "theme_color": BACKGROUND,
        "categories": ["music"],
        "icons": [
            _icon("built/icon.svg", "any", "any", "image/svg+xml"),
            _icon("built/icon-192.png", "192x192", "any"),
            _icon("built/icon-512.png", "512x512", "any"),
            _icon("built/maskable-512.png", "512x512", "maskable"),
        ],
        "shortcuts": [
            _shortcut(gettext("Search"), reverse("web:search")),
            _shortcut(gettext("Now playing"), reverse("web:playing")),
            _shortcut(gettext("This device"), reverse("web:device")),
        ],
        "share_target": {
            "action": reverse("web:share"),
            "method": "GET",
            "params": {"title": "title", "text": "text", "url": "url"},
        },
    }
    return JsonResponse(told, content_type="application/manifest+json", headers={"Cache-Control": ASKED_ANEW})


def _icon(path: str, sizes: str, purpose: str, type_: str = "image/png") -> dict[str, str]:
    return {"src": static(path), "sizes": sizes, "type": type_, "purpose": purpose}


def _shortcut(name: str, url: str) -> dict[str, object]:
    return {"name": name, "url": url, "icons": [_icon("built/icon-192.png", "192x192", "any")]}


@require_safe
def worker(_request: HttpRequest) -> HttpResponse:
    """Serve the service worker from the root, so that its scope is the whole site."""
    code = _worker_code()
    pinned = [reverse("web:offline"), *(static(path) for path in PINNED)]
    build = hashlib.sha256("\n".join([code, static("built/main.js"), *pinned]).encode()).hexdigest()[:12]
    facts = json.dumps({"build": build, "pinned": pinned})
    return HttpResponse(
        f"self.alpheus={facts};\n{code}",
        content_type="text/javascript; charset=utf-8",
        headers={"Cache-Control": ASKED_ANEW, "Service-Worker-Allowed": "/"},
    )


@cache
def _worker_code() -> str:
    found = finders.find("built/worker.js")
    if not found:
        raise Http404
    return Path(found).read_text()


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """Show that there is no network. The service worker keeps this page in the reader's language."""
    response = render(request, "web/offline.html")
    response.headers["Cache-Control"] = "no-store"
    return response


@require_safe
def share(request: HttpRequest) -> HttpResponse:
    """Open what another app shared: our own page when it names one, else a search for its words."""
    given = [request.GET.get(name, "") for name in ("url", "text", "title")]
    for text in given:
        for word in text.split():
            parts = urlsplit(word)
            if parts.scheme in {"http", "https"} and parts.netloc == request.get_host():
                path = "/" + parts.path.lstrip("/\\")
                return HttpResponseRedirect(f"{path}?{parts.query}" if parts.query else path)
    # Apps write what they share as words with a link behind them: the words may be a song's.
    said = (" ".join(word for word in text.split() if "://" not in word) for text in given[1:])
    words = next(filter(None, said), "")
    query = f"?{urlencode({'q': words[:SHARED_MAX]})}" if words else ""
    return HttpResponseRedirect(reverse("web:search") + query)
