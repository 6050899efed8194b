"""Bad input gets a clear message naming the file and the remedy, and leaves nothing half-made."""

import os

import numpy as np
import pytest
from audio import sounds
from ingest.bringing import bring, left_behind

from alpheus.audio.limits import Limits
from alpheus.ingest.errors import NoSpace, Refused

ONE = ("aac-128",)


def music(seconds=2.0, **more):
    return sounds.music(seconds, **more)


def cut(kind):
    def make(folder):
        path = sounds.write_kind(folder, kind, music(4.0))
        path.write_bytes(path.read_bytes()[: int(path.stat().st_size * 0.6)])
        return path

    return make


def holding(name, data):
    def make(folder):
        (folder / name).write_bytes(data)
        return folder / name

    return make


def damaged(kind):
    def make(folder):
        path = sounds.write_kind(folder, kind, music(4.0))
        data = bytearray(path.read_bytes())
        middle = len(data) // 2
        data[middle : middle + 4000] = os.urandom(4000)
        path.write_bytes(data)
        return path

    return make


def encrypted(tag):
    def make(folder):
        path = sounds.write_kind(folder, "m4a", music())
        path.write_bytes(path.read_bytes().replace(b"mp4a", tag))
        return path.rename(folder / "song.m4p")

    return make


def sparse(folder):
    path = folder / "huge.wav"
    sounds.write(path, music(0.6), "pcm_s16le")
    os.truncate(path, 8 * 2**30)
    return path


def mostly_nan(folder):
    samples = music()
    samples[::3] = np.nan
    return sounds.write(folder / "a.wav", samples, "pcm_f32le", sample_format="flt")


def named_as_flac(folder):
    return sounds.write_kind(folder, "ogg", music(0.01)).rename(folder / "a.flac")


def unreadable_folder(folder):
    (folder / "a.flac").mkdir()
    return folder / "a.flac"


def many_channels(folder):
    import av

    with av.open(str(folder / "a.wav"), "w") as file:
        stream = file.add_stream("pcm_s16le", rate=48_000, layout="hexadecagonal")
        array = np.zeros((1, 48_000 * 16), np.int16)
        frame = av.AudioFrame.from_ndarray(array, format="s16", layout="hexadecagonal")
        frame.sample_rate = 48_000
        file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    return folder / "a.wav"


# what it is: how it is made, words of the reason, words of the remedy
BAD = {
    "cut FLAC": (cut("flac"), "cut short|damaged", "original"),
    "cut WAV": (cut("wav"), "cut short", "original"),
    "cut AIFF": (cut("aiff"), "cut short", "original"),
    "cut MP3": (cut("mp3"), "cut short", "original"),
    "cut Ogg": (cut("ogg"), "cut short", "original"),
    "cut Opus": (cut("opus"), "cut short", "original"),
    "cut M4A": (cut("m4a"), "not a sound file", "Export"),
    "damaged FLAC": (damaged("flac"), "damaged|cut short", "original"),
    "text named MP3": (holding("a.mp3", b"Dear listener, this is a letter. " * 400), "not a sound file", "Export"),
    "picture named FLAC": (holding("a.flac", sounds.cover()), "not a sound file", "Export"),
    "random bytes": (holding("a.ogg", np.random.default_rng(1).bytes(50_000)), "not a sound file", "Export"),
    "zeros": (holding("a.wav", bytes(100_000)), "not a sound file", "Export"),
    "empty": (holding("a.flac", b""), "empty", "original"),
    "one byte": (holding("a.mp3", b"\xff"), "not a sound file", "Export"),
    "iTunes DRM": (encrypted(b"drms"), "encrypted", "without protection"),
    "common encryption": (encrypted(b"enca"), "encrypted", "without protection"),
    "8 GB": (sparse, "8.0 GiB; the limit is 4 GiB", "Split"),
    "video with sound": (lambda folder: sounds.video(folder / "a.mp4", with_sound=True), "a video", "sound alone"),
    "video without": (lambda folder: sounds.video(folder / "a.mkv", with_sound=False), "a video", "sound alone"),
    "0.2 s": (lambda folder: sounds.write(folder / "a.flac", music(0.2)), "0.20 s", "at least 0.5 s"),
    "Ogg named FLAC and too short": (named_as_flac, "0.0", "at least"),
    "no numbers": (mostly_nan, "no sound", "24 bit"),
    "16 channels": (many_channels, "16 channels", "Mix it down"),
    "a folder": (unreadable_folder, "cannot be opened", "Check"),
    "not there": (lambda folder: folder / "gone.flac", "cannot be opened", "Check"),
    "ID3 alone": (holding("a.mp3", sounds.id3(("TIT2", "x" * 5000))), "not a sound file|No sound", "Export|original"),
    "ID3 that claims 256 MB": (
        holding("a.mp3", b"ID3\x03\x00\x00\x7f\x7f\x7f\x7f" + bytes(2000)), "not a sound file|No sound", "Export|original"
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", BAD)
def test_bad_input_is_refused_by_name_with_a_remedy(what, tmp_path):
    make, reason, remedy = BAD[what]
    folder = tmp_path / "source"
    folder.mkdir()
    source = make(folder)
    with pytest.raises(Refused, match=reason) as refused:
        bring(source, tmp_path, renditions=ONE)
    assert refused.value.file == source.name
    assert any(word in refused.value.remedy for word in remedy.split("|"))
    assert str(refused.value).startswith(f"{source.name}: ")
    assert not left_behind(tmp_path)


def with_tag(*frames):
    def make(folder):
        path = sounds.write_kind(folder, "mp3", music())
        path.write_bytes(sounds.id3(*frames) + path.read_bytes())
        return path

    return make


def clipped(folder):
    return sounds.write(folder / "a.wav", np.clip(music() * 4, -1, 1), "pcm_s16le")


def some_nan(folder):
    samples = music()
    samples[500:600] = np.nan
    return sounds.write(folder / "a.wav", samples, "pcm_f32le", sample_format="flt")


def streamed_wav(folder):
    """As a program writes it that cannot go back to fill in the lengths."""
    path = sounds.write(folder / "a.wav", music(), "pcm_s16le")
    data = bytearray(path.read_bytes())
    data[4:8] = b"\xff" * 4
    where = data.index(b"data")
    data[where + 4 : where + 8] = b"\xff" * 4
    path.write_bytes(data)
    return path


def mp3_named_flac(folder):
    return sounds.write_kind(folder, "mp3", music()).rename(folder / "a.flac")


# what it is: how it is made, words of the note ("" for none), the stream's rate
ODD = {
    "mono 8 kHz": (
        lambda f: sounds.write(f / "a.wav", music(rate_hz=8000, channels=1), "pcm_s16le", rate_hz=8000), "resampled", 48_000
    ),
    "24 bit 192 kHz": (
        lambda f: sounds.write(f / "a.flac", music(rate_hz=192_000), sample_format="s32", rate_hz=192_000), "resampled", 48_000
    ),
    "WAV of unknown length": (streamed_wav, "", 44_100),
    "5.1": (lambda f: sounds.write(f / "a.flac", music(channels=6)), "mixed down", 44_100),
    "float with NaN": (some_nan, "silent now", 44_100),
    "float beyond full scale": (
        lambda f: sounds.write(f / "a.wav", music(level=2.0), "pcm_f32le", sample_format="flt"), "6.0 dB", 44_100
    ),
    "clipped": (clipped, "clipped in", 44_100),
    "silent": (lambda f: sounds.write(f / "a.flac", np.zeros((44_100, 2), np.float32)), "silent from", 44_100),
    "MP3 named FLAC": (mp3_named_flac, "but it is MP3", 44_100),
    "ID3 of a hundred thousand artists": (with_tag(("TPE1", "\0".join(f"{n:x}" for n in range(100_000)))), "", 44_100),
    "ID3 of 20 MB": (with_tag(*[("TXXX", "k\0" + "v" * 1_000_000)] * 20), "", 44_100),
    "cover of 200 megapixels": (with_tag(("APIC", sounds.picture(sounds.huge_png()))), "50 million", 44_100),
    "cover that is none": (with_tag(("APIC", sounds.picture(b"\x89PNG but no more"))), "", 44_100),
}  # fmt: skip


@pytest.mark.parametrize("what", ODD)
def test_odd_input_is_accepted_and_what_was_done_is_said(what, tmp_path):
    make, note, rate_hz = ODD[what]
    folder = tmp_path / "source"
    folder.mkdir()
    manifest = bring(make(folder), tmp_path, renditions=ONE)
    assert note in " ".join(manifest.notes)
    assert bool(note) == bool(manifest.notes)
    assert manifest.rate_hz == rate_hz
    assert manifest.renditions == ONE
    assert abs(manifest.samples / rate_hz - round(manifest.samples / rate_hz)) < 0.01


def test_too_long_is_refused_from_its_header_or_while_decoding(tmp_path):
    for kind in ("flac", "aac"):
        source = sounds.write_kind(tmp_path, kind, music(4.0))
        with pytest.raises(Refused, match=r"longer than 0\.00"):
            bring(source, tmp_path, limits=Limits(seconds_max=2.0))
    assert not left_behind(tmp_path)


def test_a_full_disk_is_not_the_files_fault(tmp_path, monkeypatch):
    source = sounds.write(tmp_path / "a.flac", music())
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": 1000})())
    with pytest.raises(NoSpace, match="Make room"):
        bring(source, tmp_path)
    assert not left_behind(tmp_path)


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path, monkeypatch):
    from alpheus.ingest import phase_2_decode

    source = sounds.write(tmp_path / "a.flac", music())
    decode = phase_2_decode.run

    def and_touch(*args, **more):
        try:
            return decode(*args, **more)
        finally:
            os.utime(source, ns=(1, 1))

    monkeypatch.setattr(phase_2_decode, "run", and_touch)
    with pytest.raises(Refused, match="changed while"):
        bring(source, tmp_path)
    assert not left_behind(tmp_path)
