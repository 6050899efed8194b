"""The library's pages: lists, playlists, history; for guests and members; empty, long and hostile."""

import re
from datetime import timedelta
from uuid import uuid4

import music
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from outline import Outline

from alpheus.listening.library.keep import Kind, keep
from alpheus.listening.library.models import Keep, Playlist, PlaylistItem
from alpheus.listening.models import Grant, Listener, Play
from alpheus.parties.models import Account

pytestmark = pytest.mark.django_db
LISTS = ["library", "library-recordings", "library-releases", "library-artists", "library-playlists",
         "library-history", "library-most", "import-playlist"]  # fmt: skip
HOSTILE = ["<script>alert(1)</script>", "x" * 300, "שלום עולם", "👩‍👩‍👧‍👦🎵", "夜" * 100, "a\u202eb\u0000c"]


def html_of(client, name, *args, status=200, **query):
    response = client.get(reverse(f"web:{name}", args=args), query)
    assert response.status_code == status, response.status_code
    return response.content.decode()


@pytest.fixture
def listener(member):
    return Listener.objects.create(account=member)


@pytest.fixture
def release():
    return music.release("Letters & <Keepers>", tracks=("Salt", "潮汐表"))


@pytest.fixture
def playlist(listener, release):
    made = Playlist.objects.create(owner=listener, title="Kitchen <b>", sort_title="kitchen", tracks=2)
    for place, track in enumerate(release.media.get().tracks.all()):
        PlaylistItem.objects.create(playlist=made, position=f"a{place}", recording=track.recording)
    return made


def heard(listener, recording, at):
    grant = Grant.objects.create(
        stream=uuid4(), edge="e", gate=listener.gid, listener=listener, recording=recording,
        window_start=0, window_end=1, expires_at=at,
    )  # fmt: skip
    Play.objects.create(
        listener=listener, recording=recording, grant=grant, stream=grant.stream, ordinal=0,
        started_at=at, heard_ms=60_000, qualified=True,
    )  # fmt: skip


class TestPlaylistsOfOthers:
    def test_a_public_one_has_a_heart_and_stands_in_the_library_when_kept(self, guest, signed_in, playlist):
        other = Listener.objects.create(account=Account.objects.create_user("tove@example.com", name="Tove"))
        theirs = Playlist.objects.create(owner=other, title="Rain", sort_title="rain", visibility="public")
        heart = 'data-keep="playlist" data-gid="{}"'
        assert heart.format(theirs.gid) in html_of(signed_in, "playlist", theirs.gid)
        assert heart.format(playlist.gid) not in html_of(signed_in, "playlist", playlist.gid)
        assert str(theirs.gid) not in html_of(signed_in, "library-playlists")
        keep(listener=playlist.owner, kind=Kind.PLAYLIST, gid=theirs.gid, now=timezone.now())
        for name, given in (
            ("library-playlists", {}),
            ("library-playlists", {"sort": "title"}),
            ("library", {}),
        ):
            html = html_of(signed_in, name, **given)
            assert str(theirs.gid) in html
            assert "Tove" in html


class TestEveryList:
    @pytest.mark.parametrize("language", ["en", "zh-hans"])
    def test_is_whole_empty_and_full(self, guest, signed_in, listener, release, playlist, language):
        recording = release.media.get().tracks.first().recording
        for kind, thing in (
            (Kind.RECORDING, recording), (Kind.RELEASE, release),
            (Kind.ARTIST, release.credit.artists.get().artist),
        ):  # fmt: skip
            keep(listener=listener, kind=kind, gid=thing.gid, now=timezone.now())
        heard(listener, recording, timezone.now())
        pages = [reverse(f"web:{name}") for name in LISTS]
        for client, paths in ((guest, pages), (signed_in, [*pages, f"/playlist/{playlist.gid}"])):
            client.cookies["language"] = language
            for path in paths:
                html = client.get(path).content.decode()
                outline = Outline(html)
                assert (outline.mains, outline.nameless, outline.images) == (1, [], []), path
                assert outline.h1 >= 1, path
                assert len(outline.ids) == len(set(outline.ids)), path
                assert "<Keepers>" not in html, path
                assert "Kitchen <b>" not in html, path

    def test_looking_makes_nobody(self, guest):
        for name in LISTS:
            html_of(guest, name)
        assert not Listener.objects.exists()

    def test_empty_ones_say_how_to_begin(self, guest):
        assert "Nothing kept yet." in html_of(guest, "library")
        assert "No playlist yet." in html_of(guest, "library-playlists")
        assert "Nothing heard yet." in html_of(guest, "library-history")

    def test_they_go_on_by_address_as_they_were_sorted(self, signed_in, listener):
        for n in range(51):
            recording = music.recording(f"Track {n:02}")
            keep(listener=listener, kind=Kind.RECORDING, gid=recording.gid, now=timezone.now())
        html = html_of(signed_in, "library-recordings", sort="name", q="track")
        following = re.search(r'href="([^"]+)" rel="next"', html)[1].replace("&amp;", "&")
        assert "sort=name" in following
        assert "q=track" in following
        rest = signed_in.get(following).content.decode()
        assert "Track 50" in rest
        assert "Track 49" not in rest
        assert "Track 00" in html_of(signed_in, "library-recordings", sort="name", cursor="nonsense")

    def test_words_that_find_nothing_are_said(self, signed_in, listener):
        keep(listener=listener, kind=Kind.RECORDING, gid=music.recording().gid, now=timezone.now())
        assert "No “&lt;i&gt;”" in html_of(signed_in, "library-recordings", q="<i>")


class TestHistory:
    def test_days_are_those_where_the_listener_is(self, signed_in, listener):
        recording = music.recording()
        now = timezone.now()
        for hours in (1, 30, 24 * 9):
            heard(listener, recording, now - timedelta(hours=hours))
        html = html_of(signed_in, "library-history")
        assert html.count('<header class="head"><h2>') == 3
        heard(listener, recording, now.replace(hour=23, minute=30))
        late = (now.replace(hour=23, minute=30)).strftime("%H:30")
        assert late == "23:30"
        signed_in.cookies["zone"] = "Asia/Tokyo"
        assert re.search(r"8:30\s?AM", html_of(signed_in, "library-history"))

    def test_clearing_tells_what_is_hidden_and_can_be_taken_back(self, signed_in, listener):
        heard(listener, music.recording(), timezone.now())
        signed_in.post(reverse("web:clear-history"))
        html = html_of(signed_in, "library-history")
        assert "1 play is hidden" in html
        assert "still count for the artists" in html
        assert Play.objects.count() == 1
        assert "Nothing heard for long yet." in html_of(signed_in, "library-most")
        signed_in.post(reverse("web:clear-history"), {"show": "1"})
        assert "is hidden" not in html_of(signed_in, "library-history")


class TestPlaylist:
    def test_it_is_made_described_deleted_and_brought_back(self, signed_in):
        answer = signed_in.post(reverse("web:library-playlists"), {"title": "Rain"}, follow=True)
        assert "Nothing in it yet." in answer.content.decode()
        made = Playlist.objects.get()
        given = {"title": "Sun", "description": "for later", "visibility": "public"}
        signed_in.post(reverse("web:describe-playlist", args=[made.gid]), given)
        assert "for later" in html_of(Client(), "playlist", made.gid)
        assert "Undo the last change" in html_of(signed_in, "playlist", made.gid)
        answer = signed_in.post(reverse("web:delete-playlist", args=[made.gid]), follow=True)
        assert "“Sun” was deleted." in answer.content.decode()
        html_of(signed_in, "playlist", made.gid, status=404)
        signed_in.post(reverse("web:undo-playlist", args=[made.gid]))
        assert "Sun" in html_of(signed_in, "playlist", made.gid)

    def test_search_finds_what_is_public(self, signed_in, guest, playlist):
        assert (
            "Kitchen"
            not in guest.get("/search?q=kitchen").content.decode().split("<main")[1].split("</form>")[1]
        )
        given = {"title": playlist.title, "visibility": "public"}
        signed_in.post(reverse("web:describe-playlist", args=[playlist.gid]), given)
        assert f"/playlist/{playlist.gid}" in guest.get("/search?q=kitchen").content.decode()

    def test_a_public_one_is_told_to_search_engines_in_every_language(self, signed_in, guest, playlist):
        for visibility, told in (("private", 0), ("unlisted", 0), ("public", 5)):
            Playlist.objects.filter(pk=playlist.pk).update(visibility=visibility)
            assert html_of(signed_in, "playlist", playlist.gid).count(' hreflang="') == told
        assert f'hreflang="ja" href="http://testserver/playlist/{playlist.gid}?language=ja"' in html_of(
            guest, "playlist", playlist.gid
        )

    def test_a_title_that_is_none_is_told(self, signed_in, playlist):
        answer = signed_in.post(reverse("web:library-playlists"), {"title": " "})
        assert answer.status_code == 422
        answer = signed_in.post(reverse("web:describe-playlist", args=[playlist.gid]), {"title": ""})
        assert answer.status_code == 422
        assert "needs a title" in answer.content.decode()

    def test_others_are_kept_out(self, guest, playlist):
        html_of(guest, "playlist", playlist.gid, status=404)
        for name in ("playlist-m3u8", "playlist-xspf"):
            html_of(guest, name, playlist.gid, status=404)
        Playlist.objects.update(visibility="unlisted")
        html = html_of(guest, "playlist", playlist.gid)
        assert "data-grip" not in html
        assert "Delete this playlist" not in html
        for name in ("describe-playlist", "delete-playlist", "invite"):
            answer = guest.post(reverse(f"web:{name}", args=[playlist.gid]), {"title": "Mine"})
            assert answer.status_code == 403, name
        assert Playlist.objects.get().title == "Kitchen <b>"

    def test_an_invitation_makes_an_editor(self, signed_in, playlist, guest):
        html = signed_in.post(reverse("web:invite", args=[playlist.gid])).content.decode()
        assert (
            f"/playlist/{playlist.gid}"
            in signed_in.get(reverse("web:invite", args=[playlist.gid]))["Location"]
        )
        path = re.search(r'value="http://testserver(/invitation/[^"]+)"', html)[1]
        assert "Sign in" in guest.get(path).content.decode()
        friend = Client()
        friend.force_login(Account.objects.create_user("tove@example.com", name="Tove"))
        assert "Wren invites you" in friend.get(path).content.decode()
        html = friend.post(path, follow=True).content.decode()
        assert "data-grip" in html
        assert "Tove" in html_of(signed_in, "playlist", playlist.gid)
        editor = Listener.objects.get(account__name="Tove")
        signed_in.post(reverse("web:remove-editor", args=[playlist.gid, editor.gid]))
        html_of(friend, "playlist", playlist.gid, status=404)
        signed_in.post(reverse("web:invite", args=[playlist.gid]), {"end": "1"})
        assert friend.get(path).status_code == 410

    def test_a_file_goes_out_and_comes_in_with_what_is_missing(self, signed_in, playlist):
        from django.core.files.uploadedfile import SimpleUploadedFile

        answer = signed_in.get(reverse("web:playlist-xspf", args=[playlist.gid]))
        assert "attachment" in answer["Content-Disposition"]
        text = answer.content.decode().replace(
            "</trackList>", "<track><title>Gone &lt;i&gt;</title></track></trackList>"
        )
        file = SimpleUploadedFile("x.xspf", text.encode())
        html = signed_in.post(reverse("web:import-playlist"), {"file": file}).content.decode()
        assert "2 tracks found" in html
        assert "1 track not found here" in html
        assert "Gone &lt;i&gt;" in html
        made = Playlist.objects.latest("pk")
        assert "Missing here" in html_of(signed_in, "playlist", made.gid)
        bad = SimpleUploadedFile("x.xspf", b"<!DOCTYPE x [<!ENTITY a 'b'>]><playlist/>")
        answer = signed_in.post(reverse("web:import-playlist"), {"file": bad})
        assert (answer.status_code, Playlist.objects.count()) == (422, 2)
        assert signed_in.post(reverse("web:import-playlist")).status_code == 422

    @pytest.mark.parametrize("title", HOSTILE, ids=range(len(HOSTILE)))
    def test_any_title_is_text(self, signed_in, title):
        signed_in.post(reverse("web:library-playlists"), {"title": title})
        made = Playlist.objects.get()
        assert "\0" not in made.title
        html = html_of(signed_in, "playlist", made.gid)
        assert "<script>alert" not in html
        html_of(signed_in, "library-playlists")
        assert signed_in.get(reverse("web:playlist-m3u8", args=[made.gid])).status_code == 200

    def test_a_long_one_comes_in_windows_at_the_same_cost(
        self, signed_in, listener, django_assert_max_num_queries
    ):
        from alpheus.listening.library.keys import spread

        recordings = [music.recording(f"T{n}") for n in range(10)]
        made = Playlist.objects.create(owner=listener, title="Long", sort_title="long", tracks=250)
        PlaylistItem.objects.bulk_create(
            PlaylistItem(playlist=made, position=key, recording=recordings[n % 10])
            for n, key in enumerate(spread(None, None, 250))
        )
        with django_assert_max_num_queries(30):
            html = html_of(signed_in, "playlist", made.gid)
        assert html.count("data-item=") == 100
        assert "data-queue=" not in html, "what is beyond the window is asked of the server"
        cursor = re.search(r'hx-get="\?cursor=([^"]+)"', html)[1]
        assert html_of(signed_in, "playlist", made.gid, cursor=cursor).count("data-item=") == 100
        # The address notes how far somebody read, so that "back" finds as much again.
        assert 'hx-replace-url="?rows=200"' in html
        seen = html_of(signed_in, "playlist", made.gid, rows="200")
        assert seen.count("data-item=") == 200
        assert 'hx-replace-url="?rows=300"' in seen
        for rows, shown in (("300", 250), ("99999", 250), ("0", 100), ("x", 100), ("-5", 100)):
            assert html_of(signed_in, "playlist", made.gid, rows=rows).count("data-item=") == shown
        whole = html_of(signed_in, "playlist", made.gid, rows="300")
        assert 'hx-replace-url="?rows' not in whole
        assert len(set(re.findall(r'data-item="([^"]+)"', whole))) == 250


def test_what_a_guest_keeps_stays_when_they_sign_up(guest, release):
    guest.put(f"/api/v1/library/release/{release.gid}")
    assert "Letters" in html_of(guest, "library")
    guest.post("/account/signup/", {"email": "new@example.com", "password1": "four ordinary words do"})
    assert "Letters" in html_of(guest, "library-releases")
    assert Listener.objects.get().account.email == "new@example.com"
    assert Keep.objects.count() == 1
