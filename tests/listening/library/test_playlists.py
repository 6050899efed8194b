import re
from datetime import timedelta
from uuid import uuid4

import music
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alpheus.listening.library import changing, queries
from alpheus.listening.library.add_to_playlist import add_to_playlist
from alpheus.listening.library.clear_library import clear_library
from alpheus.listening.library.create_playlist import create_playlist
from alpheus.listening.library.delete_playlist import delete_playlist
from alpheus.listening.library.describe_playlist import Description, describe_playlist
from alpheus.listening.library.errors import (
    AccountNeeded,
    ChangedMeanwhile,
    InvitationOver,
    ItemUnknown,
    NothingToUndo,
    TitleMissing,
    TooMuch,
)
from alpheus.listening.library.models import Playlist, PlaylistItem, PlaylistRevision
from alpheus.listening.library.move_in_playlist import move_in_playlist
from alpheus.listening.library.remove_from_playlist import remove_from_playlist
from alpheus.listening.library.rules import INVITATION_LIFETIME, UNDO_WITHIN
from alpheus.listening.library.share_playlist import accept, invite, remove_editor, revoke_invitation
from alpheus.listening.library.undo import undo
from alpheus.listening.models import Listener
from alpheus.search.find import search

pytestmark = pytest.mark.django_db


def item(playlist, number):
    return queries.items(playlist).rows[number - 1].item.gid


def move(who, playlist, number, *, after, now):
    anchor = item(playlist, after) if after else None
    return move_in_playlist(
        listener=who, gid=playlist.gid, item=item(playlist, number), after=anchor, now=now
    )


def remove(who, playlist, *numbers, now):
    gids = [item(playlist, number) for number in numbers]
    return remove_from_playlist(listener=who, gid=playlist.gid, items=gids, now=now)


class TestMaking:
    def test_it_counts_what_it_has(self, playlist):
        assert (playlist.tracks, playlist.duration_ms) == (5, 300_000)

    def test_it_needs_a_title_that_can_be_seen(self, owner, now):
        for title in ("", "   ", "\u200e"):
            with pytest.raises(TitleMissing):
                create_playlist(listener=owner, described=Description(title), now=now)

    def test_a_guest_makes_one_but_does_not_publish(self, now):
        guest = Listener.objects.create()
        made = create_playlist(listener=guest, described=Description("Mine", visibility="unlisted"), now=now)
        with pytest.raises(AccountNeeded):
            describe_playlist(
                listener=guest, gid=made.gid, described=Description(visibility="public"), now=now
            )
        with pytest.raises(AccountNeeded):
            invite(listener=guest, gid=made.gid, now=now)

    def test_what_is_not_here_is_left_out_and_said(self, playlist, owner, recordings, now):
        gone = uuid4()
        added = add_to_playlist(
            listener=owner, gid=playlist.gid, recordings=[gone, recordings[0].gid], now=now
        )
        assert (len(added.items), added.left_out) == (1, [gone])

    def test_it_holds_no_more_than_it_may(self, playlist, owner, recordings, now, monkeypatch):
        monkeypatch.setattr("alpheus.listening.library.add_to_playlist.ITEMS_MAX", 6)
        with pytest.raises(TooMuch):
            add_to_playlist(
                listener=owner, gid=playlist.gid, recordings=[it.gid for it in recordings[:2]], now=now
            )

    def test_tracks_can_be_added_after_another(self, playlist, owner, titles, now):
        made = [music.recording(name).gid for name in ("A", "B", "C")]
        add_to_playlist(listener=owner, gid=playlist.gid, recordings=made, after=item(playlist, 1), now=now)
        assert titles(playlist)[:5] == ["Track 1", "A", "B", "C", "Track 2"]


class TestMoving:
    @pytest.mark.parametrize(
        ("number", "after", "order"),
        [
            (1, 5, "23451"), (5, 0, "51234"), (3, 1, "13245"), (2, 3, "13245"),
            (1, 0, "12345"), (3, 2, "12345"), (3, 3, "12345"), (5, 5, "12345"),
        ],
    )  # fmt: skip
    def test_a_track_follows_another_or_is_the_first(
        self, number, after, order, playlist, owner, titles, now
    ):
        move(owner, playlist, number, after=after, now=now)
        assert "".join(title[-1] for title in titles(playlist)) == order

    def test_one_row_of_an_item_is_written(self, playlist, owner, now):
        with CaptureQueriesContext(connection) as captured:
            move(owner, playlist, 5, after=1, now=now)
        writes = [it["sql"] for it in captured if it["sql"].startswith(("UPDATE", "INSERT"))]
        tables = [re.search(r"listening_\w+", sql)[0] for sql in writes]
        assert sorted(tables) == [
            "listening_playlist", "listening_playlistitem", "listening_playlistrevision",
        ]  # fmt: skip

    def test_places_that_grow_too_long_are_written_anew(self, playlist, owner, titles, now, monkeypatch):
        monkeypatch.setattr(changing, "KEY_MAX", 5)
        wanted = titles(playlist)
        for _ in range(40):
            move(owner, playlist, 5, after=1, now=now)
            wanted = [wanted[0], wanted[4], *wanted[1:4]]
            assert titles(playlist) == wanted
        assert max(len(it.position) for it in PlaylistItem.objects.all()) <= 6

    def test_what_is_not_in_it_cannot_be_moved(self, playlist, owner, now):
        with pytest.raises(ItemUnknown):
            move_in_playlist(listener=owner, gid=playlist.gid, item=uuid4(), after=None, now=now)


class TestTwoEditors:
    def test_both_moves_hold(self, playlist, owner, editor, titles, now):
        first, last = item(playlist, 1), item(playlist, 5)
        move_in_playlist(listener=owner, gid=playlist.gid, item=first, after=item(playlist, 3), now=now)
        move_in_playlist(listener=editor, gid=playlist.gid, item=last, after=first, now=now)
        assert titles(playlist) == ["Track 2", "Track 3", "Track 1", "Track 5", "Track 4"]

    def test_a_track_is_added_after_one_that_the_other_took_out(self, playlist, owner, editor, titles, now):
        anchor = item(playlist, 2)
        remove_from_playlist(listener=owner, gid=playlist.gid, items=[anchor], now=now)
        made = music.recording("New").gid
        add_to_playlist(listener=editor, gid=playlist.gid, recordings=[made], after=anchor, now=now)
        assert titles(playlist) == ["Track 1", "New", "Track 3", "Track 4", "Track 5"]

    def test_who_removes_what_is_removed_changes_nothing(self, playlist, owner, editor, now):
        gone = item(playlist, 2)
        remove_from_playlist(listener=owner, gid=playlist.gid, items=[gone], now=now)
        _, revision = remove_from_playlist(listener=editor, gid=playlist.gid, items=[gone], now=now)
        assert revision is None

    def test_who_says_what_they_saw_is_told_of_a_change(self, playlist, owner, editor, now):
        seen = playlist.version
        move(editor, playlist, 1, after=2, now=now)
        with pytest.raises(ChangedMeanwhile):
            describe_playlist(
                listener=owner, gid=playlist.gid, described=Description("X"), now=now, seen=seen
            )

    def test_each_undoes_their_own(self, playlist, owner, editor, titles, now):
        remove(owner, playlist, 1, now=now)
        remove(editor, playlist, 4, now=now)
        undo(listener=owner, gid=playlist.gid, now=now)
        assert titles(playlist) == ["Track 1", "Track 2", "Track 3", "Track 4"]
        with pytest.raises(NothingToUndo):
            undo(
                listener=owner, gid=playlist.gid, now=now,
                version=PlaylistRevision.objects.get(by=editor).version,
            )  # fmt: skip
        undo(listener=editor, gid=playlist.gid, now=now)
        assert len(titles(playlist)) == 5


class TestUndoing:
    def test_what_was_removed_stands_where_it_stood(self, playlist, owner, titles, now):
        before = titles(playlist)
        remove(owner, playlist, 2, 4, now=now)
        assert titles(playlist) == ["Track 1", "Track 3", "Track 5"]
        move(owner, playlist, 3, after=0, now=now)
        undo(listener=owner, gid=playlist.gid, now=now)
        undo(listener=owner, gid=playlist.gid, now=now)
        assert titles(playlist) == before
        playlist.refresh_from_db()
        assert (playlist.tracks, playlist.duration_ms) == (5, 300_000)

    def test_a_move_goes_back_also_where_somebody_moved_into_the_gap(
        self, playlist, owner, editor, titles, now
    ):
        moved = item(playlist, 2)
        old = PlaylistItem.objects.get(gid=moved).position
        move(owner, playlist, 2, after=5, now=now)
        made = add_to_playlist(
            listener=editor, gid=playlist.gid, recordings=[music.recording("New").gid], now=now
        )
        PlaylistItem.objects.filter(pk=made.items[0].pk).update(position=old)
        undo(listener=owner, gid=playlist.gid, now=now)
        assert titles(playlist) == ["Track 1", "New", "Track 2", "Track 3", "Track 4", "Track 5"]

    def test_what_was_added_goes_again(self, playlist, owner, recordings, titles, now):
        add_to_playlist(listener=owner, gid=playlist.gid, recordings=[recordings[0].gid] * 3, now=now)
        undo(listener=owner, gid=playlist.gid, now=now)
        assert len(titles(playlist)) == 5

    def test_a_title_comes_back_unless_it_was_changed_since(self, playlist, owner, now):
        described = Description("Second", "words", "public")
        describe_playlist(listener=owner, gid=playlist.gid, described=described, now=now)
        assert search("second", ("playlist",), 5).gids["playlist"] == [playlist.gid]
        first = playlist.revisions.get(kind="describe").version
        describe_playlist(listener=owner, gid=playlist.gid, described=Description("Third"), now=now)
        with pytest.raises(NothingToUndo):
            undo(listener=owner, gid=playlist.gid, now=now, version=first)
        undo(listener=owner, gid=playlist.gid, now=now)
        undo(listener=owner, gid=playlist.gid, now=now)
        playlist.refresh_from_db()
        assert (playlist.title, playlist.description, playlist.visibility) == (
            "Rain on the late tram", "", "private",
        )  # fmt: skip
        assert search("second", ("playlist",), 5).gids["playlist"] == []

    def test_a_deleted_playlist_comes_back_whole(self, playlist, owner, editor, titles, now):
        delete_playlist(listener=owner, gid=playlist.gid, now=now)
        assert queries.deleted_playlists(owner, now=now) == [playlist]
        undo(listener=owner, gid=playlist.gid, now=now)
        assert len(titles(playlist)) == 5
        assert list(queries.playlists_of(editor).rows) == [playlist]

    def test_it_ends_after_a_while(self, playlist, owner, now):
        remove(owner, playlist, 1, now=now)
        with pytest.raises(NothingToUndo):
            undo(listener=owner, gid=playlist.gid, now=now + UNDO_WITHIN + timedelta(seconds=1))

    def test_cleaning_takes_what_cannot_be_undone(self, playlist, owner, now):
        remove(owner, playlist, 1, now=now)
        later = now + UNDO_WITHIN + timedelta(days=1)
        assert clear_library(before=now, dry_run=False).things == 0
        assert clear_library(before=later, dry_run=True).things == 3  # an item, two revisions
        clear_library(before=later, dry_run=False)
        assert PlaylistItem.objects.count() == 4
        assert not PlaylistRevision.objects.exists()
        assert Playlist.objects.exists()


class TestSharing:
    def test_a_link_makes_an_editor_and_the_owner_takes_it_back(self, playlist, owner, member, now):
        friend = member("Tove")
        invited = invite(listener=owner, gid=playlist.gid, now=now)
        assert accept(listener=friend, secret=invited.secret, now=now) == playlist
        assert accept(listener=friend, secret=invited.secret, now=now) == playlist
        assert queries.editors_of(playlist) == [friend]
        assert remove_editor(listener=owner, gid=playlist.gid, editor=friend.gid)
        assert list(queries.playlists_of(friend).rows) == []

    def test_a_link_ends(self, playlist, owner, member, now):
        first = invite(listener=owner, gid=playlist.gid, now=now).secret
        second = invite(listener=owner, gid=playlist.gid, now=now).secret
        friend = member()
        with pytest.raises(InvitationOver):
            accept(listener=friend, secret=first, now=now)
        with pytest.raises(InvitationOver):
            accept(listener=friend, secret=second, now=now + INVITATION_LIFETIME)
        revoke_invitation(listener=owner, gid=playlist.gid, now=now)
        with pytest.raises(InvitationOver):
            accept(listener=friend, secret=second, now=now)

    def test_a_guest_is_asked_to_sign_in(self, playlist, owner, now):
        secret = invite(listener=owner, gid=playlist.gid, now=now).secret
        with pytest.raises(AccountNeeded):
            accept(listener=Listener.objects.create(), secret=secret, now=now)

    def test_an_editor_leaves(self, playlist, editor):
        assert remove_editor(listener=editor, gid=playlist.gid, editor=editor.gid)
        assert queries.editors_of(playlist) == []


class TestReading:
    def test_windows_meet_without_gap_or_repetition(self, playlist, owner, recordings, now):
        add_to_playlist(
            listener=owner, gid=playlist.gid, recordings=[it.gid for it in recordings] * 9, now=now
        )
        numbers, cursor = [], None
        while True:
            page = queries.items(playlist, cursor=cursor, size=7)
            numbers += [it.number for it in page.rows]
            cursor = page.next
            if cursor is None:
                break
        assert numbers == list(range(1, 51))

    def test_a_queue_holds_what_can_be_heard(self, playlist, recordings, now):
        recordings[1].removed_at = now
        recordings[1].save()
        recordings[2].asset.renditions.all().delete()
        assert queries.queue_of(playlist) == [recordings[at].gid for at in (0, 3, 4)]
        since = queries.items(playlist).rows[3].item
        assert queries.queue_of(playlist, since=since) == [recordings[3].gid, recordings[4].gid]
