"""The account's own pages: everything is reached, each does what it says, for its owner alone."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.test import Client, override_settings
from letters import delivered

from alpheus.exchange.takeout.models import Export
from alpheus.exchange.takeout.tasks import make_export
from alpheus.parties.models import Account, SignUps
from alpheus.web.browser_names import browser_name

PASSWORD = "a long password"
NEW = "four ordinary words do"
PAGES = [
    "/account/",
    "/account/email/",
    "/account/password/change/",
    "/account/2fa/",
    "/account/2fa/webauthn/",
    "/account/sessions/",
    "/account/connected/",
    "/account/export",
    "/account/tokens",
]
AFTER_PROOF = ["/account/delete", "/account/2fa/totp/activate/", "/account/2fa/webauthn/add/"]

pytestmark = pytest.mark.django_db


def sign_in(account, **client):
    made = Client(**client)
    assert made.post("/account/login/", {"login": account.email, "password": PASSWORD}).status_code == 302
    return made


@pytest.fixture
def wren(member):
    EmailAddress.objects.create(user=member, email=member.email, primary=True, verified=True)
    client = sign_in(member)
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    return client


def code_of(secret):
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


@pytest.fixture
def two_step(wren, member, django_capture_on_commit_callbacks):
    """Two steps set up by the pages themselves; the key that the app keeps."""
    page = wren.get("/account/2fa/totp/activate/").content.decode()
    secret = re.search(r"data-totp>(\w+)<", page)[1]
    with django_capture_on_commit_callbacks(execute=True):
        assert wren.post("/account/2fa/totp/activate/", {"code": code_of(secret)}).status_code == 302
    return secret


class TestPages:
    @pytest.mark.parametrize("path", [*PAGES, *AFTER_PROOF])
    @pytest.mark.parametrize("language", ["en", "zh-CN"])
    def test_every_page_answers_with_a_heading_and_nothing_inline(self, wren, path, language):
        response = wren.get(path, headers={"accept-language": language})
        html = response.content.decode()
        assert response.status_code == 200
        assert "<h1" in html
        assert not re.search(r"<script(?![^>]*(?:type=\"application/json\"|src=))", html)
        assert not re.search(r"\son\w+=", html)
        assert "data-allauth" not in html

    @pytest.mark.parametrize("path", [*PAGES, *AFTER_PROOF])
    def test_a_guest_is_asked_to_sign_in(self, guest, path):
        response = guest.get(path)
        assert response.status_code == 302
        assert response["Location"].startswith("/account/login/")

    def test_the_account_page_leads_to_all_of_it(self, wren):
        html = wren.get("/account/").content.decode()
        for path in {*PAGES, "/account/delete"} - {"/account/", "/account/connected/"}:
            assert f'href="{path}"' in html, path

    def test_the_name_is_kept_as_text(self, wren, member):
        wren.post("/account/name", {"name": "  <i>夜</i>\n Wren\0 " + "x" * 200})
        member.refresh_from_db()
        assert member.name.startswith("<i>夜</i> Wren x")
        assert len(member.name) == 120
        assert "<i>夜" not in wren.get("/account/").content.decode()

    def test_explicit_music_is_hidden_by_choice_only(self, wren, member):
        assert not member.hides_explicit
        wren.post("/account/explicit", {"hides": "on"})
        member.refresh_from_db()
        assert member.hides_explicit
        wren.post("/account/explicit")
        member.refresh_from_db()
        assert not member.hides_explicit


class TestSignUpLimit:
    def test_a_network_opens_so_many_and_is_told_when_to_come_back(self, settings):
        settings.OURS = settings.OURS.model_copy(update={"sign_ups_daily": 2})
        answers = [
            Client().post("/account/signup/", {"email": f"mei{n}@example.org", "password1": NEW})
            for n in range(3)
        ]
        assert [it.status_code for it in answers] == [302, 302, 429]
        assert 0 < int(answers[2]["Retry-After"]) <= 86_400
        assert "Come back tomorrow" in answers[2].content.decode()
        assert Account.objects.filter(email__startswith="mei").count() == 2

    def test_what_is_refused_is_not_counted(self, guest, member):
        guest.post("/account/signup/", {"email": "mei@example.org", "password1": "short"})
        guest.post("/account/signup/", {"email": member.email, "password1": NEW})
        assert not SignUps.objects.exists()

    def test_a_new_account_remembers_its_language(self):
        client = Client(headers={"accept-language": "zh-CN"})
        client.post("/account/signup/", {"email": "mei@example.org", "password1": NEW})
        assert Account.objects.get(email="mei@example.org").locale == "zh-hans"
        assert "确认" in delivered()[-1].subject

    def test_pages_that_are_limited_say_when_to_come_back(self, guest):
        answers = [guest.post("/account/password/reset/", {"email": "x@example.org"}) for _ in range(21)]
        assert answers[-1].status_code == 429
        assert answers[-1]["Retry-After"] == "60"


class TestSharedLimits:
    """allauth counts in the database, so several processes share one count."""

    def test_what_one_process_counted_another_knows(self, settings):
        settings.CACHES = {
            "default": {
                "BACKEND": "django.core.cache.backends.db.DatabaseCache",
                "LOCATION": "parties_counted",
            }
        }
        cache.set("a", [1, 2], 60)
        from django.core.cache.backends.db import DatabaseCache

        another = DatabaseCache("parties_counted", {})
        assert another.get("a") == [1, 2]


class TestTwoSteps:
    def test_the_second_step_is_asked_for(self, two_step, member):
        client = Client()
        response = client.post("/account/login/", {"login": member.email, "password": PASSWORD})
        assert response["Location"].startswith("/account/2fa/authenticate/")
        assert client.get("/account/").status_code == 302
        assert client.post("/account/2fa/authenticate/", {"code": "000000"}).status_code == 422

    def test_a_recovery_code_opens_once(self, two_step, wren, member):
        page = wren.get("/account/2fa/recovery-codes/").content.decode()
        code = re.search(r"<code>(\w+)</code>", page)[1]
        for works in (True, False):
            client = Client()
            client.post("/account/login/", {"login": member.email, "password": PASSWORD})
            answer = client.post("/account/2fa/authenticate/", {"code": code})
            assert answer.status_code == (302 if works else 422)

    def test_the_key_lies_encrypted(self, two_step, member):
        row = Authenticator.objects.get(user=member, type="totp")
        assert two_step not in str(row.data)
        assert TOTP(row).instance == row

    def test_a_letter_tells_of_it(self, two_step):
        assert any("Two-step" in it.subject for it in delivered())

    def test_where_no_address_is_ever_confirmed_it_is_open_too(self, member):
        EmailAddress.objects.create(user=member, email=member.email, primary=True, verified=False)
        client = sign_in(member)
        client.post("/account/reauthenticate/", {"password": PASSWORD})
        assert b"data-totp" in client.get("/account/2fa/totp/activate/").content

    def test_it_can_be_turned_off(self, two_step, wren, member):
        assert wren.post("/account/2fa/totp/deactivate/").status_code == 302
        assert not Authenticator.objects.filter(user=member, type="totp").exists()


class TestSessions:
    def test_all_that_are_signed_in_are_shown_and_one_is_ended(self, wren, member):
        there = sign_in(member, headers={"user-agent": "Mozilla/5.0 (Android 15; Mobile) Firefox/140.0"})
        html = wren.get("/account/sessions/").content.decode()
        assert "Firefox, Android" in html
        row = UserSession.objects.exclude(session_key=wren.session.session_key).get(user=member)
        wren.post("/account/sessions/", {"end": str(row.pk)})
        assert there.get("/account/").status_code == 302
        assert wren.get("/account/").status_code == 200

    def test_all_others_at_once(self, wren, member):
        others = [sign_in(member), sign_in(member)]
        wren.post("/account/sessions/", {"end": "others"})
        assert [it.get("/account/").status_code for it in others] == [302, 302]
        assert wren.get("/account/").status_code == 200

    @pytest.mark.parametrize("end", ["", "0", "none", "99999999999"])
    def test_what_is_not_there_is_said_to_be_over(self, wren, end):
        html = wren.post("/account/sessions/", {"end": end}, follow=True).content.decode()
        assert "over already" in html


class TestExport:
    def test_asked_for_made_and_loaded(self, wren, member):
        assert "Make the file" in wren.get("/account/export").content.decode()
        wren.post("/account/export")
        assert "being made" in wren.get("/account/export").content.decode()
        export = Export.objects.get(account=member)
        make_export.func(export.pk)
        assert f'href="/account/export/{export.gid}.zip"' in wren.get("/account/export").content.decode()
        response = wren.get(f"/account/export/{export.gid}.zip")
        assert response["Content-Type"] == "application/zip"
        assert response["Content-Disposition"].startswith("attachment; filename=")
        assert "no-store" in response["Cache-Control"]
        assert response.content[:2] == b"PK"
        (letter,) = [it for it in delivered() if "data" in it.subject]
        assert "http://testserver/account/export" in letter.body

    def test_nobody_else_can_load_it(self, wren, member, guest, office):
        wren.post("/account/export")
        export = Export.objects.get(account=member)
        make_export.func(export.pk)
        assert guest.get(f"/account/export/{export.gid}.zip").status_code == 302
        assert office.get(f"/account/export/{export.gid}.zip").status_code == 404


class TestDeletion:
    def test_asked_signed_out_and_kept_by_signing_in(self, wren, member):
        elsewhere = sign_in(member)
        page = wren.get("/account/delete").content.decode()
        assert "Delete my account" in page
        response = wren.post("/account/delete")
        assert response["Location"] == "/account/deleted"
        assert response["Clear-Site-Data"] == '"cache", "storage"'
        assert wren.get("/account/").status_code == elsewhere.get("/account/").status_code == 302
        member.refresh_from_db()
        assert timedelta(days=13) < member.erase_at - member.last_login < timedelta(days=15)
        back = Client()
        html = back.post(
            "/account/login/", {"login": member.email, "password": PASSWORD}, follow=True
        ).content.decode()
        member.refresh_from_db()
        assert member.erase_at is None
        assert "Your account stays" in back.get("/account/").content.decode() + html
        subjects = [it.subject for it in delivered()]
        assert {"Your account will be deleted", "Your account stays"} <= set(subjects)

    def test_it_asks_for_proof_first(self, member):
        client = Client()
        client.force_login(member)  # signed in long ago, as far as anyone knows
        response = client.get("/account/delete")
        assert response.status_code == 302
        assert "reauthenticate" in response["Location"]
        assert client.post("/account/delete").status_code == 302
        member.refresh_from_db()
        assert member.erase_at is None


class TestSignUpWithConfirmation:
    """Where letters go by SMTP, an account opens once its address is confirmed by a code."""

    @pytest.fixture(autouse=True)
    def _must_confirm(self):
        with override_settings(
            ACCOUNT_EMAIL_VERIFICATION="mandatory", ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED=True
        ):
            yield

    def test_a_code_opens_the_account(self, guest):
        response = guest.post("/account/signup/", {"email": "mei@example.org", "password1": NEW})
        assert response["Location"] == "/account/confirm-email/"
        assert guest.get("/account/").status_code == 302
        page = guest.get("/account/confirm-email/").content.decode()
        assert "mei@example.org" in page
        (letter,) = delivered()
        code = re.search(r"^ {4}(\S+)$", letter.body, re.MULTILINE)[1]
        assert code in letter.alternatives[0][0]
        assert guest.post("/account/confirm-email/", {"code": "WRONG1"}).status_code == 422
        assert guest.post("/account/confirm-email/", {"code": code}).status_code == 302
        assert guest.get("/account/").status_code == 200

    def test_an_address_that_has_an_account_is_told_by_letter_only(self, guest, wren, member):
        response = guest.post("/account/signup/", {"email": member.email, "password1": NEW})
        assert response["Location"] == "/account/confirm-email/"
        letter = delivered()[-1]
        assert letter.to == [member.email]
        assert "already" in letter.subject


class TestWithoutAPostOffice:
    """Where letters end in the operator's log, none is called sent."""

    @pytest.fixture(autouse=True)
    def _letters_stay(self):
        with override_settings(EMAIL_BACKEND="django.core.mail.backends.console.EmailBackend"):
            yield

    def test_signing_up_speaks_of_no_letter(self, guest):
        given = {"email": "mei@example.org", "password1": NEW}
        page = guest.post("/account/signup/", given, follow=True).content.decode()
        assert "email sent" not in page

    def test_who_asks_for_one_is_told_where_it_is(self, wren, member):
        EmailAddress.objects.create(user=member, email="second@example.org")
        given = {"email": "second@example.org", "action_send": ""}
        page = wren.post("/account/email/", given, follow=True).content.decode()
        assert "The operator finds this one in the log." in page


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (
            "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/142.0 Mobile Safari/537.36",
            "Chrome, Android",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Safari/604.1",
            "Safari, iPhone",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/142.0 Safari/537.36 Edg/142.0", "Edge, Windows"),
        ("curl/8.14", "curl"),
        ("my-player/1.0 (x)", "my-player"),
        ("", "?"),
    ],
)
def test_browsers_are_called_what_people_call_them(agent, name):
    assert browser_name(agent) == name
