"""The page of API tokens: made and shown once, listed without their secrets, revoked by their owner alone."""

import re
from datetime import timedelta
from unittest.mock import patch

import pytest
from applying import account
from django.test import Client
from django.utils import timezone

from alpheus.api import token
from alpheus.api.models import Token
from alpheus.api.token import LIFETIME_MAX_DAYS, Scope
from alpheus.parties.models import StaffRole
from alpheus.web.tokens import DAYS, SCOPES

pytestmark = pytest.mark.django_db
FORM = {"name": "My script", "scope": ["read", "studio"], "days": "30"}


@pytest.fixture
def wren():
    return account("wren")


@pytest.fixture
def client(wren):
    made = Client()
    made.force_login(wren)
    made.post("/account/reauthenticate/", {"password": "a long password"})
    return made


def text(answer):
    return answer.content.decode()


def test_every_scope_has_plain_words_and_every_time_is_allowed():
    assert SCOPES.keys() == set(Scope)
    assert max(DAYS) <= LIFETIME_MAX_DAYS


def test_one_is_made_shown_once_and_does_what_was_ticked(client, wren):
    assert 'href="/account/tokens"' in text(client.get("/account/"))
    answer = client.post("/account/tokens", FORM)
    assert "no-store" in answer["Cache-Control"]
    secret = re.search(r'value="(alp_[\w-]+)"', text(answer))[1]
    again = text(client.get("/account/tokens"))
    assert secret not in again
    assert "My script" in again
    assert str(SCOPES["studio"]) in again.partition("Make one")[0]
    made = token.recognise(secret, now=timezone.now())
    assert (made.account, made.scopes) == (wren, "read studio")
    assert timedelta(days=29) < made.expires_at - timezone.now() <= timedelta(days=30)
    authorized = {"HTTP_AUTHORIZATION": f"Bearer {secret}"}
    assert Client().get("/api/v1/studio/submissions", **authorized).status_code == 200
    assert Client().get("/api/v1/tokens", **authorized).status_code == 403


def test_one_is_made_by_who_proved_anew_who_they_are_and_what_was_typed_is_kept(wren):
    client = Client()
    client.force_login(wren)
    assert client.get("/account/tokens").status_code == 200, "they are listed and revoked without"
    asked = client.post("/account/tokens", FORM)
    assert asked.status_code == 302
    assert "/account/reauthenticate/" in asked["Location"]
    assert not Token.objects.exists()
    assert client.post(asked["Location"], {"password": "wrong"}).status_code == 422
    assert not Token.objects.exists()
    made = client.post(asked["Location"], {"password": "a long password"})
    assert "no-store" in made["Cache-Control"]
    assert re.search(r'value="alp_[\w-]+"', text(made))
    assert [(it.name, it.scopes) for it in Token.objects.all()] == [("My script", "read studio")]
    later = timezone.now().timestamp() + 24 * 3600
    with patch("allauth.account.internal.flows.reauthentication.time.time", lambda: later):
        assert client.post("/account/tokens", FORM).status_code == 302, "a proof grows old"
    assert Token.objects.count() == 1


def test_revoked_it_opens_nothing(client, wren):
    issued = token.issue(account=wren, name="x", scopes=[Scope.READ], days=1, now=timezone.now())
    address = f"/account/tokens/{issued.token.pk}/revoke"
    stranger = Client()
    stranger.force_login(account("magpie"))
    stranger.post(address)
    assert token.recognise(issued.secret, now=timezone.now())
    assert client.get(address).status_code == 405
    assert "holds no more" in text(client.post(address, follow=True))
    assert token.recognise(issued.secret, now=timezone.now()) is None
    assert "over already" in text(client.post(address, follow=True))


@pytest.mark.parametrize(
    "change", [{"name": " "}, {"scope": []}, {"scope": ["all"]}, {"days": "9999"}, {"days": ""}]
)
def test_what_is_not_filled_in_makes_none(client, change):
    answer = client.post("/account/tokens", FORM | change)
    assert answer.status_code == 422
    assert 'role="alert"' in text(answer)
    assert not Token.objects.exists()


def test_the_office_is_offered_to_staff_alone(client):
    assert 'value="office"' not in text(client.get("/account/tokens"))
    assert client.post("/account/tokens", FORM | {"scope": ["office"]}).status_code == 422
    staff = Client()
    staff.force_login(account("owl", StaffRole.Role.AUDITOR))
    assert 'value="office"' in text(staff.get("/account/tokens"))
    assert 'value="payees"' not in text(staff.get("/account/tokens"))
    payer = Client()
    payer.force_login(account("heron", StaffRole.Role.ACCOUNTANT))
    assert 'value="payees"' in text(payer.get("/account/tokens"))


def test_guests_are_asked_to_sign_in():
    for method, path in (
        ("get", "/account/tokens"),
        ("post", "/account/tokens"),
        ("post", "/account/tokens/1/revoke"),
    ):
        answer = getattr(Client(), method)(path)
        assert answer["Location"].startswith("/account/login/")
