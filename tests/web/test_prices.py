"""The page of prices: one price for what is chosen, clear errors, nothing lost, and nobody else's shop."""

from uuid import uuid4

import pytest
from applying import account
from django.test import Client
from opened_shop import accepted, opened

from alpheus.catalogue.models import Recording
from alpheus.parties.models import StaffRole
from alpheus.shops.offers import queries
from alpheus.shops.offers.models import Price
from alpheus.shops.offers.rules import Asked, Kind
from alpheus.shops.queries import releases_of
from alpheus.values.money import Money

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(member):
    return opened(member, account("owl", StaffRole.Role.AUDITOR))


@pytest.fixture
def musician(shop, member):
    client = Client()
    client.force_login(member)
    return client


@pytest.fixture
def things(shop):
    return {"release": releases_of(shop)[0].gid, "track": Recording.objects.get().gid}


def asked(gid):
    return queries.offers_of([gid])[gid].asked


def text(answered):
    return answered.content.decode()


def test_shown_and_set_in_bulk(musician, things):
    page = text(musician.get("/studio/prices"))
    assert page.count("¥0.80") == 2
    assert 'href="/studio/prices"' in text(musician.get("/studio/shop"))
    given = {
        "which": "chosen",
        "thing": list(things.values()),
        "kind": "minimum",
        "amount": "￥１.５",
        "amount_JPY": "40",
    }
    assert musician.post("/studio/prices", given)["Location"] == "/studio/prices"
    wanted = Asked(Kind.MINIMUM, Money(150, "CNY"), {"JPY": Money(40, "JPY")})
    assert {asked(it) == wanted for it in things.values()} == {True}
    page = text(musician.get("/studio/prices"))
    assert "2 prices are set." in page
    assert page.count("from ¥1.50") == 2
    assert page.count("JPY\N{NO-BREAK SPACE}40") == 2
    assert "2 prices" not in text(musician.get("/studio/prices"))
    musician.post("/studio/prices", {"which": "tracks", "kind": "not", "amount": "left over"})
    assert asked(things["track"]) == Asked(Kind.ALONE_NOT)
    assert asked(things["release"]) == wanted
    musician.post("/studio/prices", {"which": "releases", "kind": "free"})
    assert asked(things["release"]) == Asked(Kind.FREE)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"kind": "fixed", "amount": "0,80"}, "Write the amount in digits, such as CNY"),
        ({"kind": "fixed", "amount": "0"}, "what costs nothing is free"),
        ({"kind": "minimum", "amount": ""}, "Say how much."),
        ({"kind": "fixed", "amount": "1", "amount_JPY": "1.5"}, "JPY 100"),
        ({"kind": "not", "amount": ""}, "A release cannot be sold only with its release."),
        ({"kind": "theft", "amount": "7"}, "Choose one of the list."),
        ({"kind": "free", "thing": []}, "Choose at least one release or track."),
    ],
)
def test_what_cannot_be_asked_is_said_beside_what_was_typed(musician, things, given, says):
    before = Price.objects.count()
    answered = musician.post("/studio/prices", {"thing": [things["release"]]} | given)
    page = text(answered)
    assert answered.status_code == 422
    assert says in page
    assert Price.objects.count() == before
    if given.get("thing") != []:
        assert f'value="{things["release"]}" checked' in page
    assert (
        f'name="amount" inputmode="decimal" autocomplete="off" maxlength="20" value="{given.get("amount", "")}"'
        in page
    )
    if "amount_JPY" in given:
        assert f'value="{given["amount_JPY"]}"' in page


def test_nobody_prices_another_s_music(shop, things):
    other = account("ebb")
    client = Client()
    client.force_login(other)
    given = {"thing": [things["track"], uuid4()], "kind": "free"}
    assert client.get("/studio/prices").status_code == 404
    assert client.post("/studio/prices", given).status_code == 404
    accepted(other, account("kite", StaffRole.Role.AUDITOR), artist_name="Ebb", title="Other")
    assert client.post("/studio/prices", given).status_code == 422
    assert asked(things["track"]).kind is Kind.FIXED


def test_a_currency_of_its_own(musician, shop, things):
    assert musician.post("/studio/prices/currency", {"currency": "JPY"}).status_code == 302
    musician.post("/studio/prices/currency", {"currency": "beads"})
    page = text(musician.get("/studio/prices"))
    assert "Amount in JPY" in page
    assert "CNY\N{NO-BREAK SPACE}0.80" in page, "what is set stays in what it was set in"
    musician.post("/studio/prices", {"which": "tracks", "kind": "fixed", "amount": "1,200"})
    assert asked(things["track"]) == Asked(Kind.FIXED, Money(1200, "JPY"))
    assert "¥1,200" in text(musician.get("/studio/prices"))
