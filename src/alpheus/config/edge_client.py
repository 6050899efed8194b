"""The command line's calls to the edges' internal routes."""

import json
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from alpheus.config import secrets
from alpheus.config.edges import edges_of
from alpheus.config.settings import Settings
from alpheus.listening.terms import Edge

_TIMEOUT_SECONDS = 10


class EdgeRefused(Exception):
    """The edge answered that it will not; the message is its sentence."""


@dataclass(frozen=True)
class Told:
    """What one edge said: its lines, or why there are none."""

    edge: Edge
    lines: tuple[str, ...] = ()
    trouble: str = ""


def turn_epoch(settings: Settings) -> list[Told]:
    """Turn the epoch of every edge now; gives what each says of it."""
    return _each(settings, lambda edge: [json.dumps(_asked(settings, edge, "/internal/epoch/turn", {}))])


def strategies(settings: Settings) -> list[Told]:
    """Every edge's delivery strategies, one line each: name, whether it is installed, whether it is in force."""
    return _each(settings, lambda edge: _lines(_asked(settings, edge, "/internal/strategies")))


def choose_strategies(settings: Settings, verb: str, name: str) -> list[Told]:
    """Install, retire or force a strategy, or draw again (without a name), on every edge; gives the lines as they are then."""
    body: dict[str, object] = {verb: name or True}
    return _each(settings, lambda edge: _lines(_asked(settings, edge, "/internal/strategies/choose", body)))


def streams(settings: Settings) -> list[Told]:
    """How many streams every edge holds, and how many of them asked for music or told their playhead just now."""

    def counted(edge: Edge) -> list[str]:
        told = _asked(settings, edge, "/internal/state")
        return [f"{told.get('streams', '?')} streams, {told.get('listening', '?')} of them listening"]

    return _each(settings, counted)


def _each(settings: Settings, ask: Callable[[Edge], list[str]]) -> list[Told]:
    """Ask all edges; one that is away or refuses keeps none of the others from being asked."""
    told = []
    for edge in edges_of(settings):
        try:
            told.append(Told(edge, tuple(ask(edge))))
        except EdgeRefused as error:
            told.append(Told(edge, trouble=str(error)))
        except OSError as error:
            sentence = f"The edge does not answer at {edge.internal_url} ({error}). Start it: alpheus up"
            told.append(Told(edge, trouble=sentence))
    return told


def _lines(told: dict[str, object]) -> list[str]:
    installed, retired = told["installed"], told["retired"]
    if not isinstance(installed, list) or not isinstance(retired, list):
        raise EdgeRefused("The edge is of another version than this command.")
    lines = []
    for name in sorted([*installed, *retired]):
        words = ["installed" if name in installed else "retired"]
        if name == told["in_force"]:
            words.append("in force")
        if name == told["forced"]:
            words.append("forced")
        lines.append(f"{'*' if name == told['in_force'] else ' '} {name:<12} {', '.join(words)}")
    return lines


def _asked(
    settings: Settings, edge: Edge, path: str, body: dict[str, object] | None = None
) -> dict[str, object]:
    """What the edge answers: to a GET, or to a POST when there is a body."""
    request = Request(  # noqa: S310 - our own edge's address
        edge.internal_url + path,
        data=None if body is None else json.dumps(body).encode(),
        headers={"Authorization": f"Bearer {secrets.internal_key(settings).hex()}"},
    )
    # Our own edge on our own network: its certificate names the public host, not this address.
    context = ssl._create_unverified_context() if edge.internal_url.startswith("https:") else None  # noqa: S323, SLF001
    try:
        with urlopen(request, timeout=_TIMEOUT_SECONDS, context=context) as answer:  # noqa: S310
            told: dict[str, object] = json.load(answer)
    except HTTPError as error:
        raise EdgeRefused(_sentence(error)) from error
    return told


def _sentence(error: HTTPError) -> str:
    """What a problem (RFC 9457) says to people."""
    try:
        return str(json.load(error)["detail"])
    except (ValueError, KeyError, TypeError):
        return f"The edge answered {error.code} {error.reason}."
