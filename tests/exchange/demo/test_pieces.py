"""Every piece as written: in tune with its chords, long enough, its words inside it. Nothing is rendered here."""

import importlib
from collections import Counter

import pytest

from alpheus.exchange.demo import catalogue
from alpheus.exchange.demo.synth.sound import RATE_HZ

PIECES = [piece for release in catalogue.RELEASES for piece in release.pieces]
WITH_WORDS = sorted(
    {track.piece for release in catalogue.RELEASES for track in release.tracks if track.words}
)
UNPITCHED = {"drums"}
# Parts that accompany: each of their notes belongs to the chord that it begins in.
ACCOMPANYING = {
    "left",
    "arpeggio",
    "bass",
    "keys",
    "chords",
    "pad",
    "stabs",
    "middle",
    "cello",
    "drops",
    "harmony",
}
# A bass may step into the next chord's root from beside it.
LEADING = {("umbrellas", "bass")}
# Modulations: the scale is where the piece begins, these chapters stand elsewhere.
ELSEWHERE = {"circuit", "postcard"}


def sketch_of(name):
    return importlib.import_module(f"alpheus.exchange.demo.pieces.{name}").sketch()


@pytest.mark.parametrize("name", PIECES)
def test_melodies_stay_in_their_scale_or_chord(name):
    sketch = sketch_of(name)
    for part in sketch.parts:
        if part in UNPITCHED or (name, part) in LEADING:
            continue
        foreign = sketch.foreign(part)
        allowed = len(sketch.parts[part]) // 40 if name in ELSEWHERE else 0
        assert len(foreign) <= allowed, (part, foreign)


@pytest.mark.parametrize("name", PIECES)
def test_what_accompanies_is_made_of_the_chord(name):
    sketch = sketch_of(name)
    for part in ACCOMPANYING & sketch.parts.keys():
        if (name, part) in LEADING:
            continue
        last = sketch.harmony.beats - 4.5
        wrong = [note for note in sketch.outside_chord(part) if note.at < last and note.beats >= 0.5]
        assert not wrong, (part, wrong)


@pytest.mark.parametrize("name", PIECES)
def test_long_melody_notes_are_mostly_consonant(name):
    sketch = sketch_of(name)
    for part in sketch.parts.keys() - ACCOMPANYING - UNPITCHED:
        long = [note for note in sketch.parts[part] if note.beats >= 1]
        outside = [note for note in sketch.outside_chord(part) if note.beats >= 1]
        assert len(outside) <= 0.25 * len(long) + 2, (part, outside)


@pytest.mark.parametrize("name", PIECES)
def test_pieces_last_as_long_as_a_song(name):
    sketch = sketch_of(name)
    seconds = sketch.clock.seconds(sketch.harmony.beats)
    assert 75 <= seconds <= (180 if name == "weather" else 160)


@pytest.mark.parametrize("name", PIECES)
def test_notes_lie_within_the_piece_and_what_hands_reach(name):
    sketch = sketch_of(name)
    for part, notes in sketch.parts.items():
        assert notes, part
        for note in notes:
            assert 0 <= note.at <= sketch.harmony.beats + 3, (part, note)
            assert 0 < note.velocity <= 1.01, (part, note)
            if part not in UNPITCHED:
                assert 24 <= note.pitch <= 103, (part, note)


@pytest.mark.parametrize("name", PIECES)
def test_pieces_develop(name):
    """Not one bar over and over: the parts that sound differ between the piece's quarters."""
    sketch = sketch_of(name)
    quarter = sketch.harmony.beats / 4
    quarters = [
        Counter(
            part
            for part, notes in sketch.parts.items()
            for note in notes
            if start * quarter <= note.at < (start + 1) * quarter
        )
        for start in range(4)
    ]
    assert len({tuple(sorted(counts.items())) for counts in quarters}) >= 3


@pytest.mark.parametrize("name", PIECES)
def test_pieces_are_written_the_same_each_time(name):
    assert sketch_of(name).parts == sketch_of(name).parts


@pytest.mark.parametrize("name", WITH_WORDS)
def test_words_lie_inside_the_piece_and_in_order(name):
    piece = importlib.import_module(f"alpheus.exchange.demo.pieces.{name}")
    sketch, lines = piece.sketch(), piece.words()
    end_ms = 1000 * sketch.clock.seconds(sketch.harmony.beats)
    starts = [line.start_ms for line in lines]
    assert len(lines) >= 8
    assert starts == sorted(set(starts))
    assert starts[0] > 0
    assert starts[-1] < end_ms
    for line, following in zip(lines, [*starts[1:], end_ms], strict=True):
        times = [word.start_ms for word in line.words]
        assert times == sorted(times)
        if times:
            assert times[0] == line.start_ms
            assert times[-1] < following
            assert "".join(word.text for word in line.words) == line.text


def test_sung_words_begin_with_their_notes():
    for name in ("river", "circuit"):
        piece = importlib.import_module(f"alpheus.exchange.demo.pieces.{name}")
        sketch = piece.sketch()
        onsets = {round(1000 * sketch.clock.seconds(note.at)) for note in sketch.parts["voice"]}
        assert all(line.start_ms in onsets for line in piece.words())
        assert all(word.start_ms in onsets for line in piece.words() for word in line.words)


def test_the_join_lies_on_a_bar_line_inside_the_piece():
    from alpheus.exchange.demo.pieces import weather

    (cut,) = weather.cuts()
    sketch = weather.sketch()
    assert 75 * RATE_HZ < cut < (sketch.clock.seconds(sketch.harmony.beats) - 75) * RATE_HZ
    pads = [note.at for note in sketch.parts["pad"]]
    assert any(round(sketch.clock.seconds(at) * RATE_HZ) == cut for at in pads)
