"""A musician's shop by its pages: details asked for after a proof, opened, shown at its address, closed; and who reads details."""

import io
from xml.etree import ElementTree as ET

import pytest
from applying import LINK, NOW, PASSWORD, account, handed_in_by
from details_of import PERSON
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from labels import label_of
from opened_shop import accepted, opened
from PIL import Image

from alpheus.parties import details
from alpheus.parties.models import Account, DetailsView, StaffRole
from alpheus.shops import keep_shop, queries
from alpheus.shops.models import Shop
from alpheus.submissions import review
from alpheus.submissions.rules import Reason

pytestmark = pytest.mark.django_db


@pytest.fixture
def musician(member):
    accepted(member, account("owl", StaffRole.Role.AUDITOR))
    client = Client()
    client.post("/account/login/", {"login": member.email, "password": "a long password"})
    client.post("/account/reauthenticate/", {"password": "a long password"})
    return client


@pytest.fixture
def shop(musician, member):
    details.give(account=member, fields=PERSON, now=timezone.now())
    keep_shop.name_address(owner=member, handle="tide")
    return keep_shop.open_shop(owner=member, now=timezone.now())


def text(answered):
    return answered.content.decode()


def test_from_the_details_to_the_open_shop(musician, guest):
    assert "What is left to do before it opens" in text(musician.get("/studio"))
    page = text(musician.get("/studio/shop"))
    assert "When all of it is done" in page
    assert musician.post("/studio/shop/open").status_code == 409
    assert "Nobody but you." in text(musician.get("/studio/details"))
    refused = musician.post("/studio/details", PERSON | {"legal_name": ""})
    assert refused.status_code == 422
    assert "This is needed." in text(refused)
    assert "tide@example.com" in text(refused), "what was typed stays"
    assert musician.post("/studio/details", PERSON)["Location"] == "/studio/shop"
    assert 'value="王小明"' in text(musician.get("/studio/details"))
    taken = musician.post("/studio/shop", {"handle": "Shops"})
    assert taken.status_code == 422
    assert "belongs to the house" in text(taken)
    assert (
        musician.post(
            "/studio/shop", {"handle": "Low-Tide", "biography": "<b>We</b>", "hue": "210"}
        ).status_code
        == 302
    )
    assert guest.get("/@low-tide").status_code == 404
    assert musician.post("/studio/shop/open").status_code == 302
    page = text(guest.get("/@low-tide"))
    assert "&lt;b&gt;We&lt;/b&gt;" in page
    assert "雨夜" in page
    assert "--h:210" in page
    assert guest.get("/@LOW-tide")["Location"] == "/@low-tide"
    assert "@low-tide" in text(guest.get("/shops"))
    artist = queries.shop_at("low-tide").artist
    assert 'href="/@low-tide"' in text(guest.get(f"/artist/{artist.gid}"))
    assert 'name="handle"' not in text(musician.get("/studio/shop")), "it keeps its address"
    assert musician.post("/studio/shop/close").status_code == 302
    assert guest.get("/@low-tide").status_code == 404
    assert "Nothing here yet" in text(guest.get("/shops"))


def test_a_taken_address_comes_with_a_free_one(musician, member):
    other = account("ebb")
    accepted(other, account("owl2", StaffRole.Role.AUDITOR), artist_name="Ebb")
    keep_shop.name_address(owner=other, handle="low-tide")
    refused = musician.post("/studio/shop", {"handle": "Low-Tide", "biography": "We"})
    html = text(refused)
    assert refused.status_code == 422
    assert "Use low-tide-2, which is free" in html
    assert ">We</textarea>" in html, "what else was typed is kept"
    link = html.partition('href="/studio/shop?handle=')[2].partition("#")[0]
    assert 'value="low-tide-2"' in text(musician.get(f"/studio/shop?handle={link}"))
    assert queries.shop_of(member).handle is None, "a link alone changes nothing"
    assert musician.post("/studio/shop", {"handle": link}).status_code == 302
    assert queries.shop_of(member).handle == "low-tide-2"


def test_details_are_shown_to_who_proved_anew_who_they_are(member):
    client = Client()
    client.force_login(member)
    for method in (client.get, client.post):
        answered = method("/studio/details")
        assert answered.status_code == 302
        assert "reauthenticate" in answered["Location"]


def test_nobody_without_an_acceptance_has_a_shop(signed_in):
    assert signed_in.get("/studio/shop").status_code == 404
    for path in ("/studio/shop", "/studio/shop/open", "/studio/shop/close", "/studio/shop/order"):
        assert signed_in.post(path, {"handle": "tide"}).status_code == 404
    assert not Shop.objects.exists()


def test_order(musician, member, shop):
    (release,) = queries.releases_of(shop)
    assert musician.post("/studio/shop/order", {"up": str(release.gid)}).status_code == 302
    assert musician.post("/studio/shop/order", {"up": "nonsense"}).status_code == 302
    assert queries.releases_of(shop) == [release]


def test_accountants_read_details_by_a_press_and_their_owner_sees_it(musician, member, shop):
    accountant = Client()
    accountant.force_login(account("ledger", StaffRole.Role.ACCOUNTANT))
    listed = text(accountant.get("/office/payees"))
    assert "潮汐" in listed
    assert "王小明" not in listed
    assert accountant.get(f"/office/payees/{member.gid}").status_code == 405
    asked = accountant.post(f"/office/payees/{member.gid}")
    assert asked.status_code == 302, "a page that was left open shows nothing"
    assert "/account/reauthenticate/" in asked["Location"]
    assert not DetailsView.objects.exists()
    read = accountant.post(asked["Location"], {"password": PASSWORD})
    assert "王小明" in text(read), "and then at once what was asked for"
    assert "no-store" in read["Cache-Control"]
    assert "ledger" in text(musician.get("/studio/details"))
    assert accountant.post(f"/office/payees/{account('nobody').gid}").status_code == 404


def test_accountants_read_that_a_refused_payee_gave_the_same(shop):
    accountant = Client()
    accountant.force_login(account("ledger", StaffRole.Role.ACCOUNTANT))
    assert "refused payee" not in text(accountant.get("/office/payees"))
    row = handed_in_by(account("kite"), artist_name="Kite")
    details.give(account=row.account, fields=PERSON | {"address": "elsewhere 9"}, now=timezone.now())
    owl = Account.objects.get(email="owl@example.com")
    review.refuse(auditor=owl, gid=row.gid, reason=Reason.COVER, words="A cover.", link=LINK, now=NOW)
    listed = text(accountant.get("/office/payees"))
    assert "A refused payee&#x27;s account" in listed
    assert "A refused payee&#x27;s address" not in listed
    assert "tide@example.com" not in listed


def test_a_page_of_shops_is_empty_at_first(guest):
    assert "Nothing here yet" in text(guest.get("/shops"))
    assert guest.get("/@nobody").status_code == 404


def test_its_releases_are_a_feed(shop, guest):
    answered = guest.get("/@tide/feed")
    assert answered["Content-Type"].startswith("application/atom+xml")
    feed = ET.fromstring(answered.content)
    atom = {"a": "http://www.w3.org/2005/Atom"}
    (release,) = queries.releases_of(shop)
    assert feed.findtext("a:title", namespaces=atom) == "潮汐"
    assert [it.findtext("a:id", namespaces=atom) for it in feed.findall("a:entry", atom)] == [release.gid.urn]
    assert 'type="application/atom+xml"' in text(guest.get("/@tide"))
    assert guest.get("/@nobody/feed").status_code == 404


def test_links_to_it_can_be_shown_elsewhere(shop, guest):
    page = text(guest.get("/@tide"))
    assert '<meta property="og:title" content="潮汐">' in page
    assert '<meta property="og:url" content="http://testserver/@tide">' in page
    (release,) = queries.releases_of(shop)
    assert '<meta property="og:title" content="雨夜 · 潮汐">' in text(
        guest.get(f"/release/{release.gid}?x=1")
    )


def test_followed_with_letters_without_and_left(shop, guest, musician):
    assert guest.post("/@tide/follow")["Location"].startswith("/account/login/")
    listener = Client()
    listener.force_login(account("listener"))
    assert listener.post("/@tide/follow").status_code == 302
    page = text(listener.get("/@tide"))
    assert "Following" in page
    assert "Write to me when something new comes" in page
    assert "You follow" in text(listener.get("/shops"))
    listener.post("/@tide/follow", {"mail": "on"})
    assert "You get a letter when something new comes." in text(listener.get("/@tide"))
    listener.post("/@tide/follow", {"follow": "no"})
    assert "Following" not in text(listener.get("/@tide"))
    assert "You follow" not in text(listener.get("/shops"))
    assert listener.post("/@nobody/follow").status_code == 404
    assert "/follow" not in text(musician.get("/@tide")), "nobody follows themselves"


def test_an_audience_is_seen_by_whoever_has_a_shop_and_says_nothing_of_a_few(musician, shop):
    shown = text(musician.get("/studio/audience"))
    assert "雨夜" in shown
    assert "Countries stand here from 10 listeners on" in shown
    for period in ("7", "365", "all", "soon"):
        assert musician.get("/studio/audience", {"days": period}).status_code == 200
    nobody = Client()
    nobody.force_login(account("heron"))
    assert nobody.get("/studio/audience")["Location"] == "/studio"


def test_the_storefront_is_narrowed_by_its_address(shop, guest):
    page = text(guest.get("/shops"))
    assert "@tide" in page
    assert "Independent" in page
    assert "@tide" in text(guest.get("/shops?country=CN&sort=loved"))
    assert '<option value="CN" selected>' in text(guest.get("/shops?country=CN"))
    for query in ("country=JP", "genre=folk", "country=CN&genre=folk"):
        assert "No shop like that" in text(guest.get(f"/shops?{query}"))
    assert guest.get("/shops?genre=%00").status_code == 200


def test_a_shop_is_found_as_one_types(shop, guest):
    for query in ("潮", "chaox", "tide"):
        assert 'href="/@tide"' in text(guest.get(f"/search?q={query}"))


def picture(form="JPEG", size=(1600, 900), colour=(160, 60, 40)):
    sink = io.BytesIO()
    Image.new("RGB", size, colour).save(sink, form)
    return sink.getvalue()


def sent(data):
    return {"image": SimpleUploadedFile("../x.png", data, "image/png")}


def test_a_header_picture_stands_above_the_name_until_it_is_removed(client):
    shop = opened(account("tide"), account("owl", StaffRole.Role.AUDITOR))
    client.force_login(shop.owner)
    assert 'class="banner"' not in client.get("/@tide").content.decode()
    assert client.post("/studio/shop/header", sent(picture())).status_code == 302
    shop.refresh_from_db()
    html = client.get("/@tide").content.decode()
    drawn = html.partition("<picture>")[2].partition("</picture>")[0]
    assert 'class="banner"' in drawn
    assert html.index("<picture>") < html.index("<h1")
    for extension in ("avif", "webp", "jpg"):
        for width in (480, 960, 1440):
            address = f"/cover/{shop.header.digest}/{width}.{extension}"
            assert address in drawn
            assert client.get(address).status_code == 200
    assert f"--h:{shop.header.hue:.0f};" in html, "its hue tints the head where none was chosen"
    assert 'class="banner still"' in client.get("/studio/shop").content.decode()
    for nonsense in (sent(b"<svg/>"), sent(picture(size=(1000, 200))), {}, {"image": ""}):
        refused = client.post("/studio/shop/header", nonsense)
        assert refused.status_code == 422
        assert "at least 320 pixels" in refused.content.decode()
        shop.refresh_from_db()
        assert shop.header is not None
    assert client.post("/studio/shop/header", {"remove": "yes"}).status_code == 302
    assert 'class="banner"' not in client.get("/@tide").content.decode()


def test_a_hue_that_was_chosen_goes_before_the_picture_s(client):
    shop = opened(account("tide"), account("owl", StaffRole.Role.AUDITOR))
    client.force_login(shop.owner)
    client.post("/studio/shop/header", sent(picture()))
    client.post("/studio/shop", {"hue": "210"})
    assert 'style="--h:210;--c:0.062"' in client.get("/@tide").content.decode()


def test_a_label_s_page_shows_its_shop_s_picture_and_leads_there(client):
    shop = label_of(account("owner"))
    client.force_login(shop.owner)
    client.post("/studio/shop/header", sent(picture()))
    page = reverse("web:label", args=[shop.label.gid])
    assert 'class="banner"' not in client.get(page).content.decode(), "a shop that is not open is nobody's"
    details.give(account=shop.owner, fields=PERSON, now=NOW)
    keep_shop.name_address(owner=shop.owner, shop=shop.gid, handle="harbour")
    keep_shop.open_shop(owner=shop.owner, shop=shop.gid, now=NOW)
    html = client.get(page).content.decode()
    assert 'class="banner"' in html
    assert 'href="/@harbour"' in html
