"""Search, as one types."""

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
from alpheus.search.find import search as find
from alpheus.search.kinds import ARTIST, LYRICS, PLAYLIST, RECORDING, RELEASE, SHOP
from alpheus.shops.queries import found_shops

router = Router(tags=["browse"])
router.add_decorator(revalidated, mode="view")

READS = Admitted(scope=Scope.READ, policy=BROWSE)


@router.get("/search", response=FoundOut, auth=READS, operation_id="search")
def search(request: HttpRequest, given: Query[SearchIn]) -> FoundOut:
    """Artists, shops, releases, recordings and public playlists by name, and recordings by a line of their lyrics; the best first."""
    found = find(
        given.q,
        (*KINDS, PLAYLIST, SHOP),
        given.limit,
        exactly=given.exactly,
        explicit=shows_explicit(request, given.explicit),
        shown=shown_among,
    )
    named, sung = queries.recordings_of_each(found.gids[RECORDING], found.gids[LYRICS])
    return FoundOut(
        artists=[represent.artist(row) for row in queries.artists_of(found.gids[ARTIST])],
        releases=[represent.release(row) for row in queries.releases_of(found.gids[RELEASE])],
        recordings=[represent.recording(row) for row in named],
        lyrics=represent.sung(sung, found.mended or given.q),
        playlists=represent_playlists.playlists(
            found_playlists(found.gids[PLAYLIST]), caller_of(request).known_listener()
        ),
        shops=[shop_out(row) for row in found_shops(found.gids[SHOP])],
        mended=found.mended,
    )
