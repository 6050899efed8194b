"""Browse and search a library of 100,000 tracks by 10,000 artists, on both databases, beside supysonic in the same run.

Search is asked for letter by letter, as somebody types; lists at their beginning and nine tenths down. All answers are
made in one process each, without a network: ours through Django's test client, supysonic's through Flask's. The peer keeps
its library in SQLite, is signed in as its protocol wants, and finds names by LIKE. BENCH_TRACKS=2000 makes it small.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import venv
from collections.abc import Sequence
from pathlib import Path

from benchmarks.report import Row, at_most, publish

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import postgresql

ROOT = Path(__file__).parents[1]
SEARCH_MS, PAGE_MS = 30, 100
PEER = "supysonic==0.7.9"


def main() -> None:
    """Measure and publish."""
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="alpheus-bench-") as named:
        folder = Path(named)
        peer = ""
        for database in ("SQLite", "PostgreSQL"):
            told = _ours(folder, database)
            rows += _rows(database, told)
        peer_told = _peer(folder)
        if peer_told:
            peer = PEER.replace("==", " ")
            rows += _peer_rows(peer_told, rows, peer)
    publish("browse", rows)


def _ours(folder: Path, database: str) -> dict:
    data = folder / database
    data.mkdir()
    url = postgresql.start().url() if database == "PostgreSQL" else ""
    environment = os.environ | {"ALPHEUS_DATA": str(data), "ALPHEUS_DATABASE_URL": url}
    command = [
        sys.executable,
        "-m",
        "benchmarks.support.browsing",
        str(folder / "names"),
        str(folder / "queries"),
    ]
    done = subprocess.run(command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def _rows(database: str, told: dict) -> list[Row]:
    paths = {path: statistics.median(taken) for path, taken in told["paths"].items()}
    slow = sorted(paths, key=lambda path: -paths[path])
    api = [ms for path in told["paths"] if path.startswith("/api/") for ms in told["paths"][path]]
    pages = [ms for path in told["paths"] if not path.startswith("/api/") for ms in told["paths"][path]]
    return [
        *_spread(f"{database}: search page, a letter typed", list(told["search"].values()), SEARCH_MS),
        *_spread(f"{database}: search in the API", list(told["api"].values()), SEARCH_MS),
        *_spread(f"{database}: pages", pages, PAGE_MS),
        *_spread(f"{database}: the API's lists and things", api, PAGE_MS),
        *(Row(f"{database}: {path[:80]}", round(paths[path], 1), "ms") for path in slow[:5]),
        *(Row(f"{database}: typed “{text}”", round(ms, 1), "ms") for text, ms in _slowest(told["search"])),
        Row(f"{database}: RSS of the process", told["rss"], "MiB"),
    ]


def _slowest(typed: dict[str, float]) -> list[tuple[str, float]]:
    return sorted(typed.items(), key=lambda each: -each[1])[:3]


def _spread(measure: str, taken: Sequence[float], bar_ms: float, *, peer: str = "") -> list[Row]:
    return [
        at_most(f"{measure}, p50", round(statistics.median(taken), 2), "ms", bar_ms, peer=peer),
        at_most(f"{measure}, p99", round(_p99(taken), 2), "ms", bar_ms, peer=peer),
    ]


def _p99(taken: Sequence[float]) -> float:
    return sorted(taken)[max(len(taken) * 99 // 100 - 1, 0)]


def _peer(folder: Path) -> dict:
    """Let supysonic answer the same in a throw-away environment; nothing where it cannot be installed."""
    home = folder / "peer"
    venv.create(home, with_pip=True)
    python = home / "bin" / "python"
    installed = subprocess.run([str(python), "-m", "pip", "install", "--quiet", PEER], check=False)
    if installed.returncode != 0:
        print(f"{PEER} could not be installed: no peer is measured.")
        return {}
    script = Path(__file__).parent / "support" / "supysonic_peer.py"
    command = [str(python), str(script), str(folder / "names"), str(folder / "queries"), str(home)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def _peer_rows(told: dict, ours: Sequence[Row], peer: str) -> list[Row]:
    search = next(row.value for row in ours if row.measure == "SQLite: search in the API, p50")
    lists = next(row.value for row in ours if row.measure == "SQLite: the API's lists and things, p50")
    return [
        at_most(
            "search in the API beside search3, p50",
            search / statistics.median(told["search"]),
            "x",
            1,
            peer=peer,
        ),
        at_most(
            "lists in the API beside getAlbumList2, p50",
            lists / statistics.median(told["lists"]),
            "x",
            1,
            peer=peer,
        ),
        Row("search3, p50", round(statistics.median(told["search"]), 2), "ms", peer=peer),
        Row("search3, p99", round(_p99(told["search"]), 2), "ms", peer=peer),
        Row("getAlbumList2, p50", round(statistics.median(told["lists"]), 2), "ms", peer=peer),
        Row("getAlbumList2, p99", round(_p99(told["lists"]), 2), "ms", peer=peer),
        Row("RSS of the peer's process", told["rss"], "MiB", peer=peer),
    ]


if __name__ == "__main__":
    main()
