"""An artist: what they released, where else they are heard, by which other names they are known."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from alpheus.catalogue.errors import NotInCatalogue
from alpheus.catalogue.models import CreditedArtist, Recording, Release
from alpheus.catalogue.queries import ArtistDetail, artist_detail
from alpheus.catalogue.shown import recordings_shown
from alpheus.insight.similar_artists import Similar, similar_artists
from alpheus.insight.why import artist_sentence
from alpheus.listening.queries import heard_most
from alpheus.parties.models import Artist
from alpheus.shops.queries import label_of_artist, shop_of_artist
from alpheus.web import listing
from alpheus.web.explicit import shows_explicit
from alpheus.web.preparing import playable

SHELF_MAX = 24
"""Releases on a shelf; a list of its own has all of them."""
HEARD_MOST = 5
SIMILAR = 8
LISTED = 30
"""Rows of a list of its own."""
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
    heard = heard_most(detail.artist.gid, size=HEARD_MOST, explicit=shown)
    alike = similar_artists(artist=detail.artist.gid, size=SIMILAR)
    shelves = _shelves(detail)
    return render(
        request,
        "web/artist.html",
        {
            "artist": detail.artist,
            "shop": shop_of_artist(gid),
            "label": label_of_artist(gid),
            "aliases": [it for it in detail.artist.aliases.all() if it.name != detail.artist.name],
            "shelves": shelves,
            "cover": next((it.cover for shelf in shelves for it in shelf.releases if it.cover), None),
            "most": heard.rows,
            "more_most": heard.next is not None,
            "most_queue": playable(heard.rows),
            "queue": _queue(detail.artist, explicit=shown),
            "recordings": detail.recordings,
            "similar": _with_reasons(alike.rows),
            "more_similar": alike.next is not None,
        },
    )


@require_safe
def similar(request: HttpRequest, gid: UUID) -> HttpResponse:
    """List artists who are similar, each with why."""
    artist = listing.artist_or_404(gid)
    found = listing.read(
        request, lambda cursor: similar_artists(artist=artist.gid, cursor=cursor, size=LISTED)
    )
    return render(
        request,
        "web/list.html",
        {
            "kind": "similar",
            **listing.of_artist(artist, gettext("Similar artists")),
            "rows": _with_reasons(found.rows),
            **listing.around(request, found),
        },
    )


@require_safe
def most(request: HttpRequest, gid: UUID) -> HttpResponse:
    """List what listeners heard most of them."""
    artist, shown = listing.artist_or_404(gid), shows_explicit(request)
    found = listing.read(
        request, lambda cursor: heard_most(artist.gid, cursor=cursor, size=LISTED, explicit=shown)
    )
    return render(
        request,
        "web/list.html",
        {
            "kind": "recordings",
            **listing.of_artist(artist, gettext("Heard most")),
            "rows": listing.places(found.rows),
            "queue": playable(found.rows),
            "hidden": not shown,
            **listing.around(request, found),
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


def _queue(artist: Artist, *, explicit: bool) -> list[str]:
    """Everything they are credited with that can be heard, release by release, the newest first."""
    found = _own(artist, explicit=explicit).filter(tracks__isnull=False)
    found = found.select_related("asset").defer("asset__peaks").prefetch_related("asset__renditions")
    order = (F("tracks__medium__release__year").desc(nulls_last=True), "tracks__medium__release_id")
    ordered = found.order_by(*order, "tracks__medium__position", "tracks__position")
    return list(dict.fromkeys(playable(ordered[:QUEUE_MAX])))


def _own(artist: Artist, *, explicit: bool) -> QuerySet[Recording]:
    named = CreditedArtist.objects.filter(artist=artist).values("credit")
    rows = recordings_shown().filter(credit__in=named)
    return rows if explicit else rows.filter(explicit=False)


def _with_reasons(found: Sequence[Similar]) -> list[dict[str, object]]:
    return [{"artist": each.artist, "why": artist_sentence(each.why)} for each in found]
