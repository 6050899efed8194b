"""Shops by the API: found by their address, kept by their owner, and nobody else's business before they open."""

import io

import pytest
from applying import NOW, account
from details_of import PERSON
from django.core.files.uploadedfile import SimpleUploadedFile
from opened_shop import accepted
from PIL import Image

from alpheus.parties import details
from alpheus.parties.models import StaffRole

pytestmark = pytest.mark.django_db


@pytest.fixture
def musician(program):
    made = account("tide")
    accepted(made, account("owl", StaffRole.Role.AUDITOR))
    return program(made), made


def test_from_founded_to_open_and_closed(musician, guest):
    client, owner = musician
    mine = client.call("get", "/studio/shop").json()
    assert (mine["state"], mine["missing"], mine["releases"]) == ("founded", ["details", "handle"], [])
    assert client.call("post", "/studio/shop/open", {}).json()["code"] == "shop_not_ready"
    assert client.call("patch", "/studio/shop", {"handle": "shops"}).json()["code"] == "handle_refused"
    changed = client.call(
        "patch", "/studio/shop", {"handle": "@Low-Tide", "hue": 210, "links": ["tidal.example"]}
    ).json()
    assert (changed["handle"], changed["hue"], changed["links"]) == (
        "low-tide",
        210,
        ["https://tidal.example"],
    )
    details.give(account=owner, fields=PERSON, now=NOW)
    assert guest.call("get", "/shops/low-tide").json()["code"] == "shop_unknown"
    assert client.call("post", "/studio/shop/open", {}).json()["state"] == "open"
    shown = guest.call("get", "/shops/low-tide").json()
    assert [it["title"] for it in shown["releases"]] == ["雨夜"]
    assert [it["handle"] for it in guest.call("get", "/shops").json()["items"]] == ["low-tide"]
    order = {"releases": [shown["releases"][0]["gid"]]}
    assert client.call("put", "/studio/shop/order", order).status_code == 200
    assert shown["featured"] is None
    first = {"thing": shown["releases"][0]["gid"]}
    featured = client.call("put", "/studio/shop/featured", first).json()["featured"]
    assert (featured["kind"], featured["gid"], featured["title"]) == ("release", first["thing"], "雨夜")
    assert guest.call("get", "/shops/low-tide").json()["featured"] == featured
    nowhere = {"thing": "5e0f4c53-70b6-4d9a-9ac3-9c41f4b5d2f0"}
    assert client.call("put", "/studio/shop/featured", nowhere).json()["code"] == "not_standing"
    assert client.call("patch", "/studio/shop", {"handle": "river"}).json()["code"] == "handle_taken"
    assert client.call("patch", "/studio/shop", {"hue": -1}).json()["hue"] is None
    assert client.call("post", "/studio/shop/close", {}).json()["state"] == "closed"
    assert guest.call("get", "/shops").json()["items"] == []


def test_a_taken_address_is_told_with_a_free_one(musician, program):
    client, _ = musician
    assert client.call("patch", "/studio/shop", {"handle": "low-tide"}).status_code == 200
    other = account("ebb")
    accepted(other, account("owl2", StaffRole.Role.AUDITOR), artist_name="Ebb")
    told = program(other).call("patch", "/studio/shop", {"handle": "low-tide"}).json()
    assert told["code"] == "handle_taken"
    assert told["detail"] == "Another shop has this address. low-tide-2 is free."


def test_who_has_none_is_told(program):
    client = program(account("magpie"))
    for method, path in (
        ("get", "/studio/shop"),
        ("get", "/studio/audience"),
        ("post", "/studio/shop/open"),
        ("post", "/studio/shop/close"),
    ):
        assert client.call(method, path, {} if method == "post" else None).json()["code"] == "no_shop"


def test_an_audience_is_ones_own(musician):
    client, _ = musician
    told = client.call("get", "/studio/audience?days=28").json()
    assert (told["plays"], told["listeners"], told["elsewhere"], told["territories"]) == (0, 0, 0, [])
    assert [it["title"] for it in told["recordings"]] == ["雨夜"]
    assert client.call("get", "/studio/audience?days=5").status_code == 422


def test_a_split_is_proposed_and_answered(musician, program):
    client, _ = musician
    recording = client.call("get", "/studio/audience").json()["recordings"][0]["gid"]
    given = {
        "recordings": [recording],
        "own_parts": 6000,
        "people": [{"name": "Reed", "email": "reed@example.com", "parts": 4000}],
        "from_date": "2099-01-01",
    }
    wrong = given | {"own_parts": 5000}
    assert client.call("post", "/studio/splits", wrong).json()["code"] == "split_refused"
    made = client.call("post", "/studio/splits", given)
    assert (made.status_code, made.json()["state"]) == (201, "proposed")
    assert client.call("post", "/studio/splits", given).json()["code"] == "split_pending"
    gid, reed = made.json()["gid"], program(account("reed"))
    assert reed.call("post", f"/studio/splits/{gid}/withdraw", {}).json()["code"] == "split_unknown"
    said = reed.call("post", f"/studio/splits/{gid}/answer", {"accepts": True}).json()
    assert (said["state"], said["counts_from"]) == ("agreed", "2099-01-01")
    assert client.call("post", f"/studio/splits/{gid}/withdraw", {}).json()["code"] == "split_settled"
    assert [it["gid"] for it in client.call("get", "/studio/splits").json()["own"]] == [gid]
    assert [it["gid"] for it in reed.call("get", "/studio/splits").json()["shared"]] == [gid]


def test_a_header_picture_comes_as_a_form_and_goes(musician, guest):
    client, owner = musician
    details.give(account=owner, fields=PERSON, now=NOW)
    client.call("patch", "/studio/shop", {"handle": "low-tide"})
    client.call("post", "/studio/shop/open", {})
    assert guest.call("get", "/shops/low-tide").json()["header"] is None
    sink = io.BytesIO()
    Image.new("RGB", (1000, 500), "teal").save(sink, "PNG")

    def give(data):
        form = {"image": SimpleUploadedFile("h.png", data, "image/png")}
        return client.http.post("/api/v1/studio/shop/header", form, headers=client.headers)

    given = give(sink.getvalue())
    assert given.json()["header"]["widths"] == [480, 960]
    header = guest.call("get", "/shops/low-tide").json()["header"]
    assert header == given.json()["header"]
    assert guest.http.get(header["url"]).status_code == 200
    assert give(b"<svg/>").json()["code"] == "header_unfit"
    assert client.call("get", "/studio/shop").json()["header"] == header
    assert client.call("delete", "/studio/shop/header").status_code == 204
    assert guest.call("get", "/shops/low-tide").json()["header"] is None
