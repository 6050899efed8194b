"""Whose music a shop may hand in."""

from collections.abc import Callable

from alpheus.parties.know_artist import artist_key
from alpheus.parties.models import Artist
from alpheus.shops.brand.queries import rostered_keys, rostered_under
from alpheus.shops.models import Shop
from alpheus.shops.rules import Kind


def may_hand_in(shop: Shop) -> Callable[[str], bool]:
    """Tell of names whether a shop may hand in releases that are credited so: its own, or one of a label's roster.

    Whose names those are is read once, for a sheet names hundreds.
    """
    keys = rostered_keys(shop) if shop.kind == Kind.BRAND else {artist_key(shop.name)}
    if shop.kind != Kind.BRAND and shop.artist is not None:
        keys.add(shop.artist.key)
    return lambda artist: artist_key(artist) in keys


def rostered_by_name(shop: Shop, artist: str) -> Artist | None:
    """Who of a label's roster a row names; None where nobody is."""
    row = rostered_under(shop, artist_key(artist))
    return row.artist if row else None
