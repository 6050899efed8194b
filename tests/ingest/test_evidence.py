"""What is said of a sound: what was measured, how sure, where."""

import json
from dataclasses import replace

import numpy as np
import pytest
from audio import sounds
from ingest.bringing import bring

from alpheus.audio.spectrum import Cutoff
from alpheus.audio.stereo import Likeness
from alpheus.ingest.evidence import KINDS, Finding, Held, examine
from alpheus.recognition.method import Match, Passage


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    folder = tmp_path_factory.mktemp("plain")
    song = sounds.music(2.0)
    song[-20_000:] *= np.linspace(1, 0, 20_000, dtype=np.float32)[:, None] ** 2
    source = sounds.write(folder / "song.flac", song)
    return bring(source, folder, renditions=["aac-64"])


def kinds(findings):
    return [finding.kind for finding in findings]


def measuring(manifest, **measured):
    return replace(manifest, measure=replace(manifest.measure, **measured))


def test_a_sound_without_fault_has_only_what_every_sound_has(plain):
    loudness, duration = examine(manifest=plain)
    assert (loudness.kind, duration.kind) == ("loudness", "duration")
    assert loudness.measured["loudness_lufs"] == plain.measure.loudness_lufs
    assert duration.measured == {"duration_ms": 2000, "claimed_ms": 2000}


def test_the_gravest_stands_first_and_two_who_share_bytes_share_the_sound(plain):
    held = Held(same_bytes=("a" * 32,), same_sound=("a" * 32, "b" * 32))
    found = examine(manifest=measuring(plain, clipped_places=3, true_peak_dbtp=0.7), held=held)
    assert kinds(found) == [
        "identical-bytes",
        "identical-sound",
        "clipping",
        "true-peak",
        "loudness",
        "duration",
    ]
    assert [finding.other for finding in found[:2]] == ["a" * 32, "b" * 32]


@pytest.mark.parametrize(("places", "sure"), [(1, 1.0), (0, None)])
def test_clipping_is_counted_by_the_minute(plain, places, sure):
    found = [f for f in examine(manifest=measuring(plain, clipped_places=places)) if f.kind == "clipping"]
    assert [f.confidence for f in found] == ([sure] if sure else [])


def test_silence_at_the_ends_is_told_with_its_place(plain):
    quiet = replace(measuring(plain, silence_start_ms=3_500, silence_end_ms=4_000), samples=44_100 * 60)
    start, end = [f for f in examine(manifest=quiet) if f.kind.startswith("silence")]
    assert (start.kind, start.passages) == ("silence-start", ((0, 0, 3_500),))
    assert (end.kind, end.passages) == ("silence-end", ((56_000, 56_000, 4_000),))


def test_nothing_but_silence_is_said_once(plain):
    found = examine(manifest=measuring(plain, loudness_lufs=-70.0, silence_start_ms=60_000))
    assert kinds(found) == ["silence", "loudness", "duration"]


CUT = Cutoff(hz=16_000, drop_db=45.0, steep_db=45.0)
SAME = Likeness(difference=0.0, likeness=1.0, delay_ms=0.0, balance_db=0.0)

# What was measured, the finding, and how sure at least and at most.
FAULTS = [
    ({"ending_dbfs": -12.0, "ending_below_db": 0.0}, "truncation", 0.9, 0.9),
    ({"ending_dbfs": -12.0, "ending_below_db": 11.0}, "truncation", 0.5, 0.6),
    ({"ending_dbfs": -45.0, "ending_below_db": 0.0}, None, 0, 0),
    ({"ending_dbfs": -12.0, "ending_below_db": 13.0}, None, 0, 0),
    ({"silences": ((500, 2_400),)}, "silence-inside", 1, 1),
    ({"offset": -0.004, "offset_error": 0.0005}, "dc-offset", 0.9, 1),
    ({"offset": 0.004, "offset_error": 0.001}, None, 0, 0),
    ({"offset": 0.0009, "offset_error": 0.00001}, None, 0, 0),
    ({"stereo": SAME}, "fake-stereo", 1, 1),
    ({"stereo": replace(SAME, difference=0.2, likeness=0.98, delay_ms=11.0)}, "fake-stereo", 0.9, 1),
    ({"stereo": replace(SAME, difference=0.2, likeness=0.98)}, None, 0, 0),
    ({"stereo": replace(SAME, difference=0.2, likeness=-0.9999)}, "fake-stereo", 0.9, 1),
    ({"cutoff": CUT}, "lossy-source", 0.9, 1),
    ({"cutoff": replace(CUT, hz=20_000)}, "lossy-source", 0.4, 0.5),
    ({"cutoff": replace(CUT, hz=21_500)}, None, 0, 0),
    ({"cutoff": replace(CUT, drop_db=10.0)}, None, 0, 0),
    ({"cutoff": None}, None, 0, 0),
    ({"flat_places": 4, "flat_longest": 20, "peak_dbfs": -3.0}, "clipping", 1, 1),
]


@pytest.mark.parametrize(("measured", "kind", "least", "most"), FAULTS)
def test_each_fault_is_told_and_nothing_that_is_none(plain, measured, kind, least, most):
    manifest = replace(plain, faults=replace(plain.faults, **measured))
    found = [each for each in examine(manifest=manifest) if each.kind not in {"loudness", "duration"}]
    assert kinds(found) == ([kind] if kind else [])
    assert all(least <= each.confidence <= most for each in found)


def test_a_lossy_file_says_so_itself_and_mono_is_no_fake_stereo(plain):
    lossy = replace(plain, probe=replace(plain.probe, lossless=False, quality="MP3 128 kbit/s", channels=1))
    lossy = replace(lossy, faults=replace(plain.faults, cutoff=CUT, stereo=SAME))
    found = examine(manifest=lossy)
    assert kinds(found) == ["lossy-file", "loudness", "duration"]
    assert found[0].measured == {"quality": "MP3 128 kbit/s"}


def test_a_match_brings_its_passages_unless_its_sound_is_identical(plain):
    match = Match("d" * 32, 80.0, 0.999, (Passage(0, 7_300, 10_000), Passage(20_000, 27_300, 5_000)))
    (finding,) = [each for each in examine(manifest=plain, held=Held(alike=(match,))) if each.other]
    assert finding.kind == "same-recording"
    assert finding.passages == ((0, 7_300, 10_000), (20_000, 27_300, 5_000))
    assert finding.measured == {"aligned": 80, "shared_ms": 15_000}
    both = examine(manifest=plain, held=Held(same_sound=("d" * 32,), alike=(match,)))
    assert kinds(both)[:2] == ["identical-sound", "loudness"]


def test_what_was_brought_in_before_is_examined_as_far_as_it_was_measured(plain):
    assert kinds(examine(manifest=replace(plain, faults=None))) == ["loudness", "duration"]


def test_a_finding_survives_json():
    finding = Finding("same-recording", {"aligned": 40}, 0.99, ((0, 1500, 10_000),), "c" * 32)
    assert Finding.from_json(json.loads(json.dumps(finding.to_json()))) == finding


def test_each_kind_is_explained():
    from pathlib import Path

    explained = (Path(__file__).parents[2] / "docs" / "evidence.md").read_text()
    assert not [kind for kind in KINDS if f"`{kind}`" not in explained]
