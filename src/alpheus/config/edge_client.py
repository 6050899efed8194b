"""The command line's calls to the edge's internal routes."""

import json
import ssl
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from alpheus.config import secrets
from alpheus.config.settings import Settings

_TIMEOUT_SECONDS = 10


class EdgeRefused(Exception):
    """The edge answered that it will not; the message is its sentence."""


def internal_url(settings: Settings) -> str:
    """Where this machine reaches its own edge."""
    scheme = "https" if settings.tls_certificate else "http"
    host = "127.0.0.1" if settings.bind in {"0.0.0.0", "::"} else settings.bind  # noqa: S104 - compared, not bound
    return f"{scheme}://{host}:{settings.edge_port}"


def turn_epoch(settings: Settings) -> str:
    """Turn the epoch now and return what the edge says of it.

    Raises:
        OSError: the edge does not answer.
    """
    return json.dumps(_asked(settings, "/internal/epoch/turn", {}))


def strategies(settings: Settings) -> list[str]:
    """The delivery strategies, one line each: its name, whether it is installed, whether it is in force.

    Raises:
        OSError: the edge does not answer.
    """
    return _lines(_asked(settings, "/internal/strategies"))


def choose_strategies(settings: Settings, verb: str, name: str) -> list[str]:
    """Install, retire or force a strategy, or draw again (without a name); gives the lines as they are then.

    Raises:
        EdgeRefused: there is no such strategy, or it is the last one installed.
        OSError: the edge does not answer.
    """
    return _lines(_asked(settings, "/internal/strategies/choose", {verb: name or True}))


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


def _asked(settings: Settings, path: str, body: dict[str, object] | None = None) -> dict[str, object]:
    """What the edge answers: to a GET, or to a POST when there is a body."""
    request = Request(  # noqa: S310 - our own edge's address
        internal_url(settings) + path,
        data=None if body is None else json.dumps(body).encode(),
        headers={"Authorization": f"Bearer {secrets.internal_key(settings).hex()}"},
    )
    # Our own edge on our own machine: its certificate names the public host, not the loopback address.
    context = ssl._create_unverified_context() if settings.tls_certificate else None  # noqa: S323, SLF001
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
