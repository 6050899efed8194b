from datetime import timedelta
from uuid import uuid4

import pytest

from alpheus.listening import devices, sign_out
from alpheus.listening.errors import DeviceUnknown
from alpheus.listening.models import Device, Listener

pytestmark = pytest.mark.django_db


@pytest.fixture
def listener():
    return Listener.objects.create()


def here(listener, now, *, gid=None, session=None, program="Firefox"):
    return devices.present(listener=listener, gid=gid, user_agent=program, session=session, now=now)


def test_a_browser_is_known_by_its_web_session(listener, now):
    cookie = {}
    first = here(listener, now, session=cookie)
    assert here(listener, now, session=cookie) == first
    assert here(listener, now, session={}) != first


def test_a_program_with_a_token_is_known_by_its_name(listener, now):
    first = here(listener, now, program="mpd/1")
    assert here(listener, now, program="mpd/1") == first
    assert here(listener, now, program="other/2") != first


def test_a_device_is_named_by_its_owner_alone(listener, now):
    mine = here(listener, now, session={})
    assert here(listener, now, gid=mine.gid, session={}) == mine
    for gid in (uuid4(), here(Listener.objects.create(), now, session={}).gid):
        with pytest.raises(DeviceUnknown):
            here(listener, now, gid=gid, session={})
        with pytest.raises(DeviceUnknown):
            devices.change(listener=listener, gid=gid, name="x")
        with pytest.raises(DeviceUnknown):
            sign_out.sign_out_device(listener=listener, gid=gid, now=now)


def test_those_longest_silent_are_forgotten(listener, now):
    for number in range(devices.DEVICES_MAX + 5):
        here(listener, now + timedelta(minutes=number), session={})
    left = Device.objects.filter(listener=listener)
    assert left.count() == devices.DEVICES_MAX
    assert min(device.seen_at for device in left) == now + timedelta(minutes=5)


def test_a_device_is_renamed_and_forgotten(listener, now):
    mine = here(listener, now, session={})
    assert devices.change(listener=listener, gid=mine.gid, name="Kitchen").name == "Kitchen"
    sign_out.sign_out_device(listener=listener, gid=mine.gid, now=now)
    assert not Device.objects.exists()
