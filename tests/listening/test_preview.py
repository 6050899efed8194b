from dataclasses import replace

import jwt
import music
import pytest

from alpheus.listening.errors import NothingToPlay, NotReady
from alpheus.listening.models import Device, Listener, PlaybackSession
from alpheus.listening.preview import Passerby, preview
from alpheus.rights.rules import Access

pytestmark = pytest.mark.django_db

SOMEBODY = Passerby(network="net", territory="CN")


@pytest.mark.parametrize("access", Access)
def test_whatever_the_access_only_the_preview_is_heard(terms, now, access):
    recording = music.recording()
    terms = replace(terms, access=access)
    begun = preview(recording=recording.gid, passerby=SOMEBODY, terms=terms, now=now)
    said = jwt.decode(
        begun.minted.token, terms.grant_key.public_key(), algorithms=["EdDSA"], options={"verify_exp": False, "verify_iat": False},
        audience="edge-1",
    )  # fmt: skip
    start, end = said["win"]
    assert said["pre"]
    assert 0 <= start < end <= recording.asset.samples
    assert end - start <= recording.asset.samples // 2
    assert (said["net"], said["ter"], said["str"]) == ("net", "CN", begun.stream.id.hex)


def test_nothing_is_remembered_but_the_grant(terms, now):
    recording = music.recording()
    first, second = (preview(recording=recording.gid, passerby=SOMEBODY, terms=terms, now=now) for _ in "12")
    assert first.stream.gate != second.stream.gate
    assert Listener.objects.filter(account=None).count() == 2
    assert not Device.objects.exists()
    assert not PlaybackSession.objects.exists()


def test_what_is_not_offered_is_not_heard(terms, now):
    gone = music.recording()
    gone.removed_at = now
    gone.save()
    with pytest.raises(NothingToPlay):
        preview(recording=gone.gid, passerby=SOMEBODY, terms=terms, now=now)


def test_what_has_no_sound_yet_says_so(terms, now):
    waiting = music.recording(renditions=())
    with pytest.raises(NotReady):
        preview(recording=waiting.gid, passerby=SOMEBODY, terms=terms, now=now)
    assert not Listener.objects.exists(), "nothing is left of it"
