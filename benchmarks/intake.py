"""A label's whole catalogue by one sheet: checked row by row, laid out as drafts, while somebody reads pages beside it.

web and worker run as they do everywhere, on SQLite and on the same cores as the reader. The worker is killed in the middle
of its work and started anew; what is there at the end is counted in the tables. BENCH_INTAKE_ROWS=500 makes it small.
"""

import http.client
import json
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

from benchmarks.report import Row, at_most, publish
from benchmarks.support.pinned import free_port, wait_for

ROOT = Path(__file__).parents[1]
ROWS = int(os.environ.get("BENCH_INTAKE_ROWS", "10000"))
TRACKS = 10
"""Of a release."""
ARTISTS = max(1, ROWS // (2 * TRACKS))
"""Each has two releases; a roster is as long."""
PAGE_MS = 100
"""As for every page of ours (benchmarks/browse.py)."""
CHECK_SECONDS = 5
"""Somebody looks at a page that loads."""
LAY_OUT_SECONDS = 60
"""Choosing the folder with the files takes as long; the page says how far it is."""
DEAD_SECONDS = 90
"""Work of a worker that says nothing is taken up by another after a minute."""
RSS_MIB = 512
"""Of each process: a machine of 2 GiB holds web, worker and an edge."""
FAULTY = 9
"""Sheets with something to mend that are brought before the good one: so that the reader reads long enough."""
PAUSE_SECONDS = 0.02
"""Between two pages of the reader's."""
HEAD = "File,Title,Release,Release artist,Track,ISRC,Genres,Territories,Composers,Lyricists,Credits,Language,Explicit,Price"


def sheet(*, faulty: bool = False) -> bytes:
    """Every row says much of itself; where something is to be mended it is in the last."""
    lines = [HEAD]
    for number in range(ROWS):
        release, track = divmod(number, TRACKS)
        lines.append(
            f"disc/{number:05}.wav,夜の汽車 {number},Album {release},Artist {release % ARTISTS},{track + 1},"
            f"CNA01{26:02}{number:05},jazz; ambient,CN JP KR,Mina {number}|Wei,Hana,drums: Mei|piano: Yuki,ja,no,"
        )
    if faulty:
        lines.append("none.exe,,,Nobody")
    return "\n".join(lines).encode()


class Reader(threading.Thread):
    """Reads one light page again and again, as somebody else's browser does."""

    def __init__(self, port: int) -> None:
        super().__init__(daemon=True)
        self.port, self.taken, self._ended = port, [], threading.Event()
        self.taken: list[float]

    def run(self) -> None:
        """Read until told to end."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        while not self._ended.is_set():
            began = time.perf_counter()
            connection.request("GET", "/")
            answer = connection.getresponse()
            answer.read()
            if answer.status != 200:
                raise RuntimeError(f"/ was answered {answer.status}")
            self.taken.append((time.perf_counter() - began) * 1000)
            time.sleep(PAUSE_SECONDS)

    def end(self) -> list[float]:
        """Stop; milliseconds that each page took."""
        self._ended.set()
        self.join()
        return self.taken


@contextmanager
def reading(port: int) -> Iterator[list[float]]:
    """While something is done, a page is read; the list is filled at the end."""
    reader, taken = Reader(port), []
    reader.start()
    try:
        yield taken
    finally:
        taken += reader.end()


class Process:
    """One of alpheus's processes, whose peak memory is known when it ends."""

    def __init__(self, name: str, environment: dict[str, str]) -> None:
        self.name, self.environment, self.peak_mib = name, environment, 0.0
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it."""
        quiet = subprocess.DEVNULL
        command = [sys.executable, "-m", "alpheus", self.name]
        self._process = subprocess.Popen(
            command, env=os.environ | self.environment, stdout=quiet, stderr=quiet
        )

    def kill(self) -> None:
        """End it as a lost power supply does."""
        if self._process is None:
            return
        said = Path(f"/proc/{self._process.pid}/status").read_text().partition("VmHWM:")[2].split()
        self.peak_mib = max(self.peak_mib, int(said[0]) / 1024 if said else 0.0)
        self._process.kill()
        self._process.wait()
        self._process = None


def main() -> None:
    """Measure and publish."""
    with tempfile.TemporaryDirectory(prefix="alpheus-bench-", dir=os.environ.get("BENCH_FOLDER")) as named:
        data, port = Path(named), free_port()
        environment = {
            "ALPHEUS_DATA": str(data),
            "ALPHEUS_PORT": str(port),
            "ALPHEUS_DATABASE_URL": "",
            "ALPHEUS_ACCESS": "open",
        }
        founding = [sys.executable, "-m", "benchmarks.support.intaking", str(ARTISTS)]
        told = subprocess.run(
            founding, env=os.environ | environment, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True
        )
        token = told.stdout.split()[-1]
        web, worker = Process("web", environment), Process("worker", environment)
        try:
            web.start()
            wait_for(port, seconds=60)
            rows = _measured(data / "alpheus.sqlite3", port, token, worker)
        finally:
            worker.kill()
            web.kill()
    rows += [at_most(f"peak memory of {it.name}", it.peak_mib, "MiB", RSS_MIB) for it in (web, worker)]
    publish("intake", rows)


def _measured(tables: Path, port: int, token: str, worker: Process) -> list[Row]:
    with reading(port):
        time.sleep(3)  # the first pages are read slowly, once
    with reading(port) as quiet:
        time.sleep(5)
    with reading(port) as beside_check:
        for _ in range(FAULTY):
            _brought(port, token, sheet(faulty=True))
        began = time.perf_counter()
        gid = _brought(port, token, sheet())
        check_seconds = time.perf_counter() - began
    before, after = ROWS // TRACKS * 2 // 5, ROWS // TRACKS * 2 // 5 + 25
    worker.start()
    began = time.perf_counter()
    with reading(port) as beside_work:
        _until(tables, lambda _state, done: done >= before)
    worker.kill()
    stopped = time.perf_counter()
    worker.start()
    _until(tables, lambda state, done: state == "open" or done > after)
    goes_on = time.perf_counter()
    with reading(port) as beside_the_rest:
        _until(tables, lambda state, _done: state == "open")
    seconds, dead = time.perf_counter() - began - (goes_on - stopped), goes_on - stopped
    beside_work += beside_the_rest
    asked = [_timed(port, token, f"/api/v1/studio/intakes/{gid}") for _ in range(10)]
    wrong = _wrong(tables)
    return [
        at_most(f"checking {ROWS:,} rows, from the press to the answer", check_seconds, "s", CHECK_SECONDS),
        at_most(f"laying {ROWS:,} rows out as drafts", seconds, "s", LAY_OUT_SECONDS),
        at_most("from a kill in the middle until another worker goes on", dead, "s", DEAD_SECONDS),
        at_most("releases, tracks and rows missing or there twice after the kill", wrong, "", 0),
        Row(f"a light page while nothing is done, p99 of {len(quiet)}", round(_p99(quiet), 2), "ms"),
        at_most(
            f"a light page while sheets are checked, p99 of {len(beside_check)}",
            _p99(beside_check),
            "ms",
            PAGE_MS,
        ),
        at_most(
            f"a light page while it is laid out, p99 of {len(beside_work)}", _p99(beside_work), "ms", PAGE_MS
        ),
        at_most("the intake by the API, median", statistics.median(asked), "ms", PAGE_MS),
    ]


def _p99(taken: list[float]) -> float:
    return statistics.quantiles(taken, n=100, method="inclusive")[98]


def _brought(port: int, token: str, data: bytes) -> str:
    """Send the sheet; the gid of what is made of it."""
    mark = uuid4().hex
    body = (
        f'--{mark}\r\nContent-Disposition: form-data; name="sheet"; filename="catalogue.csv"\r\n\r\n'.encode()
        + data
        + f"\r\n--{mark}--\r\n".encode()
    )
    answer = _asked(
        port,
        token,
        "POST",
        "/api/v1/studio/intakes",
        body=body,
        kind=f"multipart/form-data; boundary={mark}",
    )
    told = json.loads(answer)
    expected = ("laying_out", ROWS) if told["rows"] == ROWS else ("faulty", ROWS + 1)
    if (told["state"], told["rows"]) != expected:
        raise RuntimeError(f"the sheet is {told['state']}: {told['faults'][:3]}")
    return str(told["gid"])


def _timed(port: int, token: str, path: str) -> float:
    began = time.perf_counter()
    _asked(port, token, "GET", path)
    return (time.perf_counter() - began) * 1000


def _asked(port: int, token: str, method: str, path: str, *, body: bytes = b"", kind: str = "") -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
    headers = {"Authorization": f"Bearer {token}"} | ({"Content-Type": kind} if kind else {})
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    told = answer.read()
    if answer.status >= 300:
        raise RuntimeError(f"{method} {path} was answered {answer.status}: {told[:300]!r}")
    return told


def _until(tables: Path, holds: Callable[[str, int], bool], *, seconds: float = 600) -> None:
    """Wait until the intake is so far.

    Raises:
        TimeoutError: it never is.
    """
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if holds(*_one(tables, "SELECT state, done FROM submissions_intake ORDER BY id DESC")):
            return
        time.sleep(0.1)
    raise TimeoutError("the sheet was never laid out")


def _wrong(tables: Path) -> int:
    """How many are missing or too many, of whatever there is one each of; and how many hang at nothing."""
    releases = ROWS // TRACKS
    expected = {
        "SELECT count(*) FROM submissions_submission": releases,
        "SELECT count(DISTINCT title) FROM submissions_submission": releases,
        "SELECT count(*) FROM submissions_laidout": releases,
        "SELECT count(*) FROM submissions_track": ROWS,
        "SELECT count(DISTINCT title) FROM submissions_track": ROWS,
        "SELECT count(*) FROM submissions_entry WHERE track_id IS NOT NULL": ROWS,
    }
    return sum(abs(_one(tables, query)[0] - count) for query, count in expected.items())


def _one(tables: Path, query: str) -> tuple[Any, ...]:
    with closing(sqlite3.connect(f"file:{tables}?mode=ro", uri=True, timeout=20)) as connection:
        return tuple(connection.execute(query).fetchone())


if __name__ == "__main__":
    main()
