import asyncio
from dataclasses import replace
from types import SimpleNamespace
from uuid import uuid4

import music
import pytest

from alpheus.catalogue.models import Recording
from alpheus.listening import play
from alpheus.listening.errors import ExplicitHidden, NothingToPlay, NotReady
from alpheus.listening.grant import mint_more, renew
from alpheus.listening.models import Grant, Listener, PlaybackSession
from alpheus.listening.play import Begin, Caller, Resume, best_rendition, first_request
from alpheus.listening.queries import with_audio
from alpheus.listening.session import current
from alpheus.listening.terms import Edge
from alpheus.parties.models import Account, StaffRole
from alpheus.rights.rules import Access
from alpheus.submissions.hearing.queries import heard_of
from alpheus.submissions.models import Submission, Track

pytestmark = pytest.mark.django_db

SEGMENT = 176_128


@pytest.fixture
def press(terms, now):
    def pressed(*recordings, index=0, position_ms=0, terms=terms):
        caller = Caller(listener=Listener.objects.create(), device=None, user_agent="x", network="")
        wish = Begin([row.gid for row in recordings], index, position_ms)
        return play.begin(caller=caller, web_session={}, wish=wish, replaces=None, terms=terms, now=now)

    return pressed


def test_the_recording_is_granted(press):
    songs = [music.recording(title) for title in "ABCDEFG"]
    played = press(*songs, index=2, position_ms=1500)
    assert played.minted.grant.recording.title == "C"
    kept = PlaybackSession.objects.get()
    assert (kept.position_ms, kept.entries.count()) == (1500, 7)
    assert current(kept) == songs[2].gid
    assert kept.device == played.device
    assert Grant.objects.filter(stream=played.stream.id).count() == 1


def test_who_hides_explicit_music_hears_none_of_what_is_queued(terms, now):
    hiding = Listener.objects.create(account=Account.objects.create_user("hides@example.org"))
    hiding.account.hides_explicit = True
    clean, rude, last = music.recording("A"), music.recording("B"), music.recording("C")
    Recording.objects.filter(pk=rude.pk).update(explicit=True)
    caller = Caller(listener=hiding, device=None, user_agent="x", network="")

    def pressed(wish):
        return play.begin(caller=caller, web_session={}, wish=wish, replaces=None, terms=terms, now=now)

    def title(played):
        return played.minted.grant.recording.title

    queue = [clean.gid, rude.gid, last.gid]
    assert title(pressed(Begin(queue))) == "A"
    from_the_rude = pressed(Begin(queue, 1, 90_000))
    assert (title(from_the_rude), from_the_rude.position_ms) == ("C", 0)
    kept = PlaybackSession.objects.get()
    assert (current(kept), kept.entries.count()) == (last.gid, 3)
    resumed = pressed(Resume(kept.entries.get(recording=rude.gid).gid, 1_000))
    assert title(resumed) == "C"
    (renewed,) = mint_more(
        stream=resumed.stream, recordings=with_audio([rude.gid, clean.gid]).values(), terms=terms, now=now
    )
    assert renewed.grant.recording == clean
    with pytest.raises(ExplicitHidden):
        pressed(Begin([clean.gid, rude.gid], 1))
    hiding.account.hides_explicit = False
    assert title(pressed(Begin(queue, 1))) == "B"


def test_a_grant_of_explicit_music_is_not_renewed_for_who_came_to_hide_it(press, terms, now):
    rude = music.recording()
    Recording.objects.filter(pk=rude.pk).update(explicit=True)
    played = press(rude)
    minted = played.minted
    listener = played.stream.listener
    listener.account = Account.objects.create_user("hides@example.org")
    listener.save()
    assert renew(stream=played.stream, grants=[minted.grant.gid], terms=terms, now=now)
    listener.account.hides_explicit = True
    assert renew(stream=played.stream, grants=[minted.grant.gid], terms=terms, now=now) == []


def test_an_auditor_s_press_is_known_at_once_of_what_begins_and_of_no_more(terms, now):
    judge = Account.objects.create_user("owl@example.org")
    StaffRole.objects.create(account=judge, role=StaffRole.Role.AUDITOR)
    row = Submission.objects.create(
        account=Account.objects.create_user("wren@example.org"), state="in_audit", submitted_at=now
    )
    songs = [music.recording("A"), music.recording("B")]
    for place, one in enumerate(songs):
        Track.objects.create(submission=row, position=place, recording=one)
    Recording.objects.filter(pk__in=[it.pk for it in songs]).update(removed_at=now)
    caller = Caller(listener=Listener.objects.create(account=judge), device=None, user_agent="x", network="")
    wish = Begin([it.gid for it in songs], index=1)
    play.begin(caller=caller, web_session={}, wish=wish, replaces=None, terms=terms, now=now)
    assert [it.was_played for it in heard_of(row, judge)] == [False, True]


def test_what_is_not_there_is_told(press):
    gone = music.recording()
    gone.gid = uuid4()
    for given in ([], [gone]):
        with pytest.raises(NothingToPlay):
            press(*given)
    with pytest.raises(NothingToPlay):
        press(music.recording(), index=1)
    with pytest.raises(NotReady):
        press(music.recording(renditions=()), music.recording())
    assert not Grant.objects.exists()
    assert not PlaybackSession.objects.exists()


def test_the_first_batch_is_asked_from_where_the_listener_is(press):
    played = press(music.recording("A"), music.recording("B"), position_ms=60_000)
    asked = first_request(played.minted, position_ms=60_000, rendition="aac-256")
    sample = 60 * music.RATE_HZ
    first = played.minted.grant.gid.hex
    assert asked["sequence"] == 0
    assert asked["at"] == {"grant": first, "sample": sample}
    assert asked["want"] == [{"grant": first, "rendition": "aac-128", "segment": sample // SEGMENT}]
    assert asked["grants"] == [played.minted.token]


@pytest.mark.parametrize(("position_ms", "at"), [(0, "start"), (10**8, "last")])
def test_a_position_is_moved_into_what_may_be_heard(press, terms, position_ms, at):
    by_right = replace(terms, access=Access.BY_RIGHT)
    played = press(music.recording(peaks=bytes([0] * 300 + [9] * 100)), terms=by_right)
    row = played.minted.grant
    asked = first_request(played.minted, position_ms=position_ms, rendition="aac-128")
    assert asked["at"]["sample"] == {"start": row.window_start, "last": row.window_end - 1}[at]
    assert row.window_start > 0


@pytest.mark.parametrize(
    ("ready", "wanted", "best"),
    [
        (["aac-128", "aac-64", "flac"], "flac", "flac"),
        (["aac-128", "aac-64"], "flac", "aac-128"),
        (["aac-64"], "aac-128", "aac-64"),
        (["opus-96"], "aac-128", "opus-96"),
    ],
)
def test_another_rendition_plays_while_the_one_asked_for_is_not_ready(ready, wanted, best):
    assert best_rendition(ready, wanted) == best


async def test_nobody_waits_for_an_edge_that_is_gone_to_confirm_that_it_was_left(terms, monkeypatch):
    gone, there = (Edge(name, "", 1, "") for name in ("gone", "there"))
    answer, told = asyncio.Event(), []

    async def leave(edge, *, grants, terms):
        told.append((edge.id, grants))
        if edge is gone:
            await answer.wait()
            told.append("gone, at last")

    monkeypatch.setattr(play.edges, "leave", leave)
    begun = SimpleNamespace(
        stream=None,
        assigned=SimpleNamespace(left={gone: ["a"], there: ["b", "c"]}),
        void=(),
        continues=True,
    )
    batch = await play.first_batch(begun, rendition="aac-128", terms=terms, absent=frozenset({"gone"}))
    assert batch is None
    assert sorted(told) == [("gone", ["a"]), ("there", ["b", "c"])], "both are told"
    answer.set()
    await asyncio.gather(*play._told_in_vain)
    assert told[-1] == "gone, at last"
