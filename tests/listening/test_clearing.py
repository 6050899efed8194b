"""What listening leaves behind goes by its rules, and never what proves a play."""

import json
import os
import struct
import zlib
from datetime import timedelta
from uuid import uuid4

import music
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alpheus.listening import fold
from alpheus.listening.clear_grants import clear_grants
from alpheus.listening.clear_guests import clear_guests
from alpheus.listening.clear_key_logs import clear_key_logs, folding_is_behind
from alpheus.listening.models import (
    Device,
    FoldedSegment,
    Grant,
    KeyLogFault,
    Listener,
    Play,
    PlaybackSession,
)
from alpheus.listening.rules import KeptSegment, clearable_segments
from alpheus.parties.models import Account
from alpheus.values.cleared import Cleared

DAY = timedelta(days=1)


def frame(plain):
    body = json.dumps(plain).encode()
    return struct.pack("<II", len(body), zlib.crc32(body)) + body


class Log:
    """An edge's key log of sealed segments, as old as a test wants them."""

    def __init__(self, folder):
        self.folder = folder
        self.edge = folder / "edge-1"
        self.edge.mkdir()

    def write(self, number, *, written, sealed=True):
        record = {"t": 1, "stream": uuid4().hex, "seq": 1, "at": None, "released": [], "grants": {}}
        path = self.edge / f"{number:020}.log"
        path.write_bytes(frame(record) + (frame({"seal": True}) if sealed else b""))
        os.utime(path, (written.timestamp(), written.timestamp()))

    def numbers(self):
        return sorted(int(path.stem) for path in self.edge.glob("*.log"))


@pytest.fixture
def log(tmp_path):
    return Log(tmp_path)


@pytest.mark.django_db
class TestKeyLogs:
    def test_old_folded_segments_go_and_the_newest_folded_stays(self, log, now):
        for number in (1, 2, 3):
            log.write(number, written=now - 40 * DAY)
        log.write(4, written=now, sealed=False)
        fold.fold_all(log.folder, now=now)
        size = (log.edge / f"{1:020}.log").stat().st_size
        told = clear_key_logs(folder=log.folder, before=now - 35 * DAY, dry_run=True)
        assert log.numbers() == [1, 2, 3, 4]
        assert clear_key_logs(folder=log.folder, before=now - 35 * DAY, dry_run=False) == told
        assert told == Cleared(2, 2 * size)
        assert log.numbers() == [3, 4]

    def test_folding_goes_on_as_if_nothing_had_gone(self, log, now):
        for number in (1, 2):
            log.write(number, written=now - 40 * DAY)
        fold.fold_all(log.folder, now=now)
        clear_key_logs(folder=log.folder, before=now, dry_run=False)
        log.write(3, written=now)
        done = fold.fold_all(log.folder, now=now)
        assert (done.records, done.faults) == (1, [])
        assert not KeyLogFault.objects.exists()
        log.write(1, written=now)
        assert fold.fold_all(log.folder, now=now).records == 0, "delivered once more it is still known"

    def test_what_is_not_folded_stays_and_folding_is_told_to_be_behind(self, log, now):
        for number in (1, 2):
            log.write(number, written=now - 40 * DAY)
        assert clear_key_logs(folder=log.folder, before=now, dry_run=False) == Cleared()
        assert folding_is_behind(folder=log.folder, now=now)
        fold.fold_all(log.folder, now=now)
        assert not folding_is_behind(folder=log.folder, now=now)

    def test_a_segment_with_a_fault_stays_with_all_that_follows(self, log, now):
        for number in (1, 2, 3, 4):
            log.write(number, written=now - 40 * DAY)
        fold.fold_all(log.folder, now=now)
        KeyLogFault.objects.create(edge="edge-1", segment=f"{2:020}", offset=0, reason="changed")
        clear_key_logs(folder=log.folder, before=now, dry_run=False)
        assert log.numbers() == [2, 3, 4]
        assert FoldedSegment.objects.count() == 4


@given(st.lists(st.tuples(st.booleans(), st.booleans(), st.integers(0, 3)), max_size=8), st.integers(0, 4))
def test_what_stays_is_a_chain_whose_newest_folded_segment_is_there(told, before):
    segments = [
        KeptSegment(f"{number:020}", 10, 10 if over else 5, over=over, faulty=faulty, written_at=age)
        for number, (over, faulty, age) in enumerate(told, start=1)
    ]
    gone = clearable_segments(segments, before=before)
    rest = [segment for segment in segments if segment.name not in gone]
    assert rest == segments[len(gone) :], "only the oldest go"
    assert all(s.over and not s.faulty and s.written_at < before for s in segments if s.name in gone)
    assert not gone or rest[0].over


@pytest.fixture
def grant(now):
    def make(listener=None, *, expired=40 * DAY):
        listener = listener or Listener.objects.create(created_at=now - 400 * DAY)
        return Grant.objects.create(
            stream=uuid4(), edge="edge-1", gate=listener.gid, listener=listener, recording=music.recording(),
            window_start=0, window_end=1, expires_at=now - expired,
        )  # fmt: skip

    return make


def play(grant):
    return Play.objects.create(
        listener=grant.listener, recording=grant.recording, grant=grant, stream=grant.stream, ordinal=0,
        started_at=grant.expires_at,
    )  # fmt: skip


@pytest.mark.django_db
class TestGrants:
    def test_those_without_a_play_go_when_they_are_old(self, grant, now):
        heard, young = grant(), grant(expired=DAY)
        play(heard)
        for _ in range(3):
            grant()
        assert clear_grants(before=now - 35 * DAY, dry_run=True) == Cleared(3)
        assert Grant.objects.count() == 5
        assert clear_grants(before=now - 35 * DAY, dry_run=False) == Cleared(3)
        assert set(Grant.objects.all()) == {heard, young}
        assert Play.objects.count() == 1


@pytest.mark.django_db
class TestGuests:
    def guest(self, now, **given):
        return Listener.objects.create(**{"created_at": now - 100 * DAY, **given})

    def test_who_left_no_trace_goes_with_device_and_queue(self, now):
        guest = self.guest(now)
        Device.objects.create(listener=guest, seen_at=now - 100 * DAY)
        PlaybackSession.objects.create(listener=guest, updated_at=now - 100 * DAY)
        assert clear_guests(before=now - 90 * DAY, dry_run=True) == Cleared(1)
        assert Listener.objects.count() == 1
        assert clear_guests(before=now - 90 * DAY, dry_run=False) == Cleared(1)
        assert not Listener.objects.exists()
        assert not Device.objects.exists()

    def test_all_others_stay(self, now, grant):
        account = Account.objects.create(email="mei@example.org")
        member = self.guest(now, account=account)
        stay = {
            member,
            self.guest(now, merged_into=member),
            self.guest(now, created_at=now),
            grant(self.guest(now)).listener,
            play(grant(self.guest(now))).listener,
        }
        for model, moment in ((Device, "seen_at"), (PlaybackSession, "updated_at")):
            back = self.guest(now)
            model.objects.create(listener=back, **{moment: now - DAY})
            stay.add(back)
        assert clear_guests(before=now - 90 * DAY, dry_run=False) == Cleared()
        assert set(Listener.objects.all()) == stay
