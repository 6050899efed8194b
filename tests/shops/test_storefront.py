"""The storefront: narrowed, ordered, paged; and shops are found from their opening to their closing."""

import pytest
from applying import NOW, account
from opened_shop import opened

from alpheus.catalogue.models import Genre
from alpheus.listening.erase import erase
from alpheus.parties.models import StaffRole
from alpheus.search.find import search
from alpheus.search.kinds import SHOP
from alpheus.search.models import Document
from alpheus.shops import indexing, keep_shop
from alpheus.shops.models import Shop
from alpheus.shops.queries import (
    Filter,
    countries_of_shops,
    found_shops,
    genres_of_shops,
    open_shops,
    releases_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def shops():
    auditor = account("owl", StaffRole.Role.AUDITOR)
    tide = opened(account("tide"), auditor)
    ebb = opened(
        account("ebb"), auditor, handle="ebb", artist_name="Ebb & Flood", title="Other", country="jp"
    )
    return tide, ebb


def handles(**given):
    return [it.handle for it in open_shops(size=10, **given).rows]


def test_narrowed_by_genre_and_country(shops):
    tide, _ = shops
    folk = Genre.objects.create(name="Folk", slug="folk")
    releases_of(tide)[0].genres.add(folk)
    assert handles() == ["ebb", "tide"]
    assert handles(only=Filter(country="JP")) == ["ebb"]
    assert handles(only=Filter(genre="folk")) == ["tide"]
    assert handles(only=Filter(genre="folk", country="JP")) == []
    assert genres_of_shops(limit=5) == [folk]
    assert countries_of_shops() == ["CN", "JP"]
    keep_shop.close_shop(owner=tide.owner, now=NOW)
    assert handles(only=Filter(genre="folk")) == []
    assert genres_of_shops(limit=5) == []
    assert countries_of_shops() == ["JP"]


@pytest.mark.parametrize("sort", ["new", "loved"])
def test_paged(shops, sort):
    Shop.objects.filter(handle="tide").update(loved=12)
    whole = [it.handle for it in open_shops(sort=sort, size=10).rows]
    first = open_shops(sort=sort, size=1)
    second = open_shops(sort=sort, size=1, cursor=first.next)
    assert [*first.rows, *second.rows] == found_shops([it.gid for it in (*first.rows, *second.rows)])
    assert [it.handle for it in (*first.rows, *second.rows)] == whole
    assert second.next is None


def found(text):
    return [it.handle for it in found_shops(search(text, [SHOP], 5).gids[SHOP])]


def test_found_by_name_and_address_while_it_is_open(shops, own_vocabulary):
    tide, ebb = shops
    assert found("潮汐") == found("chaoxi") == found("tide") == ["tide"]
    assert found("flo") == ["ebb"]
    keep_shop.close_shop(owner=tide.owner, now=NOW)
    assert found("潮汐") == []
    keep_shop.open_shop(owner=tide.owner, now=NOW)
    assert found("潮汐") == ["tide"]
    erase(account=ebb.owner, now=NOW)
    assert found("flo") == []
    assert not Document.objects.filter(kind=SHOP, gid=ebb.gid).exists()


def test_indexed_anew(shops, own_vocabulary):
    tide, ebb = shops
    Shop.objects.filter(pk=ebb.pk).update(state="closed")
    indexing.forget(tide)
    assert indexing.rebuild() == 1
    assert (found("tide"), found("ebb")) == (["tide"], [])
