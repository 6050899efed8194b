"""A whole installation on PostgreSQL by one setting: its tables, two files imported, played over HTTP, counted."""

import json
import os
import subprocess
import sys
import time
from urllib.request import urlopen
from uuid import uuid4

import psycopg
import pytest
from django.db import connection
from journeys import installation as installations
from journeys import recordings
from journeys.client import Guest
from journeys.recordings import RATE_HZ, Piece

pytestmark = pytest.mark.skipif(connection.vendor != "postgresql", reason="on SQLite the journeys do this")

PATIENCE_SECONDS = 60


@pytest.fixture
def address():
    """A new database beside the one that the tests know; gone afterwards."""
    name = f"journey_{uuid4().hex[:12]}"
    server = os.environ["ALPHEUS_DATABASE_URL"]
    with psycopg.connect(server, autocommit=True) as beside:
        beside.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
        path, mark, query = server.partition("?")
        yield path.rpartition("/")[0] + f"/{name}{mark}{query}"
        beside.execute(f"DROP DATABASE {name} WITH (FORCE)")


def ask(address, question):
    with psycopg.connect(address) as asking:
        return asking.execute(question).fetchone()[0]


def examine(installation):
    """What `alpheus doctor` says, whatever else is amiss on a machine for tests."""
    command = [sys.executable, "-m", "alpheus", "doctor"]
    done = subprocess.run(command, env=installation.environment, capture_output=True, text=True, check=False)
    return " ".join((done.stdout + done.stderr).split())


def test_migrate_import_play_count(address, tmp_path):
    data, folder = tmp_path / "data", tmp_path / "music"
    installation = installations.prepared(data, database_url=address, access="open")
    assert "tables are not there yet" in examine(installation)
    installation.command("migrate")
    assert "answers and holds the tables" in examine(installation)
    for number in (1, 2):
        piece = Piece(f"Ebb {number}", "Estuary", number, recordings.compose(number, 6 * RATE_HZ))
        recordings.write_flac(piece, folder)
    installation.command("import", str(folder), "--jobs", "1")
    with installations.running(installation):
        with urlopen(f"{installation.url}/api/v1/search?q=ebb", timeout=20) as answer:
            found = json.load(answer)["recordings"]
        assert {entry["title"] for entry in found} == {"Ebb 1", "Ebb 2"}
        stream = Guest(installation.url).play([entry["gid"] for entry in found])
        (grant, _, _), released = next(iter(stream.released.items()))
        status, body = stream.fetch(released[0])
        assert (status, len(body) > 1000) == (200, True)
        time.sleep(2)  # of music, which is what a play is counted by
        heard = {"grant": grant, "sample": int(1.8 * RATE_HZ)}
        assert stream.post([], at=heard).status == 200
        until = time.monotonic() + PATIENCE_SECONDS
        while not ask(address, "SELECT count(*) FROM listening_play WHERE heard_ms >= 1500"):
            assert time.monotonic() < until, installation.log()
            time.sleep(0.5)
    assert not (data / "alpheus.sqlite3").exists()


def test_a_server_that_is_away_is_told_in_a_sentence(tmp_path):
    nobody = f"postgresql://me:hunter2@/alpheus?host={tmp_path}"
    installation = installations.prepared(tmp_path / "data", database_url=nobody)
    told = examine(installation)
    assert "PostgreSQL does not answer" in told
    assert "Check ALPHEUS_DATABASE_URL" in told
    assert "hunter2" not in told
