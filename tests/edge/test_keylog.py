"""The key log: on disk before anybody is told, whole after any crash, shut when the disk is full."""

import asyncio
import errno
import hashlib
import json
import os
import signal
import subprocess
import sys
import textwrap
import time

import pytest
from edge.kit import RATE, want
from hypothesis import given
from hypothesis import strategies as st

from alpheus.edge import chain, keylog
from alpheus.edge.chain import FRAME, files, frame, read
from alpheus.edge.errors import KeyLogUnavailable, OptionsError
from alpheus.edge.keylog import KeyLog
from alpheus.edge.metrics import Metrics


def opened(folder, *, segment_bytes=2**20, segment_seconds=3600, metrics=None):
    return KeyLog(
        folder,
        metrics=metrics or Metrics(),
        segment_bytes=segment_bytes,
        segment_seconds=segment_seconds,
    )


def all_records(folder):
    return [record for path in files(folder) for record in read(path) if "stream" in record]


async def test_records_come_back_in_order_and_flushes_are_shared(tmp_path):
    metrics = Metrics()
    log = opened(tmp_path, metrics=metrics)
    await asyncio.gather(*(log.append({"stream": "s", "n": number}) for number in range(500)))
    assert [record["n"] for record in all_records(tmp_path)] == list(range(500))
    assert metrics.keylog_records.total == 500
    assert metrics.keylog_syncs.total < 250
    log.close()


async def test_a_record_is_flushed_before_its_writer_is_told(tmp_path, monkeypatch):
    steps = []
    flush = os.fdatasync
    monkeypatch.setattr(os, "fdatasync", lambda fd: (flush(fd), steps.append("flushed")))
    log = opened(tmp_path)
    await log.append({"stream": "s"})
    steps.append("told")
    assert steps == ["flushed", "flushed", "told"], "the segment's opening, the record, the answer"
    log.close()


async def test_files_are_sealed_in_a_chain(tmp_path):
    log = opened(tmp_path, segment_bytes=200)
    for number in range(40):
        await log.append({"stream": "s", "n": number, "fill": "x" * 40})
    log.close()
    previous = "0" * 64
    found = files(tmp_path)
    assert len(found) > 5
    assert [path.name for path in found] == [f"{n + 1:020}.log" for n in range(len(found))]
    size = 0
    for number, path in enumerate(found, start=1):
        opening, *records, seal = read(path)
        assert opening == {"segment": number, "previous": previous, "bytes": size}
        assert seal["seal"] is True
        assert seal["records"] == len(records)
        data = path.read_bytes()
        assert seal["sha256"] == hashlib.sha256(data[: -len(frame(seal))]).hexdigest()
        previous, size = seal["sha256"], len(data)


async def test_an_old_file_is_sealed_too(tmp_path):
    log = opened(tmp_path, segment_seconds=0.0)
    for _ in range(3):
        await log.append({"stream": "s"})
    log.close()
    assert len(files(tmp_path)) == 3


@given(st.binary(max_size=60))
def test_a_torn_end_is_cut_off_and_the_file_sealed(tmp_path_factory, torn):
    folder = tmp_path_factory.mktemp("log")
    whole = b"".join(frame({"stream": "s", "n": number}) for number in range(3))
    (folder / f"{1:020}.log").write_bytes(whole + torn)
    opened(folder).close()
    records = list(read(files(folder)[0]))
    assert [record["n"] for record in records[:3]] == [0, 1, 2]
    assert records[3]["seal"] is True


@pytest.mark.parametrize("cut", range(1, 56, 7))
def test_a_file_cut_anywhere_keeps_what_was_whole(tmp_path, cut):
    whole = b"".join(frame({"stream": "s", "n": number}) for number in range(3))
    (tmp_path / f"{1:020}.log").write_bytes(whole[:-cut])
    opened(tmp_path).close()
    *records, seal = read(files(tmp_path)[0])
    assert [record["n"] for record in records] == list(range(len(records)))
    assert seal["records"] == len(records) == (len(whole) - cut) // (len(whole) // 3)


def test_damage_in_the_middle_cuts_nothing_off(tmp_path):
    frames = [frame({"stream": "s", "n": number}) for number in range(3)]
    damaged = frames[0] + bytes(len(frames[1])) + frames[2]
    path = tmp_path / f"{1:020}.log"
    path.write_bytes(damaged)
    opened(tmp_path).close()
    assert path.read_bytes().startswith(damaged)


def test_one_edge_at_a_time(tmp_path, monkeypatch):
    monkeypatch.setattr(chain, "_LOCK_SECONDS", 0.1)
    log = opened(tmp_path)
    with pytest.raises(OptionsError, match="Another edge"):
        opened(tmp_path)
    log.close()
    log.close()
    opened(tmp_path).close()


class FullDisk:
    """write(2) takes half of it, then says the disk is full, as disks do."""

    def __init__(self, monkeypatch):
        self.full = False
        self._write = os.write
        monkeypatch.setattr(os, "write", self)

    def __call__(self, fd, data):
        if not self.full:
            return self._write(fd, data)
        if len(data) > 20:
            return self._write(fd, data[: len(data) // 2])
        raise OSError(errno.ENOSPC, "No space left on device")


async def test_a_full_disk_refuses_keys_and_recovers(site, monkeypatch):
    disk = FullDisk(monkeypatch)
    index = site.rendition(samples=100 * RATE)
    me = site.listener()
    gid, token = me.grant(index)
    await site.post(me.stream, sequence=0, grants=[token], want=[want(gid)], ahead_seconds=4)
    disk.full = True
    for _ in range(20):
        refused = await site.post(me.stream, sequence=1, want=[want(gid, 2)], ahead_seconds=8)
        assert (refused.status, refused["code"]) == (503, "key_log_unavailable")
        assert "disk is full" in refused["detail"]
        assert "released" not in refused.body
    assert (await site.request("GET", "/healthz")).status == 503
    disk.full = False
    answer = await site.post(me.stream, sequence=1, want=[want(gid, 2)], ahead_seconds=7)
    assert [item["segment"] for item in answer["released"]] == [2, 3], "nothing was debited meanwhile"
    assert (await site.request("GET", "/healthz")).status == 200
    records = all_records(site.options.keylog)
    assert [record["seq"] for record in records if "seq" in record] == [0, 1]


async def test_after_a_failed_flush_the_file_is_never_trusted_again(tmp_path, monkeypatch):
    log = opened(tmp_path)
    await log.append({"stream": "s", "n": 0})
    flush = os.fdatasync
    monkeypatch.setattr(os, "fdatasync", lambda _: (_ for _ in ()).throw(OSError(errno.EIO, "I/O error")))
    with pytest.raises(KeyLogUnavailable):
        await log.append({"stream": "s", "n": 1})
    monkeypatch.setattr(os, "fdatasync", flush)
    await log.append({"stream": "s", "n": 2})
    log.close()
    assert [record["n"] for record in all_records(tmp_path) if "n" in record] == [0, 2]
    assert len(files(tmp_path)) == 2


async def test_too_much_waiting_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(keylog, "_WAITING_MAX", 0)
    log = opened(tmp_path)
    with pytest.raises(KeyLogUnavailable):
        await log.append({"stream": "s"})
    log.close()


WRITER = """
import asyncio, sys
from pathlib import Path
from alpheus.edge.keylog import KeyLog
from alpheus.edge.metrics import Metrics

async def write(log, lane):
    for number in range(10**9):
        await log.append({"stream": f"{lane}", "seq": number})
        print(lane, number, flush=True)  # what was told

async def main():
    log = KeyLog(Path(sys.argv[1]), metrics=Metrics(), segment_bytes=4000, segment_seconds=3600)
    await asyncio.gather(*(write(log, lane) for lane in range(8)))

asyncio.run(main())
"""


def test_killed_at_any_moment_nothing_that_was_told_is_missing(tmp_path):
    for round_number in range(3):
        folder = tmp_path / str(round_number)
        writer = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(WRITER), str(folder)], stdout=subprocess.PIPE, text=True
        )
        told = [writer.stdout.readline() for _ in range(200)]
        time.sleep(0.003 * round_number)
        writer.send_signal(signal.SIGKILL)
        told += writer.stdout.read().splitlines()
        writer.wait()
        opened(folder).close()
        found = {(r["stream"], r["seq"]) for r in all_records(folder) if "seq" in r}
        for line in told:
            parts = line.split()
            if len(parts) == 2:
                assert (parts[0], int(parts[1])) in found
        for lane in range(8):
            mine = sorted(seq for stream, seq in found if stream == str(lane))
            assert mine == list(range(len(mine)))


def test_a_frame_is_what_the_protocol_says():
    data = frame({"stream": "é"})
    length, _ = FRAME.unpack_from(data)
    assert json.loads(data[8:]) == {"stream": "é"}
    assert length == len(data) - 8
