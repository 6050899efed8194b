"""A key makes any call that changes something be done once; its answer cannot be read from the database."""

import music
import pytest
from api_client import Api

from alpheus.api.models import Answered, Attempt, Token
from alpheus.api.routes import api
from alpheus.listening.library.models import PlaylistItem
from alpheus.parties.models import Account

pytestmark = pytest.mark.django_db

DONE_ONCE_ANYWAY = {
    "play", "preview", "add_grants",  # their answers hold keys that end in minutes
    "mint_isrc", "mint_upc", "give_cover", "give_header",  # asked again, it is the same number and the same picture
    "see_payee",  # every call is a sight of its own, and what was seen is never kept
    "edit_session",  # operations name themselves
    "match_intake", "correct_intake",  # the first changes nothing, and the same sheet again is the same sheet
    "begin_intake",  # a form with a file; brought twice, the second intake is there to be dropped
    "ask_confirmation", "ask_new_password",  # a second letter so soon is refused by their limits
    "change_member", "leave_shop", "answer_shop_invitation",  # a second time finds it done
    "cancel_grants", "report_held", "clean_device", "sign_out_others", "delete_account", "leave",
}  # fmt: skip


@pytest.fixture
def member(db):
    return Account.objects.create_user("wren@example.com", "a long password", name="Wren")


@pytest.fixture
def wren(member):
    return Api(account=member)


@pytest.fixture
def playlist(wren):
    gids = [str(music.recording(title).gid) for title in ("Ebb", "Flood", "Slack")]
    return wren.post("/playlists", {"title": "Rain", "recordings": gids}).json()["gid"]


def titles():
    return [it.recording.title for it in PlaylistItem.objects.filter(removed_at=None).order_by("position")]


def twice(call):
    first, again = call(), call()
    assert first.status_code < 300, first.content
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert again["Idempotency-Replayed"] == "true"
    return first.json()


def test_every_call_that_changes_something_takes_a_key():
    paths = api.get_openapi_schema()["paths"]
    changing = [it for path in paths.values() for method, it in path.items() if method in {"post", "patch"}]
    without = {it["operationId"] for it in changing if "Idempotency-Key" not in it["description"]}
    assert without == DONE_ONCE_ANYWAY


def test_a_change_of_a_playlist_is_made_once(wren, playlist):
    rows = list(PlaylistItem.objects.order_by("position"))
    moved = f"/playlists/{playlist}/items/{rows[0].gid}/move"
    twice(lambda: wren.post(moved, {"after": "end"}, Idempotency_Key="move", If_Match='"v2"'))
    assert titles() == ["Flood", "Slack", "Ebb"]
    removed = f"/playlists/{playlist}/items/remove"
    twice(lambda: wren.post(removed, {"items": [str(rows[1].gid)]}, Idempotency_Key="out"))
    twice(lambda: wren.post(f"/playlists/{playlist}/undo", {}, Idempotency_Key="undo"))
    assert titles() == ["Flood", "Slack", "Ebb"], "the second undid the move as well"
    described = {"title": "Sun"}
    version = wren.get(f"/playlists/{playlist}").headers["ETag"]
    address = f"/playlists/{playlist}"
    told = twice(lambda: wren.call("PATCH", address, described, Idempotency_Key="sun", If_Match=version))
    assert told["title"] == "Sun"


def test_a_link_and_a_token_are_made_once_and_kept_by_nobody(wren, member, playlist):
    link = twice(lambda: wren.post(f"/playlists/{playlist}/invitation", Idempotency_Key="link"))
    given = {"email": "wren@example.com", "password": "a long password", "name": "script"}
    made = twice(lambda: Api().post("/tokens", given, Idempotency_Key="token"))
    assert Token.objects.filter(account=member, name="script").count() == 1
    kept = " ".join(Answered.objects.values_list("body", flat=True))
    assert kept
    for secret in (link["secret"], made["token"], "Rain"):
        assert secret not in kept


def test_a_wrong_password_is_counted_with_a_key_too(member):
    wrong = {"email": "wren@example.com", "password": "wrong", "name": "script"}
    for _ in range(2):
        answer = Api().post("/tokens", wrong, Idempotency_Key="token")
        assert (answer.status_code, answer.json()["code"]) == (401, "password_wrong")
    assert not Answered.objects.exists()
    assert set(Attempt.objects.values_list("count", flat=True)) == {2}


def test_an_answer_of_before_they_were_sealed_is_given_still(wren):
    first = wren.post("/playlists", {"title": "Rain"}, Idempotency_Key="k")
    Answered.objects.update(body=first.content.decode())
    again = wren.post("/playlists", {"title": "Rain"}, Idempotency_Key="k")
    assert again.content == first.content
