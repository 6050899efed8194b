"""A shop's audience: real plays of its own recordings, and nothing about a few."""

from datetime import timedelta
from uuid import uuid4

import pytest
from applying import NOW, account
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from opened_shop import accepted, opened

from alpheus.insight.audience import audience, since
from alpheus.insight.rules import COHORT_LEAST
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
    assert (found.plays, found.listeners, found.followers) == (None, None, 0)
    assert found.territories.told == ()
    (heard,) = found.recordings
    assert (heard.recording, heard.plays, heard.listeners, heard.keeps) == (recording, None, None, 0)


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
    for days in (8, 6):
        for _ in range(10):
            played(recording, at=NOW - timedelta(days=days))
    assert audience(shop=shop, since=since(7, NOW)).plays == 10
    assert audience(shop=shop, since=since(28, NOW)).plays == 20


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
        for _ in range(10):
            played(recording)
    found = audience(shop=shop, since=None)
    assert {it.recording for it in found.recordings} == set(recordings)
    assert found.plays == 20


def album(shop, auditor, count):
    """A shop with so many recordings, in its order."""
    for number in range(count - 1):
        accepted(shop.owner, auditor, title=f"晨雾 {number}")
    return [it.recording for it in shop.pieces.order_by("pk")]


def told(found):
    return {it.recording: it.plays for it in found.recordings if it.plays is not None}


def test_how_often_a_few_listened_is_not_told_even_by_subtraction(shop, auditor):
    loud, usual, quiet, silent = album(shop, auditor, 4)
    crowd = [Listener.objects.create() for _ in range(30)]
    for it in crowd:
        played(loud, it)
    for it in crowd[:12]:
        played(usual, it)
    fan = crowd[0]
    for _ in range(57):
        played(quiet, fan)
    found = audience(shop=shop, since=None)
    assert (found.plays, found.listeners) == (99, 30)
    # 99 less 30 and 12 would be the 57 of one person.
    assert told(found) == {loud: 30, silent: 0}
    assert [it.recording for it in found.recordings if it.listeners is None] == [usual, quiet]


def test_who_heard_nothing_else_is_not_told_by_subtraction(shop, auditor):
    loud, one, other = album(shop, auditor, 3)
    for _ in range(20):
        played(loud)
    # Nine and nine are eighteen together, so that their plays may be told as one; three of them heard nothing else.
    alone = [Listener.objects.create() for _ in range(3)]
    both = list(Listener.objects.filter(plays__recording=loud).distinct()[:15])
    for recording, others in ((one, both[:6]), (other, both[6:12])):
        for it in (*alone, *others):
            played(recording, it)
    found = audience(shop=shop, since=None)
    assert found.listeners == 23
    assert told(found) == {}, "23 less 20 would be three people"


def test_many_who_are_few_on_each_are_told_together(shop, auditor):
    loud, *others = album(shop, auditor, 4)
    for _ in range(10):
        played(loud)
    for recording in others:
        for _ in range(5):
            played(recording)
    found = audience(shop=shop, since=None)
    assert (found.plays, found.listeners, told(found)) == (25, 25, {loud: 10})


@pytest.fixture
def four(shop, auditor):
    return album(shop, auditor, 4)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    heard=st.lists(
        st.tuples(st.integers(0, 3), st.integers(0, 24), st.integers(1, 3)), min_size=1, max_size=70
    )
)
def test_whatever_is_heard_no_difference_is_a_few(shop, four, heard):
    """What is told of all less what is told of some is nobody's, or ten people's."""
    recordings = four
    with transaction.atomic():
        people = [Listener.objects.create() for _ in range(25)]
        for recording, person, times in heard:
            for _ in range(times):
                played(recordings[recording], people[person])
        found = audience(shop=shop, since=None)
        plays = Play.objects.filter(recording__in=recordings)
        shown = told(found)
        rest = plays.exclude(recording__in=shown)
        alone = rest.exclude(listener__in=plays.filter(recording__in=shown).values("listener"))
        groups = [rest, alone, *(plays.filter(recording=it) for it in shown)]
        if found.plays is None:
            assert shown.keys() <= {it for it in recordings if not plays.filter(recording=it).exists()}
            groups = []
        else:
            assert found.plays == plays.count()
        for group in groups:
            count = group.values("listener").distinct().count()
            assert count == 0 or count >= COHORT_LEAST
        transaction.set_rollback(True)
