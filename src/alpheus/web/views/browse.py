"""Lists of all that is here, and the pages of a genre, a label and a year: each a list of releases with a heading."""

from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from alpheus.catalogue import lists, queries
from alpheus.catalogue.errors import NotInCatalogue
from alpheus.catalogue.lists import ArtistSort, Filter, GenreSort, Order, RecordingSort, ReleaseSort
from alpheus.parties.models import Artist
from alpheus.shops.queries import shop_of_label
from alpheus.values.cursor import Page
from alpheus.web import listing
from alpheus.web.explicit import shows_explicit
from alpheus.web.preparing import playable

RELEASES, RECORDINGS, NAMES = 24, 30, 60
"""Rows of a page."""
YEAR_LAST = 9999

RELEASE_SORTS: Mapping[ReleaseSort, Promise] = {
    "newest": gettext_lazy("Newest here"),
    "date": gettext_lazy("By date"),
    "title": gettext_lazy("By title"),
}
RECORDING_SORTS: Mapping[RecordingSort, Promise] = {
    "newest": gettext_lazy("Newest here"),
    "title": gettext_lazy("By title"),
}
ARTIST_SORTS: Mapping[ArtistSort, Promise] = {
    "name": gettext_lazy("By name"),
    "newest": gettext_lazy("Newest here"),
}
GENRE_SORTS: Mapping[GenreSort, Promise] = {
    "most": gettext_lazy("Most releases"),
    "name": gettext_lazy("By name"),
}
TYPES: Mapping[str, Promise] = {
    "": gettext_lazy("All types"),
    "album": gettext_lazy("Albums"),
    "ep": gettext_lazy("EPs"),
    "single": gettext_lazy("Singles"),
}


@require_safe
def releases(request: HttpRequest) -> HttpResponse:
    """All releases, or those of one artist, or those of others that they appear on."""
    artist, appears = listing.gid_asked(request, "artist"), listing.gid_asked(request, "appears")
    about = _artist(artist or appears)
    heading: dict[str, object] = {"heading": _("Releases"), "back": reverse("web:home")}
    if about is not None:
        heading = listing.of_artist(about, _("Appears on") if appears and not artist else _("Releases"))
    return _releases(request, Filter(artist=artist, appears=appears), heading)


@require_safe
def genre(request: HttpRequest, slug: str) -> HttpResponse:
    """A genre: its releases, and a radio of it."""
    try:
        row = queries.genre_by_slug(_text(slug))
    except NotInCatalogue as error:
        raise Http404 from error
    heading = {
        "above": _("Genre"),
        "heading": row.name,
        "named": True,
        "back": reverse("web:genres"),
        "radio": ("genre", row.slug),
    }
    return _releases(request, Filter(genre=row.slug), heading)


@require_safe
def label(request: HttpRequest, gid: UUID) -> HttpResponse:
    """A label: its releases, and a radio of it."""
    try:
        row = queries.label_by_gid(gid)
    except NotInCatalogue as error:
        raise Http404 from error
    heading = {
        "above": _("Label"),
        "heading": row.name,
        "named": True,
        "language": row.language,
        "back": reverse("web:labels"),
        "shop": shop_of_label(row.gid),
        "radio": ("label", row.gid),
    }
    return _releases(request, Filter(label=row.gid), heading, usual="date")


@require_safe
def year(request: HttpRequest, number: str) -> HttpResponse:
    """A year: what came out in it."""
    this = int(number)
    heading = {
        "above": _("Year"),
        "heading": number,
        "back": reverse("web:years"),
        "before": reverse("web:year", args=[this - 1]) if this > 1 else "",
        "before_label": this - 1,
        "after": reverse("web:year", args=[this + 1]) if this < YEAR_LAST else "",
        "after_label": this + 1,
    }
    return _releases(request, Filter(year=this), heading, usual="date")


@require_safe
def recordings(request: HttpRequest) -> HttpResponse:
    """All recordings, or those of one artist."""
    sort = listing.asked(request, "sort", RECORDING_SORTS, usual="newest")
    artist, shown = listing.gid_asked(request, "artist"), shows_explicit(request)
    about = _artist(artist)
    page = listing.narrowed(
        request, partial(lists.recordings, sort=sort, size=RECORDINGS, artist=artist, explicit=shown)
    )
    return render(
        request,
        "web/list.html",
        {
            "kind": "recordings",
            **(
                listing.of_artist(about, _("Recordings"))
                if about
                else {"heading": _("Recordings"), "back": reverse("web:home")}
            ),
            "rows": listing.places(page.rows),
            "queue": playable(page.rows),
            "sorts": listing.choices(request, "sort", RECORDING_SORTS, chosen=sort, usual="newest"),
            "hidden": not shown,
            **listing.finding(request, page, lists.RECORDINGS[sort]),
            **listing.around(request, page),
        },
    )


@require_safe
def artists(request: HttpRequest) -> HttpResponse:
    """All artists who have something to hear."""
    sort = listing.asked(request, "sort", ARTIST_SORTS, usual="name")
    page = listing.narrowed(request, partial(lists.artists, sort=sort, size=NAMES))
    sorts = listing.choices(request, "sort", ARTIST_SORTS, chosen=sort, usual="name")
    given = {"kind": "artists", "heading": _("Artists"), "rows": page.rows, "sorts": sorts}
    return _plain(request, page, given, lists.ARTISTS[sort])


@require_safe
def labels(request: HttpRequest) -> HttpResponse:
    """All labels."""
    page = listing.narrowed(request, partial(lists.labels, size=NAMES))
    given = {"kind": "labels", "heading": _("Labels"), "rows": page.rows}
    return _plain(request, page, given, lists.LABELS)


@require_safe
def genres(request: HttpRequest) -> HttpResponse:
    """All genres."""
    sort = listing.asked(request, "sort", GENRE_SORTS, usual="most")
    page = listing.narrowed(request, partial(lists.genres, sort=sort, size=NAMES))
    sorts = listing.choices(request, "sort", GENRE_SORTS, chosen=sort, usual="most")
    given = {"kind": "genres", "heading": _("Genres"), "rows": page.rows, "sorts": sorts}
    return _plain(request, page, given, lists.GENRES[sort])


@require_safe
def years(request: HttpRequest) -> HttpResponse:
    """All years."""
    page = listing.read(
        request, lambda cursor: lists.years(cursor=cursor, words=listing.words_asked(request))
    )
    given = {"kind": "years", "heading": _("Years"), "rows": page.rows}
    return _plain(request, page, given)


def _plain(
    request: HttpRequest, page: Page[Any], given: Mapping[str, Any], order: Order | None = None
) -> HttpResponse:
    around = listing.finding(request, page, order) | listing.around(request, page)
    return render(request, "web/list.html", {"back": reverse("web:home"), **given, **around})


def _releases(
    request: HttpRequest, only: Filter, heading: Mapping[str, object], *, usual: ReleaseSort = "newest"
) -> HttpResponse:
    sort = listing.asked(request, "sort", RELEASE_SORTS, usual=usual)
    kind = listing.asked(request, "type", TYPES, usual="")
    narrowed = Filter(
        type=kind,
        genre=only.genre,
        year=only.year,
        label=only.label,
        artist=only.artist,
        appears=only.appears,
    )
    page = listing.narrowed(request, partial(lists.releases, sort=sort, size=RELEASES, only=narrowed))
    return render(
        request,
        "web/list.html",
        {
            "kind": "releases",
            "rows": page.rows,
            "types": listing.choices(request, "type", TYPES, chosen=kind, usual=""),
            "sorts": listing.choices(request, "sort", RELEASE_SORTS, chosen=sort, usual=usual),
            "narrowed": bool(kind),
            **heading,
            **listing.finding(request, page, lists.RELEASES[sort]),
            **listing.around(request, page),
        },
    )


def _artist(gid: UUID | None) -> Artist | None:
    return listing.artist_or_404(gid) if gid else None


def _text(given: str) -> str:
    """A word of an address that may reach the database: PostgreSQL keeps every character but one."""
    if "\0" in given:
        raise Http404
    return given
