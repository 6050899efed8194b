"""What an edge says of itself, asked over the internal network for the office."""

import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from alpheus.listening.terms import Edge, Terms


@dataclass(frozen=True)
class EdgeState:
    """One edge as the office shows it."""

    id: str
    url: str
    answers: bool
    facts: Mapping[str, object] = field(default_factory=dict)
    """What `/internal/state` says, flat; empty when it does not answer."""
    reason: str = ""


def ask(edge: Edge, terms: Terms) -> EdgeState:
    """Ask one edge for its state; one that does not answer is told with the reason, never raised."""
    try:
        facts = _get(f"{edge.internal_url}/internal/state", terms)
    except (OSError, HTTPException, ValueError) as error:
        return EdgeState(edge.id, edge.internal_url, answers=False, reason=str(error) or type(error).__name__)
    return EdgeState(edge.id, edge.internal_url, answers=True, facts=facts)


def _get(url: str, terms: Terms) -> dict[str, object]:
    parts = urlsplit(url)
    host, timeout = parts.hostname or "127.0.0.1", terms.edge_timeout_seconds
    if parts.scheme == "https":
        # Our own edge on the internal network: its certificate names the public host, not this address.
        context = ssl._create_unverified_context()  # noqa: S323, SLF001
        connection: HTTPConnection = HTTPSConnection(host, parts.port, timeout=timeout, context=context)
    else:
        connection = HTTPConnection(host, parts.port, timeout=timeout)
    try:
        connection.request("GET", parts.path, headers={"Authorization": f"Bearer {terms.internal_key.hex()}"})
        answer = connection.getresponse()
        body = answer.read(1 << 20)
    finally:
        connection.close()
    if answer.status >= 300:
        raise ValueError(f"it answered {answer.status} {answer.reason}")
    told = json.loads(body)
    return _flat(told) if isinstance(told, dict) else {}


def _flat(told: Mapping[str, object], before: str = "") -> dict[str, object]:
    """Nested objects as one level: {"cache": {"bytes": 1}} is "cache bytes"."""
    flat: dict[str, object] = {}
    for key, value in told.items():
        name = f"{before} {key}".strip().replace("_", " ")
        if isinstance(value, dict):
            flat |= _flat(value, name)
        elif not isinstance(value, list):
            flat[name] = value
    return flat
