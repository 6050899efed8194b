import pytest
from django.test import Client
from django.utils import timezone
from letters import delivered

from alpheus.parties import sign_in_link
from alpheus.parties.models import Account

PASSWORD = "four ordinary words do"


@pytest.mark.django_db
class TestSigningUp:
    def test_an_address_and_a_password_are_enough(self, guest):
        response = guest.post("/account/signup/", {"email": "mei@example.org", "password1": PASSWORD})
        assert response.status_code == 302
        assert Account.objects.get(email="mei@example.org").check_password(PASSWORD)
        assert "mei@example.org" in guest.get("/device").content.decode()

    @pytest.mark.parametrize(
        ("email", "password"), [("mei", PASSWORD), ("mei@example.org", "short"), ("", "")]
    )
    def test_what_cannot_be_used_is_refused_with_422(self, guest, email, password):
        response = guest.post("/account/signup/", {"email": email, "password1": password})
        assert response.status_code == 422
        assert 'aria-invalid="true"' in response.content.decode()
        assert not Account.objects.exists()


@pytest.mark.django_db
class TestSigningIn:
    def test_a_wrong_password_is_refused_without_saying_who_exists(self, guest, member):
        known = guest.post("/account/login/", {"login": member.email, "password": "wrong wrong"})
        unknown = guest.post("/account/login/", {"login": "nobody@example.org", "password": "wrong wrong"})
        assert known.status_code == unknown.status_code == 422
        assert "not correct" in known.content.decode()
        assert "not correct" in unknown.content.decode()

    def test_the_typed_address_is_kept_and_the_password_is_not(self, guest, member):
        html = guest.post(
            "/account/login/", {"login": member.email, "password": "wrong wrong"}
        ).content.decode()
        assert f'value="{member.email}"' in html
        assert "wrong wrong" not in html

    def test_too_many_tries_wait(self, guest, member):
        statuses = {
            guest.post("/account/login/", {"login": member.email, "password": f"wrong {n}"}).status_code
            for n in range(12)
        }
        right = guest.post("/account/login/", {"login": member.email, "password": "a long password"})
        assert statuses == {422}
        assert right.status_code == 422
        assert "Too many" in right.content.decode()

    def test_signing_out_has_the_browser_forget(self, signed_in):
        response = signed_in.post("/account/logout/")
        assert response["Clear-Site-Data"] == '"cache", "storage"'
        assert "Sign in" in signed_in.get("/device").content.decode()

    def test_signing_out_asks_first(self, signed_in):
        response = signed_in.get("/account/logout/")
        assert "Clear-Site-Data" not in response
        assert "Sign out?" in response.content.decode()


@pytest.mark.django_db
def test_a_new_password_by_letter(guest, member):
    guest.post("/account/password/reset/", {"email": member.email})
    (letter,) = delivered()
    link = next(word for word in letter.body.split() if "/password/reset/key/" in word)
    page = guest.get(link, follow=True)
    path = page.redirect_chain[-1][0]
    assert guest.post(path, {"password1": PASSWORD, "password2": PASSWORD}).status_code == 302
    member.refresh_from_db()
    assert member.check_password(PASSWORD)
    assert "used up" in guest.get(link, follow=True).content.decode()


@pytest.mark.parametrize(
    "path", ["/account/email/", "/account/password/change/", "/account/logout/", "/account/confirm-email/"]
)
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_account_pages_are_in_the_look(signed_in, path, language):
    signed_in.cookies["language"] = language
    html = signed_in.get(path).content.decode()
    assert 'class="cols entrance"' in html


class TestLink:
    @pytest.fixture
    def path(self, operator):
        return f"/account/link/{sign_in_link.make(account=operator, now=timezone.now())}"

    def test_opening_it_asks_and_pressing_signs_in_once(self, guest, path):
        assert "heron@example.com" in guest.get(path).content.decode()
        assert guest.get("/office").status_code == 302, "opening it signs nobody in"
        assert guest.post(path)["Location"] == "/office"
        assert guest.get("/office").status_code == 200
        assert Client().post(path).status_code == 410

    def test_nobody_else_keeps_a_copy(self, guest, path):
        assert "no-store" in guest.get(path)["Cache-Control"]

    @pytest.mark.django_db
    def test_a_forged_one_is_told_how_to_make_a_real_one(self, guest):
        response = guest.get("/account/link/abc")
        assert response.status_code == 410
        assert "alpheus operator" in response.content.decode()
