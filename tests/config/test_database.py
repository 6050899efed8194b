"""One setting says where the tables are."""

from pathlib import Path

import pytest

from alpheus.config.database import database_of
from alpheus.config.settings import Settings, SettingsError, load


@pytest.fixture(autouse=True)
def fresh():
    load.cache_clear()
    yield
    load.cache_clear()


def test_sqlite_in_the_data_folder_is_the_default():
    database = database_of("", data=Path("/srv/alpheus"))
    assert database["ENGINE"].endswith("sqlite")
    assert str(database["NAME"]) == "/srv/alpheus/alpheus.sqlite3"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgresql://me:p%40ss@db.example:5433/alpheus", ("me", "p@ss", "db.example", "5433", "alpheus")),
        ("postgres://me@db.example/alpheus", ("me", "", "db.example", "", "alpheus")),
        ("postgresql://[::1]/alpheus", ("", "", "::1", "", "alpheus")),
        ("postgresql:///alpheus?host=/run/postgresql", ("", "", "/run/postgresql", "", "alpheus")),
        ("postgresql://me@%2Frun%2Fpostgresql/my%20music", ("me", "", "/run/postgresql", "", "my music")),
    ],
)
def test_postgresql(url, expected):
    database = database_of(url, data=Path())
    assert tuple(database[key] for key in ("USER", "PASSWORD", "HOST", "PORT", "NAME")) == expected


def test_what_was_answered_for_is_on_disk_and_connections_are_pooled():
    database = database_of("postgresql://me@db/alpheus?sslmode=verify-full", data=Path())
    assert "synchronous_commit=on" in database["OPTIONS"]["options"]
    assert "jit=off" in database["OPTIONS"]["options"], "compiling a question takes longer than any of ours"
    assert database["OPTIONS"]["sslmode"] == "verify-full"
    assert database["OPTIONS"]["pool"]
    assert database["CONN_MAX_AGE"] == 0, "threads end with their requests under ASGI"


@pytest.mark.parametrize(
    "url",
    [
        "mysql://me:hunter2@db/alpheus",
        "postgresql://me:hunter2@db",
        "postgresql://me:hunter2@db/",
        "postgresql://me:hunter2@db/a/b",
        "postgresql://me:hunter2@db:port/alpheus",
        "postgresql://me:hun/ter2@db/alpheus",
        "postgresql://me:hunter2@[::1/alpheus",
        "postgresql://me:hunter2@db/alpheus?options=-cfsync=off",
        "alpheus",
    ],
)
def test_anything_else_is_refused_without_showing_the_password(monkeypatch, url):
    monkeypatch.setenv("ALPHEUS_DATABASE_URL", url)
    with pytest.raises(SettingsError, match="ALPHEUS_DATABASE_URL") as raised:
        load()
    told = f"{raised.value} {raised.value.__cause__} {raised.value.__cause__!r}"
    assert "postgresql://user:password@host" in told or "cannot be given" in told
    assert not any(word in told for word in ("hunter2", "ter2", "hun/"))


def test_the_password_never_shows():
    assert "hunter2" not in repr(Settings(database_url="postgresql://me:hunter2@db/alpheus"))
