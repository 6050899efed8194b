"""An artist: what they released, where else they are heard, by which other names they are known."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from alpheus.catalogue.errors import NotInCatalogue
from alpheus.catalogue.models import CreditedArtist, Recording, Release
from alpheus.catalogue.queries import ArtistDetail, artist_detail, recordings_of
from alpheus.insight.similar_artists import similar_artists
from alpheus.insight.why import artist_sentence
from alpheus.parties.models import Artist
from alpheus.web.explicit import shows_explicit
from alpheus.web.preparing import playable

SHELF_MAX = 24
"""Releases on a shelf; a list of its own has all of them."""
HEARD_MOST = 5
SIMILAR = 8
QUEUE_MAX = 200
"""Recordings that "play" puts into the queue: an evening, not a life's work."""

TYPES: dict[str, Promise] = {"album": _("Albums"), "ep": _("EPs"), "single": _("Singles")}


@dataclass(frozen=True)
class Shelf:
    """Releases of one kind, and how many there are altogether."""

    label: Promise
    releases: list[Release]
    count: int
    query: str = ""
    """What the list of all of them is narrowed by: artist or appears."""
    kind: str = ""
    """The type that it is narrowed to."""


@require_safe
def page(request: HttpRequest, gid: UUID) -> HttpResponse:
    """Show an artist."""
    try:
        detail = artist_detail(gid)
    except NotInCatalogue as error:
        raise Http404 from error
    shown = shows_explicit(request)
    most = _heard_most(detail.artist, explicit=shown)
    shelves = _shelves(detail)
    return render(
        request,
        "web/artist.html",
        {
            "artist": detail.artist,
            "aliases": [it for it in detail.artist.aliases.all() if it.name != detail.artist.name],
            "shelves": shelves,
            "cover": next((it.cover for shelf in shelves for it in shelf.releases if it.cover), None),
            "most": most,
            "most_queue": playable(most),
            "queue": _queue(detail.artist, explicit=shown),
            "recordings": detail.recordings,
            "similar": _similar(detail.artist),
        },
    )


def _shelves(detail: ArtistDetail) -> list[Shelf]:
    """Albums, EPs and singles; compilations apart; then what they appear on."""
    shelves = []
    for kind, label in TYPES.items():
        plain = [it for it in detail.discography.get(kind, []) if not it.compilation]
        shelves.append(Shelf(label, plain[:SHELF_MAX], len(plain), "artist", kind))
    mixed = [it for it in detail.releases if it.compilation]
    shelves.append(Shelf(_("Compilations"), mixed[:SHELF_MAX], len(mixed), "artist"))
    shelves.append(Shelf(_("Appears on"), detail.appears_on[:SHELF_MAX], len(detail.appears_on), "appears"))
    return [shelf for shelf in shelves if shelf.releases]


def _heard_most(artist: Artist, *, explicit: bool) -> list[Recording]:
    """What listeners heard most of them, as the plays say; nothing where nobody listened yet."""
    heard = _own(artist, explicit=explicit)
    heard = heard.annotate(times=Count("plays", filter=Q(plays__qualified=True), distinct=True)).filter(
        times__gt=0
    )
    return recordings_of(list(heard.order_by("-times", "id").values_list("gid", flat=True)[:HEARD_MOST]))


def _queue(artist: Artist, *, explicit: bool) -> list[str]:
    """Everything they are credited with that can be heard, release by release, the newest first."""
    found = _own(artist, explicit=explicit).filter(tracks__isnull=False)
    found = found.select_related("asset").defer("asset__peaks").prefetch_related("asset__renditions")
    order = (F("tracks__medium__release__year").desc(nulls_last=True), "tracks__medium__release_id")
    ordered = found.order_by(*order, "tracks__medium__position", "tracks__position")
    return list(dict.fromkeys(playable(ordered[:QUEUE_MAX])))


def _own(artist: Artist, *, explicit: bool) -> QuerySet[Recording]:
    named = CreditedArtist.objects.filter(artist=artist).values("credit")
    rows = Recording.objects.filter(removed_at=None, credit__in=named)
    return rows if explicit else rows.filter(explicit=False)


def _similar(artist: Artist) -> list[dict[str, object]]:
    return [
        {"artist": each.artist, "why": artist_sentence(each.why)}
        for each in similar_artists(artist=artist.gid, size=SIMILAR)
    ]
