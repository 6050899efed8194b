"""Search by name, as you type: artists, shops, releases, recordings and public playlists, and recordings by a line of their lyrics."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from alpheus.catalogue import lists
from alpheus.catalogue.indexing import KINDS
from alpheus.catalogue.models import Recording, Release
from alpheus.catalogue.queries import (
    SungLine,
    artists_of,
    genres_in_use,
    lines_of,
    recordings_of_each,
    release_of,
    releases_of,
)
from alpheus.catalogue.shown import shown_among
from alpheus.listening.library import queries
from alpheus.parties.models import Artist
from alpheus.search.find import of_kind, search
from alpheus.search.kinds import ARTIST, LYRICS, PLAYLIST, RECORDING, RELEASE, SHOP
from alpheus.shops.models import Shop
from alpheus.shops.queries import found_shops
from alpheus.values.cursor import Page
from alpheus.web import listing
from alpheus.web.explicit import shows_explicit
from alpheus.web.preparing import Readiness, readiness
from alpheus.web.views.library import Card, cards

TEXT_MAX = 200
"""Letters of a search that are read."""
EACH = 12
"""Shown of each kind."""
OF_ONE = 48
"""On a page of one kind alone."""
NEW, GENRES = 12, 24
"""Releases and genres shown before anything is typed."""
ALONE: Mapping[str, Promise] = {
    RECORDING: _("Recordings"),
    LYRICS: _("In the lyrics"),
    ARTIST: _("Artists"),
    SHOP: _("Shops"),
    RELEASE: _("Releases"),
    PLAYLIST: _("Playlists"),
}
"""Kinds that a page can be of alone."""
RESULTS = "found"
"""The part of the page that typing swaps."""


@dataclass(frozen=True)
class Hit:
    """A recording that was found, where it stands, and its place among those that can be heard."""

    recording: Recording
    release: Release | None
    place: int | None


@dataclass(frozen=True)
class Sung:
    """A recording that was found by a line of its lyrics."""

    recording: Recording
    release: Release | None
    line: SungLine


@dataclass
class Found:
    """What a text finds; `mended` is what was looked for instead, when nothing is called so."""

    artists: list[Artist] = field(default_factory=list)
    releases: list[Release] = field(default_factory=list)
    recordings: list[Hit] = field(default_factory=list)
    lyrics: list[Sung] = field(default_factory=list)
    playlists: list[Card] = field(default_factory=list)
    shops: list[Shop] = field(default_factory=list)
    queue: list[str] = field(default_factory=list)
    mended: str = ""
    more: frozenset[str] = frozenset()
    """Kinds of which there are others."""

    @property
    def count(self) -> int:
        """How many things are shown."""
        named = len(self.artists) + len(self.releases) + len(self.playlists) + len(self.shops)
        return named + len(self.recordings) + len(self.lyrics)


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Search for `q`, mended unless `exactly`; typing asks only for the results, which stand in a part of their own."""
    given = request.GET.get("q", "")[:TEXT_MAX]
    text = " ".join(given.split())
    typed = f"{text} " if given[-1:].isspace() else text  # then its last word is finished
    shown, exactly = shows_explicit(request), "exactly" in request.GET
    kind = listing.asked(request, "kind", ALONE, usual="")
    told: dict[str, object]
    if not text:
        told = {"text": text, "found": Found(), **_before()}
    elif kind:
        found, page = find_alone(request, typed, kind, exactly=exactly, explicit=shown)
        told = {"text": text, "found": found, "alone": ALONE[kind], **listing.around(request, page)}
    else:
        told = {"text": text, "found": find(typed, exactly=exactly, explicit=shown)}
    typing = request.headers.get("HX-Target", "").endswith(f"#{RESULTS}")
    response = render(request, "web/parts/found.html" if typing else "web/search.html", told)
    patch_vary_headers(response, ["HX-Target"])
    return response


def find(text: str, *, exactly: bool = False, explicit: bool = True) -> Found:
    """What a text finds, the best first."""
    kinds = (*KINDS, PLAYLIST, SHOP)
    told = search(text, kinds, EACH + 1, exactly=exactly, explicit=explicit, shown=shown_among)
    more = frozenset(kind for kind, gids in told.gids.items() if len(gids) > EACH)
    return _read({kind: gids[:EACH] for kind, gids in told.gids.items()}, text, told.mended, more)


def find_alone(
    request: HttpRequest, text: str, kind: str, *, exactly: bool, explicit: bool
) -> tuple[Found, Page[UUID]]:
    """A page of all that a text finds of one kind."""
    mended = ""

    def ask(cursor: str | None) -> Page[UUID]:
        nonlocal mended
        page, mended = of_kind(
            text, kind, cursor=cursor, size=OF_ONE, exactly=exactly, explicit=explicit, shown=shown_among
        )
        return page

    page = listing.read(request, ask)
    return _read({kind: page.rows}, text, mended, frozenset()), page


def _read(gids: Mapping[str, Sequence[UUID]], text: str, mended: str, more: frozenset[str]) -> Found:
    queue: list[str] = []
    named, sung = recordings_of_each(gids.get(RECORDING, ()), gids.get(LYRICS, ()))
    return Found(
        artists=artists_of(gids.get(ARTIST, ())),
        releases=releases_of(gids.get(RELEASE, ())),
        recordings=list(_hits(named, queue)),
        lyrics=list(_sung(sung, mended or text)),
        playlists=cards(queries.found_playlists(gids.get(PLAYLIST, ())), None),
        shops=found_shops(gids.get(SHOP, ())),
        queue=queue,
        mended=mended,
        more=more,
    )


def _before() -> dict[str, object]:
    """What is there to choose from before anything is typed."""
    return {"genres": genres_in_use(limit=GENRES), "newest": lists.releases(size=NEW).rows}


def _hits(recordings: list[Recording], queue: list[str]) -> Iterator[Hit]:
    for it in recordings:
        place = None
        if readiness(it) is Readiness.READY:
            place = len(queue)
            queue.append(str(it.gid))
        yield Hit(it, release_of(it), place)


def _sung(recordings: list[Recording], text: str) -> Iterator[Sung]:
    lines = lines_of([it.gid for it in recordings], text)
    for it in recordings:
        if it.gid in lines:
            yield Sung(it, release_of(it), lines[it.gid])
