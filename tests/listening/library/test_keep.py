from datetime import timedelta
from uuid import uuid4

import music
import pytest

from alpheus.catalogue.errors import NotInCatalogue
from alpheus.listening import listeners
from alpheus.listening import queries as heard
from alpheus.listening.library import queries
from alpheus.listening.library.add_to_playlist import add_to_playlist
from alpheus.listening.library.create_playlist import create_playlist
from alpheus.listening.library.describe_playlist import Description
from alpheus.listening.library.hide_history import hide_history, show_again
from alpheus.listening.library.keep import Kind, keep, let_go
from alpheus.listening.library.models import Keep, Playlist, PlaylistItem, PlaylistRevision
from alpheus.listening.models import Grant, Listener, Play

pytestmark = pytest.mark.django_db


@pytest.fixture
def listener():
    return Listener.objects.create()


def plays(listener, recording, *, times, at, seconds=60):
    for number in range(times):
        stream = uuid4()
        grant = Grant.objects.create(
            stream=stream, edge="edge-1", gate=listener.gid, listener=listener, recording=recording,
            window_start=0, window_end=1, expires_at=at,
        )  # fmt: skip
        Play.objects.create(
            listener=listener, recording=recording, grant=grant, stream=stream, ordinal=0,
            started_at=at - timedelta(minutes=number), heard_ms=seconds * 1000, qualified=seconds >= 30,
        )  # fmt: skip


class TestKeeping:
    def test_each_kind_is_kept_and_let_go(self, listener, now):
        release = music.release()
        recording = release.media.get().tracks.first().recording
        artist = release.credit.artists.get().artist
        things = {Kind.RECORDING: recording, Kind.RELEASE: release, Kind.ARTIST: artist}
        for kind, thing in things.items():
            keep(listener=listener, kind=kind, gid=thing.gid, now=now)
            assert [it.thing for it in queries.kept(listener, kind).rows] == [thing]
        gids = {it.gid for it in things.values()}
        assert queries.kept_among(listener, [*gids, uuid4()]) == gids
        for kind, thing in things.items():
            assert let_go(listener=listener, kind=kind, gid=thing.gid, now=now)
            assert not let_go(listener=listener, kind=kind, gid=thing.gid, now=now)
            assert queries.kept_count(listener, kind) == 0

    def test_what_is_let_go_by_a_slip_has_its_old_place(self, listener, now):
        recording = music.recording()
        given = {"listener": listener, "kind": Kind.RECORDING, "gid": recording.gid}
        keep(**given, now=now)
        let_go(**given, now=now + timedelta(days=1))
        assert keep(**given, now=now + timedelta(days=1, minutes=5)).kept_at == now
        let_go(**given, now=now + timedelta(days=2))
        later = now + timedelta(days=3)
        assert keep(**given, now=later).kept_at == later

    def test_what_is_not_there_cannot_be_kept(self, listener, now):
        removed = music.recording()
        removed.removed_at = now
        removed.save()
        for gid in (uuid4(), removed.gid):
            with pytest.raises(NotInCatalogue):
                keep(listener=listener, kind=Kind.RECORDING, gid=gid, now=now)

    @pytest.mark.parametrize(
        ("sort", "order"), [("newest", "BCA"), ("name", "ABC"), ("artist", "CAB")]
    )  # fmt: skip
    def test_lists_are_sorted_and_go_on_where_they_ended(self, listener, now, sort, order):
        made = [("apple A", "Moss"), ("zebra C", "Aspen"), ("plum B", "Zinc")]
        for minutes, (title, by) in enumerate(made):
            at = now + timedelta(minutes=minutes)
            keep(listener=listener, kind=Kind.RECORDING, gid=music.recording(title, by=by).gid, now=at)
        read, cursor = "", None
        for _ in range(3):
            page = queries.kept(listener, Kind.RECORDING, sort=sort, cursor=cursor, size=1)
            read += page.rows[0].thing.title[-1]
            cursor = page.next
        assert cursor is None
        assert read == order

    def test_words_narrow_in_any_script(self, listener, now):
        for title in ("Été à la mer", "潮汐表", "Salt"):
            keep(listener=listener, kind=Kind.RECORDING, gid=music.recording(title).gid, now=now)

        def found(words):
            return [it.thing.title for it in queries.kept(listener, Kind.RECORDING, words=words).rows]

        assert found("ete mer") == ["Été à la mer"]
        assert found("潮汐") == ["潮汐表"]
        assert found("tide salt") == ["Salt"]
        assert found("nothing") == []


class TestAGuestWhoSignsIn:
    def test_brings_everything_along(self, member, now):
        mine, cookie = member(), {}
        guest = listeners.find_or_make(account=None, session=cookie)
        both, only = music.recording("Both"), music.recording("Only")
        keep(listener=mine, kind=Kind.RECORDING, gid=both.gid, now=now)
        keep(listener=guest, kind=Kind.RECORDING, gid=both.gid, now=now - timedelta(days=1))
        keep(listener=guest, kind=Kind.RECORDING, gid=only.gid, now=now)
        made = create_playlist(listener=guest, described=Description("Kitchen"), now=now)
        add_to_playlist(listener=guest, gid=made.gid, recordings=[only.gid], now=now)
        plays(guest, only, times=2, at=now)
        hide_history(listener=guest, now=now)
        plays(mine, both, times=1, at=now)

        assert listeners.find(account=mine.account, session=cookie) == mine
        titles = {it.thing.title: it.kept_at for it in queries.kept(mine, Kind.RECORDING).rows}
        assert titles == {"Both": now - timedelta(days=1), "Only": now}
        assert list(queries.playlists_of(mine).rows) == [made]
        assert queries.undoable(made, mine, now=now).kind == "add"
        assert PlaylistItem.objects.get().added_by == mine
        assert [it.recording for it in queries.history(mine).rows] == [both]
        assert queries.hidden_plays(mine) == (2, now)
        assert not Keep.objects.filter(listener=guest).exists()
        assert not PlaylistRevision.objects.filter(by=guest).exists()

    def test_what_one_let_go_and_the_other_keeps_is_kept(self, member, now):
        recording = music.recording()
        for lets_go in ("guest", "member"):
            mine, cookie = member(), {}
            guest = listeners.find_or_make(account=None, session=cookie)
            for name, who in (("guest", guest), ("member", mine)):
                keep(listener=who, kind=Kind.RECORDING, gid=recording.gid, now=now)
                if name == lets_go:
                    let_go(listener=who, kind=Kind.RECORDING, gid=recording.gid, now=now)
            listeners.find(account=mine.account, session=cookie)
            assert queries.kept_count(mine, Kind.RECORDING) == 1

    def test_who_signs_up_keeps_what_they_had(self, now):
        from alpheus.parties.models import Account

        cookie = {}
        guest = listeners.find_or_make(account=None, session=cookie)
        keep(listener=guest, kind=Kind.RECORDING, gid=music.recording().gid, now=now)
        account = Account.objects.create_user("new@example.com", "a long password")
        assert queries.kept_count(listeners.find(account=account, session=cookie), Kind.RECORDING) == 1


class TestHistory:
    def test_it_is_by_play_the_latest_first(self, listener, now):
        first, second = music.recording("First"), music.recording("Second")
        plays(listener, first, times=3, at=now - timedelta(days=1))
        plays(listener, second, times=2, at=now)
        read, cursor = [], None
        while True:
            page = queries.history(listener, cursor=cursor, size=2)
            read += [it.recording.title for it in page.rows]
            cursor = page.next
            if cursor is None:
                break
        assert read == ["Second"] * 2 + ["First"] * 3

    def test_clearing_hides_and_keeps_what_counts(self, listener, now):
        recording = music.recording()
        plays(listener, recording, times=3, at=now)
        assert hide_history(listener=listener, now=now) == 3
        plays(listener, recording, times=1, at=now)
        assert hide_history(listener=listener, now=now + timedelta(hours=1)) == 1
        assert not queries.history(listener).rows
        assert not queries.most_played(listener).rows
        assert not heard.recently_played(listener, limit=5)
        assert heard.qualified_plays([recording.pk]) == {recording.pk: 4}
        assert queries.hidden_plays(listener)[0] == 4
        assert show_again(listener=listener) == 1
        assert show_again(listener=listener) == 3
        assert show_again(listener=listener) == 0

    def test_most_played_by_period(self, listener, now):
        old, new, brief = music.recording("Old"), music.recording("New"), music.recording("Brief")
        plays(listener, old, times=5, at=now - timedelta(days=300))
        plays(listener, new, times=2, at=now)
        plays(listener, brief, times=9, at=now, seconds=10)
        ever = [(it.recording.title, it.plays) for it in queries.most_played(listener).rows]
        assert ever == [("Old", 5), ("New", 2)]
        since = now - timedelta(days=28)
        assert [it.recording.title for it in queries.most_played(listener, since=since).rows] == ["New"]
        page = queries.most_played(listener, size=1)
        rest = queries.most_played(listener, size=1, cursor=page.next)
        assert [it.recording.title for it in [*page.rows, *rest.rows]] == ["Old", "New"]
        assert rest.next is None


def test_nobody_sees_a_guests_playlist_of_another(listener, now):
    create_playlist(listener=listener, described=Description("Mine"), now=now)
    assert not queries.playlists_of(Listener.objects.create()).rows
    assert Playlist.objects.count() == 1
