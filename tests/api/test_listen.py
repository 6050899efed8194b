"""Press play by the API: grants that the edge believes, the first batch, sessions, devices."""

import json
from dataclasses import replace
from uuid import UUID, uuid4

import jwt
import music
import pytest
from api_client import Api
from asgiref.sync import sync_to_async
from django.conf import settings as django_settings
from django.test import AsyncClient
from stub_edge import StubEdge

from alpheus.listening.models import Device, Grant, Listener, Play, PlaybackSession
from alpheus.listening.terms import Edge
from alpheus.rights.rules import Access

pytestmark = pytest.mark.django_db


def claims_of(grant, *, stream=None):
    terms = django_settings.LISTENING
    read = jwt.decode(
        grant["token"],
        terms.grant_key.public_key(),
        algorithms=["EdDSA"],
        audience="edge-1",
        issuer="alpheus",
    )
    assert read["jti"] == grant["id"]
    assert stream is None or read["str"] == stream
    return read


@pytest.fixture
def songs(db):
    return [music.recording(title) for title in "ABCDE"]


def told(event):
    """The session that an event tells."""
    return json.loads(next(line[6:] for line in event.decode().splitlines() if line.startswith("data: ")))


def recordings(got):
    """The recordings of a session's queue."""
    return [entry["recording"] for entry in got["entries"]]


def queue(songs):
    return {"queue": [str(song.gid) for song in songs]}


def test_a_report_of_who_is_not_known_makes_nobody(guest, songs):
    """A page's last word, after its cookies went: its answer may come after an account's new cookie, and must not take its place."""
    report = {
        "op": "report",
        "stream": str(uuid4()),
        "entry": str(uuid4()),
        "position_ms": 100,
        "playing": False,
        "heard": 0,
    }
    response = guest.post("/session/ops", {"ops": [report]})
    assert (response.status_code, response.json()["id"]) == (200, None)
    assert "sessionid" not in response.cookies
    assert not Listener.objects.exists()
    insert = {"op": "insert", "seed": "b" * 24, "recordings": [str(songs[0].gid)]}
    response = guest.post("/session/ops", {"ops": [report, insert]})
    assert recordings(response.json()) == [str(songs[0].gid)], "what brings something is kept"
    assert "sessionid" in response.cookies


def test_a_guest_plays_without_an_account(guest, songs):
    response = guest.post("/play", queue(songs))
    got = response.json()
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    cookie = response.cookies["sessionid"]
    assert (cookie["samesite"], cookie["httponly"]) == ("Lax", True)
    assert got["edge"] == "http://testserver:8001"
    assert got["batch"] is None  # no edge listens
    assert [grant["recording"] for grant in got["grants"]] == [str(songs[0].gid)]
    assert list(got["recordings"]) == [str(song.gid) for song in songs[:2]]
    claims = claims_of(got["grants"][0], stream=got["stream"])
    listener = Listener.objects.get()
    assert claims["acc"] == listener.gid.hex
    assert len(claims["net"]) == 32
    assert claims["win"] == [0, songs[0].asset.samples]
    assert got["grants"][0]["window_ms"] == [0, 240_000]
    again = guest.post("/play", queue(songs) | {"device": got["device"]}).json()
    assert again["device"] == got["device"]
    assert again["stream"] != got["stream"]
    assert Listener.objects.count() == 1


def test_a_members_grant_names_no_network(page, songs):
    claims = claims_of(page.post("/play", queue(songs)).json()["grants"][0])
    assert "net" not in claims


def test_the_edges_first_batch_comes_along(guest, songs, settings):
    with StubEdge(body={"sequence": 0, "strategy": "ladder", "released": []}) as stub:
        near = Edge("edge-1", "https://edge.example", 8001, stub.url)
        settings.LISTENING = replace(settings.LISTENING, edges=(near,))
        got = guest.post("/play", queue(songs) | {"index": 1, "position_ms": 8_000}).json()
    assert got["batch"] == {"sequence": 0, "strategy": "ladder", "released": []}
    assert got["edge"] == "https://edge.example"
    path, _, body = stub.asked[0]
    assert path == f"/v1/streams/{got['stream']}/batches"
    assert body["at"] == {"grant": got["grants"][0]["id"], "sample": 8 * music.RATE_HZ}
    assert body["grants"] == [grant["token"] for grant in got["grants"]]


def test_a_slow_edge_does_not_hold_the_player(guest, songs, settings):
    with StubEdge(delay_seconds=2) as stub:
        slow = Edge("edge-1", "", 8001, stub.url)
        settings.LISTENING = replace(settings.LISTENING, edges=(slow,), edge_timeout_seconds=0.1)
        response = guest.post("/play", queue(songs))
    assert (response.status_code, response.json()["batch"]) == (200, None)


def test_by_right_a_guest_hears_the_one_window(songs, settings):
    settings.LISTENING = replace(settings.LISTENING, access=Access.BY_RIGHT)
    windows = set()
    for position in (0, 60_000, 200_000):
        got = Api().post("/play", queue(songs) | {"position_ms": position}).json()["grants"][0]
        assert got["preview"]
        windows.add((*got["window_ms"], *claims_of(got)["win"]))
    assert len(windows) == 1
    assert Api().get("/me").json()["hears"] == "preview"


def test_what_is_not_ready_is_told(guest):
    response = guest.post("/play", queue([music.recording(renditions=())]))
    assert (response.status_code, response.json()["code"]) == (409, "not_ready")


def test_more_is_granted_and_renewed_and_cancelled(guest, songs, settings):
    got = guest.post("/play", queue(songs)).json()
    path = f"/streams/{got['stream']}"
    first = got["grants"][0]
    answer = guest.post(
        f"{path}/grants", {"recordings": [str(songs[4].gid), str(uuid4())], "renew": [first["id"]]}
    ).json()
    more = answer["grants"]
    assert list(answer["recordings"]) == [str(songs[4].gid)]
    assert [grant["recording"] for grant in more] == [str(songs[0].gid), str(songs[4].gid)]
    assert more[0]["id"] == first["id"]
    assert claims_of(more[0])["exp"] >= claims_of(first)["exp"]
    with StubEdge(body={}) as stub:
        settings.LISTENING = replace(settings.LISTENING, edges=(Edge("edge-1", "", 8001, stub.url),))
        assert guest.post(f"{path}/cancel", {"grants": [first["id"]]}).status_code == 204
    assert stub.asked[0][2] == {"grants": [first["id"]]}
    assert Grant.objects.get(gid=UUID(first["id"])).cancelled_at
    assert guest.post(f"{path}/grants", {"renew": [first["id"]]}).json() == {"grants": [], "recordings": {}}


def test_a_stream_holds_no_more_grants_than_a_queue_needs(guest, songs):
    got = guest.post("/play", queue(songs)).json()
    path = f"/streams/{got['stream']}/grants"
    one = str(songs[4].gid)
    assert len(guest.post(path, {"recordings": [one] * 50}).json()["grants"]) == 1
    held = Grant.objects.get(recording=songs[4])
    fields = {name: getattr(held, name) for name in ("stream", "edge", "gate", "listener", "recording")}
    fields |= {name: getattr(held, name) for name in ("window_start", "window_end", "expires_at")}
    Grant.objects.bulk_create(Grant(**fields) for _ in range(64 - Grant.objects.count() - 1))
    assert guest.post(path, {"recordings": [one]}).status_code == 200
    refused = guest.post(path, {"recordings": [one]})
    assert (refused.status_code, refused.json()["code"]) == (409, "too_many_grants")
    assert guest.post(path, {"renew": [held.gid.hex]}).status_code == 200
    Grant.objects.filter(gid=held.gid).update(cancelled_at=held.issued_at)
    assert guest.post(path, {"recordings": [one]}).status_code == 200


def test_a_cancellation_that_the_edge_does_not_confirm_is_told(guest, songs):
    got = guest.post("/play", queue(songs)).json()
    response = guest.post(f"/streams/{got['stream']}/cancel", {"grants": [got["grants"][0]["id"]]})
    assert (response.status_code, response.json()["code"]) == (502, "edge_unavailable")
    assert not Grant.objects.filter(cancelled_at=None).exists()


def test_nobody_gets_grants_for_anothers_stream(guest, songs, page):
    got = guest.post("/play", queue(songs)).json()
    page.post("/play", queue(songs))
    for path, body in (("grants", {"recordings": []}), ("cancel", {"grants": []})):
        assert page.post(f"/streams/{got['stream']}/{path}", body).status_code == 410


def test_a_guests_music_goes_on_when_they_sign_in(guest, member, songs):
    got = guest.post("/play", queue(songs)).json()
    guest.http.force_login(member)
    more = guest.post(f"/streams/{got['stream']}/grants", {"recordings": [str(songs[4].gid)]}).json()[
        "grants"
    ]
    assert claims_of(more[0])["acc"] == claims_of(got["grants"][0])["acc"]
    assert recordings(guest.get("/session").json()) == queue(songs)["queue"]
    assert Listener.objects.get(account=member).grants.count() == 2


def test_signing_out_ends_what_this_device_was_granted(page, member, program, songs):
    page.post("/play", queue(songs))
    program(member).post("/play", queue(songs), User_Agent="another device")
    assert Grant.objects.filter(cancelled_at=None).count() == 1, "one stream sounds"
    page.post("/play", queue(songs))
    page.http.logout()
    assert not Grant.objects.filter(cancelled_at=None).exists()
    assert [item["user_agent"] for item in program(member).get("/devices").json()["items"]] == [
        "another device"
    ]


def test_the_session_is_the_same_on_all_devices(member, program, page, songs):
    played = page.post("/play", queue(songs) | {"index": 2, "position_ms": 4_000, "seed": "ab" * 12}).json()
    got = program(member).get("/session").json()
    passing = ("position_ms", "you", "devices")
    assert {name: got[name] for name in got if name not in passing} == {
        name: played["session"][name] for name in got if name not in passing
    }
    assert (got["index"], got["recording"], got["entry"]) == (2, str(songs[2].gid), "ab" * 12 + "00000002")
    assert got["position_ms"] >= 4_000
    assert (got["playing"], got["stream"]) == (True, played["stream"])
    assert recordings(got) == queue(songs)["queue"]


def test_another_device_takes_over(member, program, page, songs):
    played = page.post("/play", queue(songs) | {"index": 1, "position_ms": 60_000}).json()
    phone = program(member)
    taken = phone.post("/play", {}).json()
    assert taken["grants"][0]["recording"] == str(songs[1].gid)
    assert taken["session"]["position_ms"] >= 60_000
    assert taken["session"]["stream"] == taken["stream"] != played["stream"]
    refused = page.post("/play", {"continues": {"stream": played["stream"]}, "position_ms": 61_000})
    assert (refused.status_code, refused.json()["code"]) == (409, "plays_elsewhere")
    assert page.post(
        f"/streams/{played['stream']}/grants", {"renew": [played["grants"][0]["id"]]}
    ).json() == {"grants": [], "recordings": {}}


def test_the_session_is_edited_from_anywhere(member, program, page, songs):
    page.post("/play", queue(songs[:3]) | {"seed": "0" * 24})
    entries = [f"{place:032x}" for place in range(3)]
    ops = [
        {"op": "insert", "seed": "b" * 24, "recordings": [str(songs[4].gid)], "after": entries[0]},
        {"op": "move", "entry": entries[2], "before": entries[0]},
        {"op": "remove", "entries": [entries[1]]},
        {"op": "shuffle", "on": False},
        {"op": "repeat", "repeat": "all"},
        {"op": "next"},
        {"op": "seek", "position_ms": 9_000},
        {"op": "jump", "entry": entries[2]},
        {"op": "pause"},
        {"op": "stop", "entry": entries[2]},
    ]
    got = program(member).post("/session/ops", {"ops": ops}).json()
    assert recordings(got) == [str(songs[place].gid) for place in (2, 0, 4)]
    assert (got["entry"], got["playing"], got["repeat"]) == (entries[2], False, "all")
    assert got["directed"] == got["version"] - 1, "to stop by itself is no word to the device that plays"
    assert (got["stops_in_ms"], got["stops_after"]) == (None, entries[2])
    part = page.get("/session/entries?offset=1&limit=1").json()
    assert (part["length"], part["entries"]) == (3, [{"id": entries[0], "recording": str(songs[0].gid)}])
    assert recordings(page.post("/session/ops", {"ops": [{"op": "clear"}]}).json()) == [str(songs[2].gid)]


def test_who_never_listened_has_an_empty_session_and_no_cookie(guest, page):
    response = guest.get("/session")
    got = response.json()
    assert (got["id"], got["entries"], got["live"]) == (None, [], False)
    assert guest.get("/session/entries").json()["length"] == 0
    assert "sessionid" not in response.cookies
    assert page.get("/session").json()["live"], "another device of theirs may begin"
    assert not Listener.objects.exists()
    assert not PlaybackSession.objects.exists()


def test_where_a_listener_is_is_told_by_a_proxy_of_ours_alone(guest, songs, settings):
    settings.LISTENING = replace(settings.LISTENING, territory="NL", territory_header="CF-IPCountry")
    told = {"CF_IPCountry": "kr"}

    def territory(**headers):
        got = guest.post("/play", queue(songs), **headers).json()
        assert claims_of(got["grants"][0])["ter"] == got["session"]["territory"]
        return got["session"]["territory"]

    assert territory(**told) == "NL"
    settings.TRUSTED_PROXIES = 1
    assert territory(**told) == "KR"
    assert territory(CF_IPCountry="XX") == "NL"


@pytest.mark.django_db(transaction=True)
async def test_changes_are_heard(member, songs, monkeypatch):
    monkeypatch.setattr(
        "alpheus.api.session._gone", lambda _device: None
    )  # another thread has no part in this
    api = await sync_to_async(Api)(account=member)
    hearing = AsyncClient()
    await hearing.aforce_login(member)
    response = await hearing.get("/api/v1/session/events")
    assert response.headers["Content-Type"].startswith("text/event-stream")
    assert (response.headers["X-Accel-Buffering"], response.headers["Cache-Control"]) == (
        "no",
        "no-store, no-transform",
    )
    events = response.streaming_content
    assert (await anext(events)).startswith(b"retry:")
    assert told(await anext(events))["id"] is None
    await sync_to_async(api.post)("/play", queue(songs))
    heard = told(await anext(events))
    assert heard["recording"] == str(songs[0].gid)
    assert len(heard["entries"]) == 5
    await sync_to_async(api.post)("/session/ops", {"ops": [{"op": "pause"}]})
    heard = told(await anext(events))
    assert (heard["playing"], heard["entries"]) == (False, None)
    assert any(device["hears"] for device in heard["devices"])
    await events.aclose()


async def test_who_has_nothing_to_hear_is_told_not_to_come_back():
    assert (await AsyncClient().get("/api/v1/session/events")).status_code == 204


def test_a_device_is_set_cleaned_and_signed_out_from_another(page, member, songs):
    laptop = page.post(
        "/play", queue(songs), User_Agent="Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"
    ).json()
    phone = Api(account=member)
    other = phone.post("/play", {}, User_Agent="Mozilla/5.0 (Linux; Android 15) Chrome/130.0 Mobile").json()
    kinds = {item["gid"]: item["kind"] for item in phone.get("/devices").json()["items"]}
    assert kinds == {laptop["device"]: "Firefox on Linux", other["device"]: "Chrome on Android"}
    path = f"/devices/{laptop['device']}"
    got = phone.call("PATCH", path, {"volume": 30, "quality": "flac", "loudness": "off"}).json()
    assert (got["volume"], got["quality"], got["loudness"], got["name"]) == (30, "flac", "off", "")
    assert phone.call("PATCH", path, {"volume": 101}).status_code == 422
    assert phone.post(f"{path}/clean").status_code == 204
    page.post(f"{path}/held", {"stored_bytes": 0, "memory_ms": 12_000})
    kept = Device.objects.get(gid=laptop["device"])
    assert (kept.memory_ms, kept.clean_asked_at is not None) == (12_000, True)
    page.post(f"{path}/held", {"stored_bytes": 0, "memory_ms": 0, "cleaned": True})
    kept.refresh_from_db()
    assert kept.clean_asked_at is None
    assert page.get("/me").json()["account"]
    phone.post("/devices/sign-out")
    response = page.get("/me")
    assert response.json()["account"] is None, "its session is over, not hidden"
    assert response.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert "Clear-Site-Data" not in page.get("/me").headers
    assert phone.get("/me").json()["account"]
    assert [item["gid"] for item in phone.get("/devices").json()["items"]] == [other["device"]]


def test_devices_are_listed_named_and_forgotten(page, songs, settings):
    device = page.post("/play", queue(songs), User_Agent="Firefox").json()["device"]
    (listed,) = page.get("/devices").json()["items"]
    assert (listed["gid"], listed["user_agent"]) == (device, "Firefox")
    assert page.call("PATCH", f"/devices/{device}", {"name": " Kitchen "}).json()["name"] == "Kitchen"
    with StubEdge(body={}) as stub:
        settings.LISTENING = replace(settings.LISTENING, edges=(Edge("edge-1", "", 8001, stub.url),))
        assert page.call("DELETE", f"/devices/{device}").status_code == 204
    assert len(stub.asked[0][2]["grants"]) == 1
    assert page.get("/devices").json()["items"] == []
    assert page.post("/play", queue(songs) | {"device": device}).json()["code"] == "device_unknown"


def test_what_was_played_is_listed(page, songs):
    page.post("/play", queue(songs))
    grant = Grant.objects.first()
    Play.objects.create(
        listener=grant.listener,
        recording=songs[0],
        grant=grant,
        stream=grant.stream,
        ordinal=0,
        started_at=grant.issued_at,
    )
    assert [item["title"] for item in page.get("/played").json()["items"]] == ["A"]
    assert Api().get("/played").json()["items"] == []


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("testserver", "http://testserver:8001"),
        ("localhost:8000", "http://localhost:8001"),
        ("[::1]:8000", "http://[::1]:8001"),
        ("[::1]", "http://[::1]:8001"),
    ],
)
def test_the_edge_is_where_the_page_is(guest, songs, settings, host, address):
    settings.ALLOWED_HOSTS = ["*"]
    response = guest.http.post(
        "/api/v1/play", queue(songs), content_type="application/json", headers={"Host": host}
    )
    assert response.json()["edge"] == address
