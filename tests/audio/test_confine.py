"""The confined process has limits, tells nothing of us, and its death is an error with a remedy."""

import pytest
from audio import sounds

from alpheus.audio import confine
from alpheus.audio.decode import decode
from alpheus.audio.errors import DecoderFailed, LimitExceeded, Unreadable
from alpheus.audio.limits import Limits
from alpheus.audio.probe import probe


def test_too_little_memory_is_said(tmp_path):
    path = sounds.write(tmp_path / "a.flac", sounds.music(1.0))
    with pytest.raises((LimitExceeded, DecoderFailed)):
        probe(path, Limits(memory_bytes_max=40 * 2**20))


def test_too_little_room_is_said(tmp_path):
    path = sounds.write(tmp_path / "a.flac", sounds.music(3.0))
    order = {
        "verb": "decode",
        "source": bytes(path).hex(),
        "target": bytes(tmp_path / "x").hex(),
        "rate_hz": 44_100,
    }
    with pytest.raises(LimitExceeded, match="larger"):
        confine.run(order, limits=Limits(), seconds_max=20, file_bytes=100_000)


def test_a_process_that_never_answers_is_ended(monkeypatch):
    monkeypatch.setattr(confine, "_PROGRAM", ["-c", "import time; time.sleep(600)"])
    with pytest.raises(LimitExceeded, match="longer than we allow"):
        confine.run({}, limits=Limits(), seconds_max=0.1)


def test_a_process_that_spins_is_ended_by_its_cpu_limit(monkeypatch):
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
def test_a_death_or_nonsense_is_an_error(program, expected, monkeypatch):
    monkeypatch.setattr(confine, "_PROGRAM", ["-c", program])
    with pytest.raises(DecoderFailed, match=expected):
        confine.run({}, limits=Limits(), seconds_max=20)


def test_the_process_knows_none_of_our_secrets(monkeypatch):
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
