"""The chain of a key log's segments: what was changed, taken out or cut off shows; what a full disk cut back does not."""

import errno
import itertools
import os
from datetime import UTC, datetime, timedelta

import music
import pytest
from listening.test_fold import EVENING, Stream, log, name, stream, told  # noqa: F401 - fixtures
from listening.test_fold import listener as listener  # noqa: PLC0414 - a fixture

from alpheus.edge import chain
from alpheus.edge.chain import Chain, frame
from alpheus.listening import fold, keylog
from alpheus.listening.models import FoldedSegment, KeyLogFault, Play

pytestmark = pytest.mark.django_db


def opened(folder):
    return Chain(folder, segment_bytes=1, segment_seconds=3600)  # a segment for every append


@pytest.fixture
def segments(log, stream):  # noqa: F811
    """An evening in five sealed segments."""
    written = opened(log)
    for record in stream.evening():
        written.append(record, records=1)
    written.close()
    return sorted(log.glob("*.log"))


def reasons():
    return [fault.reason for fault in KeyLogFault.objects.order_by("segment", "offset")]


def late():
    return datetime.now(UTC) + timedelta(minutes=11)


def test_a_whole_chain_has_no_fault(log, segments, now):  # noqa: F811
    assert len(segments) == 5
    fold.fold_all(log.parent, now=now)
    assert told() == EVENING
    assert reasons() == []
    assert FoldedSegment.objects.filter(sealed=True).exclude(sha256="").count() == 5


def rewritten(path, change):
    """Change a segment's records, their checksums made right again, as somebody would who wants more plays."""
    records = [change(dict(record)) for record in chain.read(path)]
    path.write_bytes(b"".join(frame(record) for record in records))


def test_a_changed_record_shows(log, segments, now):  # noqa: F811
    rewritten(segments[2], lambda record: record | ({"t": record["t"] + 1} if "t" in record else {}))
    fold.fold_all(log.parent, now=now)
    assert len(reasons()) == 1
    assert "seal does not fit" in reasons()[0]
    assert told()[1] == EVENING[1], "folding of good records goes on"


def test_a_broken_chain_shows(log, segments, now):  # noqa: F811
    rewritten(segments[1], lambda item: item | ({"previous": "0" * 64} if "previous" in item else {}))
    fold.fold_all(log.parent, now=now)
    assert len(reasons()) == 2, reasons()
    assert "chain of seals is broken" in reasons()[0]
    assert told() == EVENING


def test_a_segment_taken_out_and_the_rest_renumbered_shows(log, segments, now):  # noqa: F811
    segments[1].unlink()
    for before, after in itertools.pairwise(segments[1:]):
        after.rename(before)
    fold.fold_all(log.parent, now=now)
    assert [reason for reason in reasons() if "was written as number" in reason]
    assert Play.objects.exists()


def test_a_lost_end_shows_by_what_the_next_segment_says(log, segments, now):  # noqa: F811
    data = segments[1].read_bytes()
    records = list(chain.read(segments[1]))
    segments[1].write_bytes(data[: len(frame(records[0])) + 10])
    fold.fold_all(log.parent, now=now)
    assert len(reasons()) == 1
    assert "its end is missing" in reasons()[0]


def test_what_was_folded_and_is_gone_is_told_once(log, stream, now, caplog):  # noqa: F811
    written = Chain(log, segment_bytes=1 << 20, segment_seconds=3600)
    for record in stream.evening():
        written.append(record, records=1)
    fold.fold_all(log.parent, now=now)
    assert told() == EVENING
    (path,) = log.glob("*.log")
    os.truncate(path, 100)
    for _ in range(3):
        fold.fold_all(log.parent, now=now)
    assert len(reasons()) == 1
    assert "ends before what was folded" in reasons()[0]
    path.unlink()
    fold.fold_all(log.parent, now=now)
    assert "the segment is gone" in " ".join(reasons())
    assert len([entry for entry in caplog.records if entry.message == "key_log_fault"]) == 2
    written.close()


def test_the_first_segment_is_waited_for_too(log, segments):  # noqa: F811
    aside = log.parent.parent / "aside"
    segments[0].rename(aside)
    fold.fold_all(log.parent, now=datetime.now(UTC))
    assert told() == []
    aside.rename(segments[0])
    fold.fold_all(log.parent, now=datetime.now(UTC))
    assert (told(), reasons()) == (EVENING, [])


def test_a_segment_that_comes_after_it_was_given_up_is_told(log, segments):  # noqa: F811
    aside = log.parent.parent / "aside"
    segments[1].rename(aside)
    fold.fold_all(log.parent, now=late())
    aside.rename(segments[1])
    fold.fold_all(log.parent, now=late())
    assert len(reasons()) == 2
    assert "given up" in reasons()[0]


class FailingFlush:
    """fdatasync fails; the frames are in the file for anybody to read."""

    def __init__(self, monkeypatch, seen):
        self.fails, self._seen = False, seen
        self._flush, self._cut = os.fdatasync, os.ftruncate
        monkeypatch.setattr(os, "fdatasync", self)
        monkeypatch.setattr(os, "ftruncate", self.cut)

    def __call__(self, fd):
        self._seen()
        if self.fails:
            raise OSError(errno.EIO, "I/O error")
        self._flush(fd)

    def cut(self, fd, size):
        if self.fails:
            raise OSError(errno.EIO, "I/O error")
        self._cut(fd, size)


def test_no_reader_sees_what_was_refused(log, stream, now, monkeypatch):  # noqa: F811
    """The worker folds in the very moment in which frames are written but not on disk, and afterwards."""
    first, second, *rest = stream.evening()
    refused = Stream.record(stream, 20, (0, 20), [(0, 30, 200)])
    disk = FailingFlush(monkeypatch, lambda: fold.fold_all(log.parent, now=now))
    written = Chain(log, segment_bytes=1 << 20, segment_seconds=3600)
    written.append(first, records=1)
    disk.fails = True
    for _ in range(3):
        with pytest.raises(OSError, match="I/O"):
            written.append(refused, records=1)
        fold.fold_all(log.parent, now=now)
    disk.fails = False
    for record in [second, *rest]:
        written.append(record, records=1)
    written.close()
    fold.fold_all(log.parent, now=now)
    assert (told(), reasons()) == (EVENING, [])
    assert refused in (log / name(1)).read_bytes(), "it could not even be cut back"
    assert len(list(log.glob("*.log"))) == 2
    assert FoldedSegment.objects.filter(sealed=True).count() == 2


def test_a_full_disk_at_the_start_of_an_edge_mends_later(log, stream, now, monkeypatch):  # noqa: F811
    first, *rest = stream.evening()
    written = Chain(log, segment_bytes=1 << 20, segment_seconds=3600)
    written.append(first, records=1)
    os.close(written._lock)  # killed
    with monkeypatch.context() as full:
        full.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError(errno.ENOSPC, "full")))
        again = Chain(log, segment_bytes=1 << 20, segment_seconds=3600)
        with pytest.raises(OSError, match="full"):
            again.append(rest[0], records=1)
    for record in rest:
        again.append(record, records=1)
    again.close()
    fold.fold_all(log.parent, now=now)
    assert (told(), reasons()) == (EVENING, [])


def test_a_record_that_is_not_on_disk_yet_waits(log, stream, now):  # noqa: F811
    written = Chain(log, segment_bytes=1 << 20, segment_seconds=3600)
    first, second, *_ = stream.evening()
    written.append(first, records=1)
    (path,) = log.glob("*.log")
    with path.open("ab") as file:
        file.write(second)
    assert fold.fold_all(log.parent, now=now).records == 1
    segment = keylog.segments(log)[0]
    assert keylog.on_disk(log, segment) == path.stat().st_size - len(second)
    written.close()


def test_days_of_a_worker_that_is_away_are_only_delayed(log, listener, now):  # noqa: F811
    rows = [music.recording("Ebb"), music.recording("Flood")]
    for _ in range(4):
        written = Chain(log, segment_bytes=2000, segment_seconds=3600)
        for record in Stream(listener, rows, now).evening():
            written.append(record, records=1)
        written.close()
    fold.fold_all(log.parent, now=now + timedelta(days=3))
    assert sorted(told()) == sorted(EVENING * 4)
