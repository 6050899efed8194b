"""Pictures that other sites show beside links to releases and recordings."""

from collections.abc import Sequence
from http import HTTPStatus
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from alpheus.catalogue.cover_store import cover_path
from alpheus.catalogue.errors import NotInCatalogue
from alpheus.catalogue.models import Cover, Recording, Release
from alpheus.catalogue.queries import recording_detail, release_detail, releases_with
from alpheus.catalogue.shown import releases_shown
from alpheus.storage.errors import BlobMissing, StorageError
from alpheus.web import covers
from alpheus.web.share_card import SLEEVE, draw, heights_of
from alpheus.web.templatetags.words import hue
from alpheus.web.views.cover import ANYWHERE, blobs
from alpheus.web.whereabouts import kept_for

A_DAY_SECONDS = 86_400
"""Artwork may be replaced; sites ask again when they like."""


@require_safe
def release(_request: HttpRequest, gid: UUID) -> HttpResponse:
    """Draw a release's."""
    try:
        found = release_detail(gid)
    except NotInCatalogue as error:
        raise Http404 from error
    if not releases_shown().filter(pk=found.pk).exists():
        return _elsewhere()
    tracks = [track.recording for medium in found.media.all() for track in medium.tracks.all()]
    return _drawn(found.cover, tracks, seed=found.gid.hex, on=[found])


@require_safe
def recording(_request: HttpRequest, gid: UUID) -> HttpResponse:
    """Draw a recording's, with the sleeve of the first release that it is on."""
    try:
        found = recording_detail(gid)
    except NotInCatalogue as error:
        raise Http404 from error
    if not found.is_shown:  # type: ignore[attr-defined] # `with_sound` notes it
        return _elsewhere()
    cover = next((it.cover for it in releases_with(found) if it.cover), None)
    return _drawn(cover, [found], seed=found.gid.hex, on=[it.medium.release for it in found.tracks.all()])


def _elsewhere() -> HttpResponse:
    return HttpResponse(
        status=HTTPStatus.UNAVAILABLE_FOR_LEGAL_REASONS, headers={"Cache-Control": "no-store"}
    )


def _drawn(
    cover: Cover | None, recordings: Sequence[Recording], *, seed: str, on: Sequence[Release]
) -> HttpResponse:
    peaks = [it.asset.peaks for it in recordings if it.asset and it.asset.peaks]
    try:
        sleeve = _sleeve(cover)
    except StorageError:
        return HttpResponse(status=503, headers={"Cache-Control": "no-store", "Retry-After": "5"})
    picture = draw(sleeve, heights_of(peaks), float(hue(seed)))
    return HttpResponse(
        picture, content_type="image/jpeg", headers={"Cache-Control": kept_for(A_DAY_SECONDS, on)} | ANYWHERE
    )


def _sleeve(cover: Cover | None) -> bytes | None:
    """The smallest size of the artwork that is large enough; None where there is none, or it is lost."""
    if cover is None or not cover.widths:
        return None
    try:
        return blobs().get(cover_path(cover.digest, covers.at_least(cover, SLEEVE), "jpg"))
    except BlobMissing:
        return None
