"""`alpheus doctor`: what an installation needs, checked one by one, each with its remedy."""

import os
import resource
import shutil
import sqlite3
import ssl
import stat
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.error import URLError
from urllib.request import urlopen

import psycopg

from alpheus.audio import codecs
from alpheus.config import secrets
from alpheus.config.edges import edges_of
from alpheus.config.settings import Settings
from alpheus.edge.options import EdgeOptions
from alpheus.edge.sockets import FILES_KEPT
from alpheus.storage.blobs import Blobs
from alpheus.storage.errors import StorageError

LEAST_FREE_BYTES = 2 * 2**30
POSTGRESQL_LEAST = 14  # the oldest that Django 5.2 knows
_ABOUT_POSTGRESQL = """
SELECT current_setting('server_encoding'), current_setting('fsync'),
    coalesce(has_schema_privilege(current_schema(), 'CREATE'), false),
    to_regclass('django_migrations') IS NOT NULL
"""


@dataclass(frozen=True)
class Finding:
    """One thing that was checked: good, worth knowing, or to be mended."""

    what: str
    state: str
    remedy: str = ""

    @property
    def bad(self) -> bool:
        """Whether it must be mended."""
        return self.state == "bad"

    def line(self) -> str:
        """The finding as one line for a terminal."""
        sign = {"good": "[green]ok[/green]  ", "note": "[yellow]note[/yellow]", "bad": "[red]bad[/red] "}[
            self.state
        ]
        return f"{sign} {self.what}" + (f"\n     {self.remedy}" if self.remedy else "")


def examine(settings: Settings) -> list[Finding]:
    """Run every check; none of them changes anything that matters."""
    checks: list[Callable[[Settings], Iterator[Finding]]] = [
        _python, _folder, _secrets, _database, _store, _codecs, _assets, _files, _listening, _public,
    ]  # fmt: skip
    return [finding for check in checks for finding in check(settings)]


def _python(_settings: Settings) -> Iterator[Finding]:
    yield Finding(f"Python {sys.version.split()[0]}, SQLite {sqlite3.sqlite_version}", "good")


def _folder(settings: Settings) -> Iterator[Finding]:
    data = settings.data.resolve()
    if not data.is_dir():
        yield Finding(f"The data folder {data} is not there yet", "note", "`alpheus up` makes it.")
        return
    if not os.access(data, os.W_OK):
        yield Finding(
            f"The data folder {data} cannot be written", "bad", f"Give it to this user: chown -R $USER {data}"
        )
        return
    free = shutil.disk_usage(data).free
    if free < LEAST_FREE_BYTES:
        yield Finding(
            f"{free / 2**30:.1f} GiB free under {data}", "bad", "Free some space or move ALPHEUS_DATA."
        )
    else:
        yield Finding(f"Data folder {data}, {free / 2**30:.0f} GiB free", "good")


def _secrets(settings: Settings) -> Iterator[Finding]:
    folder = settings.data / "secrets"
    if folder.is_dir() and stat.S_IMODE(folder.stat().st_mode) & 0o077:
        yield Finding(f"Others can read {folder}", "bad", f"chmod 700 {folder}")
    if not settings.key_encryption_key:
        yield Finding(
            "The key that wraps all storage keys lies in the data folder, beside what it protects",
            "note",
            "Keep it elsewhere: set ALPHEUS_KEY_ENCRYPTION_KEY to the hex of data/secrets/kek, then delete that file.",
        )


def _database(settings: Settings) -> Iterator[Finding]:
    yield from _postgresql(settings) if settings.database_url else _sqlite(settings)


def _postgresql(settings: Settings) -> Iterator[Finding]:
    try:
        with psycopg.connect(settings.database_url, connect_timeout=5) as connection:
            row = connection.execute(_ABOUT_POSTGRESQL).fetchone()
            version = connection.info.server_version
    except psycopg.Error as error:
        yield Finding(
            f"PostgreSQL does not answer: {' '.join(str(error).split())}",
            "bad",
            "Check ALPHEUS_DATABASE_URL, and that the server runs and lets this machine in.",
        )
        return
    encoding, fsync, may_create, migrated = row or ("?", "?", False, False)
    name = f"PostgreSQL {version // 10000}.{version % 10000}"
    if version < POSTGRESQL_LEAST * 10000:
        yield Finding(f"{name} is too old", "bad", f"Use PostgreSQL {POSTGRESQL_LEAST} or later.")
    if encoding != "UTF8":
        yield Finding(
            f"The database keeps texts as {encoding}",
            "bad",
            "Make it anew: createdb -E UTF8 -T template0 NAME",
        )
    if fsync != "on":
        yield Finding(
            "PostgreSQL runs with fsync off: a power cut can destroy the database", "bad", "Set fsync = on."
        )
    if not may_create:
        yield Finding(
            "The database's user cannot make tables",
            "bad",
            "Make it the owner: ALTER DATABASE name OWNER TO user",
        )
    if migrated:
        yield Finding(f"{name} answers and holds the tables", "good")
    else:
        yield Finding(
            f"{name} answers; the tables are not there yet", "note", "`alpheus migrate` makes them."
        )


def _sqlite(settings: Settings) -> Iterator[Finding]:
    path = settings.data.resolve() / "alpheus.sqlite3"
    if not path.exists():
        yield Finding("The database is not there yet", "note", "`alpheus migrate` makes it.")
        return
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        verdict = connection.execute("PRAGMA quick_check").fetchone()[0]
        mode = connection.execute("PRAGMA journal_mode").fetchone()[0]
    except sqlite3.DatabaseError as error:
        verdict, mode = str(error), "?"
    finally:
        connection.close()
    if verdict == "ok":
        yield Finding(f"Database sound, journal mode {mode}", "good")
    else:
        yield Finding(
            f"The database is damaged: {verdict}", "bad", "Stop Alpheus and restore the latest backup."
        )


def _store(settings: Settings) -> Iterator[Finding]:
    try:
        blobs = Blobs.open(settings.objects_url)
        blobs.put("doctor/probe", b"alpheus")
        right = blobs.get("doctor/probe") == b"alpheus"
        blobs.delete("doctor/probe")
    except (StorageError, OSError, ValueError) as error:
        yield Finding(
            f"The object store does not answer: {error}",
            "bad",
            "Check ALPHEUS_STORAGE_URL and its credentials.",
        )
        return
    if right:
        yield Finding("Object store writes and reads back", "good")
    else:
        yield Finding(
            "The object store returned other bytes than were written", "bad", "Do not use this store."
        )


def _codecs(_settings: Settings) -> Iterator[Finding]:
    missing = codecs.missing()
    if missing:
        yield Finding(f"PyAV lacks {', '.join(missing)}", "bad", "Install the locked wheel: make up does.")
    else:
        yield Finding(f"PyAV {codecs.version()} encodes AAC and FLAC", "good")


def _assets(_settings: Settings) -> Iterator[Finding]:
    from importlib.resources import files  # noqa: PLC0415

    if (files("alpheus.web") / "static" / "built" / "main.js").is_file():
        yield Finding("Browser assets are built", "good")
    else:
        yield Finding("Browser assets are not built", "bad", "Run: make assets")


def _files(_settings: Settings) -> Iterator[Finding]:
    """Whether web and edge may open as many files as they have listeners; what they cannot, waits."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = EdgeOptions.connections_max + FILES_KEPT
    most = wanted if resource.RLIM_INFINITY in {soft, hard} else max(soft, hard)
    if most >= wanted:
        yield Finding(f"The edge may hold {EdgeOptions.connections_max} connections", "good")
        return
    yield Finding(
        f"This user may open {most} files: the edge holds {max(1, most - FILES_KEPT)} connections, and more wait",
        "note",
        f"For more listeners raise the hard limit: LimitNOFILE={wanted} in its systemd unit, or `ulimit -Hn {wanted}`.",
    )


def _listening(settings: Settings) -> Iterator[Finding]:
    scheme = "https" if settings.tls_certificate else "http"
    # Our own servers, at addresses that their certificates do not name.
    trust = ssl._create_unverified_context()  # noqa: S323, SLF001
    for name, url in (
        ("web", f"{scheme}://127.0.0.1:{settings.port}/healthz"),
        *((edge.id, edge.internal_url + "/healthz") for edge in edges_of(settings)),
    ):
        try:
            with urlopen(url, timeout=3, context=trust if url.startswith("https:") else None) as answer:  # noqa: S310 - our own address
                yield Finding(f"{name} answers {answer.status}", "good")
        except (URLError, OSError) as error:
            yield Finding(f"{name} does not answer at {url} ({error})", "note", "Start it: alpheus up")


def _public(settings: Settings) -> Iterator[Finding]:
    if settings.bind not in {"127.0.0.1", "localhost", "::1"} and not settings.tls_certificate:
        yield Finding(
            "Listeners on the network are served without TLS",
            "note",
            "Set ALPHEUS_TLS_CERTIFICATE and ALPHEUS_TLS_KEY, or put a proxy with TLS in front and set ALPHEUS_PUBLIC_URL.",
        )
    if settings.debug:
        yield Finding("ALPHEUS_DEBUG is on", "bad", "Unset it: its pages show settings to anyone.")
    if secrets.django_key(settings) == "":
        yield Finding(
            "data/secrets/django.key is empty", "bad", "Delete it and start again; everyone signs in anew."
        )
