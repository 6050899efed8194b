"""Slow and idle listeners: what the API, a listener beside them and the edge's memory notice of them.

A whole installation (web, edge, worker) on one core; everybody who asks is on another. By turns, in the same run: nobody
but the one who measures, then 500 listeners more, each of an account of its own, taking 32 kB/s in real time with buffers
of 8 KiB, so that the rest of each segment waits in the edge. The API is asked 20 times a second for a search, which
reads the database; a listener fetches segments as fast as they come. The ratio is of each round's 99th percentiles; the
median of the rounds counts. Then 5,000 connections are opened to the edge that say nothing, within the 30 s after which it
hangs up on them. Memory is the edge process's resident set beside its cloud cache, whose bytes it counts itself and
whose bound is a setting; the resident set at its highest is given too.
"""

import http.client
import json
import os
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.request import urlopen

from alpheus.storage.blobs import Blobs
from benchmarks.edge import RENDITION, new_rendition
from benchmarks.report import Row, at_most, publish
from benchmarks.support.pinned import CLIENT_CORE, SERVER_CORE, Connection, get, pin, post
from benchmarks.support.slow_crowd import Music, slow_crowd

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from journeys import recordings
from journeys.installation import Installation, prepared, running

SLOW, IDLE = 500, 5000
PIECES = 4
"""In the catalogue, for the API to find."""
ROUNDS = 5
ROUND_SECONDS = 12.0
"""240 questions a round: five rounds, the crowd's coming and going and the idle end within five minutes."""
SETTLING_SECONDS = 6.0
"""Until all of a crowd have begun: they do so over four seconds."""
API_EVERY_SECONDS = 0.05
FETCHES = 400
SLOW_BYTES_MAX = 256 * 1024
"""Per slow listener: the segment it is being sent (64 KiB), a connection's buffers, its stream."""
IDLE_BYTES_MAX = 64 * 1024


@dataclass
class Times:
    """Milliseconds by round."""

    api: list[list[float]] = field(default_factory=list)
    segment: list[list[float]] = field(default_factory=list)

    def p99(self) -> float:
        """Of the API, the median round's."""
        return statistics.median(_percentile(times, 99) for times in self.api)


def main() -> None:
    """Measure and publish. `ALPHEUS_BENCH_QUICK=1` asks little of a small crowd, to see that it works."""
    quick = bool(os.environ.get("ALPHEUS_BENCH_QUICK"))
    slow, idle, rounds, seconds = (50, 500, 1, 4.0) if quick else (SLOW, IDLE, ROUNDS, ROUND_SECONDS)
    with tempfile.TemporaryDirectory(prefix="alpheus-bench-") as folder, _installed(Path(folder)) as site:
        rows = [
            *_among_slow(site, listeners=slow, rounds=rounds, seconds=seconds),
            *_among_idle(site, connections=idle),
        ]
    publish("slow", rows)


@dataclass(frozen=True)
class Site:
    """A running installation, its edge's process, and music for crowds."""

    installation: Installation
    edge_pid: int
    music: Music

    @property
    def web_port(self) -> int:
        """Where its API is."""
        return int(self.installation.environment["ALPHEUS_PORT"])

    def edge_bytes(self) -> int:
        """Memory of the edge process now, without what its cloud cache holds."""
        with urlopen(f"http://127.0.0.1:{self.music.port}/metrics", timeout=30) as answer:
            counted = dict(line.rsplit(" ", 1) for line in answer.read().decode().splitlines())
        cached = sum(int(counted[f"alpheus_edge_cache_{tier}_bytes"]) for tier in ("chunks", "blends"))
        return self.resident_bytes("VmRSS") - cached

    def resident_bytes(self, name: str) -> int:
        """The edge process's resident set: `VmRSS` now, `VmHWM` at its highest."""
        for line in Path(f"/proc/{self.edge_pid}/status").read_text().splitlines():
            if line.startswith(f"{name}:"):
                return int(line.split()[1]) * 1024
        raise RuntimeError(f"/proc says nothing of {name}")


@contextmanager
def _installed(folder: Path) -> Iterator[Site]:
    installation = prepared(folder / "data", access="open", trusted_proxies="1")
    for piece in recordings.odd_album()[:PIECES]:
        recordings.write_flac(piece, folder / "music" / piece.album)
    installation.command("import", str(folder / "music"), "--first-only")
    index = new_rendition(Blobs.open((folder / "data" / "objects").as_uri()), installation.kek)
    pin(SERVER_CORE)  # the installation's processes inherit it
    with running(installation):
        pin(CLIENT_CORE)
        installation.command("strategies", "force", "ladder")  # the one whose answers this client reads
        key = (folder / "data" / "secrets" / "grant.key").read_bytes()
        port = int(installation.environment["ALPHEUS_EDGE_PORT"])
        music = Music(port, index.asset, RENDITION, index.samples, index.segments, key)
        yield Site(installation, _edge_pid(installation), music)


def _edge_pid(installation: Installation) -> int:
    """The supervisor's child that was started as `alpheus edge`."""
    assert installation.process is not None
    parent = installation.process.pid
    for pid in map(int, Path(f"/proc/{parent}/task/{parent}/children").read_text().split()):
        words = Path(f"/proc/{pid}/cmdline").read_bytes().rstrip(b"\0").split(b"\0")
        if b"edge" in words:
            return pid
    raise RuntimeError("no edge runs")


def _among_slow(site: Site, *, listeners: int, rounds: int, seconds: float) -> list[Row]:
    alone, among = Times(), Times()
    _measure(site, Times(), seconds=min(seconds, 5.0))  # warms caches and connections
    before, growth, heard, failures = site.edge_bytes(), [], 0, 0
    for _ in range(rounds):
        _measure(site, alone, seconds=seconds)
        with slow_crowd(site.music, listeners=listeners) as tally:
            time.sleep(SETTLING_SECONDS)
            quiet = site.edge_bytes()
            _measure(site, among, seconds=seconds)
            growth.append(max(quiet, site.edge_bytes()) - before)
            heard += tally.segments.value
            failures += tally.failures.value
    if heard < rounds * listeners:
        raise RuntimeError(f"{listeners} listeners heard {heard} segments: they did not listen")
    ratio = statistics.median(
        _percentile(with_them, 99) / _percentile(without, 99)
        for with_them, without in zip(among.api, alone.api, strict=True)
    )
    who = f"{listeners} slow listeners"
    return [
        at_most(f"API, 99th percentile with {who} over without", ratio, "x", 1.5, peer="the same, alone"),
        *_percentiles("API", alone.api, among.api, who),
        *_percentiles("a segment beside them", alone.segment, among.segment, who),
        at_most(f"refused or cut off, of {heard} segments to {who}", failures, "", 0),
        at_most(
            f"edge's memory per slow listener, of {listeners}",
            max(growth) / listeners / 1024,
            "KiB",
            SLOW_BYTES_MAX / 1024,
        ),
        Row("edge's memory beside its cache, before", round(before / 2**20, 1), "MiB"),
        Row(
            f"edge's memory beside its cache, with {who}, at most",
            round((before + max(growth)) / 2**20, 1),
            "MiB",
        ),
        Row("edge's memory beside its cache, after them", round(site.edge_bytes() / 2**20, 1), "MiB"),
        Row(
            "edge's resident set at its highest, cache and all",
            round(site.resident_bytes("VmHWM") / 2**20, 1),
            "MiB",
        ),
    ]


def _among_idle(site: Site, *, connections: int) -> list[Row]:
    with ExitStack() as stack:
        alone: list[float] = []
        among: list[float] = []
        _fetch(site, alone, until=lambda: len(alone) >= FETCHES)
        before = site.edge_bytes()
        for _ in range(connections):
            stack.enter_context(Connection(site.music.port))
        _fetch(site, among, until=lambda: len(among) >= FETCHES)
        held = site.edge_bytes() - before
        sockets = sum(1 for _ in Path(f"/proc/{site.edge_pid}/fd").iterdir())
    if sockets < connections:
        raise RuntimeError(f"the edge holds {sockets} files: the idle were not let in, or hung up too soon")
    who = f"{connections} idle connections"
    return [
        at_most(
            f"edge's memory per idle connection, of {connections}",
            held / connections / 1024,
            "KiB",
            IDLE_BYTES_MAX / 1024,
        ),
        *_percentiles("a segment beside them", [alone], [among], who),
    ]


def _measure(site: Site, times: Times, *, seconds: float) -> None:
    """One round: the API, then a listener, for so long each."""
    times.api.append(_api_ms(site, seconds=seconds))
    times.segment.append([])
    until = time.monotonic() + seconds / 3
    _fetch(site, times.segment[-1], until=lambda: time.monotonic() >= until)


def _api_ms(site: Site, *, seconds: float) -> list[float]:
    """Ask the API at a steady rate, each time as another caller, so that no caller asks too often."""
    connection = http.client.HTTPConnection("127.0.0.1", site.web_port, timeout=30)
    took = []
    began = time.perf_counter()
    for number in range(int(seconds / API_EVERY_SECONDS)):
        time.sleep(max(0.0, began + number * API_EVERY_SECONDS - time.perf_counter()))
        caller = f"10.{number // 65536}.{number // 256 % 256}.{number % 256}"
        asked = time.perf_counter()
        connection.request("GET", "/api/v1/search?q=a", headers={"X-Forwarded-For": caller})
        answer = connection.getresponse()
        answer.read()
        took.append((time.perf_counter() - asked) * 1000)
        if answer.status != 200:
            raise RuntimeError(f"the API answers {answer.status}")
    connection.close()
    return took


def _fetch(site: Site, took: list[float], *, until: Callable[[], bool]) -> None:
    """Fetch segments as a listener does whose link is fast."""
    music = site.music
    stream, account = uuid.uuid4().hex, uuid.uuid4().hex
    gid, token = music.grant(stream, account)
    body = {
        "sequence": 0,
        "grants": [token],
        "want": [{"grant": gid, "rendition": RENDITION, "segment": 0}],
        "ahead_seconds": 19,
    }
    with Connection(music.port) as connection:
        connection.send(post(f"/v1/streams/{stream}/batches", json.dumps(body).encode()))
        reply = connection.read()
        if reply.status != 200:
            raise RuntimeError(reply.body.decode())
        urls = [item["url"] for item in json.loads(reply.body)["released"]]
        while not until():
            asked = time.perf_counter()
            connection.send(get(urls[len(took) % len(urls)]))
            if connection.read().status != 200:
                raise RuntimeError("a segment was refused")
            took.append((time.perf_counter() - asked) * 1000)
            time.sleep(0.005)


def _percentiles(what: str, alone: list[list[float]], among: list[list[float]], who: str) -> list[Row]:
    return [
        Row(
            f"{what}, {name}, {whether}{who}",
            round(statistics.median(_percentile(times, share) for times in rounds), 2),
            "ms",
        )
        for name, share in (("median", 50), ("99th percentile", 99))
        for whether, rounds in (("without ", alone), ("with ", among))
    ]


def _percentile(times: list[float], share: int) -> float:
    return statistics.quantiles(times, n=100, method="inclusive")[share - 1]


if __name__ == "__main__":
    main()
