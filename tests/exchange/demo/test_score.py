import itertools

import numpy as np
import pytest

from alpheus.exchange.demo.score import (
    Chord,
    Clock,
    Harmony,
    Note,
    Scale,
    arched,
    moved,
    phrase,
    pitch,
    played,
)


@pytest.mark.parametrize(("name", "number"), [("C4", 60), ("A4", 69), ("Eb3", 51), ("F#5", 78), ("C-1", 0)])
def test_pitches_have_numbers(name, number):
    assert pitch(name) == number


def test_what_is_no_pitch_or_chord_is_refused():
    with pytest.raises(ValueError, match="not a pitch"):
        pitch("H4")
    with pytest.raises(ValueError, match="not a chord"):
        Chord("Cwrong").tones  # noqa: B018


def test_chords_know_their_tones_and_their_bass():
    chord = Chord("Db/F")
    assert set(chord.tones) == {1, 5, 8}
    assert chord.bass_pitch(28) == pitch("F1")
    assert pitch("Ab4") in chord
    assert pitch("A4") not in chord


def test_voices_are_led_by_small_steps():
    voiced = Harmony.written("Dm9 G7 Cmaj9 Am7", 4).voiced(low=50, high=74, voices=4)
    for (_, _, one), (_, _, other) in itertools.pairwise(voiced):
        assert max(abs(a - b) for a, b in zip(one, other, strict=True)) <= 5
        assert len(set(other)) == 4


def test_a_triad_doubles_a_tone_for_four_voices():
    ((_, _, voices),) = Harmony.written("C", 4).voiced(low=48, high=72, voices=4)
    assert len(voices) == 4
    assert {voice % 12 for voice in voices} == {0, 4, 7}


def test_phrases_are_read_with_rests_and_leans():
    notes = phrase("-/.5 C4/1 | E4!/1.5 G4,/1", at=8)
    assert [(note.at, note.beats, note.pitch) for note in notes] == [
        (8.5, 1, 60),
        (9.5, 1.5, 64),
        (11, 1, 67),
    ]
    assert notes[1].velocity > notes[0].velocity > notes[2].velocity


def test_a_clock_follows_its_tempo_and_swings():
    steady = Clock((0, 120), lead_seconds=0.0)
    assert steady.seconds(8) == pytest.approx(4.0, abs=0.01)
    slower = Clock((0, 120), (8, 60), lead_seconds=0.0)
    assert slower.seconds(8) > steady.seconds(8)
    swung = Clock((0, 60), swing=2 / 3, lead_seconds=0.0)
    assert swung.seconds(1.5) == pytest.approx(1 + 2 / 3, abs=0.01)
    assert swung.seconds(2) == pytest.approx(2.0, abs=0.01)


def test_time_never_goes_back():
    clock = Clock((0, 80), (16, 110), (17, 70), swing=0.62, swung=0.5)
    times = [clock.seconds(beat) for beat in np.arange(0, 40, 0.05)]
    assert all(later > earlier for earlier, later in itertools.pairwise(times))


def test_hands_are_uneven_but_the_same_each_time():
    notes = [Note(beat, 1, 60, 0.6) for beat in range(20)]
    one, other = (played(notes, np.random.default_rng(4)) for _ in range(2))
    assert one == other
    assert one != notes
    assert all(abs(a.at - b.at) < 0.05 for a, b in zip(one, notes, strict=True))


def test_phrases_swell_and_move():
    notes = phrase("C4/1 D4/1 E4/1 D4/1 C4/1")
    swelled = arched(notes, 0.2)
    assert swelled[2].velocity > swelled[0].velocity
    assert [note.pitch for note in moved(notes, semitones=12)] == [72, 74, 76, 74, 72]


def test_scales_run_on_in_both_directions():
    scale = Scale.named("G", "pentatonic")
    assert scale.pitch(0) == pitch("G4")
    assert scale.pitch(5) == pitch("G5")
    assert scale.pitch(-1) == pitch("E4")
    assert pitch("F4") not in scale
