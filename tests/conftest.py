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
from xdist.scheduler import LoadScopeScheduling

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

    monkeypatch.setattr(vocabulary, "_VOCABULARY", vocabulary.Vocabulary())


JOURNEYS = "tests/journeys/"
JOURNEYING = 2
"""Workers that begin with the journeys, which wait more than they work; each has a house of its own."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: not item.nodeid.startswith(JOURNEYS))


class JourneysFirst(LoadScopeScheduling):
    """Journeys of one file are one worker's, all other tests anybody's; a third worker begins with those.

    They go in order, because tests that commit come after those that are rolled back. pytest-xdist's own `loadgroup` groups
    nothing with pytest 9.2, which does not read what it writes into a node's name.
    """

    def _split_scope(self, nodeid: str) -> str:
        return nodeid.split("::", maxsplit=1)[0] if nodeid.startswith(JOURNEYS) else nodeid

    def _assign_work_unit(self, node) -> None:
        others = (scope for scope in self.workqueue if not scope.startswith(JOURNEYS))
        if self.nodes.index(node) >= JOURNEYING and (first := next(others, None)):
            self.workqueue.move_to_end(first, last=False)
        super()._assign_work_unit(node)


def pytest_xdist_make_scheduler(config: pytest.Config, log) -> LoadScopeScheduling | None:
    """Ours where tests are to be kept together, else pytest-xdist's own."""
    return JourneysFirst(config, log) if config.getvalue("dist") == "loadscope" else None
