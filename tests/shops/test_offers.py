"""Prices of a shop: usual until set, set in bulk or not at all, remembered for ever; rates by their day; letters once."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from applying import NOW, account
from django.db import DatabaseError, transaction
from opened_shop import accepted, opened
from words import compile_words

from alpheus.catalogue.models import Recording
from alpheus.listening.erase import erase
from alpheus.mail.models import Letter
from alpheus.parties.models import StaffRole
from alpheus.shops import keep_shop
from alpheus.shops.errors import NotYours
from alpheus.shops.models import Piece
from alpheus.shops.offers import queries, wish
from alpheus.shops.offers.errors import NotForSale, OfferUnknown, PriceRefused, RateFar, RateRefused
from alpheus.shops.offers.models import Offer, Price, PriceAmount, Rate, Wish
from alpheus.shops.offers.offer_by_default import offer_what_stands
from alpheus.shops.offers.open_sales import close_sales, open_sales
from alpheus.shops.offers.rules import REFERENCE, Asked, Kind, Rounding, is_far
from alpheus.shops.offers.set_prices import set_currency, set_prices
from alpheus.shops.offers.set_rate import set_rate
from alpheus.shops.offers.tell_wishes import tell_wishes
from alpheus.shops.queries import releases_of
from alpheus.values.money import Currency, Money

pytestmark = pytest.mark.django_db

compile_words("mail")
LATER = NOW + timedelta(days=3)
USUAL = Asked(Kind.FIXED, Money(80, Currency("CNY")))
FREE = Asked(Kind.FREE)
WHERE = "https://pay.example/"


@pytest.fixture
def auditor():
    return account("owl", StaffRole.Role.AUDITOR)


@pytest.fixture
def musician():
    return account("tide")


@pytest.fixture
def shop(musician, auditor):
    return opened(musician, auditor)


@pytest.fixture
def release(shop):
    return releases_of(shop)[0]


@pytest.fixture
def track(shop):
    return Recording.objects.get()


def asked(thing):
    return queries.offers_of([thing.gid])[thing.gid].asked


def test_what_is_published_is_offered_at_the_usual_price(release, track):
    assert asked(release) == asked(track) == USUAL


def test_before_a_shop_opens_prices_can_be_set_and_nobody_sees_them(musician, auditor):
    accepted(musician, auditor)
    recording = Recording.objects.get()
    set_prices(owner=musician, things=[recording.gid], asked=FREE, now=NOW)
    assert queries.offers_of([recording.gid]) == {}
    (line,) = queries.own_standing(musician.shops.get())
    assert (line.thing, line.offered.asked, line.is_track) == (recording, FREE, True)
    shop = opened(musician, auditor, title="晨雾")
    told = {line.thing.title: line.offered.asked for line in queries.own_standing(shop) if not line.is_track}
    assert told == {"雨夜": FREE, "晨雾": USUAL}, "a release of a free track is free"


def test_many_get_one_price_and_what_was_asked_on_a_day_is_known(musician, shop, release, track):
    dear = Asked(Kind.MINIMUM, Money(500, "CNY"), {Currency("JPY"): Money(120, "JPY")})
    both = [release.gid, track.gid]
    assert set_prices(owner=musician, things=both, asked=dear, now=LATER) == 2
    assert set_prices(owner=musician, things=both, asked=dear, now=LATER) == 0, "the same is no other price"
    assert asked(release) == asked(track) == dear
    row = queries.own_offer(shop, release.gid)
    assert [told for _, told in queries.history(row)] == [dear, USUAL]
    moments = (NOW - timedelta(seconds=1), NOW, LATER - timedelta(seconds=1), LATER)
    assert [queries.asked_on(row, at=at) for at in moments] == [None, USUAL, USUAL, dear]


@pytest.mark.parametrize("model", [Price, PriceAmount, Rate])
def test_prices_and_rates_are_never_changed(release, model):
    if model is Rate:
        set_rate(**dollars("0.139"))
    for change in (lambda: model.objects.update(id=99), lambda: model.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_nothing_of_a_bulk_is_priced_where_something_cannot_be(musician, auditor, release, track):
    other = account("ebb")
    opened(other, auditor, handle="ebb", artist_name="Ebb", title="Other")
    theirs = Recording.objects.get(title="Other")
    for things, wanted, refusal in (
        ([track.gid, theirs.gid], FREE, OfferUnknown),
        ([track.gid, uuid4()], FREE, OfferUnknown),
        ([track.gid, release.gid], Asked(Kind.ALONE_NOT), PriceRefused),
        ([track.gid], Asked(Kind.FIXED), PriceRefused),
    ):
        with pytest.raises(refusal):
            set_prices(owner=musician, things=things, asked=wanted, now=LATER)
        assert asked(track) == USUAL
        assert asked(theirs) == USUAL
    with pytest.raises(NotYours):
        set_prices(owner=account("nobody"), things=[track.gid], asked=FREE, now=LATER)
    assert set_prices(owner=musician, things=[], asked=FREE, now=LATER) == 0


def test_a_shop_has_a_currency_of_its_own(musician, shop):
    assert queries.currency_of_shop(shop) == "CNY"
    assert queries.currency_of_shop(set_currency(owner=musician, currency=Currency("JPY"))) == "JPY"
    with pytest.raises(NotYours):
        set_currency(owner=account("nobody"), currency=Currency("JPY"))


def test_a_release_is_suggested_to_cost_what_its_tracks_do(musician, shop, release, track):
    assert queries.suggestions(shop) == {release.gid: Money(80, "CNY")}
    set_prices(owner=musician, things=[track.gid], asked=Asked(Kind.ALONE_NOT), now=LATER)
    assert queries.suggestions(shop) == {}


def test_what_was_published_without_prices_is_offered_later(shop, release):
    Offer.objects.all().delete()
    assert queries.offers_of([release.gid]) == {}
    assert offer_what_stands(now=NOW) == 1
    assert offer_what_stands(now=NOW) == 0
    assert asked(release) == USUAL


def test_a_closed_shop_offers_nothing(musician, release):
    gid = queries.offers_of([release.gid])[release.gid].offer.gid
    assert queries.offer(gid).thing == release
    keep_shop.close_shop(owner=musician, now=NOW)
    assert queries.offers_of([release.gid]) == {}
    with pytest.raises(OfferUnknown):
        queries.offer(gid)


def dollars(rate, *, day=None, currency="USD", rounding=Rounding.NINES):
    return {
        "currency": Currency(currency), "per_reference": Decimal(rate), "rounding": rounding,
        "from_date": day or NOW.date(), "now": NOW,
    }  # fmt: skip


def test_rates_hold_from_their_day_on(db):
    set_rate(**dollars("0.139"))
    set_rate(**dollars("0.15", day=LATER.date()))
    set_rate(**dollars("0.14", day=LATER.date()))
    days = [date(2026, 11, 19), NOW.date(), LATER.date(), LATER.date() + timedelta(days=99)]
    told = [queries.rates_on(it) for it in days]
    assert [it["USD"].per_reference if "USD" in it else None for it in told] == [
        None,
        Decimal("0.139"),
        Decimal("0.14"),
        Decimal("0.14"),
    ]
    assert all(it["CNY"] == REFERENCE for it in told)


@pytest.mark.parametrize(
    "given",
    [
        dollars("0"), dollars("-1"), dollars("NaN"), dollars("1e12"), dollars("0.123456789"),
        dollars("0.139", day=date(2026, 11, 19)), dollars("1", currency="CNY"), dollars("20.9", currency="JPY"),
    ],
)  # fmt: skip
def test_rates_that_are_refused(db, given):
    with pytest.raises(RateRefused):
        set_rate(**given)
    assert not Rate.objects.exists()


@pytest.mark.parametrize(
    ("before", "after", "far"),
    [("20", "24", False), ("20", "24.01", True), ("20", "16", False), ("20", "15.99", True), ("20", "200", True)],
)  # fmt: skip
def test_how_far_a_rate_goes_unasked(before, after, far):
    assert is_far(Decimal(before), Decimal(after)) is far


def test_a_rate_far_from_what_holds_until_then_is_set_by_who_is_sure(db):
    operator = account("crane")
    set_rate(**dollars("0.139"))
    set_rate(**dollars("0.16", day=LATER.date()), by=operator)
    with pytest.raises(RateFar) as refused:
        set_rate(**dollars("0.2", day=LATER.date()))
    assert refused.value.before == Decimal("0.16")
    set_rate(**dollars("0.2", day=LATER.date()), sure=True)
    page = queries.rates_set(cursor=None, size=2)
    assert [(it.row.per_reference, it.by) for it in page.rows] == [(Decimal("0.2"), ""), (Decimal("0.16"), "crane")]  # fmt: skip
    (first,) = queries.rates_set(cursor=page.next, size=2).rows
    assert first.row.per_reference == Decimal("0.139")
    for change in (lambda: Rate.objects.update(per_reference=1), lambda: Rate.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def offer_of(thing):
    return queries.offers_of([thing.gid])[thing.gid].offer.gid


def test_who_asked_is_told_once_when_sales_open(musician, release, track):
    listener = account("listener", locale="ja")
    for thing in (release, track, release):
        wish.ask(account=listener, offer=offer_of(thing), link="http://testserver/release/x", now=NOW)
    assert [it.offer.gid for it in queries.wishes_of(listener)] == [offer_of(track), offer_of(release)]
    assert queries.wished_among(listener, [offer_of(track), uuid4()]) == {offer_of(track)}
    assert tell_wishes(now=NOW) == 0, "nothing is sold yet"
    open_sales(where=WHERE, now=NOW)
    assert tell_wishes(now=NOW) == 1
    assert tell_wishes(now=LATER) == 0
    letter = Letter.objects.get(to="listener@example.com")
    assert "発売" in letter.subject
    assert letter.text.count("雨夜") == 1
    assert queries.wishes_of(listener) == []


def test_who_gave_it_up_is_not_told(release):
    listener = account("listener")
    wish.ask(account=listener, offer=offer_of(release), link="http://testserver/x", now=NOW)
    assert wish.give_up(account=listener, offer=offer_of(release))
    assert not wish.give_up(account=listener, offer=offer_of(release))
    open_sales(where=WHERE, now=NOW)
    assert tell_wishes(now=NOW) == 0


def test_nobody_waits_for_what_is_free_and_it_is_told_once_it_is_not(musician, release, track):
    listener = account("listener")
    wish.ask(account=listener, offer=offer_of(release), link="http://testserver/x", now=NOW)
    set_prices(owner=musician, things=[release.gid], asked=FREE, now=NOW)
    set_prices(owner=musician, things=[track.gid], asked=Asked(Kind.ALONE_NOT), now=NOW)
    for thing in (release, track):
        with pytest.raises(NotForSale):
            wish.ask(account=listener, offer=offer_of(thing), link="http://testserver/x", now=NOW)
    open_sales(where=WHERE, now=NOW)
    assert tell_wishes(now=NOW) == 0
    set_prices(owner=musician, things=[release.gid], asked=USUAL, now=LATER)
    assert tell_wishes(now=LATER) == 1


def test_asked_again_after_the_letter_it_is_told_again(release):
    listener = account("listener")
    given = {"account": listener, "offer": offer_of(release), "link": "http://testserver/x"}
    wish.ask(**given, now=NOW)
    open_sales(where=WHERE, now=NOW)
    assert tell_wishes(now=NOW) == 1
    assert close_sales(now=NOW)
    assert not close_sales(now=NOW)
    wish.ask(**given, now=LATER)
    assert tell_wishes(now=LATER) == 0
    open_sales(where=WHERE, now=LATER)
    assert open_sales(where=WHERE + "new", now=LATER).where == queries.sales().where
    assert tell_wishes(now=LATER) == 1


def test_an_erased_musician_or_listener_leaves_no_offer_or_wish(musician, release):
    listener = account("listener")
    wish.ask(account=listener, offer=offer_of(release), link="http://testserver/x", now=NOW)
    erase(account=listener, now=NOW)
    assert not Wish.objects.exists()
    erase(account=musician, now=NOW)
    assert not Offer.objects.exists()
    assert not Piece.objects.exists()
    assert Price.objects.exists(), "figures stay; they name nobody"
