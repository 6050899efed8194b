"""What a draft's release and tracks will ask once they appear: what its sheet says, and else what a shop asks by default."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from alpheus.shops.brand.queries import fixed_price
from alpheus.shops.models import Shop
from alpheus.shops.offers.offer_by_default import usual_of_release, usual_of_track
from alpheus.shops.offers.rules import Asked, suggested
from alpheus.submissions.bulk.rules import asked_in
from alpheus.submissions.models import Submission, Track


@dataclass(frozen=True)
class Asking:
    """Prices that nothing asks yet."""

    release: Asked | None
    """None while it follows from tracks that are not there yet."""
    tracks: Mapping[int, Asked]
    """By primary key."""
    by_sheet: bool
    """Whether a sheet says any of them."""
    fixed: bool
    """Whether the label's agreement says what tracks cost, whatever else was written."""


def will_ask(row: Submission, tracks: Sequence[Track], *, shop: Shop, now: datetime) -> Asking:
    """What a release that never appeared will ask at its minute: what `publish_due.publish` sets for it then.

    Args:
        row: the release.
        tracks: its tracks.
        shop: where it will stand.
        now: the time.
    """
    fixed = fixed_price(shop, now=max(now, row.due_at or now))
    usual = usual_of_track(fixed)
    said = {it.pk: asked for it in tracks if not fixed and it.price and (asked := asked_in(it.price))}
    each = {it.pk: said.get(it.pk, usual) for it in tracks}
    amounts = [it.base for it in each.values() if it.base is not None]
    by_sheet = asked_in(row.price) if row.price else None
    by_tracks = usual_of_release(suggested(amounts)) if tracks else None
    return Asking(
        release=by_sheet or by_tracks,
        tracks=each,
        by_sheet=bool(said or by_sheet),
        fixed=fixed is not None,
    )
