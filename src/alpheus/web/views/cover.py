"""Artwork: one size of one cover, for ever the same."""

from functools import cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from alpheus.catalogue.cover_store import cover_path
from alpheus.storage.blobs import Blobs
from alpheus.storage.errors import BlobMissing, StorageError
from alpheus.web.covers import CONTENT_TYPES

FOR_EVER = "public, max-age=31536000, immutable"
SHORTLY = "public, max-age=60"
ANYWHERE = {"Cross-Origin-Resource-Policy": "cross-origin"}
"""Sites that show our links show these pictures beside them, from here."""

NO_SLEEVE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96"><path fill="#8a9392" fill-opacity=".18" d="M0 0h96v96H0z"/>'
    '<g fill="none" stroke="#8a9392" stroke-width="1.5">'
    '<circle cx="48" cy="48" r="27"/><circle cx="48" cy="48" r="18"/><circle cx="48" cy="48" r="9"/></g></svg>'
)
"""What stands where a sleeve is missing; it reads on light and dark."""


@cache
def blobs() -> Blobs:
    """The object store, opened once a process."""
    return Blobs.open(settings.OURS.objects_url)


@require_safe
def image(_request: HttpRequest, digest: str, width: int, extension: str) -> HttpResponse:
    """Serve one size of a cover. Its address holds its content's digest, so it may be kept for ever."""
    try:
        data = blobs().get(cover_path(digest, width, extension))
    except BlobMissing:
        return HttpResponse(
            NO_SLEEVE, content_type="image/svg+xml", status=404, headers={"Cache-Control": SHORTLY}
        )
    except StorageError:
        return HttpResponse(status=503, headers={"Cache-Control": "no-store", "Retry-After": "5"})
    return HttpResponse(
        data, content_type=CONTENT_TYPES[extension], headers={"Cache-Control": FOR_EVER} | ANYWHERE
    )
