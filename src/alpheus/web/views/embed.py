"""Music on other people's pages: a player of previews in a frame, and oEmbed (https://oembed.com) by which sites find it.

Such a page knows nobody: it asks for no cookie, sets none, and plays as `listening.preview` has it.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from alpheus.catalogue.errors import NotInCatalogue
from alpheus.catalogue.models import Cover, Recording, Release
from alpheus.catalogue.queries import recording_detail, release_detail, releases_with
from alpheus.catalogue.shown import releases_shown
from alpheus.mail.addresses import absolute
from alpheus.web import covers, embedding
from alpheus.web.preparing import Readiness, readiness
from alpheus.web.whereabouts import kept_for

HOUR_SECONDS = 3600
THUMBNAIL = 600
"""Pixels at most, as sites show them beside a link."""


@dataclass(frozen=True)
class Loudness:
    """What a player needs to play a piece as loud as all others."""

    track_lufs: float | None
    track_peak_dbtp: float | None
    album_lufs: float | None = None
    album_peak_dbtp: float | None = None


@dataclass(frozen=True)
class Piece:
    """One line of the player."""

    recording: Recording
    title: str
    is_ready: bool
    loudness: dict[str, Any]


@dataclass(frozen=True)
class Shown:
    """What stands in the frame."""

    title: str
    language: str
    by: str
    address: str
    cover: Cover | None
    seed: str
    pieces: Sequence[Piece]
    releases: Sequence[Release]
    """Whose bounds hold for it."""
    is_elsewhere: bool
    """Whether it is not offered where its reader is."""


@xframe_options_exempt
@require_safe
def recording(request: HttpRequest, gid: UUID) -> HttpResponse:
    """Play a recording's preview in a frame."""
    return _framed(request, lambda: _of_recording(gid))


@xframe_options_exempt
@require_safe
def release(request: HttpRequest, gid: UUID) -> HttpResponse:
    """Play previews of a release's tracks in a frame, one after another."""
    return _framed(request, lambda: _of_release(gid))


@require_safe
def oembed(request: HttpRequest) -> HttpResponseBase:
    """Say how a page of ours is embedded: `rich` with the frame's HTML, in JSON (oEmbed §2.3.4.4).

    What is no address of a release or recording of ours is not found; XML is not spoken (501).
    """
    if request.GET.get("format", "json") != "json":
        words = _("Only JSON is answered here: leave “format” out.")
        return HttpResponse(words, status=501, content_type="text/plain; charset=utf-8")
    kind, shown, gid = _meant(request, request.GET.get("url", ""))
    if shown.is_elsewhere:
        words = _("This is not offered where you are.")
        status = HTTPStatus.UNAVAILABLE_FOR_LEGAL_REASONS
        return HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")
    width = _at_most(embedding.WIDTH, request.GET.get("maxwidth"))
    height = _at_most(embedding.HEIGHTS[kind], request.GET.get("maxheight"))
    answer = {
        "version": "1.0",
        "type": "rich",
        "provider_name": str(settings.OURS.title),
        "provider_url": absolute(request, "/"),
        "title": shown.title,
        "author_name": shown.by,
        "html": embedding.frame(request, kind=kind, gid=gid, title=shown.title, width=width, height=height),
        "width": width,
        "height": height,
        "cache_age": HOUR_SECONDS,
        **_thumbnail(request, shown.cover),
    }
    headers = {
        "Access-Control-Allow-Origin": "*",
        "Cross-Origin-Resource-Policy": "cross-origin",
        "Cache-Control": kept_for(HOUR_SECONDS, shown.releases),
    }
    return JsonResponse(answer, headers=headers)


def _framed(request: HttpRequest, read: Callable[[], Shown]) -> HttpResponse:
    try:
        shown, status = read(), HTTPStatus.OK
    except NotInCatalogue:
        shown, status = None, HTTPStatus.NOT_FOUND
    if shown and shown.is_elsewhere:
        status = HTTPStatus.UNAVAILABLE_FOR_LEGAL_REASONS
    return render(request, "web/embed.html", {"shown": shown}, status=status)


def _of_recording(gid: UUID) -> Shown:
    found = recording_detail(gid)
    releases = releases_with(found)
    return Shown(
        title=found.title,
        language=found.language,
        by=found.credit.name,
        address=reverse("web:recording", args=[gid]),
        cover=next((it.cover for it in releases if it.cover), None),
        seed=str(gid),
        pieces=[_piece(found, found.title)],
        releases=[it.medium.release for it in found.tracks.all()],
        is_elsewhere=not found.is_shown,  # type: ignore[attr-defined] # `with_sound` notes it
    )


def _of_release(gid: UUID) -> Shown:
    found: Release = release_detail(gid)
    tracks = [track for medium in found.media.all() for track in medium.tracks.all()]
    return Shown(
        title=found.title,
        language=found.language,
        by=found.credit.name,
        address=reverse("web:release", args=[gid]),
        cover=found.cover,
        seed=found.gid.hex,
        pieces=[_piece(track.recording, track.title, found) for track in tracks],
        releases=[found],
        is_elsewhere=not releases_shown().filter(pk=found.pk).exists(),
    )


def _piece(found: Recording, title: str, on: Release | None = None) -> Piece:
    asset = found.asset
    measured = Loudness(
        asset.loudness_lufs if asset else None,
        asset.true_peak_dbtp if asset else None,
        on.loudness_lufs if on else None,
        on.true_peak_dbtp if on else None,
    )
    return Piece(found, title, readiness(found) is Readiness.READY, asdict(measured))


READERS: dict[str, Callable[[UUID], Shown]] = {"recording": _of_recording, "release": _of_release}


def _meant(request: HttpRequest, address: str) -> tuple[str, Shown, UUID]:
    """What an address of ours shows.

    Raises:
        Http404: it is not ours, or shows something else.
    """
    hosts = {request.get_host(), urlsplit(absolute(request, "/")).netloc}
    if not url_has_allowed_host_and_scheme(address, allowed_hosts=hosts):
        raise Http404
    try:
        match = resolve(urlsplit(address).path)
    except Resolver404 as error:
        raise Http404 from error
    kind = match.url_name or ""
    if match.namespace != "web" or kind not in READERS:
        raise Http404
    try:
        return kind, READERS[kind](match.kwargs["gid"]), match.kwargs["gid"]
    except NotInCatalogue as error:
        raise Http404 from error


def _at_most(usual: int, asked: str | None) -> int:
    """The usual size, or what a site has room for."""
    room = int(asked) if asked and asked.isascii() and asked.isdecimal() and len(asked) < 6 else usual
    return max(1, min(usual, room))


def _thumbnail(request: HttpRequest, cover: Cover | None) -> dict[str, object]:
    if cover is None or not cover.widths:
        return {}
    width = covers.at_most(cover, THUMBNAIL)
    return {
        "thumbnail_url": absolute(request, covers.address(cover, width, "jpg")),
        "thumbnail_width": width,
        "thumbnail_height": width,
    }
