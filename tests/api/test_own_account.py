"""An account about itself, by page and by token."""

import pytest
from django.test import Client

from alpheus.api.token import Scope
from alpheus.exchange.takeout.models import Export
from alpheus.exchange.takeout.tasks import make_export
from alpheus.parties.models import Account

pytestmark = pytest.mark.django_db


@pytest.fixture
def own(program, member):
    return program(member, Scope.ACCOUNT)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/me/settings"),
        ("PATCH", "/me/settings"),
        ("GET", "/me/sign-ins"),
        ("DELETE", "/me/sign-ins"),
        ("DELETE", "/me/sign-ins/1"),
        ("POST", "/me/export"),
        ("GET", "/me/export"),
        ("POST", "/me/deletion"),
    ],
)
def test_guests_and_tokens_made_for_other_things_are_refused(guest, program, member, method, path):
    body = {} if method in {"PATCH", "POST"} else None
    assert guest.call(method, path, body).json()["code"] == "sign_in_needed"
    listens = program(member, Scope.READ, Scope.LISTEN)
    assert listens.call(method, path, body).json()["code"] == "scope_missing"


def test_settings_change_one_by_one(own, member):
    assert own.get("/me/settings").json() == {"name": "Wren", "language": "", "hides_explicit": False}
    changed = own.call("PATCH", "/me/settings", {"hides_explicit": True, "language": "zh-Hans"})
    assert changed.json() == {"name": "Wren", "language": "zh-hans", "hides_explicit": True}
    member.refresh_from_db()
    assert (member.locale, member.hides_explicit) == ("zh-hans", True)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"language": "tlh"}, "language_unknown"),
        ({"email": "x@example.com"}, "invalid"),
        ({"name": "\0"}, "invalid"),
    ],
)
def test_settings_that_are_none_change_nothing(own, member, given, code):
    answer = own.call("PATCH", "/me/settings", given)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    member.refresh_from_db()
    assert (member.name, member.locale) == ("Wren", "")


def test_sign_ins_are_listed_and_ended(own, member, password):
    browser = Client()
    browser.post("/account/login/", {"login": member.email, "password": password})
    (row,) = own.get("/me/sign-ins").json()["items"]
    assert (row["address"], row["current"], row["device"]) == ("127.0.0.1", False, None)
    assert own.call("DELETE", f"/me/sign-ins/{row['id']}").status_code == 204
    assert own.get("/me/sign-ins").json() == {"items": []}
    assert own.call("DELETE", f"/me/sign-ins/{row['id']}").json()["code"] == "sign_in_unknown"
    assert browser.get("/account/").status_code == 302


def test_an_export_is_asked_for_made_and_loaded_by_its_owner(own, program, operator):
    assert own.get("/me/export").json()["code"] == "not_found"
    asked = own.post("/me/export")
    assert (asked.status_code, asked.json()["ready"]) == (202, False)
    gid = asked.json()["gid"]
    assert own.get(f"/me/export/{gid}").status_code == 404
    make_export.func(Export.objects.get().pk)
    assert own.get("/me/export").json()["ready"]
    loaded = own.get(f"/me/export/{gid}")
    assert (loaded["Content-Type"], loaded.content[:2]) == ("application/zip", b"PK")
    assert loaded["Cache-Control"] == "no-store"
    assert program(operator, Scope.ACCOUNT).get(f"/me/export/{gid}").status_code == 404


class TestDeletion:
    def test_a_token_alone_deletes_nothing(self, own, member):
        answer = own.post("/me/deletion", {"password": "wrong"})
        assert (answer.status_code, answer.json()["code"]) == (401, "password_wrong")
        member.refresh_from_db()
        assert member.erase_at is None

    def test_guessing_is_limited_and_says_until_when(self, own):
        answers = [own.post("/me/deletion", {"password": f"wrong {n}"}) for n in range(11)]
        assert answers[-1].status_code == 429
        assert int(answers[-1]["Retry-After"]) > 0

    def test_tokens_open_nothing_any_more_and_a_new_sign_in_keeps_the_account(
        self, own, guest, member, password
    ):
        answer = own.post("/me/deletion", {"password": password})
        assert answer.status_code == 202
        assert own.get("/me/settings").json()["code"] == "token_invalid"
        made = guest.post("/tokens", {"email": member.email, "password": password})
        assert made.status_code == 201
        assert Account.objects.get().erase_at is None
        assert own.get("/me/settings").status_code == 200
