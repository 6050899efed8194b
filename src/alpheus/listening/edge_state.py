"""What an edge says of itself, asked over the internal network for the office: its page, and programs."""

import json
import re
import ssl
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from alpheus.listening.terms import Edge, Terms

ASSET = re.compile(r"\b([0-9a-f]{32})\b")
ASKED_AT_ONCE = 8


@dataclass(frozen=True)
class Figure:
    """One figure that an edge told."""

    name: str
    """In words: "cache chunks bytes"."""
    value: object

    @property
    def is_bytes(self) -> bool:
        """Whether it counts bytes."""
        return self.name.endswith("bytes")


@dataclass(frozen=True)
class Damaged:
    """A stored object that an edge could not open, and so did not serve."""

    edge: str
    path: str
    what: str
    asset: str
    """The asset's key, where the path names one."""


@dataclass(frozen=True)
class EdgeState:
    """One edge as the office shows it."""

    id: str
    url: str
    answers: bool
    figures: tuple[Figure, ...] = ()
    """What `/internal/state` says; empty when it does not answer."""
    reason: str = ""
    damaged: tuple[Damaged, ...] = ()


def ask_all(terms: Terms) -> list[EdgeState]:
    """Ask all edges at once: one that is silent costs its time once, not once an edge."""
    with ThreadPoolExecutor(max_workers=ASKED_AT_ONCE) as pool:
        return list(pool.map(lambda edge: ask(edge, terms), terms.edges))


def ask(edge: Edge, terms: Terms) -> EdgeState:
    """Ask one edge for its state; one that does not answer is told with the reason, never raised."""
    try:
        told = _get(f"{edge.internal_url}/internal/state", terms)
    except (OSError, HTTPException, ValueError) as error:
        return EdgeState(edge.id, edge.internal_url, answers=False, reason=str(error) or type(error).__name__)
    figures = tuple(Figure(name, value) for name, value in _flat(told).items() if value != "")
    damaged = tuple(_damaged(edge, told.get("damaged")))
    return EdgeState(edge.id, edge.internal_url, answers=True, figures=figures, damaged=damaged)


def _damaged(edge: Edge, told: object) -> Iterator[Damaged]:
    for item in told if isinstance(told, list) else []:
        if isinstance(item, dict):
            path = str(item.get("object", ""))
            asset = ASSET.search(path)
            yield Damaged(edge.id, path, str(item.get("what", "")), asset[1] if asset else "")


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
    return told if isinstance(told, dict) else {}


def _flat(told: Mapping[str, object], before: str = "") -> dict[str, object]:
    """Nested objects as one level, lists by their length: {"cache": {"bytes": 1}} is "cache bytes"."""
    flat: dict[str, object] = {}
    for key, value in told.items():
        name = f"{before} {key}".strip().replace("_", " ")
        if isinstance(value, dict):
            flat |= _flat(value, name)
        else:
            flat[name] = len(value) if isinstance(value, list) else value
    return flat
