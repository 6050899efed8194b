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

SIZE = 12
CREDITS_MOST = 200
"""The strongest credits that are asked who is in them."""


@dataclass(frozen=True)
class Similar:
    """An artist and why they are similar."""

    artist: Artist
    why: Reason


def similar_artists(*, artist: UUID, size: int = SIZE) -> list[Similar]:
    """List similar artists, the most similar first: by listeners where enough is known of them, else by tags.

    Raises:
        SeedUnknown: there is no such artist.
    """
    seed = read_seed("artist", str(artist), draw=lambda: 0.0)
    pool = gather(seed)
    best = _by_credit(pool.heard if len(pool.heard) >= ENOUGH else [*pool.heard, *pool.tagged])
    shares: Counter[int] = Counter()
    reasons: dict[int, Reason] = {}
    rows: dict[int, Artist] = {}
    strongest = sorted(best, key=lambda credit: -best[credit][0])[:CREDITS_MOST]
    named = CreditedArtist.objects.filter(credit__in=strongest).select_related("artist")
    for row in sorted(named, key=lambda row: strongest.index(row.credit_id)):
        if row.artist_id in seed.artists or is_various(row.artist.name):
            continue
        weight, reason = best[row.credit_id]
        shares[row.artist_id] += round(1000 * weight)
        reasons.setdefault(row.artist_id, reason)
        rows[row.artist_id] = row.artist
    ranked = sorted(shares, key=lambda pk: (-shares[pk], rows[pk].sort_name, pk))
    return [Similar(rows[pk], reasons[pk]) for pk in ranked[:size]]


def _by_credit(candidates: list[Candidate]) -> dict[int, tuple[float, Reason]]:
    """What speaks for each credit, and the strongest of it."""
    totals: dict[int, tuple[float, Reason]] = {}
    for each in sorted(candidates, key=lambda each: -each.weight):
        weight, reason = totals.get(each.credit, (0.0, each.reason))
        totals[each.credit] = (weight + each.weight, reason)
    return totals
