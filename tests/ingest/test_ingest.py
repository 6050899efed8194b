"""From a file to renditions: gapless, cut as agreed, in both variants, and the same however often it is run."""

import io
import struct
from dataclasses import replace

import av
import numpy as np
import pytest
from audio import sounds
from ingest.bringing import KEK, bring, chunks, left_behind, store, whole

from alpheus.audio.pcm import Pcm
from alpheus.ingest.manifest import PHASES, RENDITIONS_IN_ORDER, album_loudness, read_manifest
from alpheus.packaging.rendition import read_index
from alpheus.storage import keys

PRIMING = 1024


CHUNK = 44_032
FADE = 2048  # 46 ms
LOUDER = 10 ** (0.3 / 20)


def gain_of_b(start, count):
    """0.3 dB within each chunk, faded over 46 ms about the middle of the frame that a splice falls in (FORMAT §1)."""
    place = (np.arange(start, start + count) + 512) % CHUNK
    distance = np.minimum(place, CHUNK - place)
    rise = np.sin(np.pi / 2 * np.clip(distance / FADE, 0, 1)) ** 2
    return (1 + (LOUDER - 1) * rise)[:, None].astype(np.float32)


def faintly_marked(pcm, folder):
    """A mark whose B can be told apart."""
    path = folder / "b.f32"
    done = 0
    with path.open("wb") as file:
        for block in pcm.blocks():
            file.write((block * gain_of_b(done, len(block))).astype("<f4").tobytes())
            done += len(block)
    return Pcm(path, pcm.rate_hz, pcm.samples)


@pytest.fixture(scope="module")
def song(tmp_path_factory):
    """Ten seconds and a bit, of which no length is a round one, with marked variants, all renditions."""
    folder = tmp_path_factory.mktemp("song")
    samples = sounds.music(10.0137)
    source = sounds.write(folder / "song.flac", samples)
    ready = []
    manifest = bring(source, folder, mark=faintly_marked, on_ready=lambda index: ready.append(index.name))
    return folder, samples, manifest, ready


def test_the_first_rendition_is_ready_first(song):
    _, _, manifest, ready = song
    assert tuple(ready) == RENDITIONS_IN_ORDER == manifest.renditions
    assert ready[0] == "aac-128"


def test_nothing_lies_around_and_nothing_lies_in_the_clear(song):
    folder, _, manifest, _ = song
    names = left_behind(folder)
    assert len(names) == 5 + 1 + 3 * len(RENDITIONS_IN_ORDER), (
        "manifests, the fingerprint, two packs and an index"
    )
    for name in RENDITIONS_IN_ORDER:
        index, plain = chunks(store(folder), manifest.asset, name, lambda _: 0)
        pack = store(folder).get(index.pack_path(0))
        assert plain[1][400:464] not in pack


@pytest.mark.parametrize("name", ["aac-128", "aac-64", "aac-256"])
@pytest.mark.parametrize("variant", [0, 1])
def test_aac_is_gapless_to_the_sample(name, variant, song):
    folder, samples, manifest, _ = song
    index, data = whole(store(folder), manifest.asset, name, lambda _: variant)
    sound = sounds.decoded(data)
    count = len(samples)
    assert index.samples == manifest.samples == count
    assert index.delay_samples == PRIMING
    assert len(sound) == PRIMING * (1 + -(-count // 1024))
    true = sound[PRIMING : PRIMING + count]
    expected = samples * (gain_of_b(0, count) if variant else 1)
    # Its first and last 20 ms are as true as the rest: no fade, no zeros, no shift.
    for part in (slice(0, 882), slice(count // 2, count // 2 + 44_100), slice(count - 882, count)):
        error = ((true[part] - expected[part]) ** 2).sum() / (samples[part] ** 2).sum()
        assert 10 * np.log10(error) < (-6 if name == "aac-64" else -12)


def test_flac_is_the_source_to_the_bit_and_the_sample(song):
    folder, samples, manifest, _ = song
    index, data = whole(store(folder), manifest.asset, "flac")
    sound = sounds.decoded(data)
    assert index.delay_samples == 0
    assert len(sound) == len(samples)
    assert np.array_equal(sound * 32768, np.clip(np.rint(samples * 32768.0), -32768, 32767))


@pytest.mark.parametrize(("name", "packets"), [("aac-128", 43), ("flac", 16)])
def test_a_chunk_is_one_moof_of_so_many_packets(name, packets, song):
    folder, _, manifest, _ = song
    index, plain = chunks(store(folder), manifest.asset, name, lambda number: number % 2)
    for number, chunk in enumerate(plain):
        assert chunk.count(b"moof") == chunk[4:8].count(b"moof") == 1
        with av.open(io.BytesIO(index.init + chunk)) as file:
            found = [p for p in file.demux(audio=0) if p.size]
        assert struct.unpack(">Q", chunk[chunk.index(b"tfdt") + 8 :][:8])[0] == number * CHUNK
        assert len(found) == packets or number == index.chunks - 1
    assert index.layout.chunk_samples == CHUNK


def noise_db(sound, ideal):
    return 10 * np.log10(((sound - ideal) ** 2).mean() + 1e-20)


@pytest.mark.parametrize("name", ["aac-128", "aac-64", "aac-256"])
def test_a_splice_of_variants_is_no_noisier_than_the_worse_of_them(name, song):
    folder, samples, manifest, _ = song
    blobs = store(folder)
    pure_a, pure_b, spliced = (
        sounds.decoded(whole(blobs, manifest.asset, name, variants)[1])[PRIMING:]
        for variants in (lambda _: 0, lambda _: 1, lambda number: number % 2)
    )
    b = samples * gain_of_b(0, len(samples))
    rise = np.sin(np.pi / 2 * (np.arange(1024) + 0.5) / 1024)[:, None] ** 2
    for edge in range(1, len(samples) // CHUNK):
        # packet k = 43 x edge decodes to samples from (k - 1) x 1024 on
        frame = slice((43 * edge - 1) * 1024, 43 * edge * 1024)
        before, after = (samples, b) if edge % 2 else (b, samples)
        ideal = before[frame] * (1 - rise) + after[frame] * rise
        worse = max(noise_db(pure_a[frame], samples[frame]), noise_db(pure_b[frame], b[frame]))
        assert noise_db(spliced[frame], ideal) <= worse + 2
        # Away from the edge it is one or the other to the bit.
        inside = slice(frame.stop, frame.stop + 20_000)
        assert np.array_equal(spliced[inside], (pure_b if edge % 2 else pure_a)[inside])


def test_flac_splices_are_exact(song):
    folder, samples, manifest, _ = song
    spliced = sounds.decoded(whole(store(folder), manifest.asset, "flac", lambda number: number % 2)[1])
    source = np.clip(np.rint(samples * 32768.0), -32768, 32767) / 32768
    b = source * gain_of_b(0, len(source))
    for number in range(3):
        part = slice(number * CHUNK, (number + 1) * CHUNK)
        assert number % 2 == 0 or np.abs(spliced[part] - source[part]).max() > 50 / 32768
        assert np.abs(spliced[part] - (b if number % 2 else source)[part]).max() < 2 / 32768


def test_both_variants_hold_the_same_bytes_without_a_mark(tmp_path):
    source = sounds.write(tmp_path / "a.flac", sounds.music(2.5))
    manifest = bring(source, tmp_path)
    for name in RENDITIONS_IN_ORDER:
        a, b = (chunks(store(tmp_path), manifest.asset, name, lambda _, v=v: v)[1] for v in (0, 1))
        assert a == b


def test_ends_are_not_padded_with_silence(song):
    """A frame of predicted sound lies before and behind the true samples (FORMAT §3)."""
    folder, samples, manifest, _ = song
    sound = sounds.decoded(whole(store(folder), manifest.asset, "aac-256")[1])
    behind = sound[PRIMING + len(samples) :]
    assert len(behind) < 1024
    assert np.abs(behind[:200]).max() > 0.2 * np.abs(samples[-2000:]).max()


def test_running_again_makes_nothing_again(song, monkeypatch):
    folder, _, manifest, _ = song
    before = sorted(left_behind(folder))
    monkeypatch.setattr("alpheus.audio.confine.run", lambda *_, **__: pytest.fail("decoded again"))
    ready = []
    again = bring(folder / "song.flac", folder, on_ready=lambda index: ready.append(index.name))
    assert again == manifest
    assert tuple(ready) == RENDITIONS_IN_ORDER
    assert sorted(left_behind(folder)) == before


def test_renditions_may_follow_in_another_run(tmp_path):
    source = sounds.write(tmp_path / "a.flac", sounds.music(1.3))
    first = bring(source, tmp_path, renditions=("aac-128",))
    assert first.renditions == ("aac-128",)
    told = []
    both = bring(source, tmp_path, renditions=("aac-128", "flac"), on_progress=told.append)
    assert both == replace(first, renditions=("aac-128", "flac"))
    assert told[-1].fraction == 1
    assert read_manifest(store(tmp_path), first.asset) == both


def test_progress_never_falls_and_ends_at_one(tmp_path):
    source = sounds.write(tmp_path / "a.flac", sounds.music(6.0))
    told = []
    bring(source, tmp_path, on_progress=told.append)
    fractions = [progress.fraction for progress in told]
    assert fractions == sorted(fractions)
    assert (fractions[0], fractions[-1]) == (0, 1)
    phases = [PHASES.index(progress.phase) for progress in told]
    assert phases == sorted(phases)
    assert {"probe", "measure", "encode", "package", "index"} <= {progress.phase for progress in told}


def test_48_khz_has_a_grid_of_its_own(tmp_path):
    source = sounds.write(
        tmp_path / "a.wav",
        sounds.music(3.1, rate_hz=96_000),
        "pcm_s24le",
        sample_format="s32",
        rate_hz=96_000,
    )
    manifest = bring(source, tmp_path, renditions=("aac-128", "flac"))
    aac, flac = (read_index(store(tmp_path), manifest.asset, name) for name in manifest.renditions)
    assert (aac.layout.frames_per_chunk, aac.layout.chunk_samples) == (47, 48_128)
    assert (flac.layout.frame_samples, flac.layout.chunk_samples) == (3008, 48_128)
    with av.open(io.BytesIO(whole(store(tmp_path), manifest.asset, "flac")[1])) as file:
        assert file.streams.audio[0].codec_context.format.name == "s32"
        assert sum(frame.samples for frame in file.decode(audio=0)) == manifest.samples


@pytest.mark.parametrize("over", [1, 2, 15, 2751])
def test_a_last_block_of_any_length_is_kept(over, tmp_path):
    samples = sounds.music(1.0)[: 2752 * 9 + over]
    manifest = bring(sounds.write(tmp_path / "a.flac", samples), tmp_path, renditions=("flac", "aac-64"))
    assert manifest.samples == len(samples)
    assert len(sounds.decoded(whole(store(tmp_path), manifest.asset, "flac")[1])) == len(samples)


@pytest.mark.parametrize("kind", sounds.KINDS)
def test_every_kind_of_file_becomes_playable(kind, tmp_path):
    options, lossless = sounds.KINDS[kind]
    music = sounds.music(1.5, rate_hz=options.get("rate_hz", sounds.RATE_HZ))
    manifest = bring(sounds.write_kind(tmp_path, kind, music), tmp_path, renditions=("aac-128",))
    sound = sounds.decoded(whole(store(tmp_path), manifest.asset, "aac-128")[1])
    assert manifest.probe.lossless == lossless
    assert len(sound) >= PRIMING + manifest.samples
    assert np.abs(sound).max() > 0.3


def test_another_key_does_not_open_it(song):
    folder, _, manifest, _ = song
    index = read_index(store(folder), manifest.asset, "aac-128")
    with pytest.raises(Exception, match="does not open"):
        keys.unwrap(bytes(32), index.wrapped_key, context=index.context)
    assert len(keys.unwrap(KEK, index.wrapped_key, context=index.context)) == 32


def test_an_albums_loudness_is_that_of_its_tracks_played_in_a_row(tmp_path):
    loud, quiet = sounds.music(6.0, level=0.7), sounds.music(4.0, level=0.07, seed=5)
    manifests = []
    for number, samples in enumerate((loud, quiet, np.concatenate([loud, quiet]))):
        source = sounds.write(tmp_path / f"{number}.flac", samples)
        manifests.append(bring(source, tmp_path, renditions=()))
    lufs, peak = album_loudness(manifests[:2])
    assert lufs == pytest.approx(manifests[2].measure.loudness_lufs, abs=0.15)
    assert peak == max(m.measure.true_peak_dbtp for m in manifests[:2])
    assert album_loudness(manifests[:1])[0] == manifests[0].measure.loudness_lufs
    with pytest.raises(ValueError, match="at least one"):
        album_loudness([])
