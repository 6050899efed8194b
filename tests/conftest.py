"""What every test stands on: a data folder and a database of its own, made before Django reads its settings.

The database is SQLite. ALPHEUS_TEST_DATABASE=postgresql starts a private PostgreSQL server instead, and
ALPHEUS_TEST_DATABASE=postgresql://user:password@host/name makes test databases beside that one.
"""

import atexit
import os
import shutil
import tempfile

import django
import postgresql
import pytest

os.environ["ALPHEUS_DATA"] = tempfile.mkdtemp(prefix="alpheus-test-")
# Here and not in pyproject.toml: from there pytest-django would read the settings before this file is run.
os.environ["DJANGO_SETTINGS_MODULE"] = "alpheus.config.django"
atexit.register(shutil.rmtree, os.environ["ALPHEUS_DATA"], ignore_errors=True)
if "PYTEST_XDIST_WORKER" not in os.environ:  # workers inherit the address: one server, a database each
    wanted = os.environ.pop("ALPHEUS_TEST_DATABASE", "")
    os.environ["ALPHEUS_DATABASE_URL"] = postgresql.start().url() if wanted == "postgresql" else wanted
django.setup()  # so that a room's conftest may import its models


@pytest.fixture
def own_vocabulary(monkeypatch):
    """Words of this test alone for mending: those of another were rolled back, and their ids are given again."""
    from alpheus.search import vocabulary

    monkeypatch.setattr(vocabulary, "_VOCABULARY", vocabulary._Vocabulary())
