"""Plays are exact: whatever is killed, torn, refused, delivered twice or late, each play is counted once.

Random histories of two tabs go through the files that an edge really writes and the folding that a worker really does.
What the naive oracle (test_rules) makes of the posts that the edge accepted is what the tables must hold.
"""

import contextlib
import errno
import json
import os
import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import music
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from listening.test_rules import WORLD, Oracle

from alpheus.edge import chain
from alpheus.edge.chain import Chain, frame
from alpheus.edge.errors import OptionsError
from alpheus.edge.recovery import recover
from alpheus.listening import fold
from alpheus.listening.keylog import _found
from alpheus.listening.models import FoldedSegment, Grant, KeyLogFault, Listener, Play
from alpheus.listening.rules import GrantFacts

pytestmark = pytest.mark.django_db

START_MS = 1_800_000_000_000
SEGMENT_BYTES = 2500  # a few records a segment


class Killed(BaseException):
    """The edge was killed: nothing after this happens in it, no error handling either."""


class Kernel:
    """`os` as the chain of segments sees it: counts system calls, and kills the edge or fails one of them.

    A kill at a write leaves a part of it in the file. `watch` runs between every two system calls.
    """

    CALLS = ("open", "write", "fdatasync", "fsync", "pwrite", "ftruncate", "unlink", "close")

    def __init__(self):
        self.calls, self.kill_at, self.torn, self.failing = 0, None, 0, {}
        self.watch = None

    def __getattr__(self, name):
        real = getattr(os, name)
        return self.watched(name, real) if name in self.CALLS else real

    def watched(self, name, real):
        def call(*arguments, **options):
            if self.watch is not None:
                self.watch()
            self.calls += 1
            if self.kill_at is not None and self.calls >= self.kill_at:
                if name == "write" and self.calls == self.kill_at:
                    real(arguments[0], bytes(arguments[1])[: self.torn])
                raise Killed
            if name in self.failing and name != "close":
                if name == "write":
                    real(arguments[0], bytes(arguments[1])[: self.torn])
                raise OSError(self.failing[name], "the disk fails")
            return real(*arguments, **options)

        return call


class Edge:
    """What an edge does with a POST as far as plays are concerned, over the real files."""

    def __init__(self, folder, kernel):
        self.folder, self.kernel = folder, kernel
        self.accepted = []  # what was answered, in order
        self.doubtful = []  # killed before the answer: it may be in the log or not
        self.start()

    def start(self):
        self.chain = Chain(self.folder, segment_bytes=SEGMENT_BYTES, segment_seconds=3600)
        found = recover(self.folder, now=0.0, seek_seconds=60, idle_seconds=1e12, flows=1)
        self.sequences = {stream.id: stream.sequence for stream in found.streams}
        self.described = {stream.id: set(stream.logged) for stream in found.streams}

    def post(self, record, facts):
        """200, 409 or 503, as an edge answers; or it is killed."""
        stream = record["stream"]
        if record["seq"] <= self.sequences.get(stream, -1):
            return 409
        known = self.described.setdefault(stream, set())
        named = {item["grant"] for item in record["released"]}
        record = record | {"grants": {gid: facts[gid] for gid in sorted(named - known)}}
        self.doubtful.append(record)
        try:
            self.chain.append(frame(record), records=1)
        except OSError:
            self.doubtful.pop()
            return 503
        self.doubtful.pop()
        self.accepted.append(record)
        self.sequences[stream] = record["seq"]
        known |= named
        return 200

    def restart(self):
        """A supervisor starts it again; what the kernel held for it is closed."""
        for fd in (self.chain._lock, getattr(self.chain._segment, "_fd", -1)):
            if fd >= 0:
                os.close(fd)
        self.kernel.kill_at = None
        try:
            self.start()
        except OptionsError:  # the disk does not even let it take the folder; tried again until it does
            self.kernel.failing = {}
            self.start()


class Tab:
    """One stream: its player tells its playhead and retries what was not answered."""

    def __init__(self):
        self.stream, self.sequence = uuid4().hex, 0

    def post(self, edge, record, facts):
        """Until the edge has answered 200, as a player does."""
        while True:
            try:
                status = edge.post(record | {"stream": self.stream, "seq": self.sequence}, facts)
            except Killed:
                edge.restart()
                status = None
            if status == 409:
                self.sequence = edge.sequences[self.stream] + 1
            elif status == 503:
                edge.kernel.failing = {}
            elif status == 200:
                self.sequence += 1
                return


moments = st.tuples(st.sampled_from(sorted(WORLD)), st.integers(0, 95))
releases = st.lists(
    st.tuples(st.sampled_from(sorted(WORLD)), st.integers(0, 90), st.integers(1, 40)), max_size=3
)
posts = st.tuples(
    st.just("post"),
    st.integers(0, 1),  # which tab
    st.sampled_from([0, 1, 5, 12, 30, 3600]),  # seconds; a phone asleep
    st.none() | moments,
    releases,
    st.booleans(),  # sent again although it was answered
)
troubles = st.one_of(
    st.tuples(st.just("kill edge"), st.integers(1, 30), st.integers(0, 400)),
    st.tuples(st.just("disk fails"), st.sampled_from(["write", "fdatasync", "fsync", "pwrite", "open"])),
    st.tuples(st.just("worker killed"), st.sampled_from(["_write_plays", "_write_histories", "_report"])),
    st.tuples(st.just("ship"), st.randoms(use_true_random=False)),
    st.tuples(st.just("work")),
    st.tuples(st.just("watch"), st.booleans()),
    st.tuples(st.just("close tab"), st.integers(0, 1)),
)


@pytest.fixture
def world():
    """The oracle's small world with grants in the tables: names, facts by gid, and rows."""
    rows = {facts.recording: music.recording(facts.recording) for facts in WORLD.values()}
    listener, now = Listener.objects.create(), datetime.now(UTC)
    gids, facts = {}, {}
    for name, known in WORLD.items():
        grant = Grant.objects.create(
            stream=uuid4(),
            edge="edge-1",
            gate=listener.gid,
            listener=listener,
            recording=rows[known.recording],
            preview=known.preview,
            window_start=known.window[0],
            window_end=known.window[1],
            expires_at=now,
        )
        gids[name] = grant.gid.hex
        facts[grant.gid.hex] = {
            "rec": known.recording,
            "rate": 1,
            "samples": known.samples,
            "win": list(known.window),
            "pre": known.preview,
            "ter": "",
        }
    return gids, facts


class Evening:
    """An edge, two tabs, a worker that folds where the edge writes, and one that gets copies."""

    def __init__(self, folder, world, monkeypatch):
        self.gids, self.facts = world
        self.kernel, self.patch = Kernel(), monkeypatch
        self.name = f"edge-{uuid4().hex}"
        self.near, self.far = folder / self.name, folder / f"far-{self.name}"
        self.far.mkdir(parents=True)
        monkeypatch.setattr(chain, "os", self.kernel)
        self.edge = Edge(self.near, self.kernel)
        self.tabs, self.streams, self.seconds = [Tab(), Tab()], [], 0
        self.streams += [tab.stream for tab in self.tabs]

    def do(self, what, *how):
        getattr(self, what.replace(" ", "_"))(*how)

    def post(self, tab, seconds, at, spans, twice):
        self.seconds += seconds
        released = [
            {"grant": self.gids[name], "rec": "", "rate": 1, "from": start, "until": end}
            for name, start, size in spans
            if start < (end := min(start + size, WORLD[name].samples))
        ]
        record = {
            "t": START_MS + self.seconds * 1000,
            "acc": "0" * 32,
            "at": {"grant": self.gids[at[0]], "sample": at[1]} if at else None,
            "released": released,
        }
        self.tabs[tab].post(self.edge, record, self.facts)
        if twice:
            again = record | {"stream": self.tabs[tab].stream, "seq": self.tabs[tab].sequence - 1}
            assert self.edge.post(again, self.facts) == 409

    def close_tab(self, tab):
        self.tabs[tab] = Tab()
        self.streams.append(self.tabs[tab].stream)

    def kill_edge(self, calls, torn):
        self.kernel.kill_at, self.kernel.torn = self.kernel.calls + calls, torn

    def disk_fails(self, call):
        self.kernel.failing = {call: errno.ENOSPC}

    def work(self):
        fold.fold_edge(self.name, self.near, now=datetime.now(UTC))

    def watch(self, does):
        """The worker folds between all system calls of the edge, or does not."""
        self.kernel.watch = self.work if does else None

    def worker_killed(self, where):
        def killed(*_arguments, **_options):
            raise Killed

        with self.patch.context() as broken, contextlib.suppress(Killed):
            broken.setattr(fold, where, killed)
            self.work()

    def ship(self, random):
        """Copy sealed segments elsewhere, some twice, in any order, and fold there."""
        sealed = [
            path for path in self.near.glob("*.log") if any("seal" in item for item in chain.read(path))
        ]
        for path in random.choices(sealed, k=len(sealed)) if sealed else []:
            shutil.copy(path, self.far / path.name)
            fold.fold_edge(f"far-{self.name}", self.far, now=datetime.now(UTC))

    def end(self):
        """Everybody comes back: the edge starts and stops in good order, the worker catches up."""
        self.kernel.failing, self.kernel.watch = {}, None
        self.edge.restart()
        self.edge.chain.close()
        self.work()
        self.work()

    def in_the_log(self):
        """Records that count, as bytes of the log say, with nothing of our reader's cleverness."""
        found = []
        paths = chain.files(self.near)
        sizes = [next(chain.read(path))["bytes"] for path in paths[1:]] + [10**9]
        for path, size in zip(paths, sizes, strict=False):  # one too many when there are none
            at = 0
            for record in chain.read(path):
                at += len(frame(record))
                if at <= size and "stream" in record:
                    found.append(record)
        return found


def plays_of(streams):
    rows = Play.objects.filter(stream__in=map(UUID, streams)).select_related("recording")
    told = {stream: [] for stream in streams}
    for row in rows.order_by("ordinal"):
        piece = f"{row.recording.title}/preview" if row.preview else row.recording.title
        told[row.stream.hex].append((piece, row.heard_ms))
    return told


def by_oracle(evening, records):
    told = {}
    known = {
        gid: GrantFacts(item["rec"], 1, item["samples"], tuple(item["win"]), item["pre"], "")
        for gid, item in evening.facts.items()
    }
    for stream in evening.streams:
        oracle = Described(known)
        for record in records:
            if record["stream"] == stream:
                oracle.hear(_found(json.dumps(record).encode(), 1))
        plays = [play for play in oracle.plays if play["heard"]]
        told[stream] = [(play["piece"], play["heard"] * 1000) for play in plays]
    return told


class Described(Oracle):
    """The oracle, to which a grant means nothing before the log has described it."""

    def __init__(self, known):
        super().__init__({})
        self.known = known

    def hear(self, record):
        self.world |= {gid: self.known[gid] for gid in record.grants}
        if record.at is not None and record.at.grant not in self.world:
            record = type(record)(**{**vars(record), "at": None})
        self.read(record)


@pytest.mark.slow
@settings(
    max_examples=400,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(acts=st.lists(st.one_of(posts, posts, troubles), min_size=1, max_size=25))
def test_whatever_happens_each_play_is_counted_once(*, world, monkeypatch, acts):
    with tempfile.TemporaryDirectory() as folder, monkeypatch.context() as patch:
        evening = Evening(Path(folder), world, patch)
        for what, *how in acts:
            evening.do(what, *how)
        evening.end()
        log = evening.in_the_log()
        edge = evening.edge
        kept = [record for record in log if record in edge.accepted or record not in edge.doubtful]
        assert kept == edge.accepted, "what was answered is there, once, in order; nothing refused is"
        told = plays_of(evening.streams)
        assert told == by_oracle(evening, log)
        assert not KeyLogFault.objects.exists()


def record_of(second, sequence, world, *, stream):
    gids, facts = world
    gid = gids["t"]
    released = [{"grant": gid, "rec": "t", "rate": 1, "from": 0, "until": 90}] if sequence == 0 else []
    return {
        "t": START_MS + second * 1000,
        "stream": stream,
        "seq": sequence,
        "at": {"grant": gid, "sample": second},
        "released": released,
        "grants": {gid: facts[gid]} if sequence == 0 else {},
    }


def test_killed_between_every_two_system_calls(world, monkeypatch):
    """One history, killed once at each system call of it in turn, with the reader at work between all of them."""
    calls_of_all = None
    at = 0
    while calls_of_all is None or at <= calls_of_all:
        with tempfile.TemporaryDirectory() as folder, monkeypatch.context() as patch:
            evening = Evening(Path(folder), world, patch)
            evening.kernel.watch = evening.work if at % 5 == 0 else None
            before = evening.kernel.calls
            if at:
                evening.kill_edge(at, torn=at * 37 % 300)
            for second in range(0, 60, 6):
                span = [("t", 0, 90)] if second == 0 else []
                evening.post(0, 6 if second else 0, ("t", second), span, twice=False)
            if calls_of_all is None:
                calls_of_all = evening.kernel.calls - before
            evening.kernel.watch = None
            evening.end()
            assert plays_of(evening.streams[:1])[evening.streams[0]] == [("t", 54_000)], at
            assert not KeyLogFault.objects.exists()
        at += 1
    assert calls_of_all > 30


def test_cut_off_at_every_byte(world, monkeypatch):
    """The last segment ends at any byte, as after a power cut; the next start mends it and the reader agrees."""
    stream = uuid4().hex
    records = [record_of(second, second // 6, world, stream=stream) for second in range(0, 24, 6)]
    data = b"".join(map(frame, records))
    ends = [len(b"".join(map(frame, records[:count]))) for count in range(1, len(records) + 1)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{1:020}.log"
        for size in range(0, len(data), 7):
            path.write_bytes(data[:size])
            Chain(Path(folder), segment_bytes=1 << 20, segment_seconds=3600).close()
            whole = sum(end <= size for end in ends)
            kept = [item for item in chain.read(path) if "stream" in item] if path.exists() else []
            assert kept == records[:whole], size
            if whole:
                assert list(chain.read(path))[-1]["records"] == whole


def test_shipped_twice_and_in_any_order(world, monkeypatch, tmp_path):
    """Sealed segments reach another machine in any order, again and again; the worker there counts each once."""
    evening = Evening(tmp_path, world, monkeypatch)
    for second in range(0, 90, 2):
        span = [("t", 0, 90)] if second == 0 else []
        evening.post(0, 2 if second else 0, ("t", second), span, twice=False)
    evening.edge.chain.close()
    paths = chain.files(evening.near)
    assert len(paths) > 3
    order = [*paths[1::2], *paths[::2], *paths]
    for path in order:
        shutil.copy(path, evening.far / path.name)
        fold.fold_edge("far", evening.far, now=datetime.now(UTC))
        fold.fold_edge("far", evening.far, now=datetime.now(UTC))
    assert plays_of(evening.streams[:1])[evening.streams[0]] == [("t", 88_000)]
    assert not KeyLogFault.objects.exists()
    assert FoldedSegment.objects.filter(edge="far", sealed=True).count() == len(paths)


def test_a_web_and_a_worker_that_are_away_only_delay(world, monkeypatch, tmp_path):
    """The edge needs neither of them; who comes back days later finds everything."""
    evening = Evening(tmp_path, world, monkeypatch)
    for second in range(0, 60, 6):
        span = [("t", 0, 90)] if second == 0 else []
        evening.post(0, 6 if second else 0, ("t", second), span, twice=False)
    assert plays_of(evening.streams[:1])[evening.streams[0]] == []
    fold.fold_edge(evening.name, evening.near, now=datetime.now(UTC) + timedelta(days=3))
    assert plays_of(evening.streams[:1])[evening.streams[0]] == [("t", 54_000)], "without the edge stopping"
    evening.edge.chain.close()
