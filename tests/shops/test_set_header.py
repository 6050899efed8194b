"""A shop's header picture: made of any image, kept while the shop names it, and gone with it."""

import io
from datetime import timedelta

import pytest
from applying import NOW, account
from catalogue.test_artwork import encoded, png_bomb
from labels import join, label_of
from opened_shop import opened
from PIL import Image

from alpheus.catalogue.artwork import HEADER, digest_of
from alpheus.catalogue.cover_store import cover_path
from alpheus.catalogue.keep_cover import keep_cover
from alpheus.catalogue.models import Cover
from alpheus.config.cleaning import _covers_named_above
from alpheus.exchange.takeout.gather import gather
from alpheus.parties.models import StaffRole
from alpheus.shops import keep_shop
from alpheus.shops.errors import HeaderUnfit, NotYours, RoleRefused
from alpheus.shops.models import Shop
from alpheus.shops.set_header import set_header
from alpheus.submissions.terms import terms

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    return opened(account("tide"), account("owl", StaffRole.Role.AUDITOR))


def picture(width=2600, height=1400, colour=(30, 90, 160)):
    return encoded(Image.new("RGB", (width, height), colour), "JPEG")


def give(shop, image, *, by=None):
    return set_header(owner=by or shop.owner, shop=shop.gid, image=image, blobs=terms().blobs())


def test_it_is_kept_in_all_sizes_twice_as_wide_as_high(shop):
    header = give(shop, picture()).header
    assert header.widths == list(HEADER.widths)
    for width in header.widths:
        for extension in ("avif", "webp", "jpg"):
            data = terms().blobs().get(cover_path(header.digest, width, extension))
            assert Image.open(io.BytesIO(data)).size == (width, width // 2)
    assert Image.open(io.BytesIO(data)).convert("RGB").getpixel((5, 5))[2] > 120
    assert 200 < header.hue < 280


@pytest.mark.parametrize(("width", "height"), [(3000, 1000), (1000, 3000), (801, 401), (640, 320)])
def test_its_middle_is_kept_whatever_it_was(shop, width, height):
    image = Image.new("RGB", (width, height), "white")
    image.paste((200, 0, 0), (width // 2 - 20, height // 2 - 20, width // 2 + 20, height // 2 + 20))
    header = give(shop, encoded(image, "PNG")).header
    data = terms().blobs().get(cover_path(header.digest, header.widths[-1], "jpg"))
    shown = Image.open(io.BytesIO(data)).convert("RGB")
    assert abs(shown.width - 2 * shown.height) <= 1
    assert shown.getpixel((shown.width // 2, shown.height // 2))[0] > 150
    assert min(shown.getpixel((shown.width // 2, 3))) > 240


@pytest.mark.parametrize(
    "image", [b"", b"<svg/>", png_bomb(40_000, 40_000), picture(319, 900), picture(1200, 630)[:900]]
)
def test_what_is_none_changes_nothing_and_says_why(shop, image):
    before = give(shop, picture()).header
    with pytest.raises(HeaderUnfit) as refused:
        give(shop, image)
    assert str(refused.value).count(".") >= 2, "what is wrong, and what to do"
    shop.refresh_from_db()
    assert shop.header == before


def test_the_same_image_is_a_cover_and_a_header_apart(shop):
    image = picture(1300, 1300)
    cover = keep_cover(image, blobs=terms().blobs())
    header = give(shop, image).header
    assert cover.pk != header.pk
    assert (cover.digest, header.digest) == (digest_of(image), digest_of(image, HEADER))
    assert give(shop, image).header == header


def test_who_may_change_the_page_may_and_nobody_else():
    owner, editor, books, stranger = (account(it) for it in ("owner", "editor", "books", "stranger"))
    label = label_of(owner)
    join(label, owner, editor, "editor")
    join(label, owner, books, "bookkeeper")
    assert give(label, picture(), by=editor).header is not None
    with pytest.raises(RoleRefused):
        give(label, None, by=books)
    with pytest.raises(NotYours):
        give(label, None, by=stranger)
    label.refresh_from_db()
    assert label.header is not None
    assert give(label, None, by=owner).header is None


def test_it_is_told_in_the_export_and_goes_with_the_shop(shop):
    header = give(shop, picture()).header
    assert [it["header"] for it in gather(account=shop.owner)["shops.shop"]] == [header.pk]
    assert set(_covers_named_above()) >= {header.pk}
    keep_shop.forget(account=shop.owner, now=NOW + timedelta(days=1))
    assert header.pk not in set(_covers_named_above())


def test_a_picture_that_is_gone_leaves_the_shop_without_one(shop):
    header = give(shop, picture()).header
    Cover.objects.get(pk=header.pk).delete()
    assert Shop.objects.get(pk=shop.pk).header is None
