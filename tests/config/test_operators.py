"""The first operator signs in by a printed link that works once; there is no password that anybody could know."""

import pytest
from django.contrib.auth import authenticate
from django.test import Client
from django.utils import timezone
from freezegun import freeze_time

from alpheus.config import operators
from alpheus.parties import sign_in_link
from alpheus.parties.errors import SignInLinkRefused
from alpheus.parties.models import Account, StaffRole

pytestmark = pytest.mark.django_db


def path_of(link):
    return link.removeprefix("https://music.example")


def link():
    return operators.first_link(base_url="https://music.example/")


def test_at_first_start_a_link_signs_the_first_operator_in_once():
    made = link()
    assert made.startswith("https://music.example/account/link/")
    client = Client()
    client.post(path_of(made))
    account = Account.objects.get(pk=client.session["_auth_user_id"])
    assert account.email == operators.FIRST_EMAIL
    assert account.roles.filter(role=StaffRole.Role.OPERATOR).exists()
    with pytest.raises(SignInLinkRefused):
        sign_in_link.look(token=made.rpartition("/link/")[2].strip("/"), now=timezone.now())


def test_until_somebody_signed_in_each_start_gives_another_for_the_same_account():
    with freeze_time(timezone.now()) as clock:
        first = link()
        clock.tick(1)
        assert link() != first
    assert Account.objects.filter(roles__role=StaffRole.Role.OPERATOR).count() == 1


def test_after_the_first_sign_in_none_is_given():
    Client().post(path_of(link()))
    assert link() is None


def test_an_operator_named_by_command_is_the_first_one():
    operators.link_for("Mei@Example.org", base_url="https://music.example")
    Client().post(path_of(link()))
    assert Account.objects.get(email="mei@example.org").last_login is not None
    assert not Account.objects.filter(email=operators.FIRST_EMAIL).exists()


def test_it_has_no_password_that_could_be_guessed():
    link()
    account = Account.objects.get(email=operators.FIRST_EMAIL)
    assert not account.has_usable_password()
    for guess in ("", "admin", "alpheus", "operator", operators.FIRST_EMAIL):
        assert authenticate(username=account.email, password=guess) is None
