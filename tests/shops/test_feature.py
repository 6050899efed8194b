"""What a shop's page shows first: chosen of what stands there, and gone while it does not."""

import opened_shop
import pytest
from applying import LINK, NOW, account, release_of
from django.db import IntegrityError, transaction
from judging import hear_and_accept
from opened_shop import opened

from alpheus.parties.models import StaffRole
from alpheus.shops import keep_shop
from alpheus.shops.errors import NotStanding, NotYours
from alpheus.shops.feature import feature
from alpheus.shops.models import Shop
from alpheus.shops.queries import featurable, featured_of
from alpheus.submissions import claim, review

pytestmark = pytest.mark.django_db


@pytest.fixture
def auditor():
    return account("owl", StaffRole.Role.AUDITOR)


@pytest.fixture
def shop(auditor):
    return opened(account("tide"), auditor)


@pytest.fixture
def album(shop, auditor):
    return opened_shop.album(shop.owner, auditor, ["夜明け", "汽笛"])


def test_a_release_then_a_track_then_nothing(shop, album):
    assert featured_of(shop) is None
    assert [(it.title, [track.title for track in tracks]) for it, tracks in featurable(shop)] == [
        ("雨夜", ["雨夜"]), ("潮汐集", ["夜明け", "汽笛"]),
    ]  # fmt: skip
    row = feature(owner=shop.owner, thing=album.release.gid)
    found = featured_of(row)
    assert (found.gid, found.track, [it.title for it in found.recordings]) == (
        album.release.gid, None, ["夜明け", "汽笛"],
    )  # fmt: skip
    song = album.tracks.all()[1].recording
    found = featured_of(feature(owner=shop.owner, thing=song.gid))
    assert (found.gid, found.release, [it.gid for it in found.recordings]) == (
        song.gid, album.release, [song.gid],
    )  # fmt: skip
    assert featured_of(feature(owner=shop.owner, thing=None)) is None


def test_only_what_stands_in_the_shop_and_only_by_whose_it_is(shop, album, auditor):
    other = opened(account("heron"), auditor, handle="heron", artist_name="Heron", title="Other")
    theirs = other.pieces.get().release
    with pytest.raises(NotStanding):
        feature(owner=shop.owner, thing=theirs.gid)
    with pytest.raises(NotYours):
        feature(owner=other.owner, shop=shop.gid, thing=album.release.gid)
    draft = release_of(shop.owner, ["later"])
    with pytest.raises(NotStanding):
        feature(owner=shop.owner, thing=draft.tracks.get().recording.gid)
    with pytest.raises(IntegrityError), transaction.atomic():
        Shop.objects.filter(pk=shop.pk).update(
            featured_release=album.release, featured_recording=album.tracks.all()[0].recording
        )


def test_gone_while_it_is_not_public_and_back_when_it_is(shop, album, auditor):
    row = feature(owner=shop.owner, thing=album.release.gid)
    review.reopen(auditor=auditor, gid=album.gid, words="A claim.", link=LINK, now=NOW)
    assert featured_of(row) is None
    claim.take(auditor=auditor, gid=album.gid, now=NOW)
    hear_and_accept(auditor=auditor, gid=album.gid, words="", link=LINK, now=NOW)
    assert featured_of(row).gid == album.release.gid
    keep_shop.close_shop(owner=shop.owner, now=NOW)
    assert featured_of(row) is None
    keep_shop.open_shop(owner=shop.owner, now=NOW)
    assert featured_of(row).gid == album.release.gid
