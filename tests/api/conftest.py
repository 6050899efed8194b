"""Clients of the API: a guest, a member, the operator; by web session and by token."""

from dataclasses import replace

import pytest
from api_client import Api
from django.utils import timezone
from words import compile_words

from alpheus.api import token
from alpheus.api.limits import METER
from alpheus.api.token import Scope
from alpheus.listening.terms import Edge
from alpheus.parties.models import Account, StaffRole


@pytest.fixture(autouse=True)
def _fresh(settings):
    """Every test begins with its whole quota, and no edge listens unless it says so."""
    METER._empty_at.clear()
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.MD5PasswordHasher"
    ]  # guessing is not what is tested
    nobody = Edge("edge-1", "", 8001, "http://127.0.0.1:9")
    settings.LISTENING = replace(settings.LISTENING, edges=(nobody,))


@pytest.fixture
def password():
    return "a long password"


@pytest.fixture
def member(db, password):
    return Account.objects.create_user("wren@example.com", password, name="Wren")


@pytest.fixture
def operator(db, password):
    account = Account.objects.create_user("heron@example.com", password)
    StaffRole.objects.create(account=account, role=StaffRole.Role.OPERATOR)
    return account


@pytest.fixture
def guest(db):
    return Api()


@pytest.fixture
def page(member):
    """A member, signed in on the page."""
    return Api(account=member)


@pytest.fixture
def program():
    """A program with a token of an account's, for some scopes or all."""

    def made(account, *scopes):
        given = {"name": "test", "scopes": scopes or tuple(Scope), "days": 1, "now": timezone.now()}
        return Api(secret=token.issue(account=account, **given).secret)

    return made


@pytest.fixture(scope="session", autouse=True)
def _words():
    """The API's translations as `make` compiles them, for who runs these tests alone."""
    compile_words("api")
