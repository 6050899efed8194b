"""How long an answer may be kept: not at all, or until asked again whether it still holds (ETag).

An ETag is of one caller's answer: the account is part of it, and `Vary` says what else chose the answer, so that
neither a browser in which another account signs in nor a cache on the way takes one account's answer for another's.
"""

import functools
import hashlib
import json
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers

from alpheus.api.callers import Caller

View = Callable[..., HttpResponse]

KEPT = "private, no-cache"
CHOSEN_BY = ("Accept-Language", "Authorization", "Cookie")


def revalidated(view: View, *, moving: str = "", cache_control: str = KEPT) -> View:
    """Let a caller keep an answer and ask whether it still holds: 304 when it does.

    Args:
        view: what answers; an ETag that it sets names a version, and stays at the front of this one.
        moving: a field that goes on by itself, such as a position while something plays. Answers that differ in it
            alone are the same to who asks again, and their ETag is weak (RFC 9110 §8.8.1).
        cache_control: whether browsers keep it too.
    """

    @functools.wraps(view)
    def asked_again(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if request.method != "GET" or response.status_code != 200 or response.streaming:
            return response
        etag = _etag(request, response, moving)
        response.headers["ETag"] = etag
        response.headers["Cache-Control"] = cache_control
        patch_vary_headers(response, CHOSEN_BY)
        kept = get_conditional_response(request, etag=etag, response=response)
        return kept if isinstance(kept, HttpResponse) else response

    return asked_again


def _etag(request: HttpRequest, response: HttpResponse, moving: str) -> str:
    caller = getattr(request, "auth", None)
    account = caller.account if isinstance(caller, Caller) else None
    content = response.content
    if moving:
        content = json.dumps(json.loads(content) | {moving: None}).encode()
    digest = hashlib.sha256(f"{account.pk if account else ''}/".encode() + content).hexdigest()[:32]
    version = response.headers.get("ETag", "").strip('"')
    return f'{"W/" if moving else ""}"{version}{"." if version else ""}{digest}"'
