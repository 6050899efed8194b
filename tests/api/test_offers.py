"""Prices by the API: seen by anyone, set by who they belong to and nobody else, wished for, kept."""

from decimal import Decimal
from uuid import uuid4

import pytest
from applying import account
from django.utils import timezone
from opened_shop import opened

from alpheus.api import token
from alpheus.catalogue.models import Recording
from alpheus.parties.models import StaffRole
from alpheus.shops.offers.open_sales import open_sales
from alpheus.shops.offers.rules import Rounding
from alpheus.shops.offers.set_rate import set_rate
from alpheus.shops.queries import releases_of

pytestmark = pytest.mark.django_db

FEN_80 = {"currency": "CNY", "amount": "0.80", "minor": 80}


@pytest.fixture
def owner():
    return account("tide")


@pytest.fixture
def release(owner):
    return str(releases_of(opened(owner, account("owl", StaffRole.Role.AUDITOR)))[0].gid)


@pytest.fixture
def track(release):
    return str(Recording.objects.get().gid)


@pytest.fixture
def musician(program, owner, release):
    return program(owner)


def offer(client, thing, **query):
    asked = "&".join(f"{name}={value}" for name, value in {"about": thing, **query}.items())
    (found,) = client.get(f"/offers?{asked}").json()["items"]
    return found


def test_seen_in_a_currency(guest, release, track):
    found = offer(guest, release)
    assert found["price"] == FEN_80
    assert (found["kind"], found["shop"], found["release"], found["recording"]) == (
        "fixed",
        "tide",
        release,
        None,
    )
    assert (found["converted_from"], found["wished"], found["owned"], found["pay_at"]) == (
        None,
        False,
        False,
        None,
    )
    given = {"per_reference": Decimal("20.9"), "rounding": Rounding.WHOLE, "now": timezone.now()}
    set_rate(currency="JPY", from_date=timezone.now().date(), **given)
    found = offer(guest, track, currency="jpy")
    assert found["price"] == {"currency": "JPY", "amount": "17", "minor": 17}
    assert found["converted_from"] == FEN_80
    assert guest.get(f"/offers/{found['gid']}?currency=JPY").json() == found
    assert guest.get("/rates").json() == {
        "reference": "CNY",
        "rates": [{"currency": "JPY", "per_reference": "20.9", "rounding": "whole"}],
    }
    assert guest.get(f"/offers?about={uuid4()}").json() == {"items": []}
    assert guest.get(f"/offers/{uuid4()}").json()["code"] == "offer_unknown"
    assert guest.get(f"/offers?about={track}&currency=abc").json()["code"] == "currency_unknown"


def test_set_in_bulk_and_remembered(musician, guest, release, track):
    mine = musician.get("/studio/prices").json()
    assert (mine["currency"], mine["usual"]) == ("CNY", FEN_80)
    assert [(it["gid"], it["is_track"]) for it in mine["items"]] == [(release, False), (track, True)]
    assert mine["items"][0]["suggested"] == FEN_80
    price = {"kind": "minimum", "amount": "5", "others": {"JPY": "120"}}
    assert musician.call("put", "/studio/prices", {"things": [release, track], **price}).json() == {
        "changed": 2
    }
    assert offer(guest, release, currency="JPY")["price"]["minor"] == 120
    past = musician.get(f"/studio/prices/{release}").json()["items"]
    assert [(it["kind"], it["price"]["minor"], len(it["others"])) for it in past] == [
        ("minimum", 500, 1),
        ("fixed", 80, 0),
    ]
    assert musician.call("patch", "/studio/shop", {"currency": "KRW"}).json()["currency"] == "KRW"
    assert musician.call("patch", "/studio/shop", {"currency": "xyz"}).json()["code"] == "currency_unknown"
    musician.call("put", "/studio/prices", {"things": [track], "kind": "fixed", "amount": "900"})
    assert offer(guest, track)["price"] == {"currency": "KRW", "amount": "900", "minor": 900}


@pytest.mark.parametrize(
    ("price", "code"),
    [
        ({"kind": "fixed"}, "price_refused"),
        ({"kind": "fixed", "amount": "0"}, "price_refused"),
        ({"kind": "fixed", "amount": "0.805"}, "price_refused"),
        ({"kind": "free", "amount": "1"}, "price_refused"),
        ({"kind": "not"}, "price_refused"),
        ({"kind": "fixed", "amount": "1", "others": {"XXX": "1"}}, "price_refused"),
        ({"kind": "fixed", "amount": "1", "others": {"JPY": "1.5"}}, "price_refused"),
        ({"kind": "fixed", "amount": "-1"}, "invalid"),
        ({"kind": "theft", "amount": "1"}, "invalid"),
        ({"kind": "free", "things": []}, "invalid"),
    ],
)
def test_what_cannot_be_asked(musician, guest, release, price, code):
    assert musician.call("put", "/studio/prices", {"things": [release], **price}).json()["code"] == code
    assert offer(guest, release)["price"] == FEN_80


def test_nobody_else_sees_or_sets_a_shop_s_prices(program, guest, release, track):
    other = account("ebb")
    stranger = program(other)
    assert stranger.get("/studio/prices").json()["code"] == "no_shop"
    opened(other, account("kite", StaffRole.Role.AUDITOR), handle="ebb", artist_name="Ebb", title="Other")
    for thing in (release, track, str(uuid4())):
        free = {"things": [thing], "kind": "free"}
        assert stranger.call("put", "/studio/prices", free).json()["code"] == "offer_unknown"
        assert stranger.get(f"/studio/prices/{thing}").json()["code"] == "offer_unknown"
    assert {it["title"] for it in stranger.get("/studio/prices").json()["items"]} == {"Other"}
    assert offer(guest, track)["kind"] == "fixed"


def test_wished_for_and_kept(musician, program, release, track):
    listener = program(account("listener"))
    gid = offer(listener, release)["gid"]
    assert listener.call("put", f"/offers/{gid}/wish").status_code == 204
    assert offer(listener, release)["wished"]
    assert [it["gid"] for it in listener.get("/wishes").json()["items"]] == [gid]
    open_sales(where="https://pay.example/", now=timezone.now())
    assert offer(listener, release)["pay_at"] == "https://pay.example/"
    assert listener.call("delete", f"/offers/{gid}/wish").status_code == 204
    assert listener.get("/wishes").json() == {"items": []}
    assert listener.call("put", f"/offers/{gid}/kept").json()["code"] == "not_free"
    musician.call("put", "/studio/prices", {"things": [release], "kind": "free"})
    assert listener.call("put", f"/offers/{gid}/wish").json()["code"] == "not_for_sale"
    assert listener.call("put", f"/offers/{gid}/kept").status_code == 204
    found = offer(listener, release)
    assert (found["owned"], found["pay_at"]) == (True, None)
    (mine,) = listener.get("/locker").json()["items"]
    assert (mine["release"]["gid"], mine["how"], [it["gid"] for it in mine["recordings"]]) == (
        release,
        "free",
        [track],
    )
    assert musician.get("/locker").json()["items"] == []


def test_shops_are_narrowed_and_found(guest, release):
    (shop,) = guest.get("/shops?country=CN&sort=loved").json()["items"]
    assert (shop["handle"], shop["kind"]) == ("tide", "independent")
    assert guest.get("/shops?country=JP").json()["items"] == []
    assert guest.get("/shops?genre=folk").json()["items"] == []
    assert [it["handle"] for it in guest.get("/search?q=chaoxi").json()["shops"]] == ["tide"]


def test_operators_set_rates_that_nobody_changes(program):
    operator = account("crane", StaffRole.Role.OPERATOR)
    client = program(operator, token.Scope.OFFICE)
    given = {"currency": "JPY", "per_reference": "20.9"}
    made = client.post("/office/rates", given)
    assert (made.status_code, made.json()["by"], made.json()["rounding"]) == (201, "crane", "whole")
    assert client.post("/office/rates", given | {"per_reference": "2.09"}).json()["code"] == "rate_far"
    assert client.post("/office/rates", given | {"per_reference": "2.09", "sure": True}).status_code == 201
    for wrong in (
        {"per_reference": "0"},
        {"from_date": "2020-01-01"},
        {"currency": "CNY"},
        {"rounding": "nines"},
    ):
        assert client.post("/office/rates", given | wrong).json()["code"] == "rate_refused"
    assert client.post("/office/rates", given | {"currency": "XXY"}).json()["code"] == "currency_unknown"
    first = client.get("/office/rates?limit=1").json()
    assert [it["per_reference"] for it in first["items"]] == ["2.09"]
    second = client.get(f"/office/rates?limit=1&cursor={first['next']}").json()
    assert [it["per_reference"] for it in second["items"]] == ["20.9"]


def test_what_was_made_from_a_lossy_file_is_told(guest, release, track):
    assert offer(guest, release)["lossy"] == offer(guest, track)["lossy"] == []
    asset = Recording.objects.get().asset
    asset.quality = "MP3 128 kbit/s"
    asset.save()
    assert offer(guest, release)["lossy"] == offer(guest, track)["lossy"] == ["MP3 128 kbit/s"]
    assert guest.get(f"/releases/{release}").json()["lossy"] == ["MP3 128 kbit/s"]
