"""Accounts are opened by the API as on the page: one set of rules, limits and letters, and nobody is told who has one."""

import re

import pytest
from allauth.account.models import EmailAddress
from letters import delivered
from words import compile_words

from alpheus.mail.letters import Kind
from alpheus.mail.models import Letter
from alpheus.parties.models import Account

pytestmark = pytest.mark.django_db

PASSWORD = "four ordinary words do"
MEI = {"email": "mei@example.org", "password": PASSWORD}


ADDRESS = {"email": "mei@example.org"}


@pytest.fixture(autouse=True)
def _pages(settings):
    """Pages that are shown on the way need no built assets."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


@pytest.fixture(scope="module", autouse=True)
def _words_of_pages():
    """What allauth's forms say with our words."""
    compile_words("web")


@pytest.fixture
def must_confirm(settings):
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    settings.ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True


def kinds():
    return list(Letter.objects.order_by("pk").values_list("kind", flat=True))


def confirm(client):
    """Open the link of the last letter, and press its button."""
    link = next(word for word in delivered()[-1].body.split() if "/confirm-email/" in word)
    path = re.sub(r"^https?://[^/]+", "", link)
    assert client.http.get(path).status_code == 200
    client.http.post(path)


def test_an_address_and_a_password_are_enough(guest):
    answer = guest.post("/accounts", MEI, Accept_Language="ja")
    assert (answer.status_code, answer.json()) == (202, {"confirm_first": False})
    account = Account.objects.get(email="mei@example.org")
    assert account.check_password(PASSWORD)
    assert account.locale == "ja"
    assert kinds() == [Kind.CONFIRM_ADDRESS]
    assert "sessionid" not in answer.cookies, "opening an account signs nobody in"
    assert guest.post("/tokens", MEI).status_code == 201


@pytest.mark.parametrize(
    ("email", "password", "at"),
    [
        ("mei", PASSWORD, "/email"),
        ("", PASSWORD, "/email"),
        ("mei@example.org", "short", "/password"),
        ("mei@example.org", "", "/password"),
        ("mei@example.org", "mei@example.org", "/password"),
    ],
)
def test_what_the_page_refuses_is_refused(guest, email, password, at):
    answer = guest.post("/accounts", {"email": email, "password": password})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert {error["at"] for error in answer.json()["errors"]} == {at}
    assert not Account.objects.exists()
    assert kinds() == []


@pytest.mark.parametrize("language", ["zh-CN", "ja", "ko"])
@pytest.mark.parametrize(
    ("email", "password"),
    [("mei", PASSWORD), ("", PASSWORD), (ADDRESS["email"], "short"), (ADDRESS["email"], "password1234"),
     (ADDRESS["email"], ADDRESS["email"]), (ADDRESS["email"], ""), ("wren@example.com", PASSWORD)],
)  # fmt: skip
def test_refusals_speak_the_readers_language(guest, member, language, email, password):
    given = {"email": email, "password": password}
    for error in guest.post("/accounts", given, Accept_Language=language).json()["errors"]:
        assert not re.search(r"[a-z]{4}", error["reason"].replace("Email", ""))


def test_who_is_signed_in_opens_none(page, program, member):
    for caller in (page, program(member)):
        assert caller.post("/accounts", MEI).json()["code"] == "signed_in"


def test_one_key_opens_one_account(guest):
    first = guest.post("/accounts", MEI, Idempotency_Key="abc")
    again = guest.post("/accounts", MEI, Idempotency_Key="abc")
    assert (first.status_code, again.status_code, again["Idempotency-Replayed"]) == (202, 202, "true")
    assert Account.objects.count() == 1
    assert kinds() == [Kind.CONFIRM_ADDRESS]


def test_confirmed_by_the_letters_link_it_signs_in(guest, must_confirm):
    assert guest.post("/accounts", MEI).json() == {"confirm_first": True}
    assert guest.post("/tokens", MEI).json()["code"] == "address_unconfirmed"
    confirm(guest)
    assert EmailAddress.objects.get(email="mei@example.org").verified
    assert guest.post("/tokens", MEI).status_code == 201


def test_an_address_that_has_an_account_is_answered_the_same(guest, member, must_confirm):
    known = guest.post("/accounts", {"email": member.email, "password": PASSWORD})
    unknown = guest.post("/accounts", MEI)
    assert (known.status_code, known.content) == (unknown.status_code, unknown.content)
    assert kinds() == [Kind.ACCOUNT_EXISTS, Kind.CONFIRM_ADDRESS]
    member.refresh_from_db()
    assert not member.check_password(PASSWORD)


def test_where_nobody_confirms_an_address_that_is_taken_is_told_as_on_the_page(guest, member):
    answer = guest.post("/accounts", {"email": member.email, "password": PASSWORD})
    assert [error["at"] for error in answer.json()["errors"]] == ["/email"]


def test_a_network_opens_so_many_a_day_and_tells_nobody_by_that(guest, member, settings, must_confirm):
    settings.OURS = settings.OURS.model_copy(update={"sign_ups_daily": 2})
    assert guest.post("/accounts", MEI).status_code == 202
    assert guest.post("/accounts", {"email": member.email, "password": PASSWORD}).status_code == 202
    for email in ("third@example.org", member.email):
        answer = guest.post("/accounts", {"email": email, "password": PASSWORD})
        assert (answer.status_code, answer.json()["code"]) == (429, "too_many")
        assert int(answer["Retry-After"]) > 0


def test_tries_are_counted_in_one_sum_with_the_page(guest):
    for number in range(20):
        guest.http.post("/account/signup/", {"email": f"no {number}", "password1": "x"})
    assert guest.post("/accounts", MEI).status_code == 429


class TestConfirmationAgain:
    def test_the_letter_comes_again_after_a_while(self, guest, must_confirm, settings):
        guest.post("/accounts", MEI)
        assert guest.post("/accounts/confirmation-letters", ADDRESS).status_code == 202
        again = guest.post("/accounts/confirmation-letters", ADDRESS)
        assert (again.status_code, again["Retry-After"]) == (429, "10")
        assert kinds() == [Kind.CONFIRM_ADDRESS] * 2
        confirm(guest)
        assert guest.post("/tokens", MEI).status_code == 201

    def test_an_unknown_and_a_confirmed_address_get_the_same_answer_and_no_letter(self, guest, member):
        EmailAddress.objects.create(user=member, email=member.email, primary=True, verified=True)
        known = guest.post("/accounts/confirmation-letters", {"email": member.email})
        unknown = guest.post("/accounts/confirmation-letters", ADDRESS)
        assert (known.status_code, known.content) == (unknown.status_code, unknown.content) == (202, b"")
        assert kinds() == []
        for email in (member.email, ADDRESS["email"]):
            assert guest.post("/accounts/confirmation-letters", {"email": email}).status_code == 429


class TestNewPassword:
    def test_a_letter_sets_it(self, guest, member):
        assert guest.post("/accounts/password-letters", {"email": member.email.upper()}).status_code == 202
        assert kinds() == [Kind.NEW_PASSWORD]
        assert "/password/reset/key/" in delivered()[-1].body

    def test_an_unknown_address_gets_the_same_answer_and_is_told_by_letter(self, guest, member):
        known = guest.post("/accounts/password-letters", {"email": member.email})
        unknown = guest.post("/accounts/password-letters", {"email": "mei@example.org"})
        assert (known.status_code, known.content) == (unknown.status_code, unknown.content)
        assert kinds() == [Kind.NEW_PASSWORD, Kind.NO_ACCOUNT]

    def test_what_is_no_address_is_refused(self, guest):
        answer = guest.post("/accounts/password-letters", {"email": "mei"})
        assert [error["at"] for error in answer.json()["errors"]] == ["/email"]

    def test_too_many_wait(self, guest, member):
        answers = [guest.post("/accounts/password-letters", {"email": member.email}) for _ in range(6)]
        assert [it.status_code for it in answers] == [202] * 5 + [429]
        assert int(answers[-1]["Retry-After"]) > 0
        assert kinds() == [Kind.NEW_PASSWORD] * 5
