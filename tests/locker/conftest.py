"""Accounts of these tests are made quickly: guessing passwords is not what is tested."""

import pytest


@pytest.fixture(autouse=True)
def _quick(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
