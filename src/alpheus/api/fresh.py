"""How long an answer may be kept: not at all, or until asked again whether it still holds (ETag)."""

import functools
import hashlib
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response

View = Callable[..., HttpResponse]


def revalidated(view: View) -> View:
    """Let a caller keep an answer and ask whether it still holds: 304 when it does."""

    @functools.wraps(view)
    def asked_again(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if response.status_code != 200:
            return response
        etag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
        response.headers["ETag"] = etag
        response.headers["Cache-Control"] = "private, no-cache"
        kept = get_conditional_response(request, etag=etag, response=response)
        return kept if isinstance(kept, HttpResponse) else response

    return asked_again
