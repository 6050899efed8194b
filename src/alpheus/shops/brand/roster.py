"""A label puts artists on its roster by name: who is new to the house, or stands in the catalogue and sells in no shop."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from alpheus.parties.know_artist import know_artist
from alpheus.parties.models import Account, Artist
from alpheus.shops.brand.errors import ArtistElsewhere, ArtistRefused
from alpheus.shops.brand.models import Rostered
from alpheus.shops.brand.rules import Note
from alpheus.shops.brand.write_down import write_down
from alpheus.shops.models import Shop
from alpheus.shops.rules import May
from alpheus.shops.seats import locked
from alpheus.values.text import line

NAME_MAX = 500


@transaction.atomic
def add_artist(*, by: Account, shop: UUID | None = None, name: str, now: datetime) -> Rostered:
    """Put an artist on the roster by name; one who is on it already stays.

    Raises:
        NotYours, RoleRefused: who asks works in no such shop, or may not.
        ArtistRefused: it is no name.
        ArtistElsewhere: they have a shop of their own or are on another label's roster: they move, and say so themselves.
    """
    found = locked(by, shop, May.ROSTER)
    plain = line(name, limit=NAME_MAX).strip()
    if not plain:
        raise ArtistRefused
    artist = know_artist(name=plain)
    before = Rostered.objects.filter(artist=artist, until=None).first()
    if before is not None and before.shop_id == found.pk:
        return before
    if before is not None or Shop.objects.filter(artist=artist).exists():
        raise ArtistElsewhere
    return put(shop=found, artist=artist, musician=None, by=by, now=now)


def put(*, shop: Shop, artist: Artist, musician: Account | None, by: Account, now: datetime) -> Rostered:
    """Put an artist on the roster of a locked shop; they are on no other."""
    row = Rostered.objects.create(shop=shop, artist=artist, musician=musician, since=now)
    write_down(shop=shop, event=Note.ROSTERED, actor=by, whom=artist.gid, now=now)
    return row
