from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
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


class TestSecondFactor:
    @pytest.fixture
    def secret(self, member):
        secret = generate_totp_secret()
        TOTP.activate(member, secret)
        RecoveryCodes.activate(member)
        return secret

    def test_it_is_asked_for_and_not_got_round(self, signed_in, secret):
        answer = signed_in()
        assert (answer.status_code, answer.json()["code"]) == (403, "second_factor")
        assert not Token.objects.exists()

    def test_a_code_of_the_app_opens_once_for_as_long_as_it_holds(self, signed_in, secret):
        with freeze_time("2027-03-01 12:00:00") as clock:
            code = code_of(secret)
            assert signed_in(code=code).status_code == 201
            assert signed_in(code=code).json()["code"] == "code_wrong"
            clock.tick(31)  # allauth forgets here that it was used, and would take it as a late clock's
            assert signed_in(code=f"{code[:3]} {code[3:]}").json()["code"] == "code_wrong"
            assert signed_in(code=code_of(secret)).status_code == 201

    def test_a_recovery_code_opens_once(self, signed_in, member, secret):
        code = RecoveryCodes.activate(member).get_unused_codes()[0]
        assert signed_in(code=code).status_code == 201
        assert signed_in(code=code).json()["code"] == "code_wrong"
        assert Token.objects.count() == 1

    def test_the_password_comes_first(self, guest, member, secret):
        given = {"email": member.email, "password": "wrong", "code": code_of(secret)}
        assert guest.post("/tokens", given).json()["code"] == "password_wrong"

    def test_guessing_waits_even_with_the_right_code_at_last(self, signed_in, secret):
        wrong = "000000" if code_of(secret) != "000000" else "000001"
        codes = [signed_in(code=wrong).json()["code"] for _ in range(6)]
        assert codes == ["code_wrong"] * 5 + ["too_many"]
        late = signed_in(code=code_of(secret))
        assert (late.status_code, late.json()["code"]) == (429, "too_many")
        assert int(late["Retry-After"]) > 0
        assert not Token.objects.exists()

    def test_who_is_signed_in_on_the_page_proved_it_there(self, page, secret):
        assert page.post("/tokens", {}).json()["code"] == "proof_needed"
        page.http.post("/account/2fa/reauthenticate/", {"code": code_of(secret)})
        assert page.post("/tokens", {}).status_code == 201


def code_of(secret):
    """The code that an authenticator app shows now."""
    counters = list(yield_hotp_counters_from_time())
    return format_hotp_value(hotp_value(secret, counters[len(counters) // 2]))


def test_an_address_that_is_to_be_confirmed_first_gets_no_token(signed_in, member, settings):
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    assert signed_in().json()["code"] == "address_unconfirmed"
    EmailAddress.objects.create(user=member, email=member.email, primary=True, verified=True)
    assert signed_in().status_code == 201


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
