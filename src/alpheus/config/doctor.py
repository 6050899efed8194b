"""`alpheus doctor`: what an installation needs, checked one by one, each with its remedy."""

import os
import resource
import shutil
import sqlite3
import ssl
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import psycopg
from cryptography import x509

from alpheus.audio import codecs
from alpheus.config import secrets
from alpheus.config.edges import edges_of
from alpheus.config.settings import Settings
from alpheus.edge.options import EdgeOptions
from alpheus.edge.sockets import FILES_KEPT
from alpheus.storage.blobs import Blobs
from alpheus.storage.errors import StorageError

LEAST_FREE_BYTES = 2 * 2**30
WORKER_SILENT = timedelta(seconds=60)  # after which another takes its task
TLS_SOON = timedelta(days=14)
_BEAT = "SELECT max(beat_at) FROM tasks_workerbeat"
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
        _python, _folder, _secrets, _database, _store, _codecs, _assets, _translations, _files, _listening, _worker,
        _tls, _public,
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
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            yield Finding(f"Others can read {path}", "bad", f"chmod 600 {path}")
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


def _translations(_settings: Settings) -> Iterator[Finding]:
    from importlib.resources import files  # noqa: PLC0415

    wanted = sorted(Path(str(files("alpheus"))).glob("*/locale/*/LC_MESSAGES/*.po"))
    missing = sorted({path.parts[-3] for path in wanted if not path.with_suffix(".mo").is_file()})
    if missing:
        yield Finding(f"Translations are not built: {', '.join(missing)}", "bad", "Run: make assets")
    else:
        yield Finding("Translations are built", "good")


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


def _worker(settings: Settings) -> Iterator[Finding]:
    """By its sign of life; one that never ran, or was stopped in order, left none, and nothing is said."""
    beat = _last_beat(settings)
    if beat is None:
        return
    silent = datetime.now(UTC) - beat
    if silent < WORKER_SILENT:
        yield Finding("The worker takes tasks", "good")
    else:
        yield Finding(
            f"The worker has been silent since {beat:%Y-%m-%d %H:%M} UTC: no task is taken",
            "note",
            "Start it: alpheus up",
        )


def _last_beat(settings: Settings) -> datetime | None:
    try:
        if settings.database_url:
            with psycopg.connect(settings.database_url, connect_timeout=5) as connection:
                row = connection.execute(_BEAT).fetchone()
                return row[0] if row else None
        path = settings.data.resolve() / "alpheus.sqlite3"
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as opened:
            row = opened.execute(_BEAT).fetchone()
            return datetime.fromisoformat(row[0]).replace(tzinfo=UTC) if row and row[0] else None
    except (psycopg.Error, sqlite3.Error):
        return (
            None  # the database's own check says what is wrong with it, and without tables nothing ever ran
        )


def _tls(settings: Settings) -> Iterator[Finding]:
    """Whether web and edge can begin with their certificate, and for how long."""
    certificate, key = settings.tls_certificate, settings.tls_key
    if not certificate and not key:
        return
    if not certificate or not key:
        lacking = "ALPHEUS_TLS_KEY" if certificate else "ALPHEUS_TLS_CERTIFICATE"
        yield Finding("A certificate needs its key, and a key its certificate", "bad", f"Set {lacking} too.")
        return
    for path, setting in ((certificate, "ALPHEUS_TLS_CERTIFICATE"), (key, "ALPHEUS_TLS_KEY")):
        try:
            Path(path).read_bytes()
        except OSError as error:
            yield Finding(
                f"{path} cannot be read ({error.strerror})",
                "bad",
                f"Give it to this user, or set {setting} to another file.",
            )
            return
    try:
        ends = x509.load_pem_x509_certificate(Path(certificate).read_bytes()).not_valid_after_utc
    except ValueError:
        yield Finding(
            f"{certificate} is no certificate", "bad", "Set ALPHEUS_TLS_CERTIFICATE to a PEM file of one."
        )
        return
    try:
        ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(certificate, key, password="")
    except (ssl.SSLError, ValueError):
        yield Finding(
            f"{certificate} and {key} do not belong together",
            "bad",
            "Set ALPHEUS_TLS_KEY to the PEM file of this certificate's own key, without a passphrase.",
        )
        return
    left = ends - datetime.now(UTC)
    if left <= timedelta():
        yield Finding(
            f"The certificate was over at {ends:%Y-%m-%d %H:%M} UTC", "bad", "Renew it and start again."
        )
    elif left < TLS_SOON:
        yield Finding(f"The certificate is over on {ends:%Y-%m-%d}", "note", "Renew it and start again.")
    else:
        yield Finding(f"The certificate and its key belong together, until {ends:%Y-%m-%d}", "good")


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
