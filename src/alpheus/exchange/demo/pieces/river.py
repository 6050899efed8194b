"""河不睡 (The River Does Not Sleep): guzheng and a voice, G pentatonic.

The guzheng plays the verse once alone, bending into its long notes, then the voice has it. Each character is sung on
the beat it is written at, which is what the synced words are made from.
"""

import numpy as np

from alpheus.exchange.demo.score import Clock, Harmony, Note, Scale, Sketch, arched, phrase, pitch, played
from alpheus.exchange.demo.synth import effects
from alpheus.exchange.demo.synth.keys import deep_bass
from alpheus.exchange.demo.synth.mix import Strip, mastered, mixed, perform
from alpheus.exchange.demo.synth.pads import warm_pad, wind
from alpheus.exchange.demo.synth.plucked import guzheng, guzheng_from_below
from alpheus.exchange.demo.synth.sound import Stereo, panned
from alpheus.exchange.demo.synth.syllables import pinyin
from alpheus.exchange.demo.synth.voice import Singer, Sung, sing
from alpheus.exchange.demo.words import Line, Word

_BAR = 4.0
_SEED = 20_260_202
_TEMPO = 76.0

# (words, their sounds, their melody): one line of verse is two bars.
_VERSE = (
    ("河在夜里不肯睡", "he zai ye li bu ken shui", "B4/1.5 A4,/.5 G4/1 A4/1 B4/1 D5!/1 D5/2"),
    ("把月亮洗了一遍", "ba yue liang xi le yi bian", "E5!/1.5 D5/.5 E5/1 B4/1 A4,/1 B4/1 A4/2"),
    ("谁的船还没有回", "shei de chuan hai mei you hui", "B4!/1.5 A4,/.5 G4/1 E4/1 G4/1 A4/1 B4/2"),
    ("灯把名字写在水面", "deng ba ming zi xie zai shui mian", "D5!/1 B4/.5 A4/.5 G4/1 E4/1 A4/1 B4/1 G4/2"),
)
_CHORUS = (
    (
        "我听见桥在低声唱",
        "wo ting jian qiao zai di sheng chang",
        "E5!/1 E5/.5 D5/.5 E5/1 G5!/1 E5/1 D5/1 B4/2",
    ),
    ("唱给石头唱给沙", "chang gei shi tou chang gei sha", "D5!/1.5 E5/.5 D5/1 B4/1 A4/1 B4/1 D5/2"),
    ("歌声流过不留下", "ge sheng liu guo bu liu xia", "E5!/1.5 G5/.5 E5/1 D5/1 B4/1 D5!/1 A4/2"),
    ("天亮以前到了家", "tian liang yi qian dao le jia", "B4!/1.5 A4/.5 G4/1 E4,/1 G4/1 A4/1 G4/2"),
)

_INTRO = Harmony.written("Gadd9 Em7 Cadd9 Dsus4", _BAR)
_A = Harmony.written("Gadd9 G/B Em7 Dsus4 Cmaj9 Gadd9 Em7 Gadd9", _BAR)
_B = Harmony.written("Cadd9 Em7 Gadd9/B Dsus4 Cadd9 Dsus4 Em7 Gadd9", _BAR)
_BRIDGE = Harmony.written("Em7 Cadd9 Gadd9/B Dsus4", _BAR)
_CODA = Harmony.written("Cadd9 Em7 Dsus4 Gadd9", _BAR)
_HARMONY = _INTRO + _A + _A + _B + _BRIDGE + _B + _CODA

_ALONE = _INTRO.beats
_SUNG = _ALONE + _A.beats
_SUNG_B = _SUNG + _A.beats
_BETWEEN = _SUNG_B + _B.beats
_AGAIN = _BETWEEN + _BRIDGE.beats
_END = _AGAIN + _B.beats


def _clock() -> Clock:
    end = _HARMONY.beats
    return Clock(
        (0, 66),
        (10, _TEMPO),
        (_SUNG - 3, _TEMPO),
        (_SUNG - 1, 70),
        (_SUNG, _TEMPO),
        (end - 20, _TEMPO),
        (end - 3, 52),
    )


def _stanza(
    stanza: tuple[tuple[str, str, str], ...], at: float, velocity: float
) -> list[tuple[str, list[Sung]]]:
    lines = []
    for number, (text, sounds, melody) in enumerate(stanza):
        notes = arched(phrase(melody, at=at + 8 * number, velocity=velocity), 0.14)
        sung = [
            Sung(
                note.at,
                note.beats - (0.4 if note is notes[-1] else 0.0),
                note.pitch,
                pinyin(sound),
                note.velocity,
            )
            for note, sound in zip(notes, sounds.split(), strict=True)
        ]
        lines.append((text, sung))
    return lines


def _song() -> list[tuple[str, list[Sung]]]:
    return [*_stanza(_VERSE, _SUNG, 0.66), *_stanza(_CHORUS, _SUNG_B, 0.76), *_stanza(_CHORUS, _AGAIN, 0.74)]


def words() -> tuple[Line, ...]:
    """Give the song's lines with the time of each character."""
    clock = _clock()
    return tuple(
        Line(
            round(1000 * clock.seconds(sung[0].at)),
            text,
            tuple(
                Word(round(1000 * clock.seconds(one.at)), character)
                for one, character in zip(sung, text, strict=True)
            ),
        )
        for text, sung in _song()
    )


def sketch() -> Sketch:
    """Write the piece."""
    rng = np.random.default_rng(_SEED)
    solo, bent = _guzheng_verse()
    return Sketch(
        clock=_clock(),
        harmony=_HARMONY,
        parts={
            "voice": tuple(
                Note(one.at, one.beats, one.pitch, one.velocity) for _, sung in _song() for one in sung
            ),
            "guzheng": tuple(solo),
            "bent": tuple(bent),
            "arpeggio": tuple(_arpeggios(rng)),
            "runs": tuple(_runs()),
            "bass": tuple(_bass()),
        },
        scale=Scale.named("G", "pentatonic"),
    )


def _guzheng_verse() -> tuple[list[Note], list[Note]]:
    """Take the verse alone, an octave where the voice will be, leaning notes bent into from below."""
    melody = [
        note
        for number, (_, _, text) in enumerate(_VERSE)
        for note in arched(phrase(text, at=_ALONE + 8 * number, velocity=0.72))
    ]
    bent = [note for note in melody if note.beats >= 1.5]
    plain = [note for note in melody if note.beats < 1.5]
    # Octaves below the first note of each line, and a tremolo answer at each line's end.
    plain += [Note(note.at, 2.0, note.pitch - 12, 0.5) for note in melody if (note.at - _ALONE) % 8 == 0]
    for number in range(4):
        start, last = _ALONE + 8 * number + 6.5, melody[7 * (number + 1) - 1 + (number == 3)].pitch
        plain += [Note(start + step / 4, 0.4, last + 12, 0.3 + 0.05 * step) for step in range(4)]
    return plain, bent


def _arpeggios(rng: np.random.Generator) -> list[Note]:
    notes = []
    shapes = ((0, 1, 2, 3, 2, 1, 3, 2), (0, 2, 1, 3, 2, 3, 1, 2), (0, 1, 3, 2, 3, 2, 1, 3))
    for at, beats, voices in _HARMONY.voiced(low=pitch("D3"), high=pitch("G4"), voices=4):
        shape = shapes[rng.integers(3)]
        busy = _SUNG_B <= at < _BETWEEN or at >= _AGAIN
        ending = at + beats >= _HARMONY.beats
        for number in range(8):
            quiet = not busy and number in {3, 5, 7} and rng.random() < 0.6
            if quiet or (ending and number > 3):
                continue
            notes.append(
                Note(
                    at + number / 2,
                    1.2,
                    voices[shape[number]],
                    0.46 - 0.05 * (number % 2) + 0.06 * (number == 0),
                )
            )
        if ending:
            notes += [
                Note(at + 2 + 0.16 * step, 5, key, 0.42) for step, key in enumerate((55, 62, 67, 71, 74, 79))
            ]
    return notes


def _runs() -> list[Note]:
    """Sweep over the open strings where a part begins: guzheng's own gesture."""
    scale = Scale.named("G", "pentatonic")
    notes = []
    for start, first, count, up in (
        (0.0, -3, 15, True),
        (_ALONE - 1.4, 12, 13, False),
        (_SUNG_B - 1.5, -1, 14, True),
        (_AGAIN - 1.5, -2, 15, True),
        (_END - 1.2, 13, 12, False),
    ):
        for step in range(count):
            degree = first + step if up else first - step
            place = step / (count - 1)
            notes.append(
                Note(
                    start + 1.35 * place**0.85,
                    0.7,
                    scale.pitch(degree),
                    0.24 + 0.2 * (place if up else 1 - place),
                )
            )
    return notes


def _bass() -> list[Note]:
    return [
        Note(at, beats * 0.95, chord.bass_pitch(pitch("E2")), 0.6)
        for at, beats, chord in _HARMONY
        if at >= _ALONE
    ]


def render() -> Stereo:
    """Play and mix the piece."""
    written, rng = sketch(), np.random.default_rng(_SEED + 1)
    clock = written.clock
    seconds = clock.seconds(_HARMONY.beats) + 6.0
    parts = written.parts
    strings = perform(
        played([*parts["guzheng"], *parts["runs"]], rng),
        guzheng,
        clock,
        seconds,
        pan=lambda note: (note.pitch - 69) / 50,
    )
    strings += perform(played(parts["bent"], rng), guzheng_from_below, clock, seconds, pan=lambda _: 0.08)
    broken = perform(
        played(parts["arpeggio"], rng, early_late=0.014),
        guzheng,
        clock,
        seconds,
        pan=lambda note: -0.28 + (note.pitch - 57) / 60,
    )
    bass = perform(parts["bass"], deep_bass, clock, seconds)
    pads = [
        Note(at, beats, key, 0.6)
        for at, beats, voices in _HARMONY.voiced(low=pitch("G3"), high=pitch("B4"), voices=3)
        for key in voices
        if at >= _SUNG
    ]
    pad = perform(
        pads,
        lambda key, lasting, touch: warm_pad(key, lasting, touch, attack=1.2, release=1.6),
        clock,
        seconds,
    )
    mix = mixed(
        [
            Strip(_voice(clock, seconds), lufs=-18.5, room=0.42),
            Strip(effects.peak(strings, 3_200, -1.5, 0.8), lufs=-19.0, room=0.4),
            Strip(effects.peak(broken, 500, -2.0, 0.8), lufs=-22.5, room=0.34),
            Strip(bass, lufs=-25.0, room=0.0),
            Strip(pad, lufs=-29.0, room=0.4),
            Strip(wind(seconds, seed=_SEED), lufs=-44.0, room=0.2),
        ],
        effects.hall(2.6, bright=0.5, seed=11),
    )
    return mastered(mix, lufs=-15.0, fade_in=0.3, fade_out=4.0)


def _voice(clock: Clock, seconds: float) -> Stereo:
    line = [one for _, sung in _song() for one in sung]
    lead = sing(line, clock, seconds, Singer(seed=21, formants=1.04))
    below = [
        Sung(one.at, one.beats, _third_below(one.pitch), one.syllable, one.velocity * 0.6)
        for one in line
        if one.at >= _AGAIN
    ]
    second = sing(below, clock, seconds, Singer(seed=22, formants=0.97, tilt=1.35))
    both = panned(lead, -0.04) + panned(second * np.float32(0.6), 0.32)
    both = effects.compressed(effects.highpass(both, 140), threshold_db=-26, ratio=2.5)
    return effects.peak(effects.shelf(both, 5_000, -2.0, high=True), 1_000, -1.5, 0.9)


def _third_below(number: int) -> int:
    """Go two steps of the scale down, so that the second voice stays pentatonic."""
    scale = Scale.named("G", "pentatonic")
    lower = [key for key in range(number - 9, number) if key in scale]
    return lower[-2]
