"""What is heard before it appears: its preview, by everybody, whatever the setting; nothing more, and nothing once that ends."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import music
import pytest
from applying import account

from alpheus.catalogue.errors import NotInCatalogue
from alpheus.catalogue.models import Recording
from alpheus.catalogue.remove_recording import offer_again, remove_recordings
from alpheus.listening import grant, queries
from alpheus.listening.errors import NothingToPlay
from alpheus.listening.library.add_to_playlist import add_to_playlist
from alpheus.listening.library.keep import Kind, keep
from alpheus.listening.library.models import Playlist, PlaylistItem
from alpheus.listening.models import Listener
from alpheus.listening.preview import Passerby, preview
from alpheus.parties.models import StaffRole
from alpheus.rights import early
from alpheus.rights.available import set_availability
from alpheus.rights.hear import hear
from alpheus.rights.rules import Access, Where
from alpheus.submissions.models import Submission, Track

pytestmark = pytest.mark.django_db


@pytest.fixture
def release(now):
    made = music.release(tracks=("Ebb",))
    remove_recordings(recordings=Recording.objects.filter(tracks__medium__release=made), now=now)
    made.refresh_from_db()
    early.open_early(release=made, shop=uuid4(), until=now + timedelta(days=1), zone="UTC", now=now)
    return made


@pytest.fixture
def recording(release):
    return Recording.objects.get(tracks__medium__release=release)


def granted(recording, terms, now, *, whose=None, here="CN"):
    """What somebody is granted who asks for it by its gid."""
    listener = Listener.objects.create(account=whose)
    stream = grant.Stream(uuid4(), listener, listener.gid, terms.edges[0], None, here, "net")
    found = queries.with_audio([recording.gid], account=whose, early_at=now)
    return stream, grant.mint(stream=stream, recordings=found.values(), terms=terms, now=now)


def window(recording, terms):
    heard = hear(
        recording=recording, member=False, entitled=False, access=Access.BY_RIGHT,
        preview_seconds=terms.preview_seconds, grid_samples=grant.aac(music.RATE_HZ).segment_samples,
    )  # fmt: skip
    return heard.window.start, heard.window.end


@pytest.mark.parametrize("access", Access)
@pytest.mark.parametrize("member", [False, True])
def test_everybody_hears_the_one_preview(recording, terms, now, access, member):
    terms = replace(terms, access=access)
    _, (minted,) = granted(recording, terms, now, whose=account("wren") if member else None)
    assert minted.grant.preview
    assert (minted.grant.window_start, minted.grant.window_end) == window(recording, terms)


def test_who_does_not_ask_for_it_by_when_gets_nothing(recording, now):
    assert queries.with_audio([recording.gid]) == {}


def test_what_ended_is_not_granted_and_what_was_granted_not_renewed(release, recording, terms, now):
    stream, (minted,) = granted(recording, terms, now)
    assert grant.renew(stream=stream, grants=[minted.grant.gid], terms=terms, now=now)
    early.end_of_release(release, now=now)
    assert grant.renew(stream=stream, grants=[minted.grant.gid], terms=terms, now=now) == []
    assert granted(recording, terms, now)[1] == []


def test_before_it_begins_and_after_it_is_over_nothing_is_granted(recording, terms, now):
    assert granted(recording, terms, now - timedelta(seconds=1))[1] == []
    assert granted(recording, terms, now + timedelta(days=1) + early.LATE)[1] == []


def test_where_it_will_not_be_offered_it_is_not_heard_early(release, recording, terms, now):
    set_availability(release=release, where=Where.EXCEPT, territories=["KR"])
    assert granted(recording, terms, now, here="KR")[1] == []
    assert len(granted(recording, terms, now, here="CN")[1]) == 1


def test_who_judges_it_and_who_handed_it_in_hear_all_of_it(recording, terms, now):
    mine, owl = account("wren"), account("owl", StaffRole.Role.AUDITOR)
    row = Submission.objects.create(account=mine, kind="release", state="accepted", submitted_at=now)
    Track.objects.create(submission=row, position=0, recording=recording)
    for whose in (mine, owl):
        _, (minted,) = granted(recording, terms, now, whose=whose)
        assert not minted.grant.preview
    assert granted(recording, terms, now, whose=account("finch"))[1][0].grant.preview


def test_at_its_minute_it_is_granted_as_all_else_is(release, recording, terms, now):
    offer_again(recordings=[recording], now=now)
    early.close_early(release=release)
    recording.refresh_from_db()
    _, (minted,) = granted(recording, terms, now)
    assert not minted.grant.preview


def test_it_is_kept_by_nobody(release, recording, now):
    listener = Listener.objects.create(account=account("wren"))
    for kind, gid in ((Kind.RELEASE, release.gid), (Kind.RECORDING, recording.gid)):
        with pytest.raises(NotInCatalogue):
            keep(listener=listener, kind=kind, gid=gid, now=now)


def test_it_is_put_into_no_playlist(recording, now):
    listener = Listener.objects.create(account=account("wren"))
    playlist = Playlist.objects.create(owner=listener, title="Shore")
    added = add_to_playlist(listener=listener, gid=playlist.gid, recordings=[recording.gid], now=now)
    assert added.left_out == [recording.gid]
    assert not PlaylistItem.objects.exists()


def test_in_other_people_s_pages_it_is_not_heard(recording, terms, now):
    with pytest.raises(NothingToPlay):
        preview(recording=recording.gid, passerby=Passerby(network="net"), terms=terms, now=now)
