"""The terms of listening, built from the settings; Django's settings carry them to the faces."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from alpheus.config import secrets
from alpheus.config.edge_client import internal_url
from alpheus.config.settings import Settings
from alpheus.listening.terms import Edge, Terms

EDGE_ID = "edge-1"
"""What grants call the one edge of this machine."""


def terms(settings: Settings) -> Terms:
    """On which terms this installation lets people listen."""
    key = load_pem_private_key(secrets.grant_private_key(settings), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError("data/secrets/grant.key is no Ed25519 key; remove it and restart to make a new one")
    return Terms(
        access=settings.access,
        preview_seconds=settings.preview_seconds,
        edges=(_own_edge(settings),),
        key_logs=settings.data.resolve() / "keylog",
        grant_key=key,
        internal_key=secrets.internal_key(settings),
    )


def _own_edge(settings: Settings) -> Edge:
    return Edge(
        id=EDGE_ID,
        public_url=settings.edge_url.rstrip("/"),
        public_port=settings.edge_port,
        internal_url=internal_url(settings),
    )
