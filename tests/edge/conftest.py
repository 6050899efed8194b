import pytest
from edge.kit import Site


@pytest.fixture
def site(tmp_path):
    made = Site(tmp_path)
    yield made
    made.edge.close()
