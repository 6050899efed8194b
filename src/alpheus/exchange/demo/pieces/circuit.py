"""回路、あるいは庭 (A Circuit, or a Garden): a chip tune in A minor with a chorus for a small voice.

Three pulses, a triangle and noise, as a game console of 1985 had them; the last chorus stands a whole tone higher.
"""

import numpy as np

from alpheus.exchange.demo.score import Clock, Harmony, Note, Scale, Sketch, moved, phrase, pitch
from alpheus.exchange.demo.synth import effects
from alpheus.exchange.demo.synth.chip import (
    chip_drum,
    pulse_lead,
    pulse_pluck,
    square_harmony,
    stepped_triangle,
)
from alpheus.exchange.demo.synth.mix import Strip, mastered, mixed, perform
from alpheus.exchange.demo.synth.sound import Stereo, panned
from alpheus.exchange.demo.synth.syllables import romaji
from alpheus.exchange.demo.synth.voice import Singer, Sung, sing
from alpheus.exchange.demo.words import Line

_BAR = 4.0
_CHORDS_A = Harmony.written("Am7 Fmaj7 C G Am7 Fmaj7 Dm7 E7", _BAR)
_CHORDS_C = Harmony.written("Fmaj7 G Em7 Am7 Dm7 G Fmaj7:2 G:2 Am7", _BAR)
_CHORDS_UP = Harmony.written("Gmaj7 A F#m7 Bm7 Em7 A Gmaj7:2 A:2 Bm7", _BAR)
_INTRO = Harmony.written("Am7 Fmaj7 C G", _BAR)
_BRIDGE = Harmony.written("Fmaj7 Em7 Dm7 F#7sus4", _BAR)
_OUTRO = Harmony.written("Gmaj7 A Bm7 Bm7", _BAR)
_HARMONY = _INTRO + _CHORDS_A + _CHORDS_C + _CHORDS_A + _CHORDS_C + _BRIDGE + _CHORDS_UP + _OUTRO
_A, _C, _A2, _C2, _BR, _UP, _OUT = 16, 48, 80, 112, 144, 160, 192
_CLOCK = Clock((0, 138), (_OUT + 8, 138), (_HARMONY.beats, 120))

_TUNE = """
 A4/.5 C5/.5 E5!/1 D5/.5 C5/.5 D5/.5 E5/.5 | C5/1.5 A4/.5 -/.5 A4,/.5 C5/.5 D5/.5 | E5!/1 G5/.5 E5/.5 D5/.5 C5/.5 D5/.5 E5/.5 | D5/1.5 B4/.5 -/.5 G4,/.5 A4/.5 B4/.5
 A4/.5 C5/.5 E5!/1 A5/.5 G5/.5 E5/.5 C5/.5 | F5!/1.5 E5/.5 -/.5 C5,/.5 D5/.5 E5/.5 | F5/.5 A5!/.5 G5/.5 F5/.5 E5/.5 D5/.5 F5/.5 D5/.5 | E5/1 G#5!/1 B5/1 -/1
"""
_LINES = (
    ("回路の庭に", "ka i ro no ni wa ni", "E5!/1 C5/.5 D5/.5 E5/1 A5!/1 G5/1.5 D5/2.5"),
    ("小さな火が咲く", "chi i sa na hi ga sa ku", "G5!/1 E5/.5 D5/.5 E5/1 G5/1 A5!/1 E5/1 C5/2"),
    ("消えない音の", "ki e na i o to no", "F5!/1 E5/.5 D5/.5 F5/1 A5!/1 G5/1.5 B4/2.5"),
    ("残らない朝", "no ko ra na i a sa", "C5/1 D5/.5 E5/.5 D5/1 B4/1 C5!/1.5 A4/2.5"),
)
_LINES_2 = (
    ("電気の川を", "de n ki no ka wa o", _LINES[0][2]),
    ("小魚が泳ぐよ", "ko za ka na ga o yo gu", _LINES[1][2]),
    ("君に届けば", "ki mi ni to do ke ba", _LINES[2][2]),
    ("それだけでいい", "so re da ke de i i", _LINES[3][2]),
)


def _chorus(
    lines: tuple[tuple[str, str, str], ...], at: float, *, up: int = 0
) -> list[tuple[str, list[Sung]]]:
    sung = []
    for number, (text, sounds, melody) in enumerate(lines):
        notes = moved(phrase(melody, at=at + 8 * number, velocity=0.7), semitones=up)
        line = [
            Sung(
                note.at,
                note.beats - (0.6 if note is notes[-1] else 0.0),
                note.pitch,
                romaji(sound),
                note.velocity,
            )
            for note, sound in zip(notes, sounds.split(), strict=True)
        ]
        sung.append((text, line))
    return sung


def _song() -> list[tuple[str, list[Sung]]]:
    return [*_chorus(_LINES, _C), *_chorus(_LINES_2, _C2), *_chorus(_LINES, _UP, up=2)]


def words() -> tuple[Line, ...]:
    """Give the song's lines with their times."""
    return tuple(Line(round(1000 * _CLOCK.seconds(sung[0].at)), text) for text, sung in _song())


def sketch() -> Sketch:
    """Write the piece."""
    return Sketch(
        clock=_CLOCK,
        harmony=_HARMONY,
        parts={
            "voice": tuple(
                Note(one.at, one.beats, one.pitch, one.velocity) for _, sung in _song() for one in sung
            ),
            "lead": tuple(_lead()),
            "arpeggio": tuple(_arpeggio()),
            "harmony": tuple(_harmony()),
            "bass": tuple(_bass()),
            "drums": tuple(_drums()),
        },
        scale=Scale.named("C", "major"),
    )


def _lead() -> list[Note]:
    """Play the tune, answer the singer between lines, and say goodbye."""
    tune = phrase(_TUNE, at=_A, velocity=0.72)
    again = phrase(_TUNE, at=_A2, velocity=0.72)
    answers = [
        note
        for start, up in ((_C, 0), (_C2, 0), (_UP, 2))
        for text, at in (
            ("-/.5 D5/.25 E5/.25 G5/.5 B5/.5", 6),
            ("-/.5 E5/.25 G5/.25 A5/.5 C6/.5", 14),
            ("-/.5 D5/.25 G5/.25 B5/.5 D6/.5", 22),
            ("-/.5 A5/.25 G5/.25 E5/.5 C5/.5", 30),
        )
        for note in moved(phrase(text, at=start + at, velocity=0.5), semitones=up)
    ]
    bridge = phrase(
        "C5/.5 E5/.5 A5!/1.5 G5/.5 E5/1 | D5/.5 E5/.5 G5!/1.5 E5/.5 B4/1 | D5/.5 F5/.5 A5!/1.5 C6/.5 A5/1 | B5/1.5 C#6/.5 F#5!/2",
        at=_BR,
        velocity=0.66,
    )
    goodbye = phrase(
        "B5/.5 A5/.5 F#5!/1 G5/.5 F#5/.5 D5/1 | E5/.5 F#5/.5 A5!/1 C#6/2 | D6!/1 C#6/.5 A5/.5 F#5/1 D5/1 | B4/4",
        at=_OUT,
        velocity=0.64,
    )
    return [*tune, *again, *answers, *bridge, *goodbye]


def _arpeggio() -> list[Note]:
    """Break each chord faster than the ear can count: that is how one pulse played three notes."""
    notes = []
    for at, beats, voices in _HARMONY.voiced(low=pitch("C4"), high=pitch("C5"), voices=3):
        order = (0, 1, 2, 1) if int(at / 16) % 2 else (0, 2, 1, 2)
        if at + beats >= _HARMONY.beats:
            notes += [Note(at + step / 4, 0.25, voices[step % 3], 0.5 - 0.04 * step) for step in range(8)]
            continue
        for step in range(int(beats * 4)):
            lift = 12 if step % 8 == 6 else 0
            notes.append(
                Note(at + step / 4, 0.25, voices[order[step % 4]] + lift, 0.62 if step % 4 == 0 else 0.46)
            )
    return notes


def _harmony() -> list[Note]:
    """Hold two notes under the choruses, and a sixth or third under the tune's second time."""
    held = [
        Note(at, beats * 0.96, key, 0.5)
        for at, beats, voices in _HARMONY.voiced(low=pitch("E3"), high=pitch("E4"), voices=2)
        for key in voices
        if _C <= at < _A2 or _C2 <= at < _OUT
    ]
    under = [
        Note(
            note.at,
            note.beats,
            next(key for key in range(note.pitch - 3, note.pitch - 13, -1) if key in _HARMONY.at(note.at)),
            0.55,
        )
        for note in phrase(_TUNE, at=_A2)
        if note.beats >= 1
    ]
    return [*held, *under]


def _bass() -> list[Note]:
    notes = []
    for at, beats, chord in _HARMONY:
        low = chord.bass_pitch(pitch("E2"))
        if at < 8:
            continue
        if at + beats >= _HARMONY.beats:
            notes.append(Note(at, 3.0, low, 1.0))
            continue
        for step in range(int(beats * 2)):
            fifth = low + 7 if (low + 7) in chord else low
            key = (low, low, low + 12, low, fifth, low, low + 12, low)[step % 8]
            notes.append(Note(at + step / 2, 0.42 if step % 2 else 0.46, key, 1.0))
    return notes


def _drums() -> list[Note]:
    notes = []
    bars = len(np.arange(0, _HARMONY.beats, _BAR))
    for bar in range(2, bars - 2):
        at = bar * _BAR
        if at == _BR + 12:  # a roll into the last chorus
            notes += [Note(at + step / 4, 0.1, 38, 0.35 + 0.035 * step) for step in range(16)]
            continue
        half_time = _BR <= at < _UP
        kicks = (0, 2.5) if half_time else (0, 1.5, 2) if bar % 2 else (0, 2, 2.75)
        notes += [Note(at + beat, 0.1, 36, 0.95) for beat in kicks]
        notes += [Note(at + beat, 0.1, 38, 0.7) for beat in ((2,) if half_time else (1, 3))]
        notes += [Note(at + step / 2, 0.1, 42, 0.5 if step % 2 else 0.32) for step in range(8)]
        if bar % 4 == 3:
            notes += [Note(at + 3.5, 0.1, 38, 0.45), Note(at + 3.75, 0.1, 38, 0.55)]
    return notes


def render() -> Stereo:
    """Play and mix the piece."""
    parts = sketch().parts
    seconds = _CLOCK.seconds(_HARMONY.beats) + 3.5
    lead = perform(parts["lead"], pulse_lead, _CLOCK, seconds, pan=lambda _: 0.15)
    line = [one for _, sung in _song() for one in sung]
    voice = sing(
        line,
        _CLOCK,
        seconds,
        Singer(seed=88, formants=1.14, tilt=1.1, vibrato_cents=16, glide_seconds=0.045, breath=0.004),
    )
    sung = effects.compressed(effects.highpass(panned(voice, 0.0), 200), threshold_db=-26, ratio=3.0)
    mix = mixed(
        [
            Strip(lead + np.float32(0.5) * effects.echo(lead, 0.326, feedback=0.4), lufs=-19.5, room=0.12),
            Strip(sung + np.float32(0.35) * effects.echo(sung, 0.326, feedback=0.3), lufs=-18.0, room=0.3),
            Strip(
                perform(
                    parts["arpeggio"],
                    pulse_pluck,
                    _CLOCK,
                    seconds,
                    pan=lambda note: -0.4 if note.at % 0.5 else -0.15,
                ),
                lufs=-23.5,
                room=0.1,
            ),
            Strip(
                perform(
                    parts["harmony"],
                    square_harmony,
                    _CLOCK,
                    seconds,
                    pan=lambda note: 0.4 if note.pitch % 2 else 0.2,
                ),
                lufs=-26.0,
                room=0.15,
            ),
            Strip(perform(parts["bass"], stepped_triangle, _CLOCK, seconds), lufs=-20.5, room=0.0),
            Strip(
                perform(
                    parts["drums"],
                    chip_drum,
                    _CLOCK,
                    seconds,
                    pan=lambda note: 0.25 if note.pitch == 42 else 0.0,
                ),
                lufs=-20.0,
                room=0.06,
            ),
        ],
        effects.hall(1.3, bright=0.5, seed=61),
    )
    return mastered(effects.lowpass(mix, 12_500, 2), lufs=-14.5, fade_out=2.5)
