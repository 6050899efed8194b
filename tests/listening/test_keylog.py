import json
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alpheus.listening import keylog


def frame(plain):
    body = json.dumps(plain).encode()
    return struct.pack("<II", len(body), zlib.crc32(body)) + body


def record(sequence, **more):
    return {"t": 1000 + sequence, "stream": "ab" * 16, "seq": sequence, "acc": "cd" * 16, "at": None} | more


FULL = record(
    0,
    at={"grant": "g", "sample": 5},
    released=[{"grant": "g", "rec": "r", "rate": "aac-128", "from": 0, "until": 9}],
    closing=True,
    grants={"g": {"rec": "r", "rate": 44100, "samples": 99, "win": [0, 99], "pre": False, "ter": "CN"}},
)


def whole(path, data, size=1 << 20):
    path.write_bytes(data)
    return keylog.read(path, offset=0, size=size)


def sequences(chunk):
    return [item.sequence for item in chunk.records]


def test_a_record_is_read_as_it_was_written(tmp_path):
    chunk = whole(tmp_path / "log", frame(FULL))
    (read,) = chunk.records
    assert (read.wall_ms, read.stream, read.closing) == (1000, "ab" * 16, True)
    assert read.at.sample == 5
    assert read.released[0].span == (0, 9)
    assert read.grants["g"].window == (0, 99)
    assert read.grants["g"].territory == "CN"
    assert not chunk.faults


def test_a_seal_ends_a_segment(tmp_path):
    chunk = whole(tmp_path / "log", frame(record(0)) + frame({"seal": {"records": 1}}))
    assert chunk.sealed
    assert sequences(chunk) == [0]


@given(st.integers(0, 400))
def test_a_torn_tail_is_no_fault_wherever_it_is_torn(tmp_path_factory, cut):
    data = frame(FULL) + frame(record(1)) + frame(record(2))
    chunk = whole(tmp_path_factory.mktemp("k") / "log", data[: min(cut, len(data))])
    assert not chunk.faults
    assert sequences(chunk) == [0, 1, 2][: len(chunk.records)]
    assert chunk.exhausted


def test_zeros_at_the_end_are_a_torn_tail(tmp_path):
    chunk = whole(tmp_path / "log", frame(record(0)) + bytes(4096))
    assert not chunk.faults
    assert chunk.end == len(frame(record(0)))


@pytest.mark.parametrize("where", [0, 3, 4, 8, 20, -1], ids=lambda at: f"byte {at}")
def test_damage_in_the_middle_is_told_and_what_follows_is_read(tmp_path, where):
    damaged = bytearray(frame(record(1)))
    damaged[where] ^= 0xFF
    data = frame(record(0)) + bytes(damaged) + frame(record(2)) + frame(record(3))
    chunk = whole(tmp_path / "log", data)
    assert sequences(chunk) == [0, 2, 3]
    assert next(fault.offset for fault in chunk.faults) == len(frame(record(0)))
    assert chunk.end == len(data)


@pytest.mark.parametrize(
    "body", [{"x": 1}, record(1) | {"t": "soon"}, record(1) | {"at": 7}, [1], "text"], ids=str
)
def test_a_frame_that_is_no_record_is_told(tmp_path, body):
    chunk = whole(tmp_path / "log", frame(record(0)) + frame(body) + frame(record(2)))
    assert sequences(chunk) == [0, 2]
    assert len(chunk.faults) == 1


def test_chunks_join_without_loss(tmp_path):
    path = tmp_path / "log"
    path.write_bytes(b"".join(frame(record(number)) for number in range(100)) + frame({"seal": {}}))
    read, offset, sealed = [], 0, False
    while not sealed:
        chunk = keylog.read(path, offset=offset, size=700)
        read, offset, sealed = read + sequences(chunk), chunk.end, chunk.sealed
    assert read == list(range(100))


def test_segments_are_found_in_order(tmp_path):
    for name in (f"{3:020}.log", f"{1:020}.sealed.log", f"{2:020}.log", "lock", f"{9:019}.log"):
        (tmp_path / name).touch()
    assert [segment.name for segment in keylog.segments(tmp_path)] == [f"{n:020}" for n in (1, 2, 3)]
    assert keylog.edges(tmp_path / "missing") == []
