"""What this room's tests stand on: terms with a key of their own, and an edge that is not there."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from alpheus.listening.terms import Edge, Terms
from alpheus.rights.rules import Access


@pytest.fixture
def now():
    return datetime(2027, 3, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def terms():
    return Terms(
        access=Access.OPEN,
        preview_seconds=30,
        edges=(Edge("edge-1", "", 8001, "http://127.0.0.1:9"),),
        key_logs=Path("nowhere"),
        grant_key=Ed25519PrivateKey.generate(),
        internal_key=b"i" * 32,
        edge_timeout_seconds=0.5,
    )
