"""What this room is told by the installation: the operator's settings, the edges and keys, as plain values."""

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from alpheus.rights.rules import Access


@dataclass(frozen=True)
class Edge:
    """An edge: what grants call it, where listeners reach it, and where web does."""

    id: str
    public_url: str
    """Empty where it is the page's own host at `public_port`."""
    public_port: int
    internal_url: str
    serving: bool = True
    """Whether it gets new streams; the operator's latest command goes before this."""


@dataclass(frozen=True)
class Terms:
    """The terms on which this installation lets people listen."""

    access: Access
    preview_seconds: int
    edges: tuple[Edge, ...]
    key_logs: Path
    """The folder in which every edge's key log arrives, one folder an edge."""
    grant_key: Ed25519PrivateKey = field(repr=False)
    internal_key: bytes = field(repr=False)
    edge_timeout_seconds: float = 0.8
    """How long the first batch may take; when it takes longer the player asks the edge itself."""
    gate_refill: timedelta = timedelta(minutes=10)
    """How long an empty gate takes to fill: for so long a new edge must know that another one released music."""
    grant_lifetime: timedelta = timedelta(minutes=10)
    """How long a grant holds; a player renews it while it plays."""
    streams_at_once: int = 1
    """How many streams of one listener may sound at the same time."""
    territory: str = ""
    """Where listeners are when nobody says so (ISO 3166-1 alpha-2); empty where that is not known."""
    territory_header: str = ""
    """The header in which a proxy of ours says where a listener is; empty where none does."""
