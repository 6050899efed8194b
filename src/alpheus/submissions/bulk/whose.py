"""Whose music a shop may hand in."""

from alpheus.parties.know_artist import artist_key
from alpheus.shops.models import Shop


def may_hand_in(shop: Shop, artist: str) -> bool:
    """Whether a shop may hand in releases that are credited to an artist: its own.

    Args:
        shop: whose catalogue it is.
        artist: as a row writes the name.
    """
    own = {artist_key(shop.name)}
    if shop.artist is not None:
        own.add(shop.artist.key)
    return artist_key(artist) in own
