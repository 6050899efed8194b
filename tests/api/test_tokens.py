from datetime import timedelta

import pytest
from api_client import Api
from django.utils import timezone
from freezegun import freeze_time

from alpheus.api import token
from alpheus.api.models import Token
from alpheus.api.token import Scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in(guest, member, password):
    """What signing in by a program gives."""

    def made(**given):
        return guest.post("/tokens", {"email": member.email, "password": password} | given)

    return made


def test_signing_in_gives_a_token_that_is_kept_as_a_hash(signed_in, member):
    response = signed_in(name="mpd", scopes=["read", "account"], days=7)
    got = response.json()
    assert response.status_code == 201
    assert got["token"].startswith("alp_")
    row = Token.objects.get()
    assert got["token"] not in str(row.__dict__)
    assert (row.name, row.scopes, row.expires_at - row.created_at) == (
        "mpd",
        "account read",
        timedelta(days=7),
    )
    assert Api(secret=got["token"]).get("/me").json()["email"] == member.email


def test_an_address_is_the_same_in_any_case(guest, member, password):
    given = {"email": member.email.upper() + " ", "password": password}
    assert guest.post("/tokens", given).status_code == 201


def test_a_wrong_password_and_an_unknown_address_look_alike(guest, member):
    wrong = guest.post("/tokens", {"email": member.email, "password": "x"})
    unknown = guest.post("/tokens", {"email": "no@example.com", "password": "x"})
    assert (wrong.status_code, wrong.content) == (unknown.status_code, unknown.content)


def test_who_left_does_not_come_in(guest, member, password, program):
    caller = program(member)
    member.is_active = False
    member.save()
    assert guest.post("/tokens", {"email": member.email, "password": password}).status_code == 401
    assert caller.get("/me").status_code == 401


def test_who_proved_on_the_page_who_they_are_needs_no_password(page, guest, password):
    assert page.post("/tokens", {}).json()["code"] == "proof_needed"
    assert not Token.objects.exists()
    page.http.post("/account/reauthenticate/", {"password": password})
    assert page.post("/tokens", {}).status_code == 201
    assert guest.post("/tokens", {}).status_code == 401


def test_a_second_factor_is_not_got_round(signed_in, monkeypatch):
    monkeypatch.setattr("alpheus.api.account._has_second_factor", lambda _account: True)
    assert signed_in().json()["code"] == "second_factor"
    assert not Token.objects.exists()


def test_tokens_are_listed_and_revoked(program, member, operator):
    caller, other = program(member), program(operator)
    (mine,) = caller.get("/tokens").json()["items"]
    assert "token" not in mine
    assert other.call("DELETE", f"/tokens/{mine['id']}").status_code == 404
    assert caller.call("DELETE", f"/tokens/{mine['id']}").status_code == 204
    assert caller.get("/me").json()["code"] == "token_invalid"


def test_a_program_signs_itself_out(program, member):
    caller, other = program(member, Scope.READ), program(member)
    assert caller.call("DELETE", "/tokens/current").status_code == 204
    assert caller.get("/me").status_code == 401
    assert other.get("/me").status_code == 200


def test_a_token_ends(program, member):
    caller = program(member)
    with freeze_time(timezone.now() + timedelta(days=1, seconds=1)):
        assert caller.get("/me").status_code == 401


def test_when_a_token_was_used_is_noted_seldom(program, member, django_assert_num_queries):
    caller = program(member)
    caller.get("/me")
    first = Token.objects.get().used_at
    assert first is not None
    caller.get("/me")
    assert Token.objects.get().used_at == first


def test_of_too_many_tokens_the_oldest_go(member):
    now = timezone.now()
    for _ in range(token.TOKENS_MAX + 3):
        token.issue(account=member, name="", scopes=[Scope.READ], days=1, now=now)
    assert token.live(member, now=now).count() == token.TOKENS_MAX
    assert Token.objects.filter(revoked_at=now).count() == 3
