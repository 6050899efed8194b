"""A recording: who made it, its words, the works it is of, and their other recordings."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from alpheus.catalogue import lists
from alpheus.catalogue.errors import NotInCatalogue
from alpheus.catalogue.models import Lyrics, Recording
from alpheus.catalogue.queries import recording_detail, releases_with
from alpheus.catalogue.rules import is_lossy
from alpheus.locker.queries import note_owned
from alpheus.rights.early import early_of_recording
from alpheus.web import listing
from alpheus.web.preparing import Readiness, phases, playable, readiness
from alpheus.web.prices import buying
from alpheus.web.views.library import account_or_none
from alpheus.web.views.release import credits_of, elsewhere, role_lines
from alpheus.web.waveform import bars

VERSIONS, LISTED = 12, 30
"""Other recordings of the same works on the page itself, and on a page of their list."""


@require_safe
def page(request: HttpRequest, gid: UUID) -> HttpResponse:
    """Show a recording; while it is being prepared it asks for itself again."""
    try:
        recording = recording_detail(gid)
    except NotInCatalogue as error:
        early = early_of_recording(gid, now=timezone.now())
        if early is None:
            raise Http404 from error
        return redirect("web:release", gid=early.release.gid)  # which says when it appears
    if is_elsewhere(request, recording):
        return elsewhere(request, recording)
    releases = releases_with(recording)
    state, asset = readiness(recording), recording.asset
    others = lists.versions(recording, size=VERSIONS)
    return render(
        request,
        "web/recording.html",
        {
            "recording": recording,
            "asset": asset,
            "state": state.value,
            "phases": phases(asset) if asset and state is Readiness.WORKING else [],
            "queue": [str(recording.gid)] if state is Readiness.READY else [],
            "releases": releases,
            "cover": next((it.cover for it in releases if it.cover), None),
            "credits": credits_of([recording]),
            "lossy": [asset.quality] if asset and is_lossy(asset.quality) else [],
            "renditions": [it.name for it in asset.renditions.all()] if asset else [],
            "bars": bars(asset.peaks, count=120) if asset else "",
            "line_meant": _line_meant(request),
            "lyrics": Lyrics.objects.filter(recording=recording).first(),
            "works": _works(recording),
            "versions": others.rows,
            "more_versions": others.next is not None,
            "buying": buying(request, recording.gid),
        },
    )


@require_safe
def versions(request: HttpRequest, gid: UUID) -> HttpResponse:
    """List other recordings of the same works."""
    try:
        recording = recording_detail(gid)
    except NotInCatalogue as error:
        raise Http404 from error
    if is_elsewhere(request, recording):
        return elsewhere(request, recording)
    found = listing.read(request, lambda cursor: lists.versions(recording, cursor=cursor, size=LISTED))
    return render(
        request,
        "web/list.html",
        {
            "kind": "recordings",
            "above": _("Other recordings of it"),
            "heading": recording.title,
            "named": True,
            "language": recording.language,
            "back": reverse("web:recording", args=[recording.gid]),
            "rows": listing.places(found.rows),
            "queue": playable(found.rows),
            **listing.around(request, found),
        },
    )


def is_elsewhere(request: HttpRequest, recording: Recording) -> bool:
    """Whether a recording read by `recording_detail` is not offered where the reader is, and not theirs either."""
    note_owned(account_or_none(request), [recording])
    return not recording.is_shown  # type: ignore[attr-defined] # `with_sound` notes it


def _works(recording: Recording) -> list[dict[str, object]]:
    """Its compositions, with who made them as far as the credits beside do not say so already."""
    said = {(credit.role, credit.artist_id) for credit in recording.roles.all()}
    return [
        {
            "title": work.title,
            "language": work.language,
            "iswc": work.iswc,
            "lines": role_lines(it for it in work.roles.all() if (it.role, it.artist_id) not in said),
        }
        for work in recording.works.all()
    ]


def _line_meant(request: HttpRequest) -> int | None:
    """Read which line of the lyrics a search has found."""
    text = request.GET.get("line", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else None
