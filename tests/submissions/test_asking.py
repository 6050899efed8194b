"""What a release will ask before it asks anything is what it asks once it appears."""

from datetime import timedelta

import pytest
from applying import LINK, NOW, account, release_of
from judging import hear_and_accept
from opened_shop import opened

from alpheus.parties.models import StaffRole
from alpheus.shops.offers.queries import offers_of
from alpheus.shops.offers.rules import Asked, Kind
from alpheus.submissions import asking, claim
from alpheus.submissions.hand_in import hand_in
from alpheus.submissions.models import Submission, Track
from alpheus.values.money import Currency, Money

pytestmark = pytest.mark.django_db


def yuan(fen):
    return Asked(Kind.FIXED, Money(fen, Currency("CNY")))


@pytest.mark.parametrize(
    ("price", "tracks_ask"),
    [
        ("", []),
        ("12.00 CNY", ["12.00 CNY"]),
        ("free", ["free"]),
        ("", ["free"] * 4),
        ("", ["2.00 CNY", "", "free", "3.00 EUR"]),
    ],
)
def test_it_is_what_is_asked_then(price, tracks_ask):
    auditor = account("owl", StaffRole.Role.AUDITOR)
    shop = opened(account("kite"), auditor)
    row = release_of(shop.owner, ["雨", "风", "雪", "霜"])
    Submission.objects.filter(pk=row.pk).update(price=price)
    for track, asks in zip(row.tracks.all(), tracks_ask, strict=False):
        Track.objects.filter(pk=track.pk).update(price=asks)
    row.refresh_from_db()
    tracks = list(row.tracks.all())
    told = asking.will_ask(row, tracks, shop=shop, now=NOW)
    assert told.by_sheet == bool(tracks_ask)
    hand_in(account=shop.owner, gid=row.gid, link=LINK, now=NOW)
    claim.take(auditor=auditor, gid=row.gid, now=NOW)
    release = hear_and_accept(auditor=auditor, gid=row.gid, words="", link=LINK, now=NOW).release
    found = offers_of([release.gid, *(it.recording.gid for it in tracks)])
    assert found[release.gid].asked == told.release
    assert [found[it.recording.gid].asked for it in tracks] == [told.tracks[it.pk] for it in tracks]


def test_an_agreement_that_holds_at_its_minute_comes_before_the_sheet(monkeypatch):
    shop = opened(account("kite"), account("owl", StaffRole.Role.AUDITOR))
    row = release_of(shop.owner, ["雨"])
    tracks = list(row.tracks.all())
    tracks[0].price, row.price, row.due_at = "5.00 CNY", "7.00 CNY", NOW + timedelta(days=9)
    asked_about = []

    def fixed(shop, *, now):
        asked_about.append(now)
        return Money(80, Currency("CNY"))

    monkeypatch.setattr(asking, "fixed_price", fixed)
    told = asking.will_ask(row, tracks, shop=shop, now=NOW)
    assert (told.release, told.tracks[tracks[0].pk], told.fixed) == (yuan(700), yuan(80), True)
    assert asked_about == [row.due_at]


def test_a_draft_without_tracks_says_nothing_of_its_price():
    shop = opened(account("kite"), account("owl", StaffRole.Role.AUDITOR))
    told = asking.will_ask(release_of(shop.owner, []), [], shop=shop, now=NOW)
    assert (told.release, told.tracks) == (None, {})


def test_where_all_its_tracks_are_free_the_release_is():
    auditor = account("owl", StaffRole.Role.AUDITOR)
    shop = opened(account("kite"), auditor)
    row = release_of(shop.owner, ["雨", "风"])
    row.tracks.update(price="free")
    told = asking.will_ask(row, list(row.tracks.all()), shop=shop, now=NOW)
    assert told.release == Asked(Kind.FREE)
