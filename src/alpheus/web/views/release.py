"""A release: its tracks in order, who made it, how it sounds."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from http import HTTPStatus
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.views.decorators.http import require_safe

from alpheus.catalogue.errors import NotInCatalogue
from alpheus.catalogue.models import Asset, CreditedArtist, Medium, Recording, Release, Track, WorkCredit
from alpheus.catalogue.queries import release_detail, releases_of
from alpheus.catalogue.rules import is_lossy
from alpheus.catalogue.shown import releases_shown
from alpheus.parties.models import Artist
from alpheus.rights.available import is_available
from alpheus.rights.early import early_of
from alpheus.web import roles
from alpheus.web.clocks import told
from alpheus.web.explicit import shows_explicit
from alpheus.web.preparing import Phase, Readiness, phases, readiness
from alpheus.web.prices import Reader, Shown, buying
from alpheus.web.whereabouts import where

MORE = 6
"""Other releases shown at the foot."""


@dataclass(frozen=True)
class Row:
    """One track as its row shows it."""

    track: Track
    readiness: Readiness
    place: int | None
    """Its place in the release's queue; None while it cannot be heard."""
    phases: list[Phase]
    own_credit: bool
    """Whether its credit differs from the release's and is worth a line."""
    has_lyrics: bool


@dataclass
class Disc:
    """One medium with its rows."""

    medium: Medium
    rows: list[Row] = field(default_factory=list)


@dataclass
class RoleLine:
    """One role with who had it, and on which tracks where it was not all of them."""

    label: Promise | str
    artists: dict[Artist, list[int]] = field(default_factory=dict)


@require_safe
def page(request: HttpRequest, gid: UUID) -> HttpResponse:
    """Show a release; while a track is being prepared its list asks for itself again."""
    return rendered(request, gid)


def rendered(request: HttpRequest, gid: UUID, *, preview: UUID | None = None) -> HttpResponse:
    """The page; as a preview of a submission (its gid) it has nothing that only what is published can do.

    Of what is heard early it says when it appears, and has nothing but previews.
    """
    early = early_of(gid, now=timezone.now()) if preview is None else None
    try:
        release = release_detail(gid, removed=early is not None)
    except NotInCatalogue as error:
        raise Http404 from error
    if preview is None and not is_available(release, here=where(request)):
        return elsewhere(request, release)
    tracks = [track for medium in release.media.all() for track in medium.tracks.all()]
    shown = shows_explicit(request)
    discs, queue = lay_out(release, explicit=shown)
    assets = [it.recording.asset for it in tracks if it.recording.asset]
    return render(
        request,
        "web/release.html",
        {
            "release": release,
            "preview": preview,
            "early": early,
            "appears": told(request, early.until, zone=early.zone) if early else None,
            "discs": discs,
            "queue": queue,
            "all_gids": [str(it.recording.gid) for it in tracks if shown or not it.recording.explicit],
            "count": len(tracks),
            "hidden": 0 if shown else sum(it.recording.explicit for it in tracks),
            "total_ms": sum(it.recording.duration_ms or 0 for it in tracks),
            "preparing": any(it.state in {Asset.State.WAITING, Asset.State.WORKING} for it in assets),
            "qualities": list(dict.fromkeys(it.quality for it in assets if it.quality)),
            "lossy": list(dict.fromkeys(it.quality for it in assets if is_lossy(it.quality))),
            "partly_lossy": not all(is_lossy(it.quality) for it in assets),
            "renditions": _in_all(assets),
            "credits": credits_of([it.recording for it in tracks]),
            "isrcs": [(it.position, it.recording.isrc) for it in tracks if it.recording.isrc],
            "more": _more(release),
            "buying": None if early else buying(request, release.gid),
            "card": "" if early else "release",
            "alone": _alone(request, discs),
        },
    )


def elsewhere(request: HttpRequest, thing: Release | Recording) -> HttpResponse:
    """Say that it is not offered where the reader is (RFC 7725); who owns it finds it in their locker."""
    status = HTTPStatus.UNAVAILABLE_FOR_LEGAL_REASONS
    told = {"thing": thing, "is_release": isinstance(thing, Release), "here": where(request)}
    return render(request, "web/elsewhere.html", told, status=status)


def lay_out(release: Release, *, explicit: bool = True) -> tuple[list[Disc], list[str]]:
    """Lay the tracks of a `release_detail` out by medium, and list what can be heard of them, in order.

    Without `explicit`, tracks that are so are left out of both.
    """
    discs: list[Disc] = []
    queue: list[str] = []
    for medium in release.media.all():
        disc = Disc(medium)
        for track in medium.tracks.all():
            if track.recording.explicit and not explicit:
                continue
            state = readiness(track.recording)
            asset = track.recording.asset
            disc.rows.append(
                Row(
                    track=track,
                    readiness=state,
                    place=len(queue) if state is Readiness.READY else None,
                    phases=phases(asset) if asset and state is Readiness.WORKING else [],
                    own_credit=track.credit.name != release.credit.name,
                    has_lyrics=bool(getattr(track, "has_lyrics", False)),
                )
            )
            if state is Readiness.READY:
                queue.append(str(track.recording.gid))
        if disc.rows:
            discs.append(disc)
    return discs, queue


def credits_of(recordings: list[Recording]) -> list[RoleLine]:
    """Who did what on these recordings (with `roles` prefetched), each role once."""
    lines: dict[str, RoleLine] = {}
    for number, recording in enumerate(recordings, start=1):
        for credit in recording.roles.all():
            label = roles.named(credit.role)
            on = lines.setdefault(str(label), RoleLine(label)).artists.setdefault(credit.artist, [])
            if number not in on:
                on.append(number)
    for line in lines.values():
        for artist, on in line.artists.items():
            line.artists[artist] = [] if len(on) == len(recordings) else on
    return list(lines.values())


def role_lines(credits_: Iterable[WorkCredit]) -> list[RoleLine]:
    """Who did what in a work, each role once."""
    lines: dict[str, RoleLine] = {}
    for credit in credits_:
        label = roles.named(credit.role)
        lines.setdefault(str(label), RoleLine(label)).artists.setdefault(credit.artist, [])
    return list(lines.values())


def _alone(request: HttpRequest, discs: list[Disc]) -> list[tuple[Track, Shown]]:
    """What the tracks of a release cost by themselves, where it has several and a shop offers them."""
    tracks = [row.track for disc in discs for row in disc.rows]
    prices = Reader(request).of([it.recording.gid for it in tracks]) if len(tracks) > 1 else {}
    return [(it, prices[it.recording.gid]) for it in tracks if it.recording.gid in prices]


def _in_all(assets: list[Asset]) -> list[str]:
    """Renditions that every track has."""
    names = [{rendition.name for rendition in it.renditions.all()} for it in assets]
    return sorted(set.intersection(*names)) if names else []


def _more(release: Release) -> list[Release]:
    """Other releases of the same artists, the newest first."""
    artists = [it.artist_id for it in release.credit.artists.all()]
    named = CreditedArtist.objects.filter(artist__in=artists).values("credit")
    others = releases_shown().filter(credit__in=named).exclude(pk=release.pk)
    gids = others.order_by("-released", "-id").values_list("gid", flat=True)
    return releases_of(list(gids[:MORE]))
