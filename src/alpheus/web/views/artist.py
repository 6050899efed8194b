"""An artist: what they released, where else they are heard, by which other names they are known."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, F, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from alpheus.catalogue.errors import NotInCatalogue
from alpheus.catalogue.models import Recording, Release
from alpheus.catalogue.queries import ArtistDetail, artist_detail, recordings_of
from alpheus.parties.models import Artist
from alpheus.web.preparing import playable

SHELF_MAX = 120
HEARD_MOST = 5
QUEUE_MAX = 200
"""Recordings that "play" puts into the queue: an evening, not a life's work."""

TYPES: dict[str, Promise] = {"album": _("Albums"), "ep": _("EPs"), "single": _("Singles")}


@dataclass(frozen=True)
class Shelf:
    """Releases of one kind, and how many there are altogether."""

    label: Promise
    releases: list[Release]
    count: int


@require_safe
def page(request: HttpRequest, gid: UUID) -> HttpResponse:
    """Show an artist."""
    try:
        detail = artist_detail(gid)
    except NotInCatalogue as error:
        raise Http404 from error
    most = _heard_most(detail.artist)
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
            "queue": _queue(detail.artist),
        },
    )


def _shelves(detail: ArtistDetail) -> list[Shelf]:
    """Albums, EPs and singles; compilations apart; then what they appear on."""
    shelves = []
    for kind, label in TYPES.items():
        plain = [it for it in detail.discography.get(kind, []) if not it.compilation]
        shelves.append(Shelf(label, plain[:SHELF_MAX], len(plain)))
    mixed = [it for it in detail.releases if it.compilation]
    shelves.append(Shelf(_("Compilations"), mixed[:SHELF_MAX], len(mixed)))
    shelves.append(Shelf(_("Appears on"), detail.appears_on[:SHELF_MAX], len(detail.appears_on)))
    return [shelf for shelf in shelves if shelf.releases]


def _heard_most(artist: Artist) -> list[Recording]:
    """What listeners heard most of them, as the plays say; nothing where nobody listened yet."""
    heard = Recording.objects.filter(removed_at=None, credit__artists__artist=artist)
    heard = heard.annotate(times=Count("plays", filter=Q(plays__qualified=True), distinct=True)).filter(
        times__gt=0
    )
    return recordings_of(list(heard.order_by("-times", "id").values_list("gid", flat=True)[:HEARD_MOST]))


def _queue(artist: Artist) -> list[str]:
    """Everything they are credited with that can be heard, release by release, the newest first."""
    found = Recording.objects.filter(removed_at=None, credit__artists__artist=artist, tracks__isnull=False)
    found = found.select_related("asset").defer("asset__peaks").prefetch_related("asset__renditions")
    order = (F("tracks__medium__release__year").desc(nulls_last=True), "tracks__medium__release_id")
    ordered = found.order_by(*order, "tracks__medium__position", "tracks__position")
    return list(dict.fromkeys(playable(ordered[:QUEUE_MAX])))
