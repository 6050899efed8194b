import base64
from uuid import uuid4

import music
import pytest
from api_client import Api
from django.db.models.functions import Lower
from django.utils import timezone

from alpheus.catalogue.indexing import index_recording, index_release
from alpheus.catalogue.models import Cover, Genre, Lyrics, Recording, RecordingCredit, Work, WorkCredit
from alpheus.listening.library.indexing import index_playlist
from alpheus.listening.library.models import Playlist
from alpheus.listening.models import Grant, Listener, Play
from alpheus.parties.know_label import know_label
from alpheus.parties.models import Account, Label
from alpheus.search.index import Entry, put_many

pytestmark = pytest.mark.django_db


def test_a_recording_has_all_that_a_player_needs(guest):
    cover = Cover.objects.create(
        digest="c" * 64, widths=[160, 400, 800], hue=212, chroma=0.05, placeholder="data:image/webp;base64,"
    )
    made = music.release(cover=cover, loudness_lufs=-12.0, true_peak_dbtp=-0.4)
    row = made.media.get().tracks.get(position=1).recording
    Lyrics.objects.create(recording=row, form="lrc", source="", lines=[{"start_ms": 100, "text": "Tide"}])
    got = guest.get(f"/recordings/{row.gid}").json()
    assert [one["title"] for one in got["releases"]] == ["Estuary"]
    whole = {"isrc", "quality", "range_lu", "credits", "works", "releases", "versions"}
    assert {name: value for name, value in got.items() if name not in whole} == {
        "gid": str(row.gid),
        "title": "Ebb",
        "language": "en",
        "credit": {
            "name": "Tide",
            "artists": [
                {
                    "gid": str(row.credit.artists.get().artist.gid),
                    "name": "Tide",
                    "language": "en",
                    "join_phrase": "",
                }
            ],
        },
        "release": {"gid": str(made.gid), "title": "Estuary", "language": "en"},
        "duration_ms": 240_000,
        "rate_hz": 44_100,
        "samples": 240 * 44_100,
        "loudness": {
            "track_lufs": -11.5,
            "track_peak_dbtp": -0.8,
            "album_lufs": -12.0,
            "album_peak_dbtp": -0.4,
        },
        "cover": {
            "digest": "c" * 64,
            "hue": 212.0,
            "chroma": 0.05,
            "placeholder": "data:image/webp;base64,",
            "widths": [160, 400, 800],
            "url": f"/cover/{'c' * 64}/400.jpg",
        },
        "peaks": base64.b64encode(bytes(range(200)) * 2).decode(),
        "has_lyrics": True,
        "speech": False,
        "explicit": False,
        "available": True,
        "appears_at": None,
        "state": "ready",
        "renditions": ["aac-128"],
    }
    lyrics = guest.get(f"/recordings/{row.gid}/lyrics").json()
    assert lyrics["form"] == "lrc"
    assert lyrics["lines"] == [{"start_ms": 100, "text": "Tide", "words": []}]


def test_a_recording_that_is_being_prepared_says_so(guest):
    row = music.recording(renditions=(), state="working")
    assert guest.get(f"/recordings/{row.gid}").json()["state"] == "working"
    bare = music.recording()
    bare.asset.delete()
    assert guest.get(f"/recordings/{bare.gid}").json()["state"] == "waiting"


def test_recordings_come_in_the_order_asked(guest):
    rows = [music.recording(title) for title in "ABC"]
    asked = "&".join(f"gid={row.gid}" for row in (rows[2], rows[0]))
    assert [item["title"] for item in guest.get(f"/recordings/some?{asked}").json()["items"]] == ["C", "A"]


def test_a_release_shows_its_media_and_tracks(guest):
    made = music.release(year=2027, month=3)
    got = guest.get(f"/releases/{made.gid}").json()
    assert (got["title"], got["type"], got["date"]) == ("Estuary", "album", "2027-03")
    (medium,) = got["media"]
    assert [track["recording"]["title"] for track in medium["tracks"]] == ["Ebb", "Flood"]
    assert all(track["recording"]["release"]["gid"] == str(made.gid) for track in medium["tracks"])


def walk(client, path):
    found, cursor = [], ""
    while cursor is not None:
        got = client.get(f"{path}limit=2&cursor={cursor}").json()
        found, cursor = [*found, *got["items"]], got["next"]
    return found


def test_lists_are_read_page_by_page(guest):
    for number in range(5):
        music.release(f"R{number}", by=f"Artist {number}")
    assert [row["title"] for row in walk(guest, "/releases?")] == ["R4", "R3", "R2", "R1", "R0"]
    assert [row["title"] for row in walk(guest, "/releases?sort=title&")] == [f"R{n}" for n in range(5)]
    assert [row["name"] for row in walk(guest, "/artists?")] == [f"Artist {n}" for n in range(5)]
    assert len(walk(guest, "/recordings?")) == 10
    cursor = guest.get("/releases?limit=2").json()["next"]
    assert guest.get(f"/artists?cursor={cursor}").json()["code"] == "cursor_invalid"


def test_lists_are_narrowed(guest):
    music.release("Long", kind="album", year=2020)
    music.release("Short", kind="single", tracks=("One",), year=2021)
    for given, titles in {"type=single": ["Short"], "year=2020": ["Long"], "genre=none": []}.items():
        assert [row["title"] for row in guest.get(f"/releases?{given}").json()["items"]] == titles


def test_an_artist_comes_with_their_releases(guest):
    made = music.release()
    artist = made.credit.artists.get().artist
    got = guest.get(f"/artists/{artist.gid}").json()
    assert (got["name"], got["recordings"]) == ("Tide", 2)
    assert [row["title"] for row in got["releases"]] == ["Estuary"]


def test_search_finds_by_name(guest):
    made = music.release()
    row = made.media.get().tracks.get(position=2).recording
    put_many(
        [
            Entry(kind="release", gid=made.gid, names=[made.title]),
            Entry(kind="recording", gid=row.gid, names=[row.title]),
        ]
    )
    got = guest.get("/search?q=flo").json()
    assert [item["title"] for item in got["recordings"]] == ["Flood"]
    assert got["releases"] == []


def test_search_gives_all_of_a_kind_page_by_page(guest):
    titles = {f"Flood {number}" for number in range(7)}
    put_many([Entry("recording", music.recording(title).gid, [title]) for title in titles])
    found, query = [], "/search?q=flood&kind=recording&limit=3"
    got = guest.get(query).json()
    while True:
        found += [item["title"] for item in got["recordings"]]
        assert got["artists"] == got["releases"] == []
        if got["next"] is None:
            break
        got = guest.get(f"{query}&cursor={got['next']}").json()
    assert (sorted(found), len(found)) == (sorted(titles), 7)
    assert guest.get("/search?q=flood").json()["next"] is None
    assert guest.get(f"{query}&cursor=nonsense").status_code == 400


@pytest.mark.usefixtures("own_vocabulary")
def test_search_mends_and_says_so(guest):
    row = music.recording("Flood")
    put_many([Entry(kind="recording", gid=row.gid, names=["Flood"])])
    got = guest.get("/search?q=flodo").json()
    assert (got["mended"], [item["title"] for item in got["recordings"]]) == ("flood", ["Flood"])
    got = guest.get("/search?q=flodo&exactly=true").json()
    assert (got["mended"], got["recordings"]) == ("", [])


def test_search_finds_public_playlists(guest):
    owner = Listener.objects.create(account=Account.objects.create_user("tove@example.com", name="Tove"))
    for visibility in ("public", "unlisted"):
        playlist = Playlist.objects.create(
            owner=owner, title=f"Rain {visibility}", sort_title="rain", visibility=visibility
        )
        index_playlist(playlist)
    (found,) = guest.get("/search?q=rain").json()["playlists"]
    assert (found["title"], found["owner"]["name"], found["role"]) == ("Rain public", "Tove", "other")


def test_search_hides_what_is_explicit_from_who_asks_for_it(guest):
    clean, rude = music.recording("Flood"), music.recording("Flood too")
    Recording.objects.filter(pk=rude.pk).update(explicit=True)
    for row in (clean, rude):
        row.refresh_from_db()
        index_recording(row)

    def found(api, query=""):
        return {item["title"] for item in api.get(f"/search?q=flood{query}").json()["recordings"]}

    assert found(guest) == {"Flood", "Flood too"}
    assert found(guest, "&explicit=hide") == {"Flood"}
    hiding = Api(account=Account.objects.create_user("hides@example.com", hides_explicit=True))
    assert found(hiding) == {"Flood"}
    assert found(hiding, "&explicit=show") == {"Flood", "Flood too"}


def test_names_are_in_the_order_of_who_asks(guest):
    for name in ("Beyond", "王菲", "スピッツ", "방탄소년단"):
        music.release(name, by=name)

    def names(language):
        read, cursor = [], ""
        while cursor is not None:
            page = guest.get(f"/artists?limit=2&cursor={cursor}", Accept_Language=language).json()
            read += [item["name"] for item in page["items"]]
            cursor = page["next"]
        return read

    assert names("ja") == ["スピッツ", "王菲", "방탄소년단", "Beyond"]
    assert names("ko") == ["방탄소년단", "Beyond", "スピッツ", "王菲"]
    begun = guest.get("/artists?limit=2", Accept_Language="ja").json()
    rest = guest.get(f"/artists?cursor={begun['next']}", Accept_Language="ko").json()
    assert [item["name"] for item in rest["items"]] == ["방탄소년단", "Beyond"]


def test_what_is_spoken_is_told_by_the_genre_of_its_releases(guest):
    made = music.release("Letters", tracks=("One",))
    row = made.media.get().tracks.get().recording
    assert guest.get(f"/recordings/{row.gid}").json()["speech"] is False
    made.genres.add(Genre.objects.create(name="audiobook", slug="audiobook", spoken=True))
    for path in (f"/recordings/{row.gid}", f"/recordings/some?gid={row.gid}", f"/releases/{made.gid}"):
        got = guest.get(path).json()
        told = (
            got["items"][0]
            if "items" in got
            else got["media"][0]["tracks"][0]["recording"]
            if "media" in got
            else got
        )
        assert told["speech"] is True, path


def test_what_is_heard_most_of_an_artist_page_by_page(guest):
    made = music.release(tracks=("Ebb", "Flood", "Slack", "Unheard"))
    artist = made.credit.artists.get().artist
    listener = Listener.objects.create()
    rows = [track.recording for track in made.media.get().tracks.all()]
    for row, times in zip(rows, (1, 3, 1, 0), strict=True):
        for number in range(times):
            grant = Grant.objects.create(
                stream=uuid4(), edge="e", gate=listener.gid, listener=listener, recording=row,
                window_start=0, window_end=1, expires_at=timezone.now(),
            )  # fmt: skip
            Play.objects.create(
                listener=listener, recording=row, grant=grant, stream=grant.stream, ordinal=number,
                started_at=timezone.now(), heard_ms=60_000, qualified=True,
            )  # fmt: skip
    Recording.objects.filter(pk=rows[2].pk).update(explicit=True)
    read, cursor = [], ""
    while cursor is not None:
        page = guest.get(f"/artists/{artist.gid}/most?limit=1&cursor={cursor}").json()
        read += [item["title"] for item in page["items"]]
        cursor = page["next"]
    assert read == ["Flood", "Ebb", "Slack"]
    hidden = guest.get(f"/artists/{artist.gid}/most?explicit=hide").json()
    assert [item["title"] for item in hidden["items"]] == ["Flood", "Ebb"]


def test_search_finds_by_a_line_of_lyrics(guest):
    row = music.recording("Flood")
    lines = [{"start_ms": 1000, "text": "The river"}, {"start_ms": 2000, "text": "rises up tonight"}]
    Lyrics.objects.create(recording=row, form="lrc", source="", lines=lines)
    index_recording(row)
    (sung,) = guest.get("/search?q=up tonight").json()["lyrics"]
    assert (sung["line"], sung["text"], sung["start_ms"]) == (1, "rises up tonight", 2000)
    assert sung["recording"]["gid"] == str(row.gid)


def test_as_many_queries_for_fifty_as_for_two(guest, django_assert_max_num_queries):
    for number in range(30):
        music.release(f"R{number}")
    with django_assert_max_num_queries(8):
        assert len(guest.get("/recordings?limit=60").json()["items"]) == 60
    with django_assert_max_num_queries(8):
        assert len(guest.get("/releases?limit=30").json()["items"]) == 30


def test_what_a_caller_holds_is_asked_whether_it_still_holds(guest):
    row = music.recording()
    first = guest.get(f"/recordings/{row.gid}")
    assert first.headers["Cache-Control"] == "private, no-cache"
    again = guest.get(f"/recordings/{row.gid}", If_None_Match=first.headers["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    row.title = "Other"
    row.save()
    assert guest.get(f"/recordings/{row.gid}", If_None_Match=first.headers["ETag"]).status_code == 200


def test_a_recording_tells_who_did_what_and_its_other_versions(guest):
    row, other = music.recording("Salt"), music.recording("Salt (live)")
    work = Work.objects.create(title="Salt", iswc="T0345246801")
    artist = row.credit.artists.get().artist
    WorkCredit.objects.create(work=work, artist=artist, role="composer")
    RecordingCredit.objects.create(recording=row, artist=artist, role="drums")
    for one in (row, other):
        one.works.add(work)
    got = guest.get(f"/recordings/{row.gid}").json()
    assert [(line["role"], line["artist"]["name"]) for line in got["credits"]] == [("drums", "Tide")]
    assert [line["role"] for line in got["works"][0]["credits"]] == ["composer"]
    assert [one["title"] for one in got["versions"]] == ["Salt (live)"]


def test_a_release_tells_its_label_number_and_credits_once(guest):
    label = Label.objects.create(name="Cap", key="cap", sort_name="cap")
    made = music.release(label=label, label_name="Cap", catalogue_number="CAP 1")
    for track in made.media.get().tracks.all():
        artist = track.credit.artists.get().artist
        RecordingCredit.objects.create(recording=track.recording, artist=artist, role="composer")
    got = guest.get(f"/releases/{made.gid}").json()
    assert (got["label"], got["label_gid"], got["catalogue_number"]) == ("Cap", str(label.gid), "CAP 1")
    assert len(got["credits"]) == 1


def test_lists_are_narrowed_and_counted(guest):
    label = Label.objects.create(name="Cap", key="cap", sort_name="cap")
    made = music.release("Estuary", year=2027, label=label)
    music.release("Delta", by="Silt", year=2026)
    genre = Genre.objects.create(slug="dub", name="dub")
    made.genres.add(genre)
    artist = made.credit.artists.get().artist

    def titles(query):
        return [item["title"] for item in guest.get(f"/releases?{query}").json()["items"]]

    for query in (f"label={label.gid}", "genre=dub", "year=2027", f"artist={artist.gid}"):
        assert titles(query) == ["Estuary"], query
    assert titles("sort=date") == ["Estuary", "Delta"]
    assert guest.get("/labels").json()["items"][0]["releases"] == 1
    assert guest.get(f"/labels/{label.gid}").json()["name"] == "Cap"
    assert guest.get("/genres").json()["items"] == [{"slug": "dub", "name": "dub", "releases": 1}]
    assert [item["year"] for item in guest.get("/years").json()["items"]] == [2027, 2026]


def test_explicit_recordings_are_shown_unless_asked_otherwise(guest):
    row = music.recording("Clean")
    rude = music.recording("Rude")
    type(rude).objects.filter(pk=rude.pk).update(explicit=True)
    assert len(guest.get("/recordings").json()["items"]) == 2
    shown = guest.get("/recordings?explicit=hide").json()["items"]
    assert [item["gid"] for item in shown] == [str(row.gid)]


def test_lists_are_narrowed_to_words(guest):
    row = music.release("夜曲", tracks=("夜に駆ける", "Ebb"), label=know_label(name="夜航船"), year=1998)
    index_release(row)
    for one in Recording.objects.all():
        index_recording(one)
    for kind in ("releases", "recordings", "labels"):
        (found,) = guest.get(f"/{kind}?q=ye").json()["items"]
        assert "夜" in (found.get("title") or found["name"])
        assert guest.get(f"/{kind}?q=nothing").json()["items"] == []
    assert [it["name"] for it in guest.get("/artists?q=ti").json()["items"]] == ["Tide"]
    assert [it["year"] for it in guest.get("/years?q=19").json()["items"]] == [1998]
    assert guest.get("/years?q=20").json()["items"] == []


def test_lists_begin_where_they_are_asked_to(guest):
    for title in ("Ebb", "Flood", "Slack"):
        music.release(title, tracks=(title,))
    Recording.objects.update(sort_title=Lower("title"))
    for kind in ("releases", "recordings"):
        items = guest.get(f"/{kind}?sort=title&start=f&limit=1").json()
        assert items["items"][0]["title"] == "Flood"
        after = guest.get(f"/{kind}?sort=title&cursor={items['next']}").json()["items"]
        assert [it["title"] for it in after] == ["Slack"]


@pytest.mark.parametrize(
    "query",
    [
        "releases?start=f",
        "releases?sort=title&start=ab",
        "releases?sort=date&start=f",
        "recordings?start=2",
        "genres?start=a",
    ],
)
def test_a_place_that_a_list_has_not_is_refused(guest, query):
    answer = guest.get(f"/{query}")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert answer.json()["errors"][0]["at"] == "query.start"
