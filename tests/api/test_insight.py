import music
import pytest

from alpheus.catalogue.models import Genre

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf():
    genre = Genre.objects.create(slug="dub", name="dub")
    made = [music.release(title, by=by) for title, by in (("Estuary", "Tide"), ("Delta", "Silt"))]
    for release in made:
        release.genres.add(genre)
    return made


def test_a_radio_begins_from_anything_and_says_why(guest, shelf):
    artist = shelf[0].credit.artists.get().artist
    recording = shelf[0].media.get().tracks.first().recording
    for seed in (
        f"artist/{artist.gid}",
        f"release/{shelf[0].gid}",
        f"recording/{recording.gid}",
        "genre/dub",
    ):
        got = guest.get(f"/radio/{seed}?n=3&limit=3").json()
        assert (got["number"], got["by"], len(got["items"])) == (3, "tags", 3), seed
        assert all(item["why"]["text"] for item in got["items"])
    chinese = guest.get("/radio/genre/dub", Accept_Language="zh-CN").json()
    assert (
        chinese["items"][0]["why"]["text"] != guest.get("/radio/genre/dub").json()["items"][0]["why"]["text"]
    )


@pytest.mark.parametrize(
    "path",
    ["/radio/artist/none", "/radio/genre/none", "/radio/genre/%00", "/artists/" + "0" * 32 + "/similar"],
)
def test_from_nothing_comes_nothing(guest, path):
    response = guest.get(path)
    assert (response.status_code, response.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize("query", ["n=-1", "n=1000000", "limit=0", "limit=101", "explicit=maybe"])
def test_what_cannot_be_asked_is_said(guest, query):
    assert guest.get(f"/radio/genre/dub?{query}").status_code == 422


def test_similar_artists_and_what_is_made_for_a_guest(guest, shelf):
    artist = shelf[0].credit.artists.get().artist
    (only,) = guest.get(f"/artists/{artist.gid}/similar").json()["items"]
    assert (only["artist"]["name"], only["why"]["text"]) == ("Silt", "Same genre: dub")
    made = guest.get("/me/radios").json()
    assert (made["of"], [item["key"] for item in made["items"]]) == ("nothing", ["dub"])
