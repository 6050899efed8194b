"""The confined process has limits, tells nothing of us, and its death is an error with a remedy."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from audio import sounds

from alpheus.audio import confine
from alpheus.audio.decode import decode
from alpheus.audio.errors import DecoderFailed, LimitExceeded, Unreadable
from alpheus.audio.limits import Limits
from alpheus.audio.probe import probe


@pytest.fixture
def fresh(monkeypatch):
    """Every order starts a process from nothing, as where forking is not safe."""
    monkeypatch.setattr(confine, "_FORKS", False)


@pytest.fixture(params=[True, False], ids=["forked", "fresh"])
def either(request, monkeypatch):
    if request.param and sys.platform != "linux":
        pytest.skip("processes are forked on Linux only")
    monkeypatch.setattr(confine, "_FORKS", request.param)


forks = pytest.mark.skipif(sys.platform != "linux", reason="processes are forked on Linux only")


def order_of(tmp_path, seconds=3.0):
    path = sounds.write(tmp_path / "a.flac", sounds.music(seconds))
    names = {"source": bytes(path).hex(), "target": bytes(tmp_path / "x").hex()}
    return {"verb": "decode", "rate_hz": 44_100, **names}


def test_too_little_memory_is_said(tmp_path, either):
    path = sounds.write(tmp_path / "a.flac", sounds.music(1.0))
    with pytest.raises((LimitExceeded, DecoderFailed)):
        probe(path, Limits(memory_bytes_max=40 * 2**20))


def test_too_little_room_is_said(tmp_path, either):
    with pytest.raises(LimitExceeded, match="larger"):
        confine.run(order_of(tmp_path), limits=Limits(), seconds_max=20, file_bytes=100_000)


def test_too_little_time_is_said(tmp_path, either):
    with pytest.raises(LimitExceeded, match=r"more time or memory|longer than we allow"):
        confine.run(order_of(tmp_path, 60.0), limits=Limits(), seconds_max=0.01, file_bytes=2**30)


@forks
def test_one_that_stands_by_serves_many_at_once_and_leaves_none(tmp_path):
    order, answers = order_of(tmp_path), []

    def ask(number):
        mine = {**order, "target": bytes(tmp_path / f"x{number}").hex()}
        answers.append(confine.run(mine, limits=Limits(), seconds_max=20, file_bytes=2**24))

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer["samples"] for answer in answers] == [3 * 44_100] * 8
    assert until(lambda: not children(confine._STANDBY.process.pid))


@forks
def test_one_that_stood_by_and_was_killed_is_replaced(tmp_path):
    order, stood_by = order_of(tmp_path), set()
    for _ in range(3):
        assert confine.run(order, limits=Limits(), seconds_max=20, file_bytes=2**24)["samples"] == 3 * 44_100
        stood_by.add(confine._STANDBY.process.pid)
        confine._STANDBY.process.kill()
        confine._STANDBY.process.wait()
    assert len(stood_by) == 3


@forks
def test_an_order_whose_process_was_lost_on_the_way_is_obeyed_all_the_same(tmp_path):
    order = order_of(tmp_path)
    confine.run(order, limits=Limits(), seconds_max=20, file_bytes=2**24)
    os.kill(confine._STANDBY.process.pid, signal.SIGSTOP)
    answers = []
    asking = threading.Thread(
        target=lambda: answers.append(confine.run(order, limits=Limits(), seconds_max=20, file_bytes=2**24))
    )
    asking.start()
    time.sleep(0.2)
    os.kill(confine._STANDBY.process.pid, signal.SIGKILL)
    asking.join(60)
    assert [answer["samples"] for answer in answers] == [3 * 44_100]


@pytest.mark.slow
@forks
def test_none_outlives_whoever_asked(tmp_path):
    program = (
        "import sys, os, json; from alpheus.audio import confine; from alpheus.audio.limits import Limits\n"
        "run = lambda order: confine.run(order, limits=Limits(), seconds_max=60, file_bytes=2**30)\n"
        "run(json.loads(sys.argv[1])); print(confine._STANDBY.process.pid, flush=True); run(json.loads(sys.argv[2]))"
    )
    orders = [json.dumps(order_of(tmp_path)), json.dumps(order_of(tmp_path, 60.0))]
    with subprocess.Popen(
        [sys.executable, "-c", program, *orders], stdout=subprocess.PIPE, text=True
    ) as asker:
        standby = int(asker.stdout.readline())
        assert until(lambda: children(standby))
        asker.kill()
    assert until(lambda: not Path(f"/proc/{standby}").exists())


def children(pid):
    """Processes that a process forked and that have not ended."""
    with Path(f"/proc/{pid}/task/{pid}/children").open() as file:
        return [int(child) for child in file.read().split()]


def until(holds):
    """Wait for what will be so in a moment; False when it is not after long."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.02)
    return False


def test_a_process_that_never_answers_is_ended(monkeypatch, fresh):
    monkeypatch.setattr(confine, "_PROGRAM", ["-c", "import time; time.sleep(600)"])
    with pytest.raises(LimitExceeded, match="longer than we allow"):
        confine.run({}, limits=Limits(), seconds_max=0.1)


def test_a_process_that_spins_is_ended_by_its_cpu_limit(monkeypatch, fresh):
    spin = "import resource; resource.setrlimit(resource.RLIMIT_CPU, (1, 1))\nwhile True: pass"
    monkeypatch.setattr(confine, "_PROGRAM", ["-c", spin])
    with pytest.raises(LimitExceeded, match="more time or memory"):
        confine.run({}, limits=Limits(), seconds_max=60)


@pytest.mark.parametrize(
    ("program", "expected"),
    [
        ("import os; os.abort()", "decoder failed"),
        ("import sys; sys.exit(3)", "decoder failed"),
        ("print('no json')", "nonsense"),
        ("print('[1]')", "nonsense"),
        ("print('x' * 40_000_000)", "never stops"),
    ],
)
def test_a_death_or_nonsense_is_an_error(program, expected, monkeypatch, fresh):
    monkeypatch.setattr(confine, "_PROGRAM", ["-c", program])
    with pytest.raises(DecoderFailed, match=expected):
        confine.run({}, limits=Limits(), seconds_max=20)


def test_the_process_knows_none_of_our_secrets(monkeypatch, fresh):
    monkeypatch.setenv("ALPHEUS_KEY_ENCRYPTION_KEY", "ab" * 32)
    monkeypatch.setattr(
        confine,
        "_PROGRAM",
        ["-c", "import os, json; print(json.dumps({'result': {'names': sorted(os.environ)}}))"],
    )
    names = confine.run({}, limits=Limits(), seconds_max=20)["names"]
    assert not [name for name in names if name.startswith(("ALPHEUS", "AWS", "DJANGO"))]


def test_any_name_of_a_file_will_do(tmp_path):
    music = sounds.music(0.6)
    for name in ("http:x.flac", "夜の歌.flac", "-i.flac", "a\nb.flac", "concat:a|b.flac", "%03d.flac"):
        assert (
            probe(sounds.write(tmp_path / "a.flac", music).rename(tmp_path / name), Limits()).codec == "FLAC"
        )


@pytest.mark.parametrize(
    "text",
    [
        "#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\nhttp://127.0.0.1:9/x.ts\n",
        "ffconcat version 1.0\nfile /etc/passwd\n",
        "v=0\no=- 0 0 IN IP4 127.0.0.1\nm=audio 4000 RTP/AVP 0\n",
    ],
)
def test_playlists_are_no_sound(text, tmp_path):
    path = tmp_path / "a.mp3"
    path.write_text(text)
    with pytest.raises(Unreadable):
        probe(path, Limits())


def test_decoding_tells_how_far_it_is(tmp_path, monkeypatch):
    path = sounds.write(tmp_path / "a.flac", sounds.music(1.0))
    told = []
    decode(path, tmp_path / "x", rate_hz=44_100, seconds=1, limits=Limits(), on_seconds=told.append)
    assert told == sorted(told)
