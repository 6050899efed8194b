"""A recording is known again by any ten seconds of it, and nothing else is."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from audio import sounds
from hypothesis import given, settings
from hypothesis import strategies as st

from alpheus.audio.pcm import Pcm
from alpheus.recognition import index as indexes
from alpheus.recognition.errors import FingerprintCorrupt
from alpheus.recognition.landmarks import LandmarkMethod, landmarks, read_peaks
from alpheus.recognition.method import Index, Method
from alpheus.recognition.pairs import FAN, HASHES, paired

METHOD: Method = LandmarkMethod()
SECONDS = 20.0


@cache
def song(seed, seconds=SECONDS, *, rate_hz=sounds.RATE_HZ):
    """Notes of a scale at random, with overtones: as unlike another seed's as two pieces in one key."""
    random = np.random.default_rng(seed)
    t = np.arange(round(seconds * rate_hz)) / rate_hz
    out = 0.002 * random.standard_normal((len(t), 2))
    for begin in np.arange(0, seconds - 0.4, 0.17):
        frequency = 220 * 2 ** (random.choice([0, 2, 4, 7, 9, 12, 14, 16, 19]) / 12)
        first, last = round(begin * rate_hz), round((begin + 0.4) * rate_hz)
        within = t[first:last] - begin
        for overtone in (1, 2, 3, 5):
            tone = np.sin(2 * np.pi * frequency * overtone * within) * np.exp(-6 * within) / overtone
            out[first:last] += random.uniform(0.05, 0.2, 2) * tone[:, None]
    return (0.7 * out / np.abs(out).max()).astype(np.float32)


@dataclass
class Bench:
    """A folder to keep samples in."""

    folder: Path

    def pcm(self, samples, rate_hz=sounds.RATE_HZ):
        path = self.folder / "samples.f32"
        samples.astype("<f4").tofile(path)
        return Pcm(path, rate_hz, len(samples))

    def print(self, samples, rate_hz=sounds.RATE_HZ):
        return METHOD.fingerprint(self.pcm(samples, rate_hz))


@pytest.fixture
def bench(tmp_path):
    return Bench(tmp_path)


@pytest.fixture(scope="module")
def prints(tmp_path_factory):
    bench = Bench(tmp_path_factory.mktemp("prints"))
    return {f"song {seed}": bench.print(song(seed)) for seed in range(5)}


@pytest.fixture
def index(tmp_path, prints) -> Index:
    made = METHOD.open(tmp_path / "index")
    made.add(prints.items())
    return made


def at(seconds, length=10.0, samples=None):
    whole = song(2) if samples is None else samples
    return whole[round(seconds * sounds.RATE_HZ) : round((seconds + length) * sounds.RATE_HZ)]


def test_the_same_sound_gives_the_same_bytes_in_blocks_of_any_size(bench, prints):
    assert bench.print(song(2)) == prints["song 2"]


@pytest.mark.parametrize("kind", ["mp3", "m4a", "opus"])
def test_ten_seconds_re_encoded_are_found_at_their_place(bench, index, kind):
    passage = at(7.313)
    rates = {"opus": 48_000}
    if kind == "opus":
        passage = resampled(passage, 48_000)
    file = sounds.write_kind(bench.folder, kind, passage, bit_rate=64_000)
    again = bench.print(sounds.decoded(file.read_bytes()), rates.get(kind, sounds.RATE_HZ))
    (match,) = index.search(again)
    assert match.name == "song 2"
    (passage,) = match.passages
    assert passage.other_ms - passage.own_ms == pytest.approx(7_313, abs=60)  # encoders' delay included
    assert passage.length_ms > 8_000
    assert match.confidence > 0.9


def resampled(samples, rate_hz):
    import av

    resampler = av.AudioResampler(format="flt", layout="stereo", rate=rate_hz)
    frames = [*resampler.resample(sounds.as_frame(samples, "flt", sounds.RATE_HZ)), *resampler.resample(None)]
    return np.concatenate([frame.to_ndarray().reshape(-1, 2) for frame in frames])


# what was done to it
DEEDS = {
    "quieter": lambda samples: 0.05 * samples,
    "one side turned round": lambda samples: samples * np.array([1, -1], dtype=np.float32),
    "mono": lambda samples: np.repeat(samples.mean(axis=1, keepdims=True), 2, axis=1),
    "noise 20 dB below": lambda samples: (
        samples + 0.02 * np.random.default_rng(1).standard_normal(samples.shape)
    ),
    "clipped": lambda samples: np.clip(4 * samples, -1, 1),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_what_was_done_to_it_does_not_hide_it(bench, index, deed):
    (match,) = index.search(bench.print(DEEDS[deed](at(9.0))))
    assert match.name == "song 2"


def test_a_trimmed_whole_is_found_in_one_passage(bench, index):
    (match,) = index.search(bench.print(song(4)[round(3.2 * sounds.RATE_HZ) : -sounds.RATE_HZ]))
    (passage,) = match.passages
    assert match.name == "song 4"
    assert passage.other_ms - passage.own_ms == pytest.approx(3_200, abs=30)
    assert passage.length_ms > 13_000


def test_two_recordings_in_one_are_both_found_where_they_are(bench, index):
    medley = np.concatenate((at(5.0, samples=song(1)), at(9.0, samples=song(3))))
    found = {match.name: match.passages[0] for match in index.search(bench.print(medley))}
    assert set(found) == {"song 1", "song 3"}
    assert found["song 1"].own_ms < 1_500
    assert found["song 3"].own_ms == pytest.approx(10_000, abs=1_500)


@pytest.mark.parametrize("seed", [100, 101])
def test_another_piece_in_the_same_key_is_not_found(bench, index, seed):
    assert index.search(bench.print(song(seed))) == ()


def test_silence_is_like_nothing(bench, index):
    silent = bench.print(np.zeros((10 * sounds.RATE_HZ, 2)))
    assert len(read_peaks(silent)) == 0
    assert index.search(silent) == ()
    index.add([("silence", silent)])
    assert index.search(silent) == ()


@pytest.mark.parametrize("samples", [0, 100, 2_000, 5_000])
def test_a_sound_that_is_too_short_has_no_peaks_or_few(bench, samples):
    assert len(landmarks(bench.print(song(1)[:samples])).hashes) < 40


def test_what_is_left_out_is_not_found(bench, index):
    assert index.search(bench.print(at(7.0)), leave_out={"song 2"}) == ()


@pytest.mark.parametrize("data", [b"", b"ALM1", b"ALM0\0\0\0\0", b"ALM1\1\0\0\0", b"ALM1\0\0\0\0xyz"])
def test_bytes_that_are_no_fingerprint_are_refused(data):
    with pytest.raises(FingerprintCorrupt):
        landmarks(data)


peaks = st.lists(st.tuples(st.integers(0, 3_000), st.integers(16, 399)), max_size=200)


@given(peaks)
@settings(max_examples=60, deadline=None)
def test_pairs_stay_within_their_bits_and_their_fan(found):
    rows = np.array(sorted(row for row, _ in found), dtype=np.int64)
    bins = np.array([each for _, each in found], dtype=np.int64)
    marks = paired(rows, bins)
    assert len(marks.hashes) <= FAN * len(rows)
    assert ((marks.hashes >= 0) & (marks.hashes < HASHES)).all()
    assert (np.diff(marks.rows) >= 0).all()
    later = paired(rows + 500, bins)
    assert (later.hashes == marks.hashes).all()


class TestIndex:
    """Its folder through additions, merges, removals and crashes."""

    def test_many_segments_become_few_and_find_the_same(self, tmp_path, prints, bench, index):
        made = METHOD.open(tmp_path / "one by one")
        for copy in range(3):
            for name, each in prints.items():
                made.add([(f"{name}/{copy}", each)])
        assert len(list((tmp_path / "one by one").glob("*.entries"))) <= 8
        assert len(made.names()) == 15
        asked = bench.print(at(7.0))
        (once,) = index.search(asked)
        found = made.search(asked)
        assert {match.name for match in found} == {f"song 2/{copy}" for copy in range(3)}
        assert {match.score for match in found} == {once.score}

    def test_merging_in_portions_gives_the_same(self, tmp_path, prints, monkeypatch, bench):
        monkeypatch.setattr(indexes, "_MERGED_AT_ONCE", 200)
        made = METHOD.open(tmp_path / "portions")
        for copy in range(2):
            for name, each in prints.items():
                made.add([(f"{name}/{copy}", each)])
        entries = [np.fromfile(path, dtype=np.uint64) for path in (tmp_path / "portions").glob("*.entries")]
        assert all((np.diff(each.astype(np.int64)) >= 0).all() for each in entries)
        assert sum(map(len, entries)) == 2 * sum(len(landmarks(each).hashes) for each in prints.values())
        assert {match.name for match in made.search(bench.print(at(7.0)))} == {"song 2/0", "song 2/1"}

    def test_a_name_is_taken_in_once(self, index, prints):
        size = index.size_bytes
        index.add(prints.items())
        assert index.size_bytes == size

    def test_what_is_not_kept_is_forgotten_and_the_rest_is_found(self, index, bench):
        index.keep({"song 2", "song 0"})
        assert index.names() == {"song 2", "song 0"}
        assert [match.name for match in index.search(bench.print(at(7.0)))] == ["song 2"]
        assert index.search(bench.print(at(7.0, samples=song(1)))) == ()
        index.keep(set())
        assert index.names() == frozenset()
        assert index.search(bench.print(at(7.0))) == ()

    def test_another_reader_sees_what_was_written_since(self, tmp_path, prints, bench):
        reader, writer = METHOD.open(tmp_path / "shared"), METHOD.open(tmp_path / "shared")
        asked = bench.print(at(7.0))
        assert reader.search(asked) == ()
        for name, each in prints.items():
            writer.add([(name, each)])
            assert name in reader.names()
        assert [match.name for match in reader.search(asked)] == ["song 2"]

    def test_what_a_killed_writer_left_is_not_read_and_goes(self, index, tmp_path, prints, bench):
        folder = tmp_path / "index"
        (folder / "0123456789abcdef.entries").write_bytes(b"half of one")
        (folder / "segments.json.draft").write_text('["')
        assert [match.name for match in index.search(bench.print(at(7.0)))] == ["song 2"]
        index.add([("another", prints["song 0"])])
        assert not (folder / "0123456789abcdef.entries").exists()
        assert set(json.loads((folder / "segments.json").read_text())) == {
            path.stem for path in folder.glob("*.entries")
        }

    def test_a_segment_that_is_lost_is_made_anew_by_who_asks_for_its_names(
        self, index, tmp_path, prints, bench
    ):
        for path in (tmp_path / "index").glob("*.entries"):
            path.unlink()
        again = METHOD.open(tmp_path / "index")
        assert again.names() == frozenset()
        again.add(prints.items())
        assert [match.name for match in again.search(bench.print(at(7.0)))] == ["song 2"]
