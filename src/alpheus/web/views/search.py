"""Search by name, as you type: artists, releases and recordings."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from alpheus.catalogue.indexing import ARTIST, KINDS, RECORDING, RELEASE
from alpheus.catalogue.models import Recording, Release
from alpheus.catalogue.queries import artists_of, recordings_of, release_of, releases_of
from alpheus.parties.models import Artist
from alpheus.search.find import search
from alpheus.web.preparing import Readiness, readiness

TEXT_MAX = 200
"""Letters of a search that are read."""
EACH = 12
"""Shown of each kind."""


@dataclass(frozen=True)
class Hit:
    """A recording that was found, where it stands, and its place among those that can be heard."""

    recording: Recording
    release: Release | None
    place: int | None


@dataclass
class Found:
    """What a text finds."""

    artists: list[Artist] = field(default_factory=list)
    releases: list[Release] = field(default_factory=list)
    recordings: list[Hit] = field(default_factory=list)
    queue: list[str] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many things are shown."""
        return len(self.artists) + len(self.releases) + len(self.recordings)


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Search for `q`; typing swaps only the results, which stand in a part of their own."""
    text = " ".join(request.GET.get("q", "")[:TEXT_MAX].split())
    return render(request, "web/search.html", {"text": text, "found": find(text) if text else Found()})


def find(text: str) -> Found:
    """What a text finds by name, the best first."""
    gids = search(text, KINDS, EACH)
    queue: list[str] = []
    return Found(
        artists=artists_of(gids[ARTIST]),
        releases=releases_of(gids[RELEASE]),
        recordings=list(_hits(recordings_of(gids[RECORDING]), queue)),
        queue=queue,
    )


def _hits(recordings: list[Recording], queue: list[str]) -> Iterator[Hit]:
    for it in recordings:
        place = None
        if readiness(it) is Readiness.READY:
            place = len(queue)
            queue.append(str(it.gid))
        yield Hit(it, release_of(it), place)
