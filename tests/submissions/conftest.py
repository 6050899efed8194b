"""Applicants, auditors, drafts with a recording that is ready, and translations compiled."""

from dataclasses import replace

import pytest
from applying import account, draft_of, handed_in_by
from words import compile_words

from alpheus.parties.models import StaffRole


@pytest.fixture(autouse=True)
def _apart(settings, tmp_path):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.SUBMISSIONS = replace(
        settings.SUBMISSIONS, uploads=tmp_path / "uploads", objects_url=(tmp_path / "objects").as_uri()
    )
    settings.EAR = replace(
        settings.EAR, objects_url=settings.SUBMISSIONS.objects_url, folder=tmp_path / "recognition"
    )
    (tmp_path / "objects").mkdir()


@pytest.fixture(scope="session", autouse=True)
def _words():
    """Compile the translations, as the build does."""
    compile_words()


@pytest.fixture
def applicant(db):
    return account("wren")


@pytest.fixture
def auditor(db):
    return account("owl", StaffRole.Role.AUDITOR)


@pytest.fixture
def other_auditor(db):
    return account("kite", StaffRole.Role.AUDITOR)


@pytest.fixture
def draft(applicant):
    return draft_of(applicant)


@pytest.fixture
def handed_in(applicant):
    return handed_in_by(applicant)
