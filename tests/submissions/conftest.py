"""Applicants, auditors, drafts with a recording that is ready, and translations compiled."""

from dataclasses import replace
from pathlib import Path

import pytest
from applying import account, draft_of, handed_in_by
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from alpheus.parties.models import StaffRole

SOURCE = Path(__file__).parents[2] / "src/alpheus"


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
    for source in SOURCE.glob("*/locale/*/LC_MESSAGES/django.po"):
        with source.open("rb") as words, source.with_suffix(".mo").open("wb") as compiled:
            write_mo(compiled, read_po(words, locale=source.parts[-3]))


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
