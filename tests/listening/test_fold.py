import json
import os
import shutil
import struct
import subprocess
import sys
import zlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import music
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alpheus.catalogue.models import Recording
from alpheus.listening import fold, keylog, popularity, queries
from alpheus.listening.errors import FoldedElsewhere
from alpheus.listening.models import FoldedSegment, Grant, KeyLogFault, Listener, Play, StreamState
from alpheus.parties.models import Account, StaffRole
from alpheus.rights.early import open_early
from alpheus.search.index import Entry, put_many
from alpheus.search.models import Document
from alpheus.submissions.hearing.queries import heard_of
from alpheus.submissions.models import Submission, Track

pytestmark = pytest.mark.django_db

RATE = music.RATE_HZ


def frame(plain):
    body = json.dumps(plain).encode()
    return struct.pack("<II", len(body), zlib.crc32(body)) + body


SEAL = frame({"seal": {}})


class Stream:
    """One stream's grants in the database, and what an edge would log of it."""

    def __init__(self, listener, recordings, now, *, preview=False):
        self.id = uuid4().hex
        self.sequence = 0
        self.rows = recordings
        self.grants = [
            Grant.objects.create(
                stream=UUID(self.id),
                edge="edge-1",
                gate=listener.gid,
                listener=listener,
                recording=row,
                preview=preview,
                window_start=0,
                window_end=row.asset.samples,
                expires_at=now + timedelta(minutes=10),
                territory="CN",
            )
            for row in recordings
        ]

    def described(self):
        return {
            grant.gid.hex: {
                "rec": row.gid.hex,
                "rate": RATE,
                "samples": row.asset.samples,
                "win": [0, row.asset.samples],
                "pre": grant.preview,
                "ter": "CN",
            }
            for grant, row in zip(self.grants, self.rows, strict=True)
        }

    def record(self, second, at=None, released=(), *, closing=False):
        plain = {
            "t": 1_800_000_000_000 + round(second * 1000),
            "stream": self.id,
            "seq": self.sequence,
            "acc": "0" * 32,
            "at": {"grant": self.grants[at[0]].gid.hex, "sample": at[1] * RATE} if at else None,
            "released": [
                {
                    "grant": self.grants[number].gid.hex,
                    "rec": self.rows[number].gid.hex,
                    "rate": "aac-128",
                    "from": start * RATE,
                    "until": end * RATE,
                }
                for number, start, end in released
            ],
            "closing": closing,
            "grants": self.described() if self.sequence == 0 else {},
        }
        self.sequence += 1
        return frame(plain)

    def evening(self):
        """Forty seconds of the first recording, then ten of the second."""
        return [
            self.record(0, (0, 0), [(0, 0, 30)]),
            self.record(20, (0, 20), [(0, 30, 60)]),
            self.record(40, (0, 40), []),
            self.record(40, (1, 0), [(1, 0, 20)]),
            self.record(50, (1, 10), [], closing=True),
        ]


@pytest.fixture
def listener():
    return Listener.objects.create()


@pytest.fixture
def log(tmp_path):
    folder = tmp_path / "keylog" / "edge-1"
    folder.mkdir(parents=True)
    return folder


def name(number):
    return f"{number:020}.log"


def told():
    rows = Play.objects.order_by("stream", "ordinal").select_related("recording")
    return [(row.recording.title, row.heard_ms, row.qualified) for row in rows]


EVENING = [("Ebb", 40_000, True), ("Flood", 10_000, False)]


@pytest.fixture
def stream(listener, now):
    return Stream(listener, [music.recording("Ebb"), music.recording("Flood")], now)


def test_a_log_becomes_plays(log, listener, stream, now):
    (log / name(1)).write_bytes(b"".join(stream.evening()) + SEAL)
    done = fold.fold_all(log.parent, now=now)
    assert (done.records, done.faults) == (5, [])
    assert told() == EVENING
    first = Play.objects.first()
    assert (first.listener, first.territory, first.grant) == (listener, "CN", stream.grants[0])
    assert first.started_at == datetime.fromtimestamp(1_800_000_000, tz=UTC)
    assert FoldedSegment.objects.get().sealed


def test_folding_again_changes_nothing(log, stream, now):
    (log / name(1)).write_bytes(b"".join(stream.evening()))
    for _ in range(3):
        fold.fold_all(log.parent, now=now)
    assert told() == EVENING
    assert fold.fold_all(log.parent, now=now).records == 0


@pytest.mark.slow
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    pieces=st.lists(st.integers(1, 400), max_size=12),
    breaks=st.sets(st.integers(1, 4)),
    size=st.sampled_from([1, 300, 10_000]),
)
def test_however_it_is_delivered_it_is_folded_once(*, log, listener, now, monkeypatch, pieces, breaks, size):
    """Segments grow piece by piece, a segment ends anywhere, every piece is folded twice, chunks are small."""
    monkeypatch.setattr(fold, "CHUNK_BYTES", size)
    shutil.rmtree(log)
    log.mkdir()
    FoldedSegment.objects.all().delete()
    stream = Stream(listener, [music.recording("Ebb"), music.recording("Flood")], now)
    segments = [b""]
    for number, data in enumerate(stream.evening()):
        if number in breaks:
            segments.append(b"")
        segments[-1] += data
    for number, data in enumerate(segments, start=1):
        cuts = [cut % (len(data) + 1) for cut in pieces] + [len(data)]
        for cut in cuts:
            path = log / name(number)
            if not path.exists() or path.stat().st_size < cut:
                path.write_bytes(data[:cut])
            fold.fold_all(log.parent, now=now)
            fold.fold_all(log.parent, now=now)
    mine = Play.objects.filter(stream=UUID(stream.id)).order_by("ordinal")
    assert [(row.recording.title, row.heard_ms, row.qualified) for row in mine] == EVENING


def test_a_segment_delivered_twice_under_another_number_counts_once(log, stream, now):
    data = b"".join(stream.evening()) + SEAL
    (log / name(1)).write_bytes(data)
    (log / name(2)).write_bytes(data)
    fold.fold_all(log.parent, now=now)
    assert told() == EVENING


def test_a_chunk_that_another_worker_folded_is_left_alone(log, stream, now):
    path = log / name(1)
    path.write_bytes(b"".join(stream.evening()))
    segment = keylog.Segment(f"{1:020}", path)
    chunk = keylog.read(path, offset=0, size=1 << 20)
    fold.fold_all(log.parent, now=now)
    with pytest.raises(FoldedElsewhere):
        fold._fold_chunk("edge-1", segment, offset=0, chunk=chunk, end=None, now=now)
    assert told() == EVENING


PREPARE = """
import sys
from datetime import UTC, datetime
from pathlib import Path
import django; django.setup()
from django.core.management import call_command
call_command("migrate", interactive=False, verbosity=0)
import music, test_fold
from alpheus.listening.models import Listener
now = datetime.now(UTC)
rows = [music.recording("Ebb"), music.recording("Flood")]
streams = [test_fold.Stream(Listener.objects.create(), rows, now) for _ in range(30)]
log = Path(sys.argv[1]) / "edge-1"; log.mkdir(parents=True)
(log / test_fold.name(1)).write_bytes(b"".join(b"".join(stream.evening()) for stream in streams) + test_fold.SEAL)
"""

WORK = """
import sys
from datetime import UTC, datetime
from pathlib import Path
import django; django.setup()
from alpheus.listening import fold
fold.CHUNK_BYTES = 500
for _ in range(50):
    fold.fold_all(Path(sys.argv[1]), now=datetime.now(UTC))
"""

COUNT = """
import django; django.setup()
from alpheus.listening.models import Play
print(Play.objects.count(), sum(Play.objects.values_list("heard_ms", flat=True)))
"""


@pytest.mark.journey
def test_three_workers_at_once_count_once(tmp_path):
    here = Path(__file__).parent
    environment = os.environ | {
        "ALPHEUS_DATA": str(tmp_path / "data"),
        "DJANGO_SETTINGS_MODULE": "alpheus.config.django",
        "PYTHONPATH": os.pathsep.join([str(here), str(here.parent), str(here.parent.parent / "src")]),
    }

    def start(code):
        command = [sys.executable, "-c", code, str(tmp_path / "keylog")]
        return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)

    assert start(PREPARE).wait() == 0
    assert [worker.wait() for worker in [start(WORK) for _ in range(3)]] == [0, 0, 0]
    counted, _ = start(COUNT).communicate()
    assert counted.split() == ["60", str(30 * 50_000)]


def test_a_failure_in_the_middle_leaves_nothing_half_done(log, stream, now, monkeypatch):
    (log / name(1)).write_bytes(b"".join(stream.evening()))

    def fail(*_args, **_given):
        raise OSError("disk full")

    with monkeypatch.context() as broken:
        broken.setattr(fold, "_write_histories", fail)
        with pytest.raises(OSError, match="disk full"):
            fold.fold_all(log.parent, now=now)
    assert not Play.objects.exists()
    assert not FoldedSegment.objects.exists()
    fold.fold_all(log.parent, now=now)
    assert told() == EVENING


def test_damage_is_kept_for_the_operator(log, stream, now):
    records = stream.evening()
    damaged = bytearray(records[1])
    damaged[30] ^= 0xFF
    (log / name(1)).write_bytes(records[0] + bytes(damaged) + b"".join(records[2:]) + SEAL)
    done = fold.fold_all(log.parent, now=now)
    fault = KeyLogFault.objects.get()
    assert (fault.offset, fault.segment) == (len(records[0]), f"{1:020}")
    assert "checksum" in fault.reason
    assert len(done.faults) == 1
    assert told()[0][1] == 30_000  # what the damaged record released is not known


def test_a_torn_tail_of_a_crash_ends_its_segment(log, stream, now):
    records = stream.evening()
    (log / name(1)).write_bytes(b"".join(records[:2]) + records[2][:20])
    fold.fold_all(log.parent, now=now)
    assert not FoldedSegment.objects.get().sealed
    (log / name(2)).write_bytes(b"".join(records[2:]))
    fold.fold_all(log.parent, now=now)
    assert FoldedSegment.objects.get(segment=f"{1:020}").sealed
    assert not KeyLogFault.objects.exists()
    assert told() == EVENING


def test_a_segment_that_overtook_another_waits_for_it(log, stream, now):
    records = stream.evening()
    real_now = datetime.now(UTC)
    (log / name(1)).write_bytes(records[0] + SEAL)
    (log / name(3)).write_bytes(b"".join(records[2:]) + SEAL)
    fold.fold_all(log.parent, now=real_now)
    assert told() == []
    (log / name(2)).write_bytes(records[1] + SEAL)
    fold.fold_all(log.parent, now=real_now)
    assert told() == EVENING
    assert not KeyLogFault.objects.exists()


def test_a_segment_that_never_arrives_is_told(log, stream):
    records = stream.evening()
    (log / name(1)).write_bytes(b"".join(records[:2]) + SEAL)
    (log / name(3)).write_bytes(b"".join(records[2:]) + SEAL)
    fold.fold_all(log.parent, now=datetime.now(UTC) + timedelta(minutes=11))
    assert told() == EVENING
    assert "no segment between 1 and this one" in KeyLogFault.objects.get().reason


def test_music_that_nobody_granted_is_told(log, listener, stream, now):
    Grant.objects.all().delete()
    (log / name(1)).write_bytes(b"".join(stream.evening()))
    fold.fold_all(log.parent, now=now)
    assert told() == []
    reasons = list(KeyLogFault.objects.values_list("reason", flat=True))
    assert len(reasons) == 2
    assert all("not in the database" in reason for reason in reasons)


def test_a_preview_earns_nothing(log, listener, now):
    stream = Stream(listener, [music.recording("Ebb"), music.recording("Flood")], now, preview=True)
    (log / name(1)).write_bytes(b"".join(stream.evening()))
    fold.fold_all(log.parent, now=now)
    assert told() == [("Ebb", 40_000, False), ("Flood", 10_000, False)]


@pytest.mark.parametrize("is_preview", [False, True])
def test_before_it_appears_previews_are_plays_and_what_is_heard_to_be_judged_is_none(
    log, listener, now, is_preview
):
    rows = [music.recording("Ebb"), music.recording("Flood")]
    mine = Submission.objects.create(
        account=Account.objects.create_user("wren@example.com"),
        kind="release",
        state="accepted",
        submitted_at=now,
    )
    for place, one in enumerate(rows):
        Track.objects.create(submission=mine, position=place, recording=one)
        Recording.objects.filter(pk=one.pk).update(removed_at=now)
    release = music.release(tracks=())
    for place, one in enumerate(rows):
        release.media.get().tracks.create(position=place, title=one.title, credit=one.credit, recording=one)
    open_early(release=release, shop=uuid4(), until=now + timedelta(days=1), zone="UTC", now=now)
    stream = Stream(listener, rows, now, preview=is_preview)
    (log / name(1)).write_bytes(b"".join(stream.evening()))
    fold.fold_all(log.parent, now=now)
    assert [title for title, _, _ in told()] == (["Ebb", "Flood"] if is_preview else [])


@pytest.mark.parametrize("role", ["auditor", "operator", None])
def test_how_much_an_auditor_heard_of_what_waits_is_told_once(log, now, role):
    judge = Account.objects.create_user("owl@example.com")
    if role:
        StaffRole.objects.create(account=judge, role=role)
    rows = [music.recording("Ebb"), music.recording("Flood")]
    row = Submission.objects.create(
        account=Account.objects.create_user("wren@example.com"),
        kind="release",
        state="submitted",
        submitted_at=now,
    )
    for place, one in enumerate(rows):
        Track.objects.create(submission=row, position=place, title=one.title, recording=one)
        Recording.objects.filter(pk=one.pk).update(removed_at=now)
    stream = Stream(Listener.objects.create(account=judge), rows, now)
    records = stream.evening()
    (log / name(1)).write_bytes(b"".join(records[:2]))
    fold.fold_all(log.parent, now=now)
    (log / name(1)).write_bytes(b"".join(records))
    fold.fold_all(log.parent, now=now)
    heard = [(it.title, it.is_needed, it.was_played, it.heard_ms) for it in heard_of(row, judge)]
    if role == "auditor":
        assert heard == [("Ebb", True, True, 40_000), ("Flood", True, True, 10_000)]
    else:
        assert heard == [("Ebb", True, False, None), ("Flood", True, False, None)]
    assert told() == []


def test_a_stream_that_comes_back_after_it_was_forgotten_overwrites_nothing(log, stream, now):
    records = stream.evening()
    (log / name(1)).write_bytes(b"".join(records[:3]))
    fold.fold_all(log.parent, now=now)
    assert fold.forget_streams(now=now + timedelta(days=8)) == 1
    assert not StreamState.objects.exists()
    stream.sequence = 0
    (log / name(2)).write_bytes(stream.record(90, (1, 0), [(1, 0, 20)]) + stream.record(95, (1, 5)))
    fold.fold_all(log.parent, now=now)
    assert told() == [("Ebb", 40_000, True), ("Flood", 5_000, False)]


def test_what_was_played_can_be_asked(log, listener, stream, now):
    (log / name(1)).write_bytes(b"".join(stream.evening()))
    fold.fold_all(log.parent, now=now)
    assert [row.title for row in queries.recently_played(listener, limit=5)] == ["Flood", "Ebb"]
    ebb = stream.rows[0]
    assert queries.qualified_plays([row.pk for row in stream.rows]) == {ebb.pk: 1}
    assert queries.qualified_plays([ebb.pk], since=datetime(2099, 1, 1, tzinfo=UTC)) == {}
    assert queries.listening_now(now=now) == 1


def test_search_learns_what_is_popular(log, listener, now):
    made = music.release()
    tracks = made.media.get().tracks.order_by("position")
    rows = [track.recording for track in tracks]
    (log / name(1)).write_bytes(b"".join(b"".join(Stream(listener, rows, now).evening()) for _ in range(3)))
    fold.fold_all(log.parent, now=now)
    artist = made.credit.artists.get().artist
    things = {"recording": rows[0].gid, "lyrics": rows[0].gid, "release": made.gid, "artist": artist.gid}
    put_many([Entry(kind, gid, ["x"]) for kind, gid in things.items()])
    assert popularity.tell_search(since=datetime(2020, 1, 1, tzinfo=UTC)) == 4
    assert set(Document.objects.values_list("kind", "popularity")) == {(kind, 3) for kind in things}
    assert popularity.tell_search(since=datetime(2099, 1, 1, tzinfo=UTC)) == 0


def test_a_missing_folder_is_an_empty_log(now):
    assert fold.fold_all(Path("/nonexistent/keylog"), now=now).records == 0
