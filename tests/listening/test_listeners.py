from datetime import timedelta
from uuid import uuid4

import music
import pytest

from alpheus.listening import listeners, queue, session
from alpheus.listening.models import Device, Grant, Listener, Play, PlaybackSession
from alpheus.listening.session import current
from alpheus.parties.models import Account

pytestmark = pytest.mark.django_db


@pytest.fixture
def account():
    return Account.objects.create_user("wren@example.com", "a long password")


def heard_by(listener, now):
    recording = music.recording()
    device = Device.objects.create(listener=listener)
    grant = Grant.objects.create(
        stream=uuid4(),
        edge="edge-1",
        gate=listener.gid,
        listener=listener,
        device=device,
        recording=recording,
        window_start=0,
        window_end=1,
        expires_at=now,
    )
    Play.objects.create(
        listener=listener,
        recording=recording,
        grant=grant,
        stream=grant.stream,
        ordinal=0,
        started_at=now,
    )
    kept = session.lock(listener)
    kept.entry = queue.replace(kept, recordings=[recording.gid], index=0, seed=uuid4().hex[:24]).gid
    session.keep(kept, now=now)


def test_nobody_is_made_by_looking():
    assert listeners.find(account=None, session={}) is None
    assert not Listener.objects.exists()


def test_a_guest_is_known_again():
    cookie = {}
    guest = listeners.find_or_make(account=None, session=cookie)
    assert listeners.find_or_make(account=None, session=cookie) == guest
    assert listeners.find_or_make(account=None, session={}) != guest


def test_a_guest_who_signs_up_stays_the_same_listener(account, now):
    cookie = {}
    guest = listeners.find_or_make(account=None, session=cookie)
    heard_by(guest, now)
    member = listeners.find_or_make(account=account, session=cookie)
    assert (member.pk, member.gid, member.account) == (guest.pk, guest.gid, account)
    assert cookie == {}
    assert listeners.find(account=account, session=None) == member


def test_a_guest_who_signs_in_brings_everything_along(account, now):
    mine = listeners.find_or_make(account=account, session=None)
    heard_by(mine, now - timedelta(days=1))
    cookie = {}
    guest = listeners.find_or_make(account=None, session=cookie)
    heard_by(guest, now)
    assert listeners.find_or_make(account=account, session=cookie) == mine
    for rows in (Device, Grant, Play):
        assert rows.objects.filter(listener=mine).count() == 2
    kept = PlaybackSession.objects.get()
    assert (kept.listener, kept.updated_at) == (mine, now)
    guest.refresh_from_db()
    assert guest.merged_into == mine
    assert listeners.find(account=None, session={listeners.SESSION_KEY: guest.gid.hex}) is None


def test_of_two_queues_the_later_one_stays(account, now):
    mine = listeners.find_or_make(account=account, session=None)
    heard_by(mine, now)
    cookie = {}
    heard_by(listeners.find_or_make(account=None, session=cookie), now - timedelta(hours=1))
    listeners.find_or_make(account=account, session=cookie)
    assert PlaybackSession.objects.get().updated_at == now


def test_who_never_listened_has_an_empty_session():
    kept = session.get(Listener.objects.create())
    assert (kept.pk, current(kept)) == (None, None)


def test_two_tabs_that_sign_in_at_once_find_the_same_listener(account):
    cookie = {}
    guest = listeners.find_or_make(account=None, session=cookie)
    first = listeners._became(account, guest, dict(cookie))
    second = listeners._became(account, guest, dict(cookie))  # it read the guest before the first was done
    assert first == second == guest
    assert Listener.objects.get().merged_into is None
