"""Tell which artists are similar: whom the same listeners play, and who shares genres and people; with the reason."""

from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from alpheus.catalogue.credits import is_various
from alpheus.catalogue.models import CreditedArtist
from alpheus.insight.candidates import gather
from alpheus.insight.rules import ENOUGH, Candidate, Reason
from alpheus.insight.seeds import read_seed
from alpheus.parties.models import Artist
from alpheus.values import cursor as cursors
from alpheus.values.cursor import Page

SIZE = 12
SIZE_MAX = 100


@dataclass(frozen=True)
class Similar:
    """An artist and why they are similar."""

    artist: Artist
    why: Reason


def similar_artists(*, artist: UUID, cursor: str | None = None, size: int = SIZE) -> Page[Similar]:
    """List similar artists, the most similar first: by listeners where enough is known of them, else by tags.

    They are some hundred at most, ranked anew for each page: a page goes on below where the one before ended.

    Raises:
        SeedUnknown: there is no such artist.
        CursorInvalid: the cursor belongs to another list.
    """
    name = f"similar-{artist.hex}"
    at = cursors.decode(name, (int, str, int), cursor) if cursor else None
    ranked = _ranked(artist)
    left = [key for key in ranked if at is None or key > at]
    limit = min(max(size, 1), SIZE_MAX)
    more = cursors.encode(name, left[limit - 1]) if len(left) > limit else None
    return Page([ranked[key] for key in left[:limit]], more)


def _ranked(artist: UUID) -> dict[tuple[int, str, int], Similar]:
    """All similar artists in their order, by what it goes by: the most shared first, then by name."""
    seed = read_seed("artist", str(artist), draw=lambda: 0.0)
    pool = gather(seed)
    best = _by_credit(pool.heard if len(pool.heard) >= ENOUGH else [*pool.heard, *pool.tagged])
    shares: Counter[int] = Counter()
    reasons: dict[int, Reason] = {}
    rows: dict[int, Artist] = {}
    named = CreditedArtist.objects.filter(credit__in=list(best)).select_related("artist")
    for row in sorted(named, key=lambda row: (-best[row.credit_id][0], row.credit_id, row.position)):
        if row.artist_id in seed.artists or is_various(row.artist.name):
            continue
        weight, reason = best[row.credit_id]
        shares[row.artist_id] += round(1000 * weight)
        reasons.setdefault(row.artist_id, reason)
        rows[row.artist_id] = row.artist
    keys = sorted((-shares[pk], rows[pk].sort_name, pk) for pk in shares)
    return {key: Similar(rows[key[2]], reasons[key[2]]) for key in keys}


def _by_credit(candidates: list[Candidate]) -> dict[int, tuple[float, Reason]]:
    """What speaks for each credit, and the strongest of it."""
    totals: dict[int, tuple[float, Reason]] = {}
    for each in sorted(candidates, key=lambda each: -each.weight):
        weight, reason = totals.get(each.credit, (0.0, each.reason))
        totals[each.credit] = (weight + each.weight, reason)
    return totals
