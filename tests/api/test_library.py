"""What is kept and playlists, through the API: by guests, members, programs; once; with versions."""

from uuid import uuid4

import music
import pytest
from api_client import Api

from alpheus.api.models import Answered
from alpheus.listening.library.models import Keep, Playlist
from alpheus.listening.models import Listener
from alpheus.parties.models import Account

pytestmark = pytest.mark.django_db


@pytest.fixture
def release():
    return music.release(tracks=("Ebb", "Flood", "Slack"))


@pytest.fixture
def gids(release):
    return [str(it.recording.gid) for it in release.media.get().tracks.all()]


@pytest.fixture
def friend(db):
    return Api(account=Account.objects.create_user("tove@example.com", name="Tove"))


def made(api, *recordings, title="Rain", **given):
    answer = api.post("/playlists", {"title": title, "recordings": recordings, **given})
    assert answer.status_code == 201, answer.content
    return answer.json()


def items(api, playlist):
    return api.get(f"/playlists/{playlist['gid']}/items").json()["items"]


def titles(api, playlist):
    return [it["recording"]["title"] for it in items(api, playlist)]


class TestKeeping:
    def test_a_guest_keeps_and_has_it_after_signing_up(self, guest, release, gids):
        artist = release.credit.artists.get().artist
        for path in (f"recording/{gids[0]}", f"release/{release.gid}", f"artist/{artist.gid}"):
            assert guest.call("PUT", f"/library/{path}").status_code == 204
        asked = "&".join(f"gid={gid}" for gid in (*gids, release.gid))
        assert set(guest.get(f"/library/among?{asked}").json()["kept"]) == {gids[0], str(release.gid)}
        guest.http.force_login(Account.objects.create_user("new@example.com"))
        for kind, key in (("recordings", "recording"), ("releases", "release"), ("artists", "artist")):
            page = guest.get(f"/library/{kind}").json()
            assert [list(it) for it in page["items"]] == [["kept_at", key]]
        assert Listener.objects.count() == 1

    def test_looking_makes_nobody(self, guest):
        for path in ("/library/recordings", f"/library/among?gid={uuid4()}", "/playlists", "/history"):
            assert guest.get(path).status_code == 200
        assert guest.call("DELETE", f"/library/artist/{uuid4()}").status_code == 204
        assert not Listener.objects.exists()

    def test_lists_are_narrowed_sorted_and_paged(self, page, gids):
        for gid in gids:
            page.call("PUT", f"/library/recording/{gid}")
        first = page.get("/library/recordings?sort=name&limit=2").json()
        rest = page.get(f"/library/recordings?sort=name&cursor={first['next']}").json()
        read = [it["recording"]["title"] for it in [*first["items"], *rest["items"]]]
        assert (read, rest["next"]) == (["Ebb", "Flood", "Slack"], None)
        found = page.get("/library/recordings?q=flo").json()["items"]
        assert [it["recording"]["title"] for it in found] == ["Flood"]
        wrong = page.get(f"/library/recordings?sort=newest&cursor={first['next']}")
        assert (wrong.status_code, wrong.json()["code"]) == (400, "cursor_invalid")

    def test_what_is_not_there_is_not_kept(self, page):
        assert page.call("PUT", f"/library/recording/{uuid4()}").status_code == 404
        assert page.call("PUT", f"/library/shop/{uuid4()}").status_code == 422


class TestPlaylistsOfOthers:
    def test_a_public_one_is_kept_until_it_may_not_be_seen(self, page, friend, gids):
        playlist = made(friend, *gids, visibility="public")
        path = f"/library/playlist/{playlist['gid']}"
        assert page.call("PUT", path).status_code == 204
        assert page.call("PUT", path).status_code == 204
        assert page.get(f"/library/among?gid={playlist['gid']}").json()["kept"] == [playlist["gid"]]
        for sort in ("newest", "name", "artist"):
            (kept,) = page.get(f"/library/playlists?sort={sort}", Accept_Language="ja").json()["items"]
            assert (kept["playlist"]["title"], kept["playlist"]["owner"]["name"]) == ("Rain", "Tove")
        assert page.get("/playlists").json()["items"] == [], "what may be edited"
        friend.call("PATCH", f"/playlists/{playlist['gid']}", {"visibility": "private"})
        assert page.get("/library/playlists").json()["items"] == []
        friend.call("PATCH", f"/playlists/{playlist['gid']}", {"visibility": "unlisted"})
        assert len(page.get("/library/playlists").json()["items"]) == 1
        assert page.call("DELETE", path).status_code == 204
        assert page.get("/library/playlists").json()["items"] == []

    def test_neither_ones_own_nor_what_may_not_be_seen(self, page, friend, gids):
        own, hidden = made(page, *gids, title="Mine"), made(friend, *gids)
        for playlist in (own, hidden):
            answer = page.call("PUT", f"/library/playlist/{playlist['gid']}")
            assert (answer.status_code, answer.json()["code"]) == (404, "playlist_unknown")
        assert not Keep.objects.exists()


class TestPlaylists:
    def test_from_making_to_undoing_a_deletion(self, page, gids):
        playlist = made(page, *gids)
        path = f"/playlists/{playlist['gid']}"
        assert (playlist["tracks"], playlist["duration_ms"], playlist["role"]) == (3, 720_000, "owner")
        first, _, last = items(page, playlist)
        page.post(f"{path}/items/{last['gid']}/move", {"after": None})
        assert titles(page, playlist) == ["Slack", "Ebb", "Flood"]
        page.post(f"{path}/items/{last['gid']}/move", {"after": "end"})
        assert titles(page, playlist) == ["Ebb", "Flood", "Slack"]
        page.post(f"{path}/items/{last['gid']}/move", {"after": first["gid"]})
        assert titles(page, playlist) == ["Ebb", "Slack", "Flood"]
        page.post(f"{path}/items/remove", {"items": [first["gid"]]})
        assert page.get(f"{path}/queue").json()["queue"] == [gids[2], gids[1]]
        assert page.get(path).json()["undoable"]["kind"] == "remove"
        assert page.post(f"{path}/undo", {}).json()["kind"] == "remove"
        assert titles(page, playlist) == ["Ebb", "Slack", "Flood"]
        page.call("PATCH", path, {"title": "Kitchen", "visibility": "public"})
        assert page.get("/playlists?q=kit").json()["items"][0]["visibility"] == "public"
        page.call("DELETE", path)
        assert page.get(path).status_code == 404
        page.post(f"{path}/undo", {})
        assert page.get(path).json()["title"] == "Kitchen"

    def test_who_sends_if_match_is_told_of_changes(self, page, gids):
        playlist = made(page, *gids)
        path = f"/playlists/{playlist['gid']}"
        seen = page.get(path)["ETag"]
        assert page.get(path, If_None_Match=seen).status_code == 304
        # Compressed, the answer carried it in its weak form.
        assert page.call("PATCH", path, {"title": "A"}, If_Match=f"W/{seen}").status_code == 200
        for call in (
            page.call("PATCH", path, {"title": "B"}, If_Match=seen),
            page.call("DELETE", path, If_Match=seen),
            page.post(f"{path}/items", {"recordings": gids}, If_Match=seen),
            page.post(f"{path}/items", {"recordings": gids}, If_Match='"nonsense"'),
        ):
            assert (call.status_code, call.json()["code"]) == (412, "changed_meanwhile")
        assert page.get(path).json()["title"] == "A"
        assert page.call("PATCH", path, {"title": "B"}).status_code == 200

    def test_others_see_what_they_may(self, page, guest, friend, gids):
        playlist = made(page, *gids)
        path = f"/playlists/{playlist['gid']}"
        assert guest.get(path).json()["code"] == "playlist_unknown"
        assert guest.get(f"{path}/items").status_code == 404
        assert guest.get(f"{path}/export").status_code == 404
        page.call("PATCH", path, {"visibility": "unlisted"})
        assert guest.get(path).json()["role"] == "other"
        assert guest.get(path).json()["editors"] == []
        assert friend.get(f"{path}/queue").json()["queue"] == gids
        friend.call("PUT", f"/library/recording/{gids[0]}")
        refused = friend.post(f"{path}/items", {"recordings": gids})
        assert (refused.status_code, refused.json()["code"]) == (403, "not_yours")

    def test_a_link_makes_an_editor(self, page, guest, friend, gids):
        playlist = made(page, *gids)
        path = f"/playlists/{playlist['gid']}"
        link = page.post(f"{path}/invitation").json()
        assert link["secret"] in link["url"]
        assert guest.post(f"/invitations/{link['secret']}").status_code == 401
        assert friend.post(f"/invitations/{link['secret']}").json()["role"] == "editor"
        assert friend.post(f"{path}/items", {"recordings": gids[:1]}).status_code == 201
        assert friend.post(f"{path}/invitation").json()["code"] == "not_yours"
        tove = page.get(path).json()["editors"][0]
        assert tove["name"] == "Tove"
        assert page.call("DELETE", f"{path}/editors/{tove['gid']}").status_code == 204
        assert page.call("DELETE", f"{path}/editors/{tove['gid']}").status_code == 404
        assert friend.get(path).status_code == 404
        page.call("DELETE", f"{path}/invitation")
        assert friend.post(f"/invitations/{link['secret']}").json()["code"] == "invitation_over"

    def test_a_file_goes_out_and_comes_in(self, page, gids):
        playlist = made(page, *gids, title="<Rain> & “夜”")
        text = page.get(f"/playlists/{playlist['gid']}/export?form=xspf").content.decode()
        done = page.post("/playlists/import", {"text": text}).json()
        assert (done["found"], done["missing"]) == (3, [])
        again = page.get(f"/playlists/{done['playlist']}").json()
        assert (again["title"], again["visibility"]) == ("<Rain> & “夜”", "private")
        lost = page.post(
            "/playlists/import", {"text": "#EXTM3U\n#EXTINF:3,Nobody - Nothing\nx.mp3\n", "title": "Lost"}
        ).json()
        assert lost["missing"][0]["title"] == "Nothing"
        assert (
            page.post("/playlists/import", {"text": "<!DOCTYPE x><playlist/>"}).json()["code"]
            == "file_refused"
        )


class TestOnce:
    def test_the_same_key_makes_one(self, page, guest, gids):
        given = {"title": "Rain", "recordings": gids}
        first = page.post("/playlists", given, Idempotency_Key="k")
        again = page.post("/playlists", given, Idempotency_Key="k")
        assert (again.status_code, again.content) == (201, first.content)
        assert again["Idempotency-Replayed"] == "true"
        assert guest.post("/playlists", given, Idempotency_Key="k").json()["gid"] != first.json()["gid"]
        assert page.post("/playlists", given).json()["gid"] != first.json()["gid"]
        assert Playlist.objects.count() == 3

    def test_another_request_with_it_is_refused(self, page):
        page.post("/playlists", {"title": "Rain"}, Idempotency_Key="k")
        answer = page.post("/playlists", {"title": "Sun"}, Idempotency_Key="k")
        assert (answer.status_code, answer.json()["code"]) == (422, "key_reused")
        assert page.post("/playlists", {"title": "x"}, Idempotency_Key="k" * 300).status_code == 422

    def test_what_was_refused_may_be_tried_again(self, page):
        assert page.post("/playlists", {"title": " "}, Idempotency_Key="k").json()["code"] == "title_missing"
        assert not Answered.objects.exists()
        assert page.post("/playlists", {"title": "Now"}, Idempotency_Key="k").status_code == 201

    def test_it_holds_for_a_day(self, page):
        from datetime import timedelta

        page.post("/playlists", {"title": "Rain"}, Idempotency_Key="k")
        row = Answered.objects.get()
        Answered.objects.update(at=row.at - timedelta(hours=25))
        page.post("/playlists", {"title": "Rain"}, Idempotency_Key="k")
        assert Playlist.objects.count() == 2

    def test_tracks_are_added_once(self, page, gids):
        playlist = made(page)
        for _ in range(3):
            answer = page.post(
                f"/playlists/{playlist['gid']}/items", {"recordings": gids}, Idempotency_Key="add"
            )
            assert answer.status_code == 201
        assert len(items(page, playlist)) == 3


def test_a_program_keeps_with_its_token(program, member, gids):
    api = program(member)
    assert api.call("PUT", f"/library/recording/{gids[0]}").status_code == 204
    assert Keep.objects.get().listener.account == member
    assert api.get("/history/most?period=ever").json() == {"items": [], "next": None}
    assert api.call("DELETE", "/history").json() == {"plays": 0}
    assert api.post("/history/undo").json() == {"plays": 0}
