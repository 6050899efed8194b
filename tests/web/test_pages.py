import html
import json
import re
from uuid import uuid4

import music
import pytest
from django.test import Client
from django.urls import reverse
from outline import Outline, html_of

from alpheus.catalogue import indexing
from alpheus.catalogue.models import Asset, Cover, Lyrics, Recording, RecordingCredit, Work
from alpheus.listening import listeners
from alpheus.listening.models import Listener, PlaybackSession, QueueEntry
from alpheus.parties.models import Account
from alpheus.web.templatetags.words import clock

HTMX_TARGETS = re.compile(r'hx-(?:target|select)="#([\w-]+)"')


@pytest.fixture
def release(db):
    made = music.release(
        "Letters & <Keepers>",
        tracks=("Salt", "潮汐表"),
        year=2026,
        month=11,
        label_name="Cap",
        upc="084721903162",
    )
    indexing.index_release(made)
    return made


def first_recording(release):
    return release.media.get().tracks.first().recording


@pytest.mark.django_db
class TestEveryPage:
    @pytest.fixture
    def paths(self, release):
        recording = first_recording(release)
        artist = release.credit.artists.get().artist
        return [
            "/", "/search", "/search?q=letters", "/search?q=zzzz", "/device", "/playing",
            f"/release/{release.gid}", f"/artist/{artist.gid}", f"/recording/{recording.gid}",
            "/account/login/", "/account/signup/", "/account/password/reset/",
        ]  # fmt: skip

    @pytest.mark.parametrize("language", ["en", "zh-hans"])
    def test_has_one_main_names_for_all_and_no_id_twice(self, guest, paths, language):
        guest.cookies["language"] = language
        for path in paths:
            outline = Outline(guest.get(path).content.decode())
            assert outline.mains == 1, path
            assert outline.h1 >= 1, path
            assert outline.nameless == [], path
            assert outline.images == [], path
            assert len(outline.ids) == len(set(outline.ids)), path

    def test_swaps_only_what_it_has(self, guest, paths):
        for path in paths:
            html = guest.get(path).content.decode()
            ids = set(Outline(html).ids)
            assert set(HTMX_TARGETS.findall(html)) <= ids, path

    def test_escapes_what_people_wrote(self, guest, paths):
        for path in paths:
            assert "<Keepers>" not in guest.get(path).content.decode(), path

    def test_keeps_the_player_outside_main(self, guest, paths):
        for path in paths:
            html = guest.get(path).content.decode()
            assert html.index("</main>") < html.index('id="player"'), path


class TestHome:
    def test_an_empty_house_says_how_to_fill_it_and_fills_itself(self, guest):
        html = html_of(guest, "web:home")
        assert "alpheus import" in html
        assert 'hx-trigger="every 3s"' in html

    def test_a_demo_that_has_begun_is_told(self, guest, settings):
        folder = settings.OURS.data / "demo"
        folder.mkdir(parents=True)
        try:
            assert "The demo is being composed" in html_of(guest, "web:home")
        finally:
            folder.rmdir()

    def test_the_first_files_show_their_phases(self, guest):
        Asset.objects.create(
            key="a" * 32, source_sha256="b" * 64, state="working", phase="encode", fraction=0.64
        )
        html = html_of(guest, "web:home")
        assert "The first music is being prepared" in html
        assert "64%" in html
        assert html.count('class="done cut"') == 5

    @pytest.mark.usefixtures("release")
    def test_a_settled_house_does_not_ask_again(self, guest):
        html = html_of(guest, "web:home")
        assert "Letters &amp; &lt;Keepers&gt;" in html
        assert "every 3s" not in html

    def test_the_newest_release_plays_from_here(self, guest, release):
        html = html_of(guest, "web:home")
        wish = re.search(r'data-play="([^"]+)"', html).group(1).replace("&quot;", '"')
        tracks = release.media.get().tracks.all()
        assert json.loads(wish)["queue"] == [str(it.recording.gid) for it in tracks]

    def test_it_offers_to_continue_where_the_listener_was(self, signed_in, member, release):
        recording = first_recording(release)
        listener = Listener.objects.create(account=member)
        queued(listener, recording.gid, position_ms=60_000)
        html = html_of(signed_in, "web:home")
        assert "Continue here" in html
        assert "1:00" in html

    def test_what_the_cloud_counted_on_ends_where_the_recording_does(self, signed_in, member, release):
        recording = first_recording(release)
        queued(
            Listener.objects.create(account=member), recording.gid, position_ms=recording.duration_ms + 9_000
        )
        length = clock(recording.duration_ms)
        assert f"{length} / {length}" in html_of(signed_in, "web:home")

    @pytest.mark.usefixtures("release")
    def test_nobody_is_offered_what_they_never_began(self, guest, signed_in):
        assert "Continue here" not in html_of(guest, "web:home")
        assert "Continue here" not in html_of(signed_in, "web:home")
        assert not Listener.objects.exists(), "looking at a page makes nobody"

    @pytest.mark.usefixtures("release")
    def test_a_queue_of_what_is_gone_is_not_offered(self, signed_in, member):
        listener = listeners.find_or_make(account=member, session={})
        queued(listener, uuid4(), position_ms=1)
        assert "Continue here" not in html_of(signed_in, "web:home")


def queued(listener, recording, *, position_ms):
    """A listener's session with one recording in its queue."""
    kept = PlaybackSession.objects.create(listener=listener, position_ms=position_ms, entry=uuid4())
    QueueEntry.objects.create(session=kept, gid=kept.entry, recording=recording, rank=1, given=1)


class TestRelease:
    def test_it_tells_all_plainly(self, guest, release):
        release.loudness_lufs, release.true_peak_dbtp = -13.9, -1.0
        release.save()
        Asset.objects.update(quality="FLAC 24 bit 96 kHz")
        html = html_of(guest, "web:release", release.gid)
        for told in (
            "November 2026",
            "Cap",
            "084721903162",
            "−13.9 LUFS",
            "FLAC 24 bit 96 kHz",
            "AAC 128",
            "8 min",
        ):
            assert told in html

    def test_a_track_in_chinese_is_marked_so(self, guest, release):
        recording = release.media.get().tracks.last().recording
        recording.language = "zh-Hans"
        recording.save()
        assert '<span lang="zh-Hans">潮汐表</span>' in html_of(guest, "web:release", release.gid)

    def test_a_track_on_its_way_shows_its_phases_and_is_not_in_the_queue(self, guest, release):
        recording = first_recording(release)
        recording.asset.renditions.all().delete()
        Asset.objects.filter(pk=recording.asset.pk).update(state="working", phase="measure", fraction=0.1)
        html = html_of(guest, "web:release", release.gid)
        assert "The rest is being prepared." in html
        assert 'hx-trigger="every 3s"' in html
        assert f'data-recording="{recording.gid}"' not in html

    def test_a_refused_file_is_told(self, guest, release):
        recording = first_recording(release)
        recording.asset.renditions.all().delete()
        Asset.objects.filter(pk=recording.asset.pk).update(state="refused", reason="secret path /home/x")
        html = html_of(guest, "web:release", release.gid)
        assert "could not be used" in html
        assert "/home/x" not in html

    @pytest.mark.usefixtures("db")
    def test_a_title_of_300_letters_is_set_so_that_it_can_be_read(self, guest):
        made = music.release("x" * 300)
        assert 'class="loud s"' in html_of(guest, "web:release", made.gid)

    def test_credits_name_the_tracks_where_it_was_not_all(self, guest, release):
        for track in release.media.get().tracks.all():
            RecordingCredit.objects.create(
                recording=track.recording, artist=track.credit.artists.get().artist, role="composer"
            )
        last = release.media.get().tracks.last()
        RecordingCredit.objects.create(
            recording=last.recording, artist=last.credit.artists.get().artist, role="drums"
        )
        html = html_of(guest, "web:release", release.gid)
        assert "Music" in html
        assert re.search(r"Drums</dt>.*?>2</span>", html, re.DOTALL)

    def test_a_recordings_credits_can_be_found_by_the_now_playing_page(self, guest, release):
        recording = first_recording(release)
        artist = recording.credit.artists.get().artist
        RecordingCredit.objects.create(recording=recording, artist=artist, role="drums")
        html = html_of(guest, "web:recording", recording.gid)
        assert re.search(r'<dl class="facts" id="credits">.*?<dt>Drums</dt>', html, re.DOTALL)

    @pytest.mark.usefixtures("db")
    def test_the_number_of_queries_does_not_grow_with_tracks(self, guest, django_assert_max_num_queries):
        made = music.release("Long", tracks=[f"Track {n}" for n in range(40)])
        with django_assert_max_num_queries(22):
            guest.get(reverse("web:release", args=[made.gid]))

    def test_what_is_not_there_is_not_found(self, guest):
        response = guest.get(reverse("web:release", args=[uuid4()]))
        assert response.status_code == 404
        assert "Nothing is at this address" in response.content.decode()


class TestArtist:
    def test_discography_and_aliases(self, guest, release):
        artist = release.credit.artists.get().artist
        artist.aliases.create(name="The Tide")
        html = html_of(guest, "web:artist", artist.gid)
        assert "Albums" in html
        assert "The Tide" in html

    def test_nobody_is_heard_most_before_anyone_listened(self, guest, release):
        assert "Heard most" not in html_of(guest, "web:artist", release.credit.artists.get().artist.gid)


class TestRecording:
    def test_lyrics_works_and_versions(self, guest, release):
        recording, other = first_recording(release), music.recording("Salt (live)")
        work = Work.objects.create(title="Salt", iswc="T0345246801")
        recording.works.add(work)
        other.works.add(work)
        Lyrics.objects.create(
            recording=recording,
            form="lrc",
            language="ja",
            source="",
            lines=[{"start_ms": 0, "text": "<b>夜</b>"}],
        )
        html = html_of(guest, "web:recording", recording.gid)
        assert "T0345246801" in html
        assert "Salt (live)" in html
        assert 'lang="ja"' in html
        assert "&lt;b&gt;夜&lt;/b&gt;" in html

    def test_only_an_operator_reads_why_a_file_was_refused(self, guest, office, release):
        recording = first_recording(release)
        recording.asset.renditions.all().delete()
        Asset.objects.filter(pk=recording.asset.pk).update(state="refused", reason="It ends after 3 s.")
        assert "It ends after 3 s." not in html_of(guest, "web:recording", recording.gid)
        assert "It ends after 3 s." in html_of(office, "web:recording", recording.gid)


class TestSearch:
    @pytest.mark.usefixtures("release")
    def test_names_are_found_from_their_beginning(self, guest):
        html = html_of(guest, "web:search", q="lett")
        assert "Letters &amp; &lt;Keepers&gt;" in html
        assert 'role="status"' in html

    @pytest.mark.usefixtures("release")
    def test_nothing_found_says_so(self, guest):
        assert "No “zzzz”" in html_of(guest, "web:search", q="zzzz")

    def test_html_in_a_search_is_text(self, guest):
        assert "<script>alert" not in html_of(guest, "web:search", q="<script>alert(1)</script>")

    @pytest.mark.usefixtures("release", "own_vocabulary")
    def test_what_is_mistyped_is_mended_and_said(self, guest):
        html = html_of(guest, "web:search", q="lettesr")
        assert "Showing results for “letters”" in html
        assert 'href="/search?q=lettesr&amp;exactly=1"' in html
        assert "Letters &amp; &lt;Keepers&gt;" in html
        exactly = html_of(guest, "web:search", q="lettesr", exactly="1")
        assert "No “lettesr”" in exactly

    def test_where_there_is_more_of_a_kind_all_of_it_is_listed(self, guest):
        made = [music.recording(f"Lantern {number}") for number in range(60)]
        for row in made:
            indexing.index_recording(row)
        once = html_of(guest, "web:search", q="lantern")
        assert once.count("data-recording=") == 12
        assert 'href="/search?q=lantern&amp;kind=recording"' in once
        assert "kind=artist" not in once, "there is no more of those"
        alone = html_of(guest, "web:search", q="lantern", kind="recording")
        assert alone.count("data-recording=") == 48
        assert 'href="/search?q=lantern"' in alone
        following = re.search(r'href="(/search\?[^"]+cursor=[^"]+)" rel="next"', alone)
        rest = guest.get(html.unescape(following.group(1))).content.decode()
        listed = re.findall(r'data-recording="([^"]+)"', alone + rest)
        assert sorted(listed) == sorted(str(row.gid) for row in made)
        assert 'rel="next"' not in rest
        assert 'rel="first"' in rest

    @pytest.mark.usefixtures("release")
    def test_what_is_no_kind_is_left_out(self, guest):
        assert "Letters &amp; &lt;Keepers&gt;" in html_of(guest, "web:search", q="lett", kind="<b>")

    def test_what_is_explicit_is_left_out_for_who_hides_it(self, guest, signed_in, member, release):
        recording = first_recording(release)
        Recording.objects.filter(pk=recording.pk).update(explicit=True)
        recording.refresh_from_db()
        indexing.index_recording(recording)
        row = f'data-recording="{recording.gid}"'
        Account.objects.filter(pk=member.pk).update(hides_explicit=True)
        html = html_of(guest, "web:search", q="salt")
        assert row in html
        assert 'title="explicit"' in html[html.index(row) :].split("</li>")[0]
        assert row not in html_of(signed_in, "web:search", q="salt")

    def test_a_line_of_lyrics_opens_the_recording_at_it(self, guest, release):
        recording = first_recording(release)
        lines = [
            {"start_ms": None, "text": text} for text in ("First of all", "Keep the <lamp> lit", "And go")
        ]
        Lyrics.objects.create(recording=recording, form="plain", source="", lines=lines)
        indexing.index_recording(recording)
        html = html_of(guest, "web:search", q="keep the la")
        assert "Keep the &lt;lamp&gt; lit" in html
        assert f'href="/recording/{recording.gid}?line=1#line-1"' in html
        opened = html_of(guest, "web:recording", recording.gid, line="1")
        assert 'id="line-1" dir="auto" aria-current="true"' in opened
        assert (
            opened.count("aria-current")
            == html_of(guest, "web:recording", recording.gid, line="x").count("aria-current") + 1
        )

    @pytest.mark.usefixtures("release")
    def test_typing_asks_for_the_results_alone(self, guest):
        part = guest.get("/search?q=lett", headers={"HX-Target": "div#found"})
        assert part.content.strip().startswith(b'<div id="found"')
        assert b"<main" not in part.content
        assert "HX-Target" in part.headers["Vary"]

    @pytest.mark.usefixtures("release")
    def test_before_anything_is_typed_what_is_new_is_shown(self, guest):
        assert "Letters &amp; &lt;Keepers&gt;" in html_of(guest, "web:search")

    def test_a_very_long_search_is_cut(self, guest):
        html_of(guest, "web:search", q="x" * 5000)


class TestSleeves:
    def test_sizes_and_formats_are_offered(self, guest, release):
        release.cover = Cover.objects.create(
            digest="c" * 64, widths=[96, 384], hue=212, chroma=0.05, placeholder="data:image/webp;base64,AA=="
        )
        release.save()
        html = html_of(guest, "web:release", release.gid)
        assert f"/cover/{'c' * 64}/384.avif 384w" in html
        assert 'type="image/webp"' in html
        assert "--h:212" in html


class TestSwitches:
    def test_a_language_is_kept_and_leads_back_to_the_page(self, guest, release):
        url = f"http://testserver/release/{release.gid}?x=1"
        response = guest.post("/language", {"language": "zh-hans"}, headers={"referer": url})
        assert response["Location"] == f"/release/{release.gid}?x=1"
        assert guest.get("/")["Content-Language"] == "zh-Hans"

    def test_a_member_finds_their_language_on_another_device(self, signed_in, member):
        signed_in.post("/language", {"language": "zh-hans"})
        elsewhere = Client()
        elsewhere.post("/account/login/", {"login": member.email, "password": "a long password"})
        assert elsewhere.get("/")["Content-Language"] == "zh-Hans"

    def test_nobody_is_led_elsewhere(self, guest):
        response = guest.post("/language", {"language": "en"}, headers={"referer": "https://evil.example/x"})
        assert response["Location"] == "/"

    @pytest.mark.parametrize("path", ["//evil.example/x", "///evil.example/x", "/\\evil.example/x"])
    def test_nobody_is_led_elsewhere_by_an_address_of_ours(self, guest, path):
        response = guest.post(
            "/language", {"language": "en"}, headers={"referer": f"http://testserver{path}"}
        )
        assert response["Location"] == "/evil.example/x"

    def test_an_unknown_language_changes_nothing(self, guest):
        assert not guest.post("/language", {"language": "tlh"}).cookies

    def test_light_and_dark(self, guest):
        guest.post("/theme", {"theme": "dark"})
        assert 'data-theme="dark"' in html_of(guest, "web:home")
        guest.post("/theme", {"theme": ""})
        assert "data-theme=" not in html_of(guest, "web:home")


class TestErrors:
    @pytest.mark.django_db
    def test_a_stale_form_is_told_what_to_do(self):
        response = Client(enforce_csrf_checks=True).post("/language", {"language": "en"})
        assert response.status_code == 403
        assert "send it again" in response.content.decode()

    def test_what_breaks_is_told_without_the_shell(self, guest, monkeypatch):
        guest.raise_request_exception = False
        monkeypatch.setattr("alpheus.web.views.device.render", lambda *_: 1 / 0)
        response = guest.get("/device")
        assert response.status_code == 500
        assert "Something broke on our side" in response.content.decode()
        assert "ZeroDivisionError" not in response.content.decode()
