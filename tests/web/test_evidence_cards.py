"""Cards say what was measured: each kind of finding as the detectors give it of real sound, and no figure that is none."""

import numpy as np
import pytest
from audio import sounds
from ingest.bringing import bring, store

from alpheus.ingest.evidence import KINDS, Held, examine
from alpheus.ingest.manifest import fingerprint_path
from alpheus.ingest.phase_5_recognise import METHOD
from alpheus.submissions.models import Evidence
from alpheus.web.evidence_cards import WORDINGS, card

RATE = sounds.RATE_HZ


def faded(sound):
    """With an end that is no fault."""
    sound = sound.copy()
    sound[-20_000:] *= np.linspace(1, 0, 20_000, dtype=np.float32)[:, None] ** 2
    return sound


def _quiet(seconds):
    return np.zeros((round(seconds * RATE), 2), np.float32)


SONG = faded(sounds.music(4.0))


def _later():
    mono = sounds.music(4.0, channels=1)
    return faded(np.hstack([mono, np.roll(mono, round(0.011 * RATE), axis=0)]))


def _once_lossy(folder):
    noise = np.random.default_rng(3).standard_normal((6 * RATE, 2)).astype(np.float32) * 0.1
    lossy = sounds.write(folder / "was.mp3", noise, "libmp3lame", sample_format="s16p", bit_rate=128_000)
    return faded(sounds.decoded(lossy.read_bytes()))


# what is handed in: what is found in it, and a sentence that a card says of it
FILES = {
    "lossy": (lambda _: (SONG, "mp3"), "lossy-file", "Handed in as MP3"),
    "once-lossy": (lambda folder: (_once_lossy(folder), "flac"), "lossy-source", "its sound was once lossy: nothing above 1"),
    "silent": (lambda _: (_quiet(4), "flac"), "silence", "Nothing is heard"),
    "cut": (lambda _: (sounds.music(4.0), "flac"), "truncation", "in the middle of sound"),
    "clipped": (lambda _: (np.clip(3 * SONG, -0.999969, 0.999969), "flac"), "clipping", "Clipped in "),
    "hot": (lambda _: (np.clip(3 * SONG, -1, 1), "flac"), "true-peak", "True peak "),
    "pause": (lambda _: (np.vstack([SONG, _quiet(6), SONG]), "flac"), "silence-inside", "Silent for 0:0"),
    "before": (lambda _: (np.vstack([_quiet(5), SONG]), "flac"), "silence-start", "Silent for 0:05"),
    "after": (lambda _: (np.vstack([SONG, _quiet(5)]), "flac"), "silence-end", "Silent for 0:05"),
    "mono": (lambda _: (SONG[:, [0, 0]], "flac"), "fake-stereo", "Left and right carry the same sound."),
    "turned": (lambda _: (SONG[:, [0, 0]] * np.float32([1, -1]), "flac"), "fake-stereo", "one of them turned round"),
    "later": (lambda _: (_later(), "flac"), "fake-stereo", "the same sound, 11.0 ms apart"),
    "offset": (lambda _: (SONG + np.float32(0.05), "flac"), "dc-offset", "lies 5.0% of full scale"),
    "plain": (lambda _: (SONG, "flac"), "loudness", " LUFS, range "),
    "length": (lambda _: (SONG, "flac"), "duration", "0:04"),
}  # fmt: skip


def said(found):
    """Each finding's kind and sentence. A sentence that names what was not measured is an error here."""
    return [(it.kind, WORDINGS[it.kind].measured(it.measured)) for it in found]


@pytest.mark.parametrize("name", FILES)
def test_of_real_sound_each_sentence_says_what_was_measured(tmp_path, name):
    make, kind, sentence = FILES[name]
    sound, ending = make(tmp_path)
    manifest = bring(sounds.write_kind(tmp_path, ending, sound), tmp_path, renditions=["aac-64"])
    told = said(examine(manifest=manifest))
    assert any(sentence in text for of, text in told if of == kind), told
    assert manifest.probe.lossless or not any("lossless" in text for _, text in told)


def test_of_a_real_match_each_sentence_says_what_was_measured(tmp_path):
    song = sounds.music(20.0)
    whole, part = (
        bring(sounds.write(tmp_path / f"{name}.flac", it), tmp_path, renditions=["aac-64"])
        for name, it in (("whole", song), ("part", song[3 * RATE : 17 * RATE]))
    )
    prints = [
        (it.asset, store(tmp_path).get(fingerprint_path(it.asset, METHOD.name))) for it in (whole, part)
    ]
    index = METHOD.open(tmp_path / "index")
    index.add(prints[:1])
    alike = tuple(index.search(prints[1][1], leave_out=frozenset({part.asset})))
    found = examine(manifest=part, held=Held(same_bytes=("a",), same_sound=("b",), alike=alike))
    assert [it.kind for it in found][:3] == ["identical-bytes", "identical-sound", "same-recording"]
    assert dict(said(found))["same-recording"].startswith("Fingerprints agree over 0:1")


def test_every_kind_has_been_said():
    assert {kind for _, kind, _ in FILES.values()} | {
        "identical-bytes", "identical-sound", "same-recording",
    } == set(KINDS)  # fmt: skip


def test_what_was_not_measured_is_not_made_up():
    shown = card(Evidence(kind="lossy-source", measured={"form": "cutoff"}, confidence=1.0, passages=[]), {})
    assert shown.measured == "form cutoff"
    assert "difference" not in WORDINGS["same-title"].measured({"title": "Rain", "artist": "Wren"})


def test_what_a_file_claims_is_told_where_it_differs():
    told = WORDINGS["duration"].measured
    assert told({"duration_ms": 61_000, "claimed_ms": 61_200}) == "1:01"
    assert told({"duration_ms": 61_000, "claimed_ms": 240_000}) == "1:01; the file itself claims 4:00."
