"""Night Bus Frequencies: house at 121 beats a minute, F minor, the last seat upstairs.

Parts come aboard one after another; in the middle the drums get off and leave the chords under a streetlight.
"""

import numpy as np

from alpheus.exchange.demo.score import Clock, Harmony, Note, Scale, Sketch, phrase, pitch, played
from alpheus.exchange.demo.synth import effects
from alpheus.exchange.demo.synth.drums import CLAP, HAT, KICK, OPEN_HAT, RIM, SHAKER, Kit
from alpheus.exchange.demo.synth.keys import round_bass, stab, tine_piano
from alpheus.exchange.demo.synth.mix import Strip, mastered, mixed, perform
from alpheus.exchange.demo.synth.pads import warm_pad
from alpheus.exchange.demo.synth.sound import Stereo, samples_of

_BAR = 4.0
_SEED = 20_260_606
_ROUND = Harmony.written("Fm9 Dbmaj9 Abmaj9 Eb9sus4", _BAR)
_OTHER = Harmony.written("Bbm9 Cm7 Dbmaj9 Eb9sus4", _BAR)
_HARMONY = _ROUND * 6 + (_OTHER + _OTHER) + _ROUND * 4 + _OTHER + _ROUND * 2 + Harmony.written("Fm9", _BAR)
# Bars at which parts change.
_BASS_IN, _STABS_IN, _LEAD_IN, _BREAK, _BACK, _LEAVING = 4, 8, 16, 24, 32, 54
_CLOCK = Clock((0, 121), swing=0.54, swung=0.5)

_LEAD = "-/.75 C5/.75 Eb5/.5 F5!/1 -/1 | -/.75 C5/.75 Eb5/.5 Ab5!/1 F5,/1 | -/.75 Eb5/.75 C5/.5 Bb4/1 C5/1 | -/.75 Bb4/.75 C5/.5 Eb5!/2"
_LEAD_B = "-/.75 F5/.75 Eb5/.5 Db5!/1 C5/1 | -/.75 Eb5/.75 C5/.5 G4/1 Bb4/1 | -/.75 Ab5!/.75 F5/.5 Eb5/1 C5/1 | -/.75 Bb4/.75 Db5/.5 F5!/2"
_STABS = ((0.0, 0.5, 0.8), (0.75, 0.35, 0.62), (1.5, 0.5, 0.74), (2.75, 0.3, 0.6), (3.5, 0.4, 0.7))


def sketch() -> Sketch:
    """Write the piece."""
    rng = np.random.default_rng(_SEED)
    voiced = _HARMONY.voiced(low=pitch("C4"), high=pitch("Eb5"), voices=4)
    return Sketch(
        clock=_CLOCK,
        harmony=_HARMONY,
        parts={
            "lead": tuple(_lead()),
            "stabs": tuple(_stabs(voiced)),
            "pad": tuple(
                Note(at, beats, key, 0.6)
                for at, beats, voices in voiced
                for key in voices
                if at < 16 or at >= 4 * (_BREAK - 4)
            ),
            "bass": tuple(_bass(rng)),
            "drums": tuple(_drums(rng)),
        },
        scale=Scale.named("Ab", "major"),
    )


def _lead() -> list[Note]:
    notes = []
    for bar in range(_LEAD_IN, _LEAVING, 4):
        if bar in {_BREAK - 4, _BACK}:
            continue  # four bars of breath
        other = _HARMONY.at(bar * _BAR).symbol == "Bbm9"
        notes += phrase(_LEAD_B if other else _LEAD, at=bar * _BAR, velocity=0.6 if bar < _BREAK else 0.68)
    return notes


def _stabs(voiced: list[tuple[float, float, tuple[int, ...]]]) -> list[Note]:
    notes = []
    for number, (at, _, voices) in enumerate(voiced):
        if not (_STABS_IN <= number < _BREAK or _BACK <= number < _LEAVING + 2):
            continue
        for index, (beat, lasting, velocity) in enumerate(_STABS):
            if (index == 1 and number % 2) or (index == 3 and number % 4 == 2):
                continue
            notes += [Note(at + beat, lasting, key, velocity) for key in voices]
    final = voiced[-1]
    notes += [Note(final[0], 4.0, key, 0.7) for key in final[2]]
    return notes


def _bass(rng: np.random.Generator) -> list[Note]:
    notes = []
    for number, (at, _, chord) in enumerate(_HARMONY):
        last = number == len(_HARMONY.spans) - 1
        if number < _BASS_IN or _BREAK <= number < _BACK:
            continue
        low = chord.bass_pitch(pitch("Eb1") + 7)
        if last:
            notes.append(Note(at, 3.5, low, 0.8))
            continue
        for beat, lasting, rise, velocity in (
            (0.0, 0.4, 0, 0.9),
            (0.75, 0.4, 0, 0.65),
            (1.5, 0.45, 0, 0.85),
            (2.5, 0.45, 12, 0.7),
            (3.0, 0.3, 0, 0.6),
            (3.5, 0.4, 7, 0.78),
        ):
            if beat == 3.0 and rng.random() < 0.5:
                continue
            key = low + (rise if (low + rise) in chord else 0)
            notes.append(Note(at + beat, lasting, key, velocity))
    return notes


def _drums(rng: np.random.Generator) -> list[Note]:
    notes: list[Note] = []
    bars = len(_HARMONY.spans) - 1
    for bar in range(bars):
        at, silent = bar * _BAR, _BREAK <= bar < _BACK - 1
        if bar >= 1 and not silent:
            notes += [
                Note(at + beat, 0.2, KICK, 0.95) for beat in range(4) if not (bar == _BACK - 1 and beat > 1)
            ]
        if bar >= 2 and not silent:
            notes += [Note(at + beat + 0.5, 0.2, OPEN_HAT, 0.42) for beat in range(4)]
        if bar >= _BASS_IN and not silent:
            notes += [Note(at + beat, 0.2, CLAP, 0.6) for beat in (1, 3)]
            notes += [
                Note(at + step / 4, 0.1, HAT, (0.3 if step % 2 else 0.42) * float(rng.uniform(0.8, 1.1)))
                for step in range(16)
                if step % 4 != 2
            ]
        if bar >= _STABS_IN:
            notes += [
                Note(at + step / 4, 0.1, SHAKER, (0.5, 0.25, 0.36, 0.25)[step % 4]) for step in range(16)
            ]
            notes += [
                Note(at + beat, 0.1, RIM, 0.34) for beat in ((0.75, 2.25, 3.25) if bar % 2 else (0.75, 2.75))
            ]
        if bar % 8 == 7 and not silent:  # a small fill into every eighth bar
            notes += [Note(at + 3 + step / 4, 0.1, CLAP, 0.25 + 0.1 * step) for step in range(4)]
    return notes


def render() -> Stereo:
    """Play and mix the piece."""
    parts, rng = sketch().parts, np.random.default_rng(_SEED + 1)
    seconds = _CLOCK.seconds(_HARMONY.beats) + 4.0
    ducking = _ducked(parts["drums"], seconds)[:, None]
    kick = perform([note for note in parts["drums"] if note.pitch == KICK], Kit(), _CLOCK, seconds)
    rest = [note for note in parts["drums"] if note.pitch != KICK]
    tops = perform(played(rest, rng, early_late=0.004, touch=0.03), Kit(), _CLOCK, seconds, pan=_place)
    stabs = perform(played(parts["stabs"], rng, early_late=0.003), stab, _CLOCK, seconds)
    lead = perform(
        played(parts["lead"], rng, early_late=0.006), tine_piano, _CLOCK, seconds, pan=lambda _: 0.1
    )
    pad = perform(
        parts["pad"],
        lambda key, lasting, touch: warm_pad(key, lasting, touch, attack=0.5, release=1.0, open_=1.5),
        _CLOCK,
        seconds,
    )
    bass = effects.driven(perform(parts["bass"], round_bass, _CLOCK, seconds) * np.float32(2.2), 1.2)
    mix = mixed(
        [
            Strip(kick, lufs=-17.5, room=0.02),
            Strip(effects.shelf(tops, 8_000, -2.0, high=True), lufs=-22.0, room=0.14),
            Strip(bass * ducking, lufs=-19.0, room=0.0),
            Strip(
                (stabs + np.float32(0.6) * effects.echo(stabs, 0.372, feedback=0.42)) * ducking,
                lufs=-20.5,
                room=0.24,
            ),
            Strip(effects.highpass(pad, 180) * ducking, lufs=-25.5, room=0.35),
            Strip(
                effects.chorus(lead) + np.float32(0.8) * effects.echo(lead, 0.372, feedback=0.5),
                lufs=-22.0,
                room=0.35,
            ),
        ],
        effects.hall(1.7, bright=0.5, seed=53),
    )
    return mastered(mix, lufs=-14.0, fade_out=3.0)


def _place(note: Note) -> float:
    return {CLAP: 0.0, HAT: -0.25, OPEN_HAT: 0.2, SHAKER: 0.5, RIM: -0.5}[note.pitch]


def _ducked(drums: tuple[Note, ...], seconds: float) -> Stereo:
    """Make room for every kick: what is under it steps aside for an eighth note."""
    gain = np.ones(samples_of(seconds), dtype=np.float32)
    shape = samples_of(0.22)
    dip = 1 - np.float32(0.55) * np.exp(-np.linspace(0, 4, shape, dtype=np.float32))
    dip[:88] = np.linspace(1, dip[88], 88)
    for note in drums:
        if note.pitch == KICK:
            start = max(0, samples_of(_CLOCK.seconds(note.at)) - 44)
            count = min(shape, len(gain) - start)
            gain[start : start + count] = np.minimum(gain[start : start + count], dip[:count])
    return gain
