"""From an acceptance to an open shop and its closing: what is published when, under whose name, and what stays private."""

import pytest
from applying import FIELDS, LINK, NOW, account, handed_in_by
from details_of import PERSON
from judging import hear_and_accept
from opened_shop import accepted, opened

from alpheus.catalogue.models import Recording, Release
from alpheus.catalogue.queries import release_detail
from alpheus.listening.erase import erase
from alpheus.parties import details
from alpheus.parties.models import Account, Artist, StaffRole
from alpheus.search.find import search
from alpheus.search.kinds import RECORDING
from alpheus.shops import keep_shop, queries
from alpheus.shops.errors import HandleRefused, HandleTaken, NameTaken, NotReady, NotYours, ShopUnknown
from alpheus.shops.models import Piece, Shop
from alpheus.shops.rules import Lacking
from alpheus.submissions import claim, review
from alpheus.submissions.queries import held_among

pytestmark = pytest.mark.django_db


@pytest.fixture
def auditor():
    return account("owl", StaffRole.Role.AUDITOR)


@pytest.fixture
def musician():
    return account("tide")


def offered():
    return set(Recording.objects.filter(removed_at=None).values_list("title", flat=True))


def test_an_acceptance_founds_a_shop_that_shows_nothing_yet(musician, auditor):
    accepted(musician, auditor)
    shop = queries.shop_of(musician)
    assert (shop.name, shop.country, shop.state) == ("潮汐", "CN", "founded")
    assert shop.links == "https://tidal.example\nhttps://x.example/潮汐"
    assert offered() == set()
    assert not Artist.objects.exists()
    assert keep_shop.lacking(shop) == (Lacking.DETAILS, Lacking.HANDLE)
    with pytest.raises(NotReady):
        keep_shop.open_shop(owner=musician, now=NOW)


def test_opening_publishes_what_was_accepted_and_it_is_found(musician, auditor):
    shop = opened(musician, auditor)
    (release,) = queries.releases_of(shop)
    assert (release.title, release.type, release.credit.name) == ("雨夜", "single", "潮汐")
    detail = release_detail(release.gid)
    assert [track.title for medium in detail.media.all() for track in medium.tracks.all()] == ["雨夜"]
    assert shop.artist == Artist.objects.get()
    assert queries.shop_of_artist(shop.artist.gid) == shop
    assert queries.shop_at("TIDE") == shop
    assert offered() == {"雨夜"}
    assert keep_shop.open_shop(owner=musician, now=NOW).opened_at == shop.opened_at
    assert Release.objects.count() == 1


def test_a_second_acceptance_comes_into_the_open_shop(musician, auditor):
    shop = opened(musician, auditor)
    accepted(musician, auditor, title="晨雾")
    assert [it.title for it in queries.releases_of(shop)] == ["雨夜", "晨雾"]
    gids = [it.gid for it in queries.releases_of(shop)]
    keep_shop.put_in_order(owner=musician, releases=[gids[1]])
    assert [it.title for it in queries.releases_of(shop)] == ["晨雾", "雨夜"]


def test_closing_takes_all_down_and_opening_again_brings_it_back(musician, auditor):
    shop = opened(musician, auditor)
    (release,) = queries.releases_of(shop)
    keep_shop.close_shop(owner=musician, now=NOW)
    assert offered() == set()
    with pytest.raises(ShopUnknown):
        queries.shop_at("tide")
    assert queries.open_shops(size=10).rows == []
    keep_shop.open_shop(owner=musician, now=NOW)
    assert [it.gid for it in queries.releases_of(queries.shop_at("tide"))] == [release.gid], (
        "links go on leading here"
    )


def test_plays_that_are_told_of_after_it_closed_still_count(musician, auditor):
    accepted(musician, auditor)
    (recording,) = Recording.objects.all()
    assert held_among([recording.pk]) == {recording.pk}, "nobody but who judges it has heard it"
    details.give(account=musician, fields=PERSON, now=NOW)
    keep_shop.name_address(owner=musician, handle="tide")
    keep_shop.open_shop(owner=musician, now=NOW)
    keep_shop.close_shop(owner=musician, now=NOW)
    assert held_among([recording.pk]) == set()


def test_a_decision_opened_again_takes_its_piece_out(musician, auditor):
    row = handed_in_by(musician)
    claim.take(auditor=auditor, gid=row.gid, now=NOW)
    hear_and_accept(auditor=auditor, gid=row.gid, words="", link=LINK, now=NOW)
    details.give(account=musician, fields=PERSON, now=NOW)
    keep_shop.name_address(owner=musician, handle="tide")
    shop = keep_shop.open_shop(owner=musician, now=NOW)
    (release,) = queries.releases_of(shop)
    review.reopen(auditor=auditor, gid=row.gid, words="A claim came in.", link=LINK, now=NOW)
    assert offered() == set()
    assert not Piece.objects.exists()
    claim.take(auditor=auditor, gid=row.gid, now=NOW)
    hear_and_accept(auditor=auditor, gid=row.gid, words="", link=LINK, now=NOW)
    assert [it.gid for it in queries.releases_of(shop)] == [release.gid]


def test_two_shops_do_not_sell_under_one_name(musician, auditor):
    opened(musician, auditor)
    other = account("ebb")
    with pytest.raises(NameTaken):
        opened(other, auditor, handle="ebb")
    assert queries.shop_of(other).state == "founded"
    named = account("flood")
    shop = opened(named, auditor, handle="flood", artist_name="Flood")
    accepted(named, auditor, title="盗版", artist_name="潮汐")
    assert [it.title for it in queries.releases_of(shop)] == ["雨夜"], "it waits; the studio says why"


def test_addresses_are_one_shop_s_and_stay(musician, auditor):
    opened(musician, auditor)
    other = account("ebb")
    with pytest.raises(NotYours):
        keep_shop.name_address(owner=other, handle="ebb")
    accepted(other, auditor, artist_name="Ebb")
    with pytest.raises(HandleTaken) as taken:
        keep_shop.name_address(owner=other, handle="@Tide")
    assert taken.value.free == "tide-2"
    with pytest.raises(HandleRefused):
        keep_shop.name_address(owner=other, handle="shops")
    with pytest.raises(HandleTaken) as kept:
        keep_shop.name_address(owner=musician, handle="river")
    assert kept.value.free == "", "an open shop keeps its own"
    keep_shop.close_shop(owner=musician, now=NOW)
    with pytest.raises(HandleTaken):
        keep_shop.name_address(owner=other, handle="tide")


def test_a_free_address_is_found_behind_many_that_are_taken():
    numbers = range(2, queries.LIKES_AT_ONCE + 5)
    owners = Account.objects.bulk_create(Account(email=f"tide{it}@example.com") for it in numbers)
    Shop.objects.bulk_create(
        Shop(owner=owner, name="Tide", country="CN", handle=f"tide-{number}", founded_at=NOW)
        for owner, number in zip(owners, numbers, strict=True)
        if number not in (103, 104)
    )
    assert queries.free_like("tide") == "tide-103"


@pytest.mark.parametrize(
    ("typed", "kept"), [("200", 200), ("0", 0), ("none", None), ("400", 40), ("1e9", None), ("-4", None)]
)
def test_described(musician, auditor, typed, kept):
    accepted(musician, auditor)
    fields = {"biography": "Windows\r\nopen\x00.", "links": "tidal.example javascript:alert(1)", "hue": typed}
    shop = keep_shop.describe(owner=musician, fields=fields)
    assert (shop.biography, shop.links, shop.hue) == ("Windows\nopen.", "https://tidal.example", kept)


def test_an_erased_musician_leaves_nothing_on_offer(musician, auditor):
    opened(musician, auditor)
    erase(account=musician, now=NOW)
    assert not Shop.objects.exists()
    assert not Release.objects.exists()
    assert not Recording.objects.filter(title="雨夜").exists()
    assert offered() == set()
    assert FIELDS["title"] == "雨夜"


def test_it_is_found_from_its_opening_on(musician, auditor):
    accepted(musician, auditor)
    assert search("雨夜", kinds=[RECORDING], limit=5).gids[RECORDING] == []
    details.give(account=musician, fields=PERSON, now=NOW)
    keep_shop.name_address(owner=musician, handle="tide")
    keep_shop.open_shop(owner=musician, now=NOW)
    assert len(search("yuye", kinds=[RECORDING], limit=5).gids[RECORDING]) == 1
    keep_shop.close_shop(owner=musician, now=NOW)
    assert search("yuye", kinds=[RECORDING], limit=5).gids[RECORDING] == []
