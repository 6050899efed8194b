"""Lists and what their addresses say, genre, label and year, radio; and what people write into every name."""

import re
from html import unescape

import music
import pytest
from api_client import Api
from django.urls import reverse
from hostile import HOSTILE, made_of
from outline import Outline, html_of

from alpheus.catalogue.indexing import index_release
from alpheus.catalogue.models import (
    Genre,
    Recording,
    Release,
    Track,
    Work,
    WorkCredit,
)
from alpheus.parties.know_label import know_label
from alpheus.parties.models import Artist, Label

UNKNOWN = "49934fb4-7390-48fe-a14c-9c2cdd940b87"
"""Names nothing. Drawn once: every worker of a run must collect the same tests."""

pytestmark = pytest.mark.django_db

LISTS = ["releases", "recordings", "artists", "labels", "genres", "years"]
QUEUE = re.compile(r'data-queue="([^"]+)"')
NEXT = re.compile(r'href="([^"]+)" rel="next"')


def addresses(release, recording, artist, label, genre):
    radio = [
        ("recording", recording.gid),
        ("release", release.gid),
        ("artist", artist.gid),
        ("genre", genre.slug),
    ]
    return [
        "/", *(f"/{name}" for name in LISTS), f"/genre/{genre.slug}", f"/label/{label.gid}", "/year/2026",
        f"/release/{release.gid}", f"/artist/{artist.gid}", f"/recording/{recording.gid}",
        f"/artist/{artist.gid}/similar", f"/artist/{artist.gid}/most", f"/recording/{recording.gid}/versions",
        f"/releases?artist={artist.gid}", f"/releases?appears={artist.gid}", f"/recordings?artist={artist.gid}",
        *(f"/radio/{kind}/{key}?n=7" for kind, key in radio),
    ]  # fmt: skip


@pytest.mark.parametrize("kind", HOSTILE)
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_whatever_people_write_stays_text_on_every_page(guest, kind, language):
    guest.cookies["language"] = language
    for path in addresses(*made_of(HOSTILE[kind])):
        response = guest.get(path)
        assert response.status_code == 200, path
        html = response.content.decode()
        assert "<script>alert" not in html, path
        assert "<b>" not in html, path
        outline = Outline(html)
        assert (outline.mains, outline.nameless, outline.images) == (1, [], []), path
        assert outline.h1 == 1, path
        assert len(outline.ids) == len(set(outline.ids)), path


def test_a_name_from_right_to_left_stands_on_its_own(guest):
    release, recording, *_ = made_of(HOSTILE["right to left"])
    html = html_of(guest, "web:release", release.gid)
    assert re.search(r'<h1[^>]* dir="auto"', html)
    assert f">{HOSTILE['right to left']}</bdi>" in html
    assert 'class="lyrics" dir="auto"' in html_of(guest, "web:recording", recording.gid)


@pytest.fixture
def shelves(db):
    """Sixty releases of two genres, two labels, three artists and thirty years."""
    labels = [Label.objects.create(name=name, key=name, sort_name=name) for name in ("cap", "tide")]
    genres = [Genre.objects.create(name=name, slug=name) for name in ("dub", "jazz")]
    for number in range(60):
        kind = ("album", "ep", "single")[number % 3]
        made = music.release(
            f"R{number:02}", by=f"A{number % 3}", tracks=(f"T{number:02}",), kind=kind,
            year=1990 + number % 30, label=labels[number % 2], label_name=labels[number % 2].name,
        )  # fmt: skip
        made.genres.add(genres[number % 2])
    return labels, genres


def walk(client, path, shown=r'href="/release/([^"]+)"'):
    """All that a list shows, page by page, and the number of pages."""
    seen, pages = [], 0
    while path:
        html = client.get(path).content.decode()
        main = html[html.index("<main") : html.index("</main>")]
        seen += list(dict.fromkeys(re.findall(shown, main)))
        pages += 1
        following = NEXT.search(main)
        path = following[1].replace("&amp;", "&") if following else ""
    return seen, pages


@pytest.mark.usefixtures("shelves")
class TestLists:
    def test_pages_follow_each_other_and_miss_nothing(self, guest):
        for sort in ("", "?sort=date", "?sort=title"):
            seen, pages = walk(guest, f"/releases{sort}")
            assert (len(seen), len(set(seen)), pages) == (60, 60, 3), sort
        assert len(walk(guest, "/recordings?sort=title", r'data-recording="([^"]+)"')[0]) == 60
        assert len(walk(guest, "/artists", r'href="/artist/([^"]+)"')[0]) == 3

    def test_an_address_keeps_sort_and_filter_from_page_to_page(self, guest):
        seen, pages = walk(guest, "/genre/dub?sort=title&type=album")
        titles = [Release.objects.get(gid=gid).title for gid in seen]
        assert titles == sorted(titles)
        assert len(titles) == Release.objects.filter(type="album", genres__slug="dub").count()
        assert pages == 1

    def test_choices_are_links_that_begin_anew(self, guest):
        first = NEXT.search(guest.get("/releases?sort=date").content.decode())[1].replace("&amp;", "&")
        html = guest.get(first).content.decode()
        assert 'href="/releases?sort=date&amp;type=ep"' in html
        assert 'href="/releases?sort=title"' in html
        assert 'href="/releases"' in html, "what is usual is left out"
        assert 'href="/releases?sort=date" rel="first"' in html

    def test_words_narrow_a_list_from_page_to_page(self, guest):
        for row in Release.objects.all():
            index_release(row)
        some, pages = walk(guest, "/releases?q=r&sort=title")
        assert (len(set(some)), pages) == (60, 3)
        found, pages = walk(guest, "/releases?q=R3&sort=title&type=album")
        titles = [Release.objects.get(gid=gid).title for gid in found]
        assert (titles, pages) == (["R30", "R33", "R36", "R39"], 1)
        html = guest.get("/releases?q=R3&sort=title&type=album").content.decode()
        assert 'name="q" value="R3"' in html
        assert '<input type="hidden" name="sort" value="title">' in html
        assert 'href="/releases?q=R3&amp;sort=title&amp;type=ep"' in html, "another type keeps the words"

    @pytest.mark.parametrize("path", [f"/{name}" for name in LISTS] + ["/genre/dub", "/year/1990"])
    @pytest.mark.parametrize(
        "query", ["q=nothing+is+called+so", "q=%00", "start=%00", "start=abc", "q=" + "x" * 300]
    )
    def test_every_list_answers_whatever_is_asked(self, guest, path, query):
        response = guest.get(f"{path}?{query}")
        assert response.status_code == 200
        if query.startswith("q=n"):
            assert "No “nothing is called so”" in response.content.decode()

    def test_a_list_by_name_begins_at_an_initial_and_goes_on(self, guest):
        for row in Release.objects.filter(title__gte="R40"):
            row.title, row.sort_title = f"S{row.title}", f"s{row.title.lower()}"
            row.save()
        html = guest.get("/releases?sort=title").content.decode()
        assert 'href="/releases?sort=title&amp;start=s"' in html
        seen, pages = walk(guest, "/releases?sort=title&start=s")
        assert (len(seen), pages) == (20, 1)
        seen, pages = walk(guest, "/releases?sort=title&start=r")
        assert (len(set(seen)), pages) == (60, 3)
        html = guest.get("/releases?sort=title&start=s").content.decode()
        assert re.search(r'start=s" aria-current="true"', html)
        assert 'href="/releases?sort=title" rel="first"' in html
        assert 'href="/releases"' in html, "another order begins at its own beginning"
        assert "Nothing comes after this" in guest.get("/releases?sort=title&start=z").content.decode()

    def test_a_list_by_date_begins_at_a_year(self, guest):
        for row in Release.objects.all():
            row.released = row.year * 10_000 + 101
            row.save()
        assert 'name="start"' in guest.get("/releases?sort=date").content.decode()
        assert 'name="start"' not in guest.get("/releases").content.decode()
        seen, _ = walk(guest, "/releases?sort=date&start=1995")
        assert {Release.objects.get(gid=gid).year for gid in seen} == set(range(1990, 1996))
        assert Release.objects.get(gid=seen[0]).year == 1995

    def test_initials_are_those_of_the_readers_order(self, guest):
        shared = "/releases?sort=title&start=か"
        for language, initial in (("ja", "あ"), ("ko", "가"), ("en", "M"), ("zh-CN", "M")):
            html = guest.get(shared, headers={"accept-language": language}).content.decode()
            assert f">{initial}</a>" in html
            assert ">か</a>" in html, "an address that was shared says where it begins"

    @pytest.mark.parametrize("query", ["cursor=nonsense", "sort=nonsense", "type=%00", "cursor=%00", "x=1"])
    def test_a_broken_address_shows_the_beginning(self, guest, query):
        assert guest.get(f"/releases?{query}").status_code == 200

    @pytest.mark.parametrize(
        "path",
        [
            "/releases?artist=x", f"/releases?artist={UNKNOWN}", "/genre/none", "/genre/%00", f"/label/{UNKNOWN}",
            "/year/0", "/year/20260", "/radio/genre/none", "/radio/genre/%00", f"/radio/artist/{UNKNOWN}",
            "/radio/work/x", f"/radio/label/{UNKNOWN}", f"/radio/playlist/{UNKNOWN}", "/radio/shop/none", "/radio/shop/%00",
        ],
    )  # fmt: skip
    def test_what_is_not_there_is_not_found(self, guest, path):
        assert guest.get(path).status_code == 404

    def test_a_year_leads_to_the_years_around_it_and_may_be_empty(self, guest):
        html = guest.get("/year/1500").content.decode()
        assert 'href="/year/1499"' in html
        assert "Nothing here yet" in html
        assert "None of this type" in guest.get("/year/1990?type=ep").content.decode()

    def test_counts_stand_beside_labels_genres_and_years(self, guest):
        for name in ("labels", "genres"):
            assert html_of(guest, f"web:{name}").count("30 releases") == 2
        assert html_of(guest, "web:years").count("2 releases") == 30

    def test_the_number_of_queries_does_not_grow(self, guest, django_assert_max_num_queries):
        for path in (
            "/releases", "/releases?sort=title", "/genre/dub", "/year/1990", "/recordings", "/artists", "/labels",
            "/genres", "/years", "/",
        ):  # fmt: skip
            with django_assert_max_num_queries(26):
                guest.get(path)

    def test_an_artists_page_asks_a_bounded_number_of_questions(self, guest, django_assert_max_num_queries):
        artist = Artist.objects.get(name="A0")
        for path, most in ((f"/artist/{artist.gid}", 46), (f"/radio/artist/{artist.gid}", 40)):
            with django_assert_max_num_queries(most):
                guest.get(path)

    def test_an_artists_shelf_leads_to_all_of_them(self, guest, monkeypatch):
        monkeypatch.setattr("alpheus.web.views.artist.SHELF_MAX", 4)
        artist = Artist.objects.get(name="A0")
        html = html_of(guest, "web:artist", artist.gid)
        assert f'href="/releases?artist={artist.gid}&amp;type=album&amp;sort=date"' in html

    def test_a_radio_says_why_and_plays_what_it_shows(self, guest):
        artist = Artist.objects.get(name="A0")
        html = guest.get(f"/radio/artist/{artist.gid}?n=3").content.decode()
        assert "Too few people have listened here yet" in html
        assert "Also by A0" in html
        assert "Same genre: " in html
        assert QUEUE.findall(html) == QUEUE.findall(
            guest.get(f"/radio/artist/{artist.gid}?n=3").content.decode()
        )
        queue = QUEUE.search(html)[1]
        shown = re.findall(r'data-recording="([^"]+)"', html)
        assert re.findall(r"[0-9a-f-]{36}", queue) == shown

    def test_similar_artists_say_why(self, guest):
        html = html_of(guest, "web:artist", Artist.objects.get(name="A0").gid)
        assert "Similar artists" in html
        assert "Same genre: " in html

    def test_what_an_artists_page_shows_some_of_has_a_list_of_its_own(self, guest):
        seed = music.release("Seed", by="Tide")
        dub = Genre.objects.create(name="heavy dub", slug="heavy-dub")
        dub.releases.add(seed)
        for number in range(40):
            dub.releases.add(music.release(f"L{number}", by=f"Like {number}"))
        artist = Artist.objects.get(name="Tide")
        assert f'href="/artist/{artist.gid}/similar"' in html_of(guest, "web:artist", artist.gid)
        html = html_of(guest, "web:similar", artist.gid)
        names = re.findall(r">(Like \d+)<", html)
        html = guest.get(unescape(NEXT.search(html)[1])).content.decode()
        names += re.findall(r">(Like \d+)<", html)
        assert (len(names), len(set(names)), NEXT.search(html)) == (40, 40, None)

    def test_all_recordings_of_a_work_are_a_list(self, guest):
        work = Work.objects.create(title="Suite")
        rows = [music.recording(f"Version {number}") for number in range(15)]
        work.recordings.add(*rows)
        assert f'href="/recording/{rows[0].gid}/versions"' in html_of(guest, "web:recording", rows[0].gid)
        html = html_of(guest, "web:versions", rows[0].gid)
        assert set(re.findall(r"Version \d+", html)) >= {row.title for row in rows[1:]}

    def test_a_label_and_a_playlist_begin_radios(self, guest, member, signed_in):
        release, *_ = made_of("plain")
        label = know_label(name="Saltmarsh")
        Release.objects.filter(pk=release.pk).update(label=label)
        assert f'href="/radio/label/{label.gid}?n=' in html_of(guest, "web:label", label.gid)
        assert "Saltmarsh" in guest.get(f"/radio/label/{label.gid}").content.decode()
        api = Api(account=member)
        gid = api.post("/playlists", {"title": "Rain", "recordings": [Recording.objects.first().gid]}).json()[
            "gid"
        ]
        assert f'href="/radio/playlist/{gid}?n=' in html_of(signed_in, "web:playlist", gid)
        html = signed_in.get(f"/radio/playlist/{gid}").content.decode()
        assert "What the playlist itself holds is left out." in html
        assert guest.get(f"/radio/playlist/{gid}").status_code == 404
        assert api.get(f"/radio/playlist/{gid}").json()["kind"] == "playlist"
        assert Api().get(f"/radio/playlist/{gid}").status_code == 404

    def test_home_begins_radios_and_says_from_what(self, guest):
        html = html_of(guest, "web:home")
        assert "You have played nothing yet" in html
        assert 'href="/radio/genre/dub?n=' in html


class TestRelease:
    def test_label_number_year_and_genre_are_links(self, guest):
        release, _, _, label, genre = made_of("Estuary")
        html = html_of(guest, "web:release", release.gid)
        for path in (
            f"/label/{label.gid}",
            "/year/2026",
            f"/genre/{genre.slug}",
            f"/radio/release/{release.gid}?n=",
        ):
            assert f'href="{path}' in html, path

    def test_explicit_tracks_are_marked_and_hidden_for_who_asks(self, guest, signed_in, member):
        release = music.release("Estuary", tracks=("Ebb", "Rude"))
        rude = Track.objects.get(title="Rude").recording
        Recording.objects.filter(pk=rude.pk).update(explicit=True)
        assert 'title="explicit"' in html_of(guest, "web:release", release.gid)
        member.hides_explicit = True
        member.save()
        html = html_of(signed_in, "web:release", release.gid)
        assert str(rude.gid) not in html
        assert "1 explicit track is left out" in html
        assert str(rude.gid) not in signed_in.get("/recordings").content.decode()
        assert str(rude.gid) in html_of(guest, "web:release", release.gid)

    def test_a_work_names_who_wrote_it(self, guest):
        _, recording, artist, *_ = made_of("Estuary")
        writer = music.credit("Ana").artists.get().artist
        WorkCredit.objects.create(work=recording.works.get(), artist=writer, role="composer")
        html = html_of(guest, "web:recording", recording.gid)
        assert reverse("web:artist", args=[writer.gid]) in html
        assert artist.name in html


def test_empty_lists_say_so(guest):
    for name in LISTS:
        assert "Nothing here yet" in html_of(guest, f"web:{name}"), name
