"""Which edges the installation has: one on this machine, several on it, or those that `ALPHEUS_EDGES` names."""

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from alpheus.listening.terms import Edge

if TYPE_CHECKING:
    from alpheus.config.settings import Settings

_FORM = "write: id, where listeners reach it, where web does, such as 'edge-1 https://e1.example http://10.0.0.2:8001'"
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,39}\Z")
_DRAINING = "draining"
_WORDS = 3


class EdgeUnknown(ValueError):
    """The settings name no such edge; the message says which there are."""


def named_edges(text: str) -> tuple[Edge, ...]:
    """Read `ALPHEUS_EDGES`: edges with semicolons or new lines between them.

    Raises:
        ValueError: it cannot be used; the sentence says which edge and what to write.
    """
    entries = [entry.split() for entry in re.split(r"[;\n]", text) if entry.strip()]
    found = tuple(_named(words) for words in entries)
    ids = [edge.id for edge in found]
    twice = sorted({name for name in ids if ids.count(name) > 1})
    if twice:
        raise ValueError(f"{', '.join(twice)} is named twice; every edge has an id of its own")
    return found


def _named(words: list[str]) -> Edge:
    serving = words[-1] != _DRAINING
    if not serving:
        words = words[:-1]
    name = words[0] if words else _DRAINING
    if len(words) != _WORDS:
        raise ValueError(f"{name} has {len(words)} words; {_FORM}")
    if not _ID.match(name):
        raise ValueError(f"{name!r} is no id: small letters, digits and hyphens, 40 at most, such as edge-1")
    public, internal = (_address(url, name) for url in words[1:])
    port = urlsplit(public).port or (443 if public.startswith("https:") else 80)
    return Edge(name, public, port, internal, serving)


def _address(text: str, name: str) -> str:
    """An origin: scheme, host, perhaps a port. It is written into pages' policy, so nothing else may stand in it."""
    parts = urlsplit(text)
    try:
        port = parts.port
    except ValueError:
        port = -1
    plain = f"{parts.scheme}://{parts.netloc}" == text.rstrip("/")
    bare = re.fullmatch(r"[A-Za-z0-9.:\[\]-]+", parts.netloc)
    if parts.scheme not in {"http", "https"} or not plain or not bare or port == -1:
        raise ValueError(f"{name}: {text} is no address; {_FORM}")
    return text.rstrip("/")


def edges_of(settings: "Settings") -> tuple[Edge, ...]:
    """All edges of the installation, the first one first."""
    if settings.edges:
        return named_edges(settings.edges)
    return tuple(
        Edge(
            id=f"edge-{number + 1}",
            public_url=settings.edge_url.rstrip("/"),
            public_port=settings.edge_port + number,
            internal_url=_on_this_machine(settings, settings.edge_port + number),
        )
        for number in range(settings.edge_count)
    )


def own_edges(settings: "Settings") -> tuple[Edge, ...]:
    """The edges that `alpheus up` runs on this machine."""
    return (own_edge(settings, ""),) if settings.edges else edges_of(settings)


def own_edge(settings: "Settings", name: str) -> Edge:
    """The edge that a process is: the one that is named, or `ALPHEUS_EDGE_ID`, or the first.

    Raises:
        EdgeUnknown: the settings name no such edge.
    """
    found = edges_of(settings)
    name = name or settings.edge_id or found[0].id
    for edge in found:
        if edge.id == name:
            return edge
    raise EdgeUnknown(f"no edge is called {name!r}; there are {', '.join(edge.id for edge in found)}")


def own_port(settings: "Settings", edge: Edge) -> int:
    """The port on which an edge of this machine listens; a proxy may stand in front of it."""
    return settings.edge_port if settings.edges else edge.public_port


def _on_this_machine(settings: "Settings", port: int) -> str:
    scheme = "https" if settings.tls_certificate else "http"
    host = "127.0.0.1" if settings.bind in {"0.0.0.0", "::"} else settings.bind  # noqa: S104 - compared, not bound
    return f"{scheme}://{host}:{port}"
