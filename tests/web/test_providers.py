"""Signing in with somebody else's word: a real provider on loopback, over the whole code flow with PKCE."""

import re
from urllib.parse import urlsplit

import oidc_provider
import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from letters import delivered

from alpheus.config.sign_in import OpenIdConnect, in_allauth
from alpheus.parties.models import Account, SignUps

pytestmark = pytest.mark.django_db
LOGIN = "/account/with/oidc/campus/login/"


@pytest.fixture
def provider(settings):
    with oidc_provider.running() as it:
        client_id, secret = it.client
        campus = OpenIdConnect(
            kind="oidc", id="campus", name="Campus", issuer=it.url, client_id=client_id, secret=secret
        )
        settings.SOCIALACCOUNT_PROVIDERS = in_allauth((campus,))
        yield it


def go_there(client, path=LOGIN):
    """Press the button; the page that comes leads on by itself, past the pages' policy on forms."""
    page = client.post(path)
    assert page.status_code == 200
    address = page["Refresh"].partition("url=")[2]
    assert re.search(r'href="http://127[^"]+/authorize', page.content.decode())
    return address


def sign_in(client, provider, path=LOGIN):
    back, answer = provider.authorise(go_there(client, path))
    return client.get(urlsplit(back).path, answer)


def test_the_button_stands_where_one_signs_in(guest, provider):
    for page in ("/account/login/", "/account/signup/"):
        html = guest.get(page).content.decode()
        assert f'action="{LOGIN}' in html
        assert "Go on with Campus" in html


def test_without_a_setting_there_is_no_button_and_no_door(guest):
    assert "Go on with" not in guest.get("/account/login/").content.decode()
    for name in ("google", "apple", "kakao", "line", "weixin", "oidc/campus"):
        assert guest.post(f"/account/with/{name}/login/").status_code == 404, name


def test_a_newcomer_gets_an_account_with_their_name(guest, provider):
    response = sign_in(guest, provider)
    assert response.status_code == 302
    account = Account.objects.get(email="mei@campus.example")
    assert account.name == "Mei 梅"
    assert not account.has_usable_password()
    assert guest.get("/account/").status_code == 200
    assert SignUps.objects.get().count == 1


def test_who_comes_back_is_the_same(guest, provider):
    sign_in(guest, provider)
    again = Client()
    sign_in(again, provider)
    assert Account.objects.count() == 1
    assert again.get("/account/").status_code == 200


def test_an_address_that_another_account_has_opens_nothing(guest, provider, member):
    EmailAddress.objects.create(user=member, email=member.email, primary=True, verified=True)
    provider.person["email"] = member.email
    sign_in(guest, provider)
    assert guest.get("/account/").status_code == 302
    assert not SocialAccount.objects.exists()


def test_a_network_that_opened_too_many_is_refused(guest, provider, settings):
    settings.OURS = settings.OURS.model_copy(update={"sign_ups_daily": 1})
    sign_in(guest, provider)
    provider.person |= {"sub": "li-2", "email": "li@campus.example"}
    response = sign_in(Client(), provider)
    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0
    assert Account.objects.count() == 1


def test_without_an_address_one_is_asked_for(guest, provider):
    provider.person.pop("email")
    response = sign_in(guest, provider)
    assert response["Location"].startswith("/account/connected/signup/")
    assert "vouches for you" in guest.get("/account/connected/signup/").content.decode()
    guest.post("/account/connected/signup/", {"email": "mei@example.org"})
    assert Account.objects.get().email == "mei@example.org"


@pytest.mark.parametrize("wrong", ["state", "refused", "turned back"])
def test_what_is_not_right_opens_nothing_and_says_so(guest, provider, wrong):
    provider.refuses = wrong == "refused"
    back, answer = provider.authorise(go_there(guest))
    if wrong == "state":
        answer["state"] = "another"
    if wrong == "turned back":
        answer = {"error": "access_denied", "state": answer["state"]}
    html = guest.get(urlsplit(back).path, answer, follow=True).content.decode()
    assert "That did not work" in html or "Not signed in" in html
    assert not Account.objects.exists()


def test_a_member_connects_and_disconnects(signed_in, member, provider):
    member.set_password("a long password")
    EmailAddress.objects.create(user=member, email=member.email, primary=True, verified=True)
    signed_in.post("/account/reauthenticate/", {"password": "a long password"})
    sign_in(signed_in, provider, f"{LOGIN}?process=connect")
    row = SocialAccount.objects.get(user=member)
    assert "Campus" in signed_in.get("/account/connected/").content.decode()
    assert signed_in.post("/account/connected/", {"account": row.pk}).status_code == 302
    assert not SocialAccount.objects.exists()
    subjects = [it.subject for it in delivered()]
    assert {"A sign-in was connected", "A sign-in was disconnected"} <= set(subjects)


def test_signing_in_there_keeps_what_played_here(guest, provider):
    """The guest's queue becomes the account's."""
    from datetime import UTC, datetime
    from uuid import uuid4

    from django.db import transaction

    from alpheus.listening import listeners, queue, session
    from alpheus.listening.models import PlaybackSession

    guest.get("/")
    web = guest.session
    listener = listeners.find_or_make(account=None, session=web)
    web.save()
    guest.cookies["sessionid"] = web.session_key
    gid = uuid4()
    with transaction.atomic():
        kept = session.lock(listener)
        kept.entry = queue.replace(kept, recordings=[gid], index=0, seed="a" * 24).gid
        kept.position_ms = 7_000
        session.keep(kept, now=datetime(2027, 3, 1, tzinfo=UTC))
    sign_in(guest, provider)
    guest.get("/")
    kept = PlaybackSession.objects.get(listener__account__email="mei@campus.example")
    assert ([entry.recording for entry in queue.ordered(kept)], kept.position_ms) == ([gid], 7_000)
