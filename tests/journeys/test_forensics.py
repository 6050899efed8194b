"""The searcher itself: no run of 64 bytes escapes it, whatever its place, and nothing shorter is called one."""

import os
import subprocess
import sys

import numpy as np
import pytest
from journeys import forensics
from journeys.forensics import Needle, search_file, search_folder, search_open_deleted

RANDOM = np.random.default_rng(7)
SOUND = RANDOM.bytes(5000)
NOISE = RANDOM.bytes(3000)


@pytest.mark.parametrize("from_", [*range(64), 4000, 4935, 4936])
def test_a_run_of_64_bytes_is_found_from_anywhere(from_):
    run = SOUND[from_ : from_ + 64]
    for at in (0, 1, 7, 1001):
        found = Needle([SOUND]).search(NOISE[:at] + run + NOISE[at:], "here")
        assert [(hit.at, hit.needle_at, hit.length >= 64) for hit in found] == [(at, from_, True)]


@pytest.mark.parametrize("from_", range(33))
def test_63_bytes_are_no_run(from_):
    outside = bytes((SOUND[from_ + 63] ^ 1, SOUND[max(from_ - 1, 0)] ^ 1))
    data = outside[1:] + SOUND[from_ : from_ + 63] + outside[:1]
    assert Needle([SOUND]).search(data, "here") == []


def test_a_whole_copy_is_one_run_and_all_of_the_needle():
    needle = Needle([SOUND, NOISE])
    found = needle.search(b"xyz" + NOISE + b"between" + SOUND, "here")
    assert sorted(hit.length for hit in found) == [3000, 5000]
    assert needle.share_found(found) == 1.0


def test_parts_do_not_join():
    needle = Needle([SOUND[:40], SOUND[40:80]])
    assert needle.search(SOUND[:80], "here") == []


def test_runs_across_pieces_of_a_file_are_found(tmp_path, monkeypatch):
    monkeypatch.setattr(forensics, "PIECE_BYTES", 100)
    needle = Needle([SOUND])
    for at in range(30, 110):
        (tmp_path / "file").write_bytes(NOISE[:at] + SOUND[900:964] + NOISE[at:])
        found = search_file(needle, tmp_path / "file")
        assert any(hit.at <= at and hit.at + hit.length >= at + 64 for hit in found)


def test_padding_is_left_out_and_counted():
    needle = Needle([bytes(320) + SOUND])
    assert needle.search(bytes(1000), "here") == []
    assert needle.left_out_bytes == 320


def test_repeated_sound_is_found_in_each_place():
    found = Needle([SOUND[:512] * 3]).search(NOISE + SOUND[:512], "here")
    assert found
    assert {hit.at for hit in found} <= set(range(len(NOISE) - 1, len(NOISE) + 512))


def test_a_folder_is_searched_to_its_depth(tmp_path):
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "file").write_bytes(NOISE + SOUND[:200])
    (tmp_path / "other").write_bytes(NOISE)
    assert [hit.length for hit in search_folder(Needle([SOUND]), tmp_path)] == [200]


HOLD = """
import sys
held = open(sys.argv[1], "rb")
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def holder(tmp_path):
    """A process of another that holds a file open, and that file's path."""
    path = tmp_path / "held"
    path.write_bytes(NOISE + SOUND[:200])
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout.readline() == b"held\n"
        yield process.pid, path
        process.stdin.close()


def test_a_deleted_file_that_is_held_open_is_found(holder):
    pid, path = holder
    assert search_open_deleted(Needle([SOUND]), [pid]) == [], "what is not deleted is found in its folder"
    path.unlink()
    (run,) = search_open_deleted(Needle([SOUND]), [pid])
    assert (run.where, run.length) == (f"{pid}: {path} (deleted)", 200)


def test_what_a_child_of_the_process_holds_is_found_as_well(holder):
    pid, path = holder
    path.unlink()
    assert [run.where for run in search_open_deleted(Needle([SOUND]), [os.getpid()])] == [
        f"{pid}: {path} (deleted)"
    ]


def test_what_nobody_holds_is_not_there(holder, tmp_path):
    pid, _path = holder
    other = tmp_path / "gone"
    other.write_bytes(SOUND)
    other.unlink()
    assert search_open_deleted(Needle([SOUND]), [pid]) == []
