"""Pages for tests: guests, members and the operator, without built assets, with translations compiled."""

from dataclasses import replace

import pytest
from django.core.cache import cache
from django.test import Client
from words import compile_words

from alpheus.listening.terms import Edge
from alpheus.parties.models import Account, StaffRole


@pytest.fixture(autouse=True)
def _apart(settings):
    """No built assets, no edge, and every test begins with all of its tries."""
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.LISTENING = replace(settings.LISTENING, edges=(Edge("edge-1", "", 8001, "http://127.0.0.1:9"),))
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()


@pytest.fixture(scope="session", autouse=True)
def _words():
    """Compile the translations, as the build does."""
    compile_words()


@pytest.fixture
def guest(db):
    return Client()


@pytest.fixture
def member(db):
    return Account.objects.create_user("wren@example.com", "a long password", name="Wren")


@pytest.fixture
def operator(db):
    account = Account.objects.create_user("heron@example.com", "a long password")
    StaffRole.objects.create(account=account, role=StaffRole.Role.OPERATOR)
    return account


@pytest.fixture
def signed_in(member):
    client = Client()
    client.force_login(member)
    return client


@pytest.fixture
def office(operator):
    client = Client()
    client.force_login(operator)
    return client
