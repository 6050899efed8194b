"""Every error is a problem, in the reader's language."""

import re
from pathlib import Path
from uuid import uuid4

import pytest

from alpheus.api import browse, problems
from alpheus.api.problems import PROBLEMS

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).parents[2]
# Fixed, because a case is named by its path, which must be the same in every worker.
NOBODY = "6f9619ff-8b86-4011-b42d-00cf4fc964ff"
QUEUE = {"queue": [NOBODY]}


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("GET", "/nowhere", None, 404, "not_found"),
        ("POST", "/nowhere/at/all", {}, 404, "not_found"),
        ("GET", "/", None, 404, "not_found"),
        ("GET", f"/recordings/{NOBODY}", None, 404, "not_found"),
        ("GET", f"/recordings/{NOBODY}/lyrics", None, 404, "not_found"),
        ("GET", f"/releases/{NOBODY}", None, 404, "not_found"),
        ("GET", f"/artists/{NOBODY}", None, 404, "not_found"),
        ("GET", "/recordings/no-uuid", None, 404, "not_found"),
        ("GET", "/releases?cursor=xyz", None, 400, "cursor_invalid"),
        ("GET", "/releases?limit=0", None, 422, "invalid"),
        ("GET", "/releases?limit=many", None, 422, "invalid"),
        ("GET", "/search", None, 422, "invalid"),
        ("GET", "/search?q=" + "x" * 201, None, 422, "invalid"),
        ("GET", "/recordings/some?" + "&".join([f"gid={NOBODY}"] * 51), None, 422, "invalid"),
        ("DELETE", "/me", None, 405, "method_not_allowed"),
        ("POST", "/play", "{not json", 400, "malformed"),
        ("POST", "/play", [], 422, "invalid"),
        ("POST", "/play", {"queue": []}, 422, "invalid"),
        ("POST", "/play", QUEUE | {"index": -1}, 422, "invalid"),
        ("POST", "/play", QUEUE | {"rendition": "mp3"}, 422, "invalid"),
        ("POST", "/play", QUEUE | {"qeue": 1}, 422, "invalid"),
        ("POST", "/play", QUEUE, 404, "nothing_to_play"),
        ("POST", "/play", b'{"queue": ["' + b"x" * 2**20 + b'"]}', 413, "too_large"),
        ("POST", "/play", {"queue": [NOBODY] * 10_001}, 422, "invalid"),
        ("POST", "/session/ops", {"ops": [{"op": "dance"}]}, 422, "invalid"),
        ("POST", "/session/ops", {"ops": [{"op": "transfer", "device": NOBODY}]}, 404, "device_unknown"),
        ("POST", "/session/ops", {"ops": [{"op": "play"}]}, 409, "device_away"),
        ("POST", f"/streams/{NOBODY}/grants", {}, 410, "stream_ended"),
        ("PATCH", f"/devices/{NOBODY}", {"name": "x"}, 404, "device_unknown"),
        ("POST", "/tokens", {"email": "a@b.example", "password": "x"}, 401, "password_wrong"),
        ("POST", "/tokens", {"days": 0}, 422, "invalid"),
        ("POST", "/tokens", {"email": "a\0@b.example", "password": "x"}, 422, "invalid"),
        ("POST", "/tokens", {"name": "\0"}, 422, "invalid"),
        ("PATCH", f"/devices/{NOBODY}", {"name": "\0"}, 422, "invalid"),
        ("GET", "/releases?genre=%00", None, 422, "invalid"),
        ("DELETE", "/tokens/current", None, 401, "sign_in_needed"),
        ("GET", "/office/listening", None, 401, "sign_in_needed"),
    ],
)
def test_what_is_wrong_is_said(guest, method, path, body, status, code):
    response = guest.call(method, path, body)
    assert (response.status_code, response.json()["code"]) == (status, code)
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.headers["Cache-Control"] == "no-store"
    problem = response.json()
    assert problem["type"] == f"urn:alpheus:problem:{code}"
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"]


def test_the_place_of_a_fault_is_told(guest):
    response = guest.post("/play", {"queue": [str(uuid4()), "x"], "index": -1})
    assert {error["at"] for error in response.json()["errors"]} == {"/queue/1", "/index"}
    response = guest.get("/releases?limit=0")
    assert [error["at"] for error in response.json()["errors"]] == ["query.limit"]


def test_allowed_methods_are_told(guest):
    assert set(guest.call("PATCH", "/session", {}).headers["Allow"].split(", ")) == {"GET"}


def test_only_json_is_taken(guest):
    response = guest.http.post("/api/v1/play", data="{}", content_type="text/plain")
    assert (response.status_code, response.json()["code"]) == (415, "not_json")


@pytest.mark.parametrize("header", ["Bearer nonsense", "Basic d3JlbjpwYXNz", "Bearer"])
def test_a_token_that_does_not_hold_is_never_a_guest(guest, header):
    response = guest.get("/me", Authorization=header)
    assert (response.status_code, response.json()["code"]) == (401, "token_invalid")
    assert response.headers["WWW-Authenticate"].startswith("Bearer")


def test_our_own_faults_are_logged_and_hidden(guest, monkeypatch, caplog):
    def fail(*_args, **_given):
        raise RuntimeError("secret detail")

    monkeypatch.setattr(browse.lists, "artists", fail)
    response = guest.get("/artists")
    assert (response.status_code, response.json()["code"]) == (500, "failed")
    assert b"secret" not in response.content
    assert "secret detail" in caplog.text


def test_problems_speak_the_readers_language(guest):
    english = guest.get("/nowhere", Accept_Language="en")
    chinese = guest.get("/nowhere", Accept_Language="zh-CN,zh;q=0.9")
    assert english.json()["title"] == "Not here"
    assert chinese.json()["title"] != "Not here"
    assert chinese.headers["Content-Language"] == "zh-Hans"
    assert chinese.json()["code"] == english.json()["code"]


def test_every_problem_is_translated_and_documented():
    docs = (ROOT / "docs" / "api.md").read_text()
    words = (ROOT / "src/alpheus/api/locale/zh_Hans/LC_MESSAGES/django.po").read_text()
    for code, kind in problems.PROBLEMS.items():
        assert re.search(rf"\| `{code}` \| {int(kind.status)} \|", docs), code
        for text in (kind.title, kind.detail):
            assert f'msgid "{text}"\nmsgstr "' in words, text
            assert f'msgid "{text}"\nmsgstr ""' not in words, text


def test_every_code_of_listening_has_an_answer():
    from alpheus.listening.errors import ListeningError

    def leaves(kind):
        below = kind.__subclasses__()
        return {leaf for one in below for leaf in leaves(one)} if below else {kind}

    assert {error.code for error in leaves(ListeningError)} <= PROBLEMS.keys()
