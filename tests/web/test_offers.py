"""What listeners see of prices and can do: in their currency, told when it is on sale, kept where it is free; guests after signing in."""

from decimal import Decimal
from uuid import uuid4

import music
import pytest
from applying import NOW, account
from django.test import Client
from django.utils import timezone
from opened_shop import opened

from alpheus.catalogue.models import Recording, Track
from alpheus.locker.queries import owned_among
from alpheus.mail.models import Letter
from alpheus.parties.models import StaffRole
from alpheus.shops.models import Piece
from alpheus.shops.offers import queries
from alpheus.shops.offers.offer_by_default import offer_what_stands
from alpheus.shops.offers.open_sales import open_sales
from alpheus.shops.offers.rules import Asked, Kind, Rounding
from alpheus.shops.offers.set_prices import set_prices
from alpheus.shops.offers.set_rate import set_rate
from alpheus.shops.offers.tell_wishes import tell_wishes
from alpheus.shops.queries import releases_of
from alpheus.values.money import Currency, Money

pytestmark = pytest.mark.django_db


@pytest.fixture
def musician():
    return account("tide")


@pytest.fixture
def release(musician):
    return releases_of(opened(musician, account("owl", StaffRole.Role.AUDITOR)))[0]


@pytest.fixture
def path(release):
    return f"/release/{release.gid}"


def offer_of(thing):
    return queries.offers_of([thing.gid])[thing.gid].offer.gid


def ask(musician, thing, kind, minor=0, **others):
    base = Money(minor, Currency("CNY")) if minor else None
    asked = Asked(kind, base, {Currency(code): Money(it, Currency(code)) for code, it in others.items()})
    set_prices(owner=musician, things=[thing.gid], asked=asked, now=timezone.now())


def text(answered):
    return answered.content.decode()


def test_a_price_its_formats_and_who_gets_the_money(guest, musician, release, path):
    page = text(guest.get(path))
    assert '<dd class="price">CNY\N{NO-BREAK SPACE}0.80</dd>' in page
    assert "To 潮汐" in page
    assert "100%" in page
    assert "Tell me when it is on sale" in page
    assert 'class="price">¥0.80' in text(guest.get(path, headers={"accept-language": "zh-CN"}))
    recording = Recording.objects.get()
    assert "Tell me when it is on sale" in text(guest.get(f"/recording/{recording.gid}"))
    ask(musician, recording, Kind.ALONE_NOT)
    page = text(guest.get(f"/recording/{recording.gid}"))
    assert "Only with its release" in page
    assert "Tell me" not in page
    ask(musician, release, Kind.MINIMUM, 500)
    assert "from CNY\N{NO-BREAK SPACE}5.00" in text(guest.get(path))
    assert "from CNY\N{NO-BREAK SPACE}5.00" in text(guest.get("/@tide"))
    ask(musician, release, Kind.OPEN)
    assert "Pay what you want" in text(guest.get(path))


def test_in_the_currency_of_who_looks(guest, musician, release, path, settings):
    today = timezone.now()
    set_rate(
        currency=Currency("JPY"),
        per_reference=Decimal("20.9"),
        rounding=Rounding.WHOLE,
        from_date=today.date(),
        now=today,
    )
    japanese = {"accept-language": "ja"}
    page = text(guest.get(path, headers=japanese))
    assert 'class="price">¥17<' in page
    assert "CNY\N{NO-BREAK SPACE}0.80" in page, "what it was converted from is said"
    assert (
        guest.post("/currency", {"currency": "CNY"}, headers={"referer": f"http://testserver{path}"})[
            "Location"
        ]
        == path
    )
    assert 'class="price">¥0.80<' in text(guest.get(path, headers=japanese))
    guest.post("/currency", {"currency": "beads"})
    assert guest.cookies["currency"].value == "CNY"
    guest.post("/currency", {"currency": "JPY"})
    ask(musician, release, Kind.FIXED, 80, JPY=50)
    page = text(guest.get(path))
    assert 'class="price">¥50<' in page
    assert "Converted" not in page
    guest.post("/currency", {"currency": "EUR"})
    assert "CNY\N{NO-BREAK SPACE}0.80" in text(guest.get(path)), "there is no rate"


def test_a_member_asks_to_be_told_and_gives_it_up(signed_in, member, release, path):
    gid = offer_of(release)
    assert signed_in.post(f"/offer/{gid}/wish")["Location"] == path
    page = text(signed_in.get(path))
    assert "You get one letter when it is on sale." in page
    assert "Do not tell me" in page
    assert "雨夜" in text(signed_in.get("/library/locker"))
    signed_in.post(f"/offer/{gid}/wish", {"wish": "no"}, headers={"referer": f"http://testserver{path}"})
    assert "Tell me when it is on sale" in text(signed_in.get(path))
    assert queries.wishes_of(member) == []


@pytest.mark.parametrize(("act", "kind"), [("wish", Kind.FIXED), ("keep", Kind.FREE)])
def test_a_guest_signs_in_and_finds_it_done(guest, member, musician, release, path, act, kind):
    ask(musician, release, kind, 80 if kind is Kind.FIXED else 0)
    gid = offer_of(release)
    led = guest.post(f"/offer/{gid}/{act}")["Location"]
    assert led == f"/account/login/?next=%2Foffer%2F{gid}%2Fafter"
    given = {"login": member.email, "password": "a long password", "next": f"/offer/{gid}/after"}
    assert guest.post("/account/login/", given)["Location"] == f"/offer/{gid}/after"
    assert guest.get(f"/offer/{gid}/after")["Location"] == path
    if act == "wish":
        assert [it.offer.gid for it in queries.wishes_of(member)] == [gid]
    else:
        assert owned_among(member, [release.gid]) == {release.gid}
    guest.post(f"/offer/{gid}/wish", {"wish": "no"})
    assert guest.get(f"/offer/{gid}/after")["Location"] == path, "asked for again it only leads back"
    assert queries.wishes_of(member) == []


def test_a_link_alone_does_nothing(signed_in, member, release, path):
    assert signed_in.get(f"/offer/{offer_of(release)}/after")["Location"] == path
    assert queries.wishes_of(member) == []
    assert signed_in.get(f"/offer/{uuid4()}/after").status_code == 404
    for act in ("wish", "keep"):
        assert signed_in.get(f"/offer/{offer_of(release)}/{act}").status_code == 405
        assert signed_in.post(f"/offer/{uuid4()}/{act}").status_code == 404


def test_once_sales_are_open_it_leads_to_where_one_pays(signed_in, member, release, path):
    gid = offer_of(release)
    signed_in.post(f"/offer/{gid}/wish")
    open_sales(where="https://pay.example/how?a=1", now=NOW)
    page = text(signed_in.get(path))
    assert f'href="https://pay.example/how?a=1&amp;offer={gid}"' in page
    assert "Tell me" not in page
    assert tell_wishes(now=NOW) == 1
    assert f"http://testserver{path}" in Letter.objects.get(to=member.email).text


def test_what_is_free_is_kept(signed_in, guest, member, musician, release, path):
    gid = offer_of(release)
    signed_in.post(f"/offer/{gid}/keep")
    assert "The price was changed meanwhile." in text(signed_in.get(path))
    assert "Nothing yet that is yours for ever" in text(signed_in.get("/library/locker"))
    ask(musician, release, Kind.FREE)
    assert "Keep it for free" in text(guest.get(path))
    assert signed_in.post(f"/offer/{gid}/keep")["Location"] == path
    assert "Yours for ever" in text(signed_in.get(path))
    ask(musician, release, Kind.FIXED, 900)
    assert "Yours for ever" in text(signed_in.get(path)), "whatever it costs later"
    assert "kept for free" in text(signed_in.get("/library/locker"))
    assert "雨夜" not in text(guest.get("/library/locker"))
    signed_in.post(f"/offer/{gid}/wish")


def test_a_musician_is_offered_to_change_their_own(musician, release, path):
    client = Client()
    client.force_login(musician)
    page = text(client.get(path))
    assert "Change the price" in page
    assert "Tell me" not in page


def test_what_tracks_cost_by_themselves(guest, musician, release):
    made = music.release(tracks=("Ebb", "Flood", "Neap", "Spring"))
    first, *others = [it.recording for it in Track.objects.filter(medium__release=made)]
    for position, it in enumerate((first, *others), start=1):
        Piece.objects.create(shop=musician.shops.get(), recording=it, release=made, position=position)
    assert offer_what_stands(now=NOW) == 1
    ask(musician, first, Kind.ALONE_NOT)
    page = text(guest.get(f"/release/{made.gid}"))
    assert 'class="price">CNY\N{NO-BREAK SPACE}2.72<' in page, "four tracks, 15% less"
    _, _, alone = page.partition("Tracks by themselves")
    assert alone.count("CNY\N{NO-BREAK SPACE}0.80") == 3
    assert "Only with its release" in alone
    ask(musician, made, Kind.FIXED, 300)
    client = Client()
    client.force_login(musician)
    assert "suggested: ¥2.40" in text(client.get("/studio/prices")), "three have a price now"


def test_what_no_shop_offers_has_no_price(guest):
    made = music.release()
    assert 'id="offer"' not in text(guest.get(f"/release/{made.gid}"))


@pytest.mark.parametrize(
    ("qualities", "said"),
    [
        (["MP3 128 kbit/s", "MP3 128 kbit/s"], "Made from a lossy file: MP3 128 kbit/s. FLAC will not sound better than that."),
        (["MP3 128 kbit/s", "FLAC 16 bit 44.1 kHz"], "Some tracks are made from lossy files: MP3 128 kbit/s. FLAC will not sound better than that."),
        (["FLAC 24 bit 96 kHz", "WAV 32 bit float 48 kHz mono"], ""),
    ],
)  # fmt: skip
def test_buyers_are_told_what_was_made_from_a_lossy_file(guest, release, path, qualities, said):
    first = Recording.objects.get()
    second = music.recording("Second")
    Track.objects.create(
        medium=release.media.get(), position=2, title="Second", credit=second.credit, recording=second
    )
    for row, quality in zip((first, second), qualities, strict=True):
        row.asset.quality = quality
        row.asset.save()
    page = text(guest.get(path))
    assert "data-lossy" in page.partition('id="offer"')[2] if said else "data-lossy" not in page
    assert said in page
    alone = text(guest.get(f"/recording/{first.gid}"))
    assert ("Made from a lossy file: MP3 128 kbit/s." in alone) is bool(said)
