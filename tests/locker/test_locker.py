"""What is kept is owned for ever: through prices and closed shops, not through notices; and its sound is never cleared away."""

from datetime import timedelta

import pytest
from applying import NOW, account
from django.db import IntegrityError, transaction
from opened_shop import accepted, opened

from alpheus.catalogue.models import Recording
from alpheus.config.cleaning import _assets_named_above
from alpheus.listening.erase import erase
from alpheus.locker import queries
from alpheus.locker.keep_free import keep_free
from alpheus.locker.models import Owned
from alpheus.parties.models import StaffRole
from alpheus.rights.models import Suspension
from alpheus.rights.notice import Given, give_notice
from alpheus.rights.rules import Decision
from alpheus.shops import keep_shop
from alpheus.shops.answer_notice import answer_notice
from alpheus.shops.offers.errors import NotFree, OfferUnknown
from alpheus.shops.offers.queries import offers_of
from alpheus.shops.offers.rules import Asked, Kind
from alpheus.shops.offers.set_prices import set_prices
from alpheus.shops.queries import releases_of
from alpheus.shops.take_in import take_out
from alpheus.values.money import Money

pytestmark = pytest.mark.django_db

FREE = Asked(Kind.FREE)
CLAIM = Given(
    claim="work", words="Mine.", proof="Here.", name="Hana", email="hana@example.org", signature="Hana"
)


@pytest.fixture
def auditor():
    return account("owl", StaffRole.Role.AUDITOR)


@pytest.fixture
def musician():
    return account("tide")


@pytest.fixture
def listener():
    return account("listener")


@pytest.fixture
def release(musician, auditor):
    return releases_of(opened(musician, auditor))[0]


@pytest.fixture
def recording(release):
    return Recording.objects.get()


def priced(musician, thing, asked):
    set_prices(owner=musician, things=[thing.gid], asked=asked, now=NOW)
    return offers_of([thing.gid])[thing.gid].offer.gid


@pytest.fixture
def kept(musician, listener, release):
    return keep_free(account=listener, offer=priced(musician, release, FREE), here="", now=NOW)


def heard(account, recording):
    return queries.heard_by(account, [recording.gid]) == {recording.gid}


def test_what_is_free_can_be_kept_and_nothing_else(musician, listener, release, recording):
    for asked in (Asked(Kind.FIXED, Money(80, "CNY")), Asked(Kind.OPEN)):
        with pytest.raises(NotFree):
            keep_free(account=listener, offer=priced(musician, release, asked), here="", now=NOW)
    assert not heard(listener, recording)
    keep_free(account=listener, offer=priced(musician, recording, FREE), here="", now=NOW)
    assert heard(listener, recording)
    assert queries.owned_among(listener, [release.gid, recording.gid]) == {recording.gid}
    assert not heard(musician, recording)
    assert not heard(None, recording)


def test_it_stays_whatever_it_costs_and_wherever_the_shop_goes(kept, musician, listener, release, recording):
    offer = priced(musician, release, Asked(Kind.FIXED, Money(900, "CNY")))
    assert keep_free(account=listener, offer=offer, here="", now=NOW + timedelta(days=1)) == kept
    keep_shop.close_shop(owner=musician, now=NOW)
    assert heard(listener, recording)
    (mine,) = queries.locker_of(listener, size=10).rows
    assert (mine.owned, mine.recordings) == (kept, [recording])
    with pytest.raises(OfferUnknown):
        keep_free(account=account("late"), offer=offer, here="", now=NOW)


def test_what_comes_to_a_kept_release_is_owned_too(kept, musician, auditor, listener, recording):
    accepted(musician, auditor, title="晨雾")
    second = Recording.objects.exclude(pk=recording.pk).get()
    assert not heard(listener, second)
    track = second.tracks.get()
    track.medium, track.position = recording.tracks.get().medium, 2
    track.save()
    assert heard(listener, second)
    assert [it.pk for it in queries.locker_of(listener, size=10).rows[0].recordings] == [
        recording.pk,
        second.pk,
    ]


def test_what_a_notice_suspends_is_heard_again_once_it_is_dismissed(
    kept, auditor, listener, release, recording
):
    given = {"network": "", "language": "", "link": "http://testserver/x", "now": NOW}
    notice = give_notice(release=release, given=CLAIM, **given)
    decided = {"staff": auditor, "gid": notice.gid, "reason": "r", "link": "http://testserver/x", "now": NOW}
    answer_notice(**decided, decision=Decision.SUSPEND)
    assert Suspension.objects.exists()
    assert not heard(listener, recording)
    assert queries.locker_of(listener, size=10).rows[0].recordings == []
    answer_notice(**decided, decision=Decision.DISMISS)
    assert heard(listener, recording)


def test_what_an_audit_takes_out_is_nobody_s(kept, listener, recording):
    take_out(recording=recording, now=NOW)
    assert not heard(listener, recording)


def test_its_sound_is_never_cleared_away(kept, recording):
    assert recording.asset_id in set(queries.assets_owned())
    assert recording.asset_id in set(_assets_named_above())


def test_a_locker_is_paged_the_latest_first(musician, auditor, listener, release, recording):
    for day, thing in enumerate((release, recording)):
        keep_free(
            account=listener, offer=priced(musician, thing, FREE), here="", now=NOW + timedelta(days=day)
        )
    first = queries.locker_of(listener, size=1)
    second = queries.locker_of(listener, size=1, cursor=first.next)
    assert [page.rows[0].owned.recording for page in (first, second)] == [recording, None]
    assert second.next is None
    assert queries.owned_count(listener) == 2


def test_the_database_keeps_it_straight(kept, listener, release, recording):
    for wrong in ({}, {"release": release}, {"release": release, "recording": recording}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Owned.objects.create(account=listener, how="free", since=NOW, **wrong)


def test_an_erased_listener_owns_nothing(kept, listener):
    erase(account=listener, now=NOW)
    assert not Owned.objects.exists()
