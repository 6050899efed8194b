"""A stream that moved between edges: one play, whatever log comes first, never sooner than the edge before's."""

import itertools
import json
import random
import struct
import zlib
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import music
import pytest

from alpheus.listening import fold, history
from alpheus.listening.models import Grant, KeyLogFault, Listener, Play, StreamMove, StreamState

pytestmark = pytest.mark.django_db

RATE = 44_100
START = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)


class Log:
    """Writes what an edge would, a record a POST."""

    def __init__(self, folder):
        folder.mkdir(parents=True)
        self.path = folder / f"{1:020}.log"

    def add(self, record):
        body = json.dumps(record).encode()
        with self.path.open("ab") as file:
            file.write(struct.pack("<II", len(body), zlib.crc32(body)) + body)


@pytest.fixture
def story(tmp_path, db):
    """Two edges' logs, a recording of 60 s, and a stream with a grant for it on each edge."""
    return Story(tmp_path)


class Story:
    def __init__(self, folder):
        self.folder = folder / "keylog"
        self.logs = {name: Log(self.folder / name) for name in ("edge-1", "edge-2")}
        self.recording = music.recording(seconds=60)
        self.stream = uuid4()
        listener = Listener.objects.create()
        self.grants = {
            name: Grant.objects.create(
                stream=self.stream, edge=name, gate=listener.gid, listener=listener, recording=self.recording,
                window_start=0, window_end=60 * RATE, expires_at=START + timedelta(hours=1),
            ).gid.hex
            for name in self.logs
        }  # fmt: skip

    def record(self, edge, sequence, *, second, at=None, released=None):
        """A POST on an edge: its playhead and what it released, in seconds of the recording."""
        gid = self.grants[edge]
        facts = {
            "rec": self.recording.gid.hex,
            "rate": RATE,
            "samples": 60 * RATE,
            "win": [0, 60 * RATE],
            "pre": False,
        }
        spans = (
            []
            if released is None
            else [{"grant": gid, "from": released[0] * RATE, "until": released[1] * RATE}]
        )
        return edge, {
            "t": int(START.timestamp() + second) * 1000,
            "stream": self.stream.hex,
            "seq": sequence,
            "at": None if at is None else {"grant": gid, "sample": at * RATE},
            "released": spans,
            "closing": False,
            "grants": {gid: facts} if released else {},
        }

    def moved(self, sequence):
        StreamMove.objects.create(stream=self.stream, sequence=sequence, moved_at=START)

    def fold(self, *, minutes=0):
        return fold.fold_all(self.folder, now=START + timedelta(minutes=minutes))

    def heard(self):
        return list(Play.objects.values_list("ordinal", "heard_ms", "qualified"))

    def told(self):
        """Heard on edge-1 up to 20 s, its keys reach to 28 s; on edge-2 from there on, to 45 s."""
        return [
            self.record("edge-1", 0, second=0, at=0, released=(0, 20)),
            self.record("edge-1", 1, second=10, at=10, released=(20, 28)),
            self.record("edge-1", 2, second=20, at=20),
            self.record("edge-2", 5, second=30, at=30, released=(28, 40)),
            self.record("edge-2", 6, second=40, at=40, released=(40, 48)),
            self.record("edge-2", 7, second=45, at=45),
        ]


def test_what_two_edges_released_is_one_play(story):
    for edge, record in story.told():
        story.logs[edge].add(record)
    story.moved(2)
    assert story.fold().faults == []
    # The key of 28 to 30 s came only at 30 s: nobody can have heard it before.
    assert story.heard() == [(0, 43_000, True)]


@pytest.mark.parametrize("seed", range(12))
def test_logs_may_come_in_any_order_and_in_any_pieces(story, seed):
    rng = random.Random(seed)
    story.moved(2)
    left = {edge: [record for name, record in story.told() if name == edge] for edge in story.logs}
    while any(left.values()):
        edge = rng.choice([name for name, records in left.items() if records])
        for _ in range(rng.randint(1, 3)):
            if left[edge]:
                story.logs[edge].add(left[edge].pop(0))
        story.fold(minutes=5)
    assert story.fold(minutes=5).faults == []
    assert story.heard() == [(0, 43_000, True)]
    assert not StreamState.objects.exclude(waits_since=None).exists()


def test_to_and_fro_is_one_play_too(story):
    story.moved(1)
    story.moved(4)
    records = [
        story.record("edge-1", 0, second=0, at=0, released=(0, 12)),
        story.record("edge-1", 1, second=10, at=10),
        story.record("edge-2", 4, second=20, at=12, released=(12, 30)),
        story.record("edge-1", 7, second=40, at=30, released=(30, 45)),
        story.record("edge-1", 8, second=55, at=45),
    ]
    for edge in ("edge-2", "edge-1"):
        for name, record in records:
            if name == edge:
                story.logs[edge].add(record)
    for _ in range(2):
        story.fold()
    assert story.heard() == [(0, 45_000, True)]


def test_a_log_that_never_comes_is_waited_for_ten_minutes_and_told(story):
    story.moved(2)
    for edge, record in story.told():
        if edge == "edge-2":
            story.logs[edge].add(record)
    story.fold(minutes=5)
    assert story.heard() == []
    assert StreamState.objects.get().waits_since == START + timedelta(seconds=30)
    story.fold(minutes=11)
    assert story.heard() == [(0, 15_000, False)], "what edge-2 itself released and saw pass"
    assert "without what the edge before logged" in KeyLogFault.objects.get().reason
    story.fold(minutes=12)
    assert KeyLogFault.objects.count() == 1


def test_a_player_that_claims_what_never_was_delays_only_itself(story):
    story.moved(10**9)
    for edge, record in story.told():
        story.logs[edge].add(record)
    story.fold()
    assert story.heard() == [(0, 43_000, True)]


def test_what_waits_is_kept_as_it_was(story):
    story.moved(2)
    for edge, record in itertools.islice(reversed(story.told()), 3):
        story.logs[edge].add(record)
    story.fold()
    kept = StreamState.objects.get().state
    assert history.to_plain(history.from_plain(kept)) == history.to_plain(
        history.from_plain(json.loads(json.dumps(kept)))
    )
    assert len(history.from_plain(kept).waiting) == 3
