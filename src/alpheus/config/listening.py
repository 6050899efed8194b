"""The terms of listening, built from the settings; Django's settings carry them to the faces."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from alpheus.config import secrets
from alpheus.config.settings import Settings
from alpheus.listening.terms import Edge, Terms
from alpheus.rights.rules import Access

EDGE_ID = "edge-1"


def terms(settings: Settings) -> Terms:
    """On which terms this installation lets people listen."""
    key = load_pem_private_key(secrets.grant_private_key(settings), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError("data/secrets/grant.key is no Ed25519 key; remove it and restart to make a new one")
    return Terms(
        access=Access(settings.access.value),
        preview_seconds=settings.preview_seconds,
        edges=(_own_edge(settings),),
        key_logs=settings.data.resolve() / "keylog",
        grant_key=key,
        internal_key=secrets.internal_key(settings),
    )


def _own_edge(settings: Settings) -> Edge:
    scheme = "https" if settings.tls_certificate else "http"
    host = "127.0.0.1" if settings.bind in {"0.0.0.0", "::"} else settings.bind  # noqa: S104 - compared only
    return Edge(
        id=EDGE_ID,
        public_url=settings.edge_url.rstrip("/"),
        public_port=settings.edge_port,
        internal_url=f"{scheme}://{host}:{settings.edge_port}",
    )
