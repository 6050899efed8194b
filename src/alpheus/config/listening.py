"""The terms of listening, built from the settings; Django's settings carry them to the faces."""

from datetime import timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from alpheus.config import secrets
from alpheus.config.edges import edges_of
from alpheus.config.settings import Settings
from alpheus.edge.gate import SEEK_REFILL
from alpheus.listening.terms import Terms


def terms(settings: Settings) -> Terms:
    """On which terms this installation lets people listen."""
    key = load_pem_private_key(secrets.grant_private_key(settings), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError("data/secrets/grant.key is no Ed25519 key; remove it and restart to make a new one")
    return Terms(
        access=settings.access,
        preview_seconds=settings.preview_seconds,
        edges=edges_of(settings),
        gate_refill=_gate_refill(settings),
        key_logs=settings.data.resolve() / "keylog",
        grant_key=key,
        internal_key=secrets.internal_key(settings),
        territory=settings.territory,
        territory_header=settings.territory_header,
    )


def _gate_refill(settings: Settings) -> timedelta:
    """How long an empty gate takes to fill: the slower of its two buckets."""
    return timedelta(seconds=max(settings.lead_seconds, settings.seek_seconds / SEEK_REFILL))
