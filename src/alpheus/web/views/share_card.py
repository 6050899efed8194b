"""Pictures that other sites show beside links to releases, recordings and shops."""

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
from alpheus.shops.errors import ShopUnknown
from alpheus.shops.queries import releases_of, releases_shown_in, shop_at
from alpheus.storage.errors import BlobMissing, StorageError
from alpheus.web import covers
from alpheus.web.share_card import SLEEVE, WIDTH, draw, draw_shop, heights_of
from alpheus.web.templatetags.words import hue, lang_of
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


@require_safe
def shop(_request: HttpRequest, handle: str) -> HttpResponse:
    """Draw a shop's: its header picture, or the sleeve of the latest that stands in it, and its name."""
    try:
        found = shop_at(handle)
    except ShopUnknown as error:
        raise Http404 from error
    releases = [it for it in releases_shown_in(found) if it.cover]
    latest = max(releases, key=lambda it: (it.released, it.pk), default=None)
    try:
        header = _image(found.header, WIDTH)
        sleeve = _image(latest.cover, SLEEVE) if latest and header is None else None
    except StorageError:
        return _later()
    picture = draw_shop(
        header=header,
        sleeve=sleeve,
        name=found.name,
        language=lang_of(found.name, found.artist.language if found.artist else ""),
        handle=found.handle or "",
        hue=float(hue(found.name)) if found.hue is None else found.hue,
    )
    # Which release is the latest differs by where somebody is; a header picture does not.
    return _jpeg(picture, on=[] if header is not None else releases_of(found))


def _elsewhere() -> HttpResponse:
    return HttpResponse(
        status=HTTPStatus.UNAVAILABLE_FOR_LEGAL_REASONS, headers={"Cache-Control": "no-store"}
    )


def _drawn(
    cover: Cover | None, recordings: Sequence[Recording], *, seed: str, on: Sequence[Release]
) -> HttpResponse:
    peaks = [it.asset.peaks for it in recordings if it.asset and it.asset.peaks]
    try:
        sleeve = _image(cover, SLEEVE)
    except StorageError:
        return _later()
    return _jpeg(draw(sleeve, heights_of(peaks), float(hue(seed))), on=on)


def _jpeg(picture: bytes, *, on: Sequence[Release]) -> HttpResponse:
    return HttpResponse(
        picture, content_type="image/jpeg", headers={"Cache-Control": kept_for(A_DAY_SECONDS, on)} | ANYWHERE
    )


def _later() -> HttpResponse:
    return HttpResponse(status=503, headers={"Cache-Control": "no-store", "Retry-After": "5"})


def _image(cover: Cover | None, width: int) -> bytes | None:
    """The smallest size of artwork that is so wide; None where there is none, or it is lost."""
    if cover is None or not cover.widths:
        return None
    try:
        return blobs().get(cover_path(cover.digest, covers.at_least(cover, width), "jpg"))
    except BlobMissing:
        return None
