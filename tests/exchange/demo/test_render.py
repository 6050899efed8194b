import hashlib
import types
from functools import cache

import av
import numpy as np
import pytest

from alpheus.audio.tags import read_tags
from alpheus.catalogue import lrc as reader
from alpheus.exchange.demo import art, catalogue, render
from alpheus.exchange.demo.synth.loudness import integrated_lufs
from alpheus.exchange.demo.synth.sound import RATE_HZ
from alpheus.exchange.demo.words import Line, Word, lrc


def decoded(path):
    with av.open(str(path)) as container:
        frames = [frame.to_ndarray().reshape(-1, 2) for frame in container.decode(audio=0)]
    return np.concatenate(frames)


@pytest.fixture
def quick(monkeypatch):
    """Pieces of three seconds in place of the real ones."""

    monkeypatch.setattr(render.art, "cover", cache(art.cover))

    def piece(name):
        seed = int(hashlib.sha256(name.rpartition(".")[2].encode()).hexdigest()[:6], 16)
        sound = np.random.default_rng(seed).normal(0, 0.05, (2 * RATE_HZ, 2)).astype(np.float32)
        made = types.SimpleNamespace(render=lambda: sound, words=lambda: (Line(500, "la"), Line(1500, "lo")))
        if name.endswith("weather"):
            made.cuts = lambda: (61_234,)
        return made

    monkeypatch.setattr(render, "import_module", piece)
    return piece


def test_the_demo_is_a_folder_of_tagged_files(tmp_path, quick):
    told = []
    render.render_demo(tmp_path, jobs=0, on_piece=told.append)
    tracks = [(release, track) for release in catalogue.RELEASES for track in release.tracks]
    assert told == [render.file_of(tmp_path, release, track) for release, track in tracks]
    for (release, track), file in zip(tracks, told, strict=True):
        tags = read_tags(file)
        assert (tags.title, tags.album, tags.album_artists) == (track.title, release.title, (release.artist,))
        assert tags.artists == (track.artist,)
        assert (tags.track, tags.tracks, tags.date) == (track.number, len(release.tracks), release.date)
        assert tags.genres == release.genres
        assert set(tags.roles) == set(track.roles)
        assert tags.cover
        assert not tags.isrc, "registered codes are not invented"
        assert file.with_suffix(".lrc").exists() == bool(track.words)


def test_two_tracks_that_join_are_one_sound_cut(tmp_path, quick):
    (release,) = [one for one in catalogue.RELEASES if "weather" in one.pieces]
    first, second = render.write_piece(tmp_path, release, "weather")
    whole = render.integers(quick("weather").render())
    parts = decoded(first), decoded(second)
    assert len(parts[0]) == 61_234
    assert np.array_equal(np.concatenate(parts), whole)


def test_what_is_there_is_not_made_again(tmp_path, quick, monkeypatch):
    render.render_demo(tmp_path, jobs=0, on_piece=lambda _: None)
    before = {file: file.stat().st_mtime_ns for file in tmp_path.rglob("*.flac")}
    told = []
    render.render_demo(tmp_path, jobs=0, on_piece=told.append)
    assert not told
    assert {file: file.stat().st_mtime_ns for file in tmp_path.rglob("*.flac")} == before
    monkeypatch.setattr(catalogue, "VERSION", "another")
    render.render_demo(tmp_path, jobs=0, on_piece=told.append)
    assert len(told) == len(before)


def test_rendering_twice_gives_the_same_bytes(tmp_path, quick):
    digests = []
    for name in ("one", "two"):
        render.render_demo(tmp_path / name, jobs=0, on_piece=lambda _: None)
        files = sorted((tmp_path / name).rglob("*.*"))
        digests.append([hashlib.sha256(file.read_bytes()).hexdigest() for file in files if file.is_file()])
    assert digests[0] == digests[1]


def test_silence_stays_silent_and_rounding_is_dithered():
    quiet = np.zeros((1_000, 2), dtype=np.float32)
    assert not render.integers(quiet).any()
    whisper = np.full((50_000, 2), 0.3 / 32_767, dtype=np.float32)
    assert render.integers(whisper).mean() == pytest.approx(0.3, abs=0.02)


def test_words_are_written_as_the_catalogue_reads_them():
    lines = (Line(61_230, "灯火", (Word(61_230, "灯"), Word(62_000, "火"))), Line(65_000, "河"))
    parsed = reader.parse(lrc(lines, title="t", artist="a", language="zh-Hans"))
    assert parsed.form == "enhanced"
    assert [line.start_ms for line in parsed.lines] == [61_230, 65_000]
    assert [word.text for word in parsed.lines[0].words] == ["灯", "火"]
    assert parsed.header["la"] == "zh-Hans"


def test_the_catalogue_is_as_varied_as_a_shop():
    assert {release.type for release in catalogue.RELEASES} == {"single", "ep", "album"}
    languages = {release.language for release in catalogue.RELEASES}
    assert {"en", "zh-Hans", "ja", "ko"} <= languages
    tracks = [track for release in catalogue.RELEASES for track in release.tracks]
    assert any(" feat. " in track.artist for track in tracks)
    assert sum(bool(track.words) for track in tracks) >= 2
    assert all(release.notes for release in catalogue.RELEASES)
    assert len({track.piece for track in tracks}) >= 7


@pytest.mark.slow
def test_a_real_piece_is_loud_enough_unclipped_and_ends_in_silence():
    from alpheus.exchange.demo.pieces import circuit

    sound = circuit.render()
    assert 75 <= len(sound) / RATE_HZ <= 160
    assert -16.5 < integrated_lufs(sound) < -13
    assert np.abs(sound).max() < 10 ** (-1 / 20)
    assert np.abs(sound.mean(axis=0)).max() < 1e-3
    assert np.abs(sound[:20]).max() < 1e-3
    assert np.abs(sound[-20:]).max() < 1e-3
    assert hashlib.sha256(sound.tobytes()).digest() == hashlib.sha256(circuit.render().tobytes()).digest()
