"""Reads of namesakes, named by what they return."""

from dataclasses import dataclass
from uuid import UUID

from alpheus.parties.know_artist import artist_key
from alpheus.parties.models import Artist
from alpheus.parties.queries import names_of
from alpheus.shops.brand.models import Rostered
from alpheus.shops.models import Shop
from alpheus.shops.namesakes.errors import NoNamesake
from alpheus.shops.namesakes.models import ToldApart
from alpheus.shops.rules import Kind

LOOKED_AT = 1000
"""Shops that never opened, the latest founded first: older ones are hardly waiting any more."""
SHOWN_MAX = 100


@dataclass(frozen=True)
class Namesakes:
    """A shop that cannot open because of its name, beside who has it."""

    shop: Shop
    artist: Artist
    """Who has the name."""
    sold_by: Shop
    """Where their music is sold: their own shop, or a label's."""


@dataclass(frozen=True)
class Told:
    """Two who were told apart."""

    row: ToldApart
    name: str
    """Of both; empty where the artist is gone."""
    by: str
    """The name of who did it; empty once their account is erased."""


def waiting() -> list[Namesakes]:
    """Shops that wait because of their names, the latest founded first."""
    rows = Shop.objects.filter(kind=Kind.INDEPENDENT, artist=None).select_related("owner")
    keys = {shop: artist_key(shop.name) for shop in rows.order_by("-founded_at", "-pk")[:LOOKED_AT]}
    holders = _holders(set(keys.values()))
    return [
        Namesakes(shop, *holders[key])
        for shop, key in keys.items()
        if key in holders and holders[key][1].pk != shop.pk
    ]


def waiting_shop(gid: UUID) -> Namesakes:
    """One of them.

    Raises:
        NoNamesake: it does not wait because of its name.
    """
    shop = Shop.objects.filter(kind=Kind.INDEPENDENT, artist=None, gid=gid).select_related("owner").first()
    key = artist_key(shop.name) if shop is not None else ""
    holders = _holders({key})
    if shop is None or key not in holders:
        raise NoNamesake
    return Namesakes(shop, *holders[key])


def told_apart() -> list[Told]:
    """Who was told apart, the latest first."""
    rows = list(ToldApart.objects.all()[:SHOWN_MAX])
    artists = dict(Artist.objects.filter(gid__in=[it.artist for it in rows]).values_list("gid", "name"))
    names = names_of(it.actor for it in rows)
    return [Told(it, artists.get(it.artist, ""), names.get(it.actor, "")) for it in rows]


def _holders(keys: set[str]) -> dict[str, tuple[Artist, Shop]]:
    """Who is meant by these names (folded) when nobody says more, where their music is sold."""
    first: dict[str, Artist] = {}
    for artist in Artist.objects.filter(key__in=keys).order_by("pk"):
        first.setdefault(artist.key, artist)
    shops = Shop.objects.filter(artist__in=first.values()).select_related("label")
    sold = {it.artist_id: it for it in shops}
    signed = Rostered.objects.filter(artist__in=first.values(), until=None).select_related("shop")
    sold |= {it.artist_id: it.shop for it in signed}
    return {key: (artist, sold[artist.pk]) for key, artist in first.items() if artist.pk in sold}
