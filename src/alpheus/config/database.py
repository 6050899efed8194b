"""Where the tables are: the setting `ALPHEUS_DATABASE_URL` in Django's words."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

CONNECTIONS_MAX = 10
"""Of one process: as many requests are in the database at once; the others wait for theirs."""
WAIT_SECONDS = 10
RECONNECT_SECONDS = 5
"""How long the pool tries by itself, ever more rarely, to reach a server that is away; then the next request does."""

_PARAMETERS = frozenset({"host", "sslmode", "sslrootcert", "sslcert", "sslkey", "target_session_attrs"})
_FORM = "write postgresql://user:password@host:port/name"


def database_of(url: str, *, data: Path) -> dict[str, Any]:
    """Describe the database: PostgreSQL by its URL, else SQLite in the data folder.

    Raises:
        ValueError: the URL cannot be used; the sentence never quotes it, since it may hold a password.
    """
    return _postgresql(url) if url else _sqlite(data)


def _sqlite(data: Path) -> dict[str, Any]:
    return {
        "ENGINE": "alpheus.database.sqlite",
        "NAME": data.resolve() / "alpheus.sqlite3",
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
        },
        "TEST": {"NAME": ":memory:"},
    }


def _postgresql(url: str) -> dict[str, Any]:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:  # whose own words may quote the password
        raise ValueError(f"this is no URL; {_FORM}, with %40 for an @ in the password") from None
    if parts.scheme not in {"postgresql", "postgres"}:
        raise ValueError(f"only PostgreSQL is known here; {_FORM}, or leave it empty for SQLite")
    name = unquote(parts.path.removeprefix("/"))
    if not name or "/" in name:
        raise ValueError(f"the name of the database is missing; {_FORM}")
    parameters = dict(parse_qsl(parts.query, keep_blank_values=True))
    unknown = sorted(parameters.keys() - _PARAMETERS)
    if unknown:
        raise ValueError(f"{', '.join(unknown)} cannot be given; known are {', '.join(sorted(_PARAMETERS))}")
    host = parameters.pop("host", "") or unquote(parts.hostname or "")  # a socket's folder comes as ?host=
    return {
        "ENGINE": "alpheus.database.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(port or ""),
        # Under ASGI each request has a thread of its own, so connections are kept by a pool, not by threads.
        "CONN_MAX_AGE": 0,
        "OPTIONS": {
            "application_name": "alpheus",
            "connect_timeout": WAIT_SECONDS,
            # What was answered for is on disk, whatever the server's default; and no question is compiled first: of those
            # asked here none runs for as long as compiling it takes, a fifth of a second.
            "options": "-c synchronous_commit=on -c jit=off",
            "pool": {
                "min_size": 1,
                "max_size": CONNECTIONS_MAX,
                "timeout": WAIT_SECONDS,
                "reconnect_timeout": RECONNECT_SECONDS,
            },
            **parameters,
        },
    }
