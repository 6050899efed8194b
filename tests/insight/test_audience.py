"""A shop's audience: real plays of its own recordings, and nothing about a few."""

from datetime import timedelta
from uuid import uuid4

import pytest
from applying import NOW, account
from opened_shop import accepted, opened

from alpheus.insight.audience import audience, since
from alpheus.listening.library.models import Keep
from alpheus.listening.models import Grant, Listener, Play
from alpheus.parties.models import StaffRole
from alpheus.shops.queries import pieces_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def auditor(db):
    return account("owl", StaffRole.Role.AUDITOR)


@pytest.fixture
def shop(auditor):
    return opened(account("tide"), auditor)


def recording_of(shop):
    return pieces_of(shop)[0].recording


def played(recording, listener=None, *, territory="CN", at=NOW, **given):
    listener = listener or Listener.objects.create()
    grant = Grant.objects.create(
        stream=uuid4(), edge="edge-1", gate=listener.gid, listener=listener, recording=recording,
        window_start=0, window_end=1, territory=territory, issued_at=at, expires_at=at,
    )  # fmt: skip
    facts = {"qualified": True, "heard_ms": 40_000} | given
    Play.objects.create(
        listener=listener, recording=recording, grant=grant, stream=grant.stream, ordinal=0,
        territory=territory, started_at=at, **facts,
    )  # fmt: skip
    return listener


def test_plays_are_counted_and_a_few_people_are_not(shop):
    recording = recording_of(shop)
    again = played(recording)
    played(recording, again)
    played(recording, qualified=False)
    played(recording, qualified=False, preview=True)
    found = audience(shop=shop, since=None)
    assert (found.plays, found.listeners, found.followers) == (2, None, 0)
    assert found.territories.told == ()
    (heard,) = found.recordings
    assert (heard.recording, heard.plays, heard.listeners, heard.keeps) == (recording, 2, None, 0)


def test_ten_people_are_told_with_where_they_are(shop):
    recording = recording_of(shop)
    for _ in range(12):
        played(recording, territory="CN")
    for _ in range(10):
        played(recording, territory="JP")
    for _ in range(3):
        played(recording, territory="KR")
    found = audience(shop=shop, since=None)
    assert (found.plays, found.listeners) == (25, 25)
    # Three in Korea are what is left of 25; so Japan is not told either.
    assert found.territories.told == (("CN", 12),)
    assert found.territories.others == 13


def test_keeps_are_those_of_now(shop):
    recording = recording_of(shop)
    for n in range(11):
        gone = NOW if n == 0 else None
        Keep.objects.create(listener=Listener.objects.create(), recording=recording, name="n", let_go_at=gone)
    assert audience(shop=shop, since=None).recordings[0].keeps == 10


def test_of_a_period_only_what_began_in_it(shop):
    recording = recording_of(shop)
    played(recording, at=NOW - timedelta(days=8))
    played(recording, at=NOW - timedelta(days=6))
    assert audience(shop=shop, since=since(7, NOW)).plays == 1
    assert audience(shop=shop, since=since(28, NOW)).plays == 2


def test_others_music_is_nobodys_business(shop, auditor):
    other = opened(account("reed"), auditor, handle="reed", title="Reeds", artist_name="Reed")
    played(recording_of(other))
    found = audience(shop=shop, since=None)
    assert found.plays == 0
    assert [it.recording for it in found.recordings] == [recording_of(shop)]


def test_every_track_of_an_album_has_its_audience(shop, auditor):
    accepted(shop.owner, auditor, title="晨雾")
    first = shop.pieces.first()
    shop.pieces.update(release=first.release, position=0)
    recordings = [it.recording for it in shop.pieces.all()]
    for recording in recordings:
        played(recording)
    found = audience(shop=shop, since=None)
    assert {it.recording for it in found.recordings} == set(recordings)
    assert found.plays == 2
