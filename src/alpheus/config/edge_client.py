"""The command line's calls to the edge's internal routes."""

import json
import ssl
from urllib.request import Request, urlopen

from alpheus.config import secrets
from alpheus.config.settings import Settings


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
    key = secrets.internal_key(settings).hex()
    request = Request(  # noqa: S310 - our own edge's address
        internal_url(settings) + "/internal/epoch/turn",
        method="POST",
        headers={"Authorization": f"Bearer {key}"},
    )
    # Our own edge on our own machine: its certificate names the public host, not the loopback address.
    context = ssl._create_unverified_context() if settings.tls_certificate else None  # noqa: S323, SLF001
    with urlopen(request, timeout=10, context=context) as answer:  # noqa: S310
        return json.dumps(json.load(answer))
