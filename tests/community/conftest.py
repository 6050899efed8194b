"""A shop that is open, and letters that stay in memory."""

import pytest
from applying import account
from opened_shop import opened

from alpheus.parties.models import StaffRole


@pytest.fixture(autouse=True)
def _in_memory(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def auditor():
    return account("owl", StaffRole.Role.AUDITOR)


@pytest.fixture
def musician():
    return account("tide")


@pytest.fixture
def shop(musician, auditor):
    return opened(musician, auditor)
