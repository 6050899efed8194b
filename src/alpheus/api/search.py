"""Search, as one types."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router

from alpheus.api import represent, represent_playlists
from alpheus.api.callers import Admitted, caller_of
from alpheus.api.explicit import shows_explicit
from alpheus.api.fresh import revalidated
from alpheus.api.library_shapes import FoundOut
from alpheus.api.limits import BROWSE
from alpheus.api.shapes import SearchIn
from alpheus.api.shops import shop_out
from alpheus.api.token import Scope
from alpheus.catalogue import queries
from alpheus.catalogue.indexing import KINDS
from alpheus.catalogue.shown import shown_among
from alpheus.listening.library.queries import found_playlists
from alpheus.search.find import of_kind
from alpheus.search.find import search as find
from alpheus.search.kinds import ARTIST, LYRICS, PLAYLIST, RECORDING, RELEASE, SHOP
from alpheus.shops.queries import found_shops

router = Router(tags=["browse"])
router.add_decorator(revalidated, mode="view")

READS = Admitted(scope=Scope.READ, policy=BROWSE)


@router.get("/search", response=FoundOut, auth=READS, operation_id="search")
def search(request: HttpRequest, given: Query[SearchIn]) -> FoundOut:
    """Artists, shops, releases, recordings and public playlists by name, and recordings by a line of their lyrics; the best first."""
    gids, mended, more = _gids(request, given)
    named, sung = queries.recordings_of_each(gids.get(RECORDING, ()), gids.get(LYRICS, ()))
    return FoundOut(
        artists=[represent.artist(row) for row in queries.artists_of(gids.get(ARTIST, ()))],
        releases=[represent.release(row) for row in queries.releases_of(gids.get(RELEASE, ()))],
        recordings=[represent.recording(row) for row in named],
        lyrics=represent.sung(sung, mended or given.q),
        playlists=represent_playlists.playlists(
            found_playlists(gids.get(PLAYLIST, ())), caller_of(request).known_listener()
        ),
        shops=[shop_out(row) for row in found_shops(gids.get(SHOP, ()))],
        mended=mended,
        next=more,
    )


def _gids(request: HttpRequest, given: SearchIn) -> tuple[Mapping[str, Sequence[UUID]], str, str | None]:
    """What is found by kind, what was looked for instead, and where the next page begins."""
    explicit = shows_explicit(request, given.explicit)
    if given.kind is None:
        kinds = (*KINDS, PLAYLIST, SHOP)
        found = find(given.q, kinds, given.limit, exactly=given.exactly, explicit=explicit, shown=shown_among)
        return found.gids, found.mended, None
    page, mended = of_kind(
        given.q,
        given.kind,
        cursor=given.cursor,
        size=given.limit,
        exactly=given.exactly,
        explicit=explicit,
        shown=shown_among,
    )
    return {given.kind: page.rows}, mended, page.next
