"""What is heard before it appears: as long as its row is there, and nothing keeps it back."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import music
import pytest
from django.db import IntegrityError, transaction

from alpheus.catalogue.models import Recording, Track
from alpheus.catalogue.remove_recording import remove_recordings
from alpheus.rights import early
from alpheus.rights.models import Early, Notice, Suspension

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
UNTIL = NOW + timedelta(days=3)
SHOP = uuid4()


@pytest.fixture
def release():
    """Removed, as everything is that is to appear."""
    made = music.release()
    remove_recordings(recordings=recordings(made), now=NOW)
    made.refresh_from_db()
    return made


def recordings(of):
    return list(Recording.objects.filter(tracks__medium__release=of).order_by("pk"))


def opened(release, *, now=NOW, until=UNTIL):
    return early.open_early(release=release, shop=SHOP, until=until, zone="Asia/Tokyo", now=now)


def heard(release, now):
    gids = [it.gid for it in recordings(release)]
    by_release = early.early_of(release.gid, now=now)
    by_recording = early.early_of_recording(gids[0], now=now) if gids else None
    found = early.heard_early(gids, now=now)
    assert (by_release is not None) == (by_recording is not None) == bool(found)
    assert found in (set(), set(gids))
    assert [it.release for it in early.early_of_shop(SHOP, now=now)] == ([release] if found else [])
    among = early.early_among(recordings(release), now=now)
    assert {it.release for it in among.values()} == ({release} if found else set())
    return bool(found)


@pytest.mark.parametrize(
    ("after", "is_heard"),
    [
        (timedelta(seconds=-1), False),
        (timedelta(0), True),
        (timedelta(days=3) - timedelta(seconds=1), True),
        (timedelta(days=3) + early.LATE - timedelta(seconds=1), True),  # should it be late to appear
        (timedelta(days=3) + early.LATE, False),
    ],
)
def test_from_when_until_when(release, after, is_heard):
    opened(release)
    assert heard(release, NOW + after) is is_heard


def test_without_its_row_nothing_is_heard(release):
    assert not heard(release, NOW)
    assert early.heard_early([], now=NOW) == set()


def test_what_is_offered_is_not_heard_early():
    out = music.release()
    opened(out)
    assert not heard(out, NOW)


def test_done_twice_it_goes_on_with_the_latter_minute(release):
    opened(release)
    row = opened(release, now=NOW + timedelta(hours=1), until=UNTIL + timedelta(days=1))
    assert (Early.objects.count(), row.since, row.until) == (1, NOW, UNTIL + timedelta(days=1))


def test_it_begins_before_its_minute(release):
    with pytest.raises(IntegrityError), transaction.atomic():
        opened(release, now=UNTIL)


def test_ended_nothing_of_it_is_left_but_what_is_handed_in(release):
    one = recordings(release)[0]
    opened(release)
    assert early.end_of_release(release, now=NOW) == 1
    assert early.end_of_release(release, now=NOW) == 0
    assert not heard(release, NOW)
    assert not Track.objects.filter(recording=one).exists()
    one.refresh_from_db()
    release.refresh_from_db()
    assert one.removed_at is not None
    assert release.removed_at is not None


def test_a_shop_that_closes_ends_its_own_alone(release):
    opened(release)
    assert early.end_of_shop(uuid4(), now=NOW) == 0
    assert heard(release, NOW)
    assert early.end_of_shop(SHOP, now=NOW) == 1
    assert not heard(release, NOW)


def test_what_nobody_names_any_more_ends(release):
    opened(release)
    named = type(release).objects.filter(pk=release.pk).values_list("pk", flat=True)
    assert early.end_without_namer(named=named, now=NOW) == 0
    assert early.end_without_namer(named=named.none(), now=NOW) == 1


def test_of_what_a_notice_suspends_nothing_is_heard(release):
    opened(release)
    notice = Notice.objects.create(
        release=release, title="x", claim="work", words="x", proof="x", name="x", email="x@example.org",
        signature="x", given_at=NOW,
    )  # fmt: skip
    Suspension.objects.create(recording=recordings(release)[1], notice=notice, was_offered=False)
    assert not heard(release, NOW), "not even the track beside it"
