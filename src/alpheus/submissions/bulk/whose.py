"""Whose music a shop may hand in."""

from alpheus.parties.know_artist import artist_key
from alpheus.parties.models import Artist
from alpheus.shops.brand.queries import rostered_under
from alpheus.shops.models import Shop
from alpheus.shops.rules import Kind


def may_hand_in(shop: Shop, artist: str) -> bool:
    """Whether a shop may hand in releases that are credited to an artist: its own, or one of a label's roster.

    Args:
        shop: whose catalogue it is.
        artist: as a row writes the name.
    """
    if shop.kind == Kind.BRAND:
        return rostered_by_name(shop, artist) is not None
    own = {artist_key(shop.name)}
    if shop.artist is not None:
        own.add(shop.artist.key)
    return artist_key(artist) in own


def rostered_by_name(shop: Shop, artist: str) -> Artist | None:
    """Who of a label's roster a row names; None where nobody is."""
    row = rostered_under(shop, artist_key(artist))
    return row.artist if row else None
