"""Sign-in sessions are joined with what plays there, and ending one ends what it may hear."""

from datetime import timedelta
from uuid import uuid4

import music
import pytest
from allauth.usersessions.models import UserSession
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from alpheus.listening import devices, sign_ins
from alpheus.listening.errors import SignInUnknown
from alpheus.listening.models import Device, Grant, Listener
from alpheus.parties.models import Account

pytestmark = pytest.mark.django_db


@pytest.fixture
def account():
    made = Account.objects.create_user("wren@example.com", "a long password")
    Listener.objects.create(account=made)
    return made


def signed_in(account, *, device=None, agent="Firefox/140.0"):
    store = SessionStore()
    store[SESSION_KEY] = str(account.pk)
    store[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    store[HASH_SESSION_KEY] = account.get_session_auth_hash()
    if device:
        store[devices.SESSION_KEY] = device.gid.hex
    store.create()
    return UserSession.objects.create(
        user=account, session_key=store.session_key, ip="192.0.2.7", user_agent=agent
    )


def playing(account, now):
    device = Device.objects.create(listener=account.listener, name="Kitchen")
    grant = Grant.objects.create(
        stream=uuid4(),
        edge="edge-1",
        gate=account.listener.gid,
        listener=account.listener,
        device=device,
        recording=music.recording(),
        window_start=0,
        window_end=44_100,
        issued_at=now,
        expires_at=now + timedelta(minutes=10),
    )
    return device, grant


def test_each_is_told_with_its_device_and_this_one_first(account, now):
    device, _ = playing(account, now)
    here, there = signed_in(account), signed_in(account, device=device)
    told = sign_ins.of(account=account, session_key=here.session_key)
    assert [(it.id, it.current, it.device) for it in told] == [
        (here.pk, True, None),
        (there.pk, False, device),
    ]


def test_sessions_that_are_over_are_not_told(account):
    row = signed_in(account)
    SessionStore(row.session_key).delete()
    assert sign_ins.of(account=account, session_key=None) == []


def test_ending_one_ends_what_it_may_hear(account, terms, now):
    device, grant = playing(account, now)
    row, other = signed_in(account, device=device), signed_in(account)
    sign_ins.end(account=account, sign_in=row.pk, terms=terms, now=now)
    grant.refresh_from_db()
    assert grant.cancelled_at == now
    assert not SessionStore().exists(row.session_key)
    assert SessionStore().exists(other.session_key)


def test_another_account_cannot_end_it(account, terms, now):
    row = signed_in(account)
    stranger = Account.objects.create_user("heron@example.com")
    with pytest.raises(SignInUnknown):
        sign_ins.end(account=stranger, sign_in=row.pk, terms=terms, now=now)
    assert SessionStore().exists(row.session_key)


def test_all_but_this_one(account, terms, now):
    here = signed_in(account)
    gone = [signed_in(account), signed_in(account)]
    assert sign_ins.end_all(account=account, but=here.session_key, terms=terms, now=now) == 2
    assert SessionStore().exists(here.session_key)
    assert not any(SessionStore().exists(row.session_key) for row in gone)


def test_by_the_device_that_plays_there(account, terms, now):
    device, grant = playing(account, now)
    here, there = signed_in(account), signed_in(account, device=device)
    assert sign_ins.end_on_device(account=account, device=device.gid, terms=terms, now=now) == 1
    assert not SessionStore().exists(there.session_key)
    assert SessionStore().exists(here.session_key)
    grant.refresh_from_db()
    assert grant.cancelled_at == now
