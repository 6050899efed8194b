"""Who asks again is told by 304 that nothing changed; one account's answer is never taken for another's."""

import music
import pytest
from api_client import Api
from applying import account
from django.utils import timezone
from freezegun import freeze_time
from opened_shop import opened

from alpheus.catalogue.models import Recording
from alpheus.parties.know_label import know_label
from alpheus.parties.models import Account, StaffRole

pytestmark = pytest.mark.django_db


@pytest.fixture
def release():
    return music.release(label=know_label(name="Mooring"))


@pytest.fixture
def gids(release):
    return [str(row.gid) for row in Recording.objects.all()]


@pytest.fixture
def tove(db):
    return Api(account=Account.objects.create_user("tove@example.com", name="Tove"))


def again(client, path):
    """The first answer, once a second one was found to be 304 and to carry the same headers."""
    first = client.get(path)
    assert first.status_code == 200, first.content
    assert {"Cookie", "Authorization", "Accept-Language"} <= set(first["Vary"].split(", "))
    second = client.get(path, If_None_Match=first["ETag"])
    assert (second.status_code, second.content) == (304, b"")
    assert set(first["Vary"].split(", ")) - set(second["Vary"].split(", ")) <= {"Accept-Encoding"}
    for name in ("ETag", "Cache-Control"):
        assert second[name] == first[name]
    return first


@pytest.mark.parametrize(
    "path",
    ["/artists/{artist}", "/releases/{release}", "/recordings/{recording}", "/labels/{label}", "/genres",
     "/labels", "/years", "/artists", "/releases", "/recordings", "/shops", "/search?q=est"],
)  # fmt: skip
def test_what_is_browsed(guest, release, path):
    named = {
        "artist": release.credit.artists.get().artist.gid,
        "release": release.gid,
        "recording": Recording.objects.first().gid,
        "label": release.label.gid,
    }
    assert again(guest, path.format(**named))["Cache-Control"] == "private, no-cache"


def test_a_shop_until_it_changes(guest, program):
    owner = account("tide")
    opened(owner, account("owl", StaffRole.Role.AUDITOR))
    seen = again(guest, "/shops/tide")
    program(owner).call("PATCH", "/studio/shop", {"hue": 210})
    changed = guest.get("/shops/tide", If_None_Match=seen["ETag"])
    assert (changed.status_code, changed.json()["hue"]) == (200, 210)


def test_what_is_kept_and_playlists_until_they_change(page, release, gids):
    playlist = page.post("/playlists", {"title": "Rain", "recordings": gids[:1]}).json()["gid"]
    page.call("PUT", f"/library/release/{release.gid}")
    seen = {
        path: again(page, path)["ETag"]
        for path in (
            "/playlists",
            f"/playlists/{playlist}",
            f"/playlists/{playlist}/items",
            "/library/releases",
            "/library/recordings",
            f"/library/among?gid={gids[1]}",
        )
    }
    page.post(f"/playlists/{playlist}/items", {"recordings": gids[1:]})
    page.call("DELETE", f"/library/release/{release.gid}")
    page.call("PUT", f"/library/recording/{gids[1]}")
    for path, etag in seen.items():
        assert page.get(path, If_None_Match=etag).status_code == 200, path


@pytest.mark.parametrize("path", ["/playlists", "/library/recordings", "/library/playlists"])
def test_equal_answers_of_two_accounts_are_told_apart(page, tove, guest, path):
    """Both are empty to the byte, and still neither holds for the other: a browser may change its account."""
    answers = [client.get(path) for client in (page, tove, guest)]
    assert len({it.content for it in answers}) == 1
    assert len({it["ETag"] for it in answers}) == 3
    for client in (tove, guest):
        assert client.get(path, If_None_Match=answers[0]["ETag"]).status_code == 200


def test_a_playlists_owner_and_its_reader_have_their_own(page, tove, gids):
    made = page.post("/playlists", {"title": "Rain", "recordings": gids, "visibility": "public"}).json()
    path = f"/playlists/{made['gid']}"
    own, read = again(page, path), again(tove, path)
    assert own["ETag"].split(".")[0] == read["ETag"].split(".")[0] == f'"v{made["version"]}'
    assert page.get(path, If_None_Match=read["ETag"]).status_code == 200
    assert tove.get(path, If_None_Match=own["ETag"]).json()["undoable"] is None


def test_any_of_several_and_the_weak_form_hold(page):
    etag = page.get("/playlists")["ETag"]
    assert page.get("/playlists", If_None_Match=f'"other", W/{etag}').status_code == 304
    assert page.get("/playlists", If_None_Match='"other"').status_code == 200


class TestSession:
    @pytest.fixture
    def playing(self, page, gids):
        page.post("/play", {"queue": gids})
        return page

    def test_it_goes_on_by_itself_and_is_kept_by_nobody_else(self, playing):
        with freeze_time(timezone.now()) as clock:
            first = again(playing, "/session")
            clock.tick(3)
            assert playing.get("/session").json()["position_ms"] == first.json()["position_ms"] + 3_000
            assert playing.get("/session", If_None_Match=first["ETag"]).status_code == 304
        assert first["ETag"].startswith('W/"')
        assert first["Cache-Control"] == "no-store"

    def test_the_next_entry_a_jump_and_an_edit_are_told(self, playing, gids):
        with freeze_time(timezone.now()) as clock:
            seen = playing.get("/session")["ETag"]
            edit = playing.post("/session/ops", {"ops": [{"op": "repeat", "repeat": "all"}]})
            assert edit.status_code == 200, edit.content
            edited = playing.get("/session", If_None_Match=seen)
            assert edited.status_code == 200
            clock.tick(241)  # the first recording has 240 s
            assert playing.get("/session", If_None_Match=edited["ETag"]).status_code == 200

    def test_another_account_has_its_own(self, playing, tove):
        seen = playing.get("/session")["ETag"]
        assert tove.get("/session", If_None_Match=seen).status_code == 200
