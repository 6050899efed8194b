from datetime import UTC, datetime

import pytest


@pytest.fixture
def now():
    return datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
