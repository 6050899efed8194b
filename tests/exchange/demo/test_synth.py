import numpy as np
import pytest
from scipy.signal import fftconvolve

from alpheus.exchange.demo.score import hertz
from alpheus.exchange.demo.synth import effects, envelopes, oscillators
from alpheus.exchange.demo.synth.bowed import bowed, pizzicato
from alpheus.exchange.demo.synth.chip import pulse_lead, pulse_pluck, square_harmony, stepped_triangle
from alpheus.exchange.demo.synth.keys import deep_bass, round_bass, stab, tine_piano
from alpheus.exchange.demo.synth.loudness import integrated_lufs
from alpheus.exchange.demo.synth.mallets import marimba, music_box, vibraphone
from alpheus.exchange.demo.synth.mix import mastered
from alpheus.exchange.demo.synth.pads import glass, warm_pad
from alpheus.exchange.demo.synth.piano import felt_piano
from alpheus.exchange.demo.synth.plucked import guzheng, nylon
from alpheus.exchange.demo.synth.sound import RATE_HZ, noise, panned, times
from alpheus.exchange.demo.synth.syllables import pinyin, romaji
from alpheus.exchange.demo.synth.voice import VOWELS, Singer, Sung, sing

PITCHED = [
    felt_piano, marimba, vibraphone, music_box, guzheng, nylon, bowed, pizzicato, warm_pad, glass, tine_piano,
    round_bass, deep_bass, stab, pulse_lead, pulse_pluck, square_harmony, stepped_triangle,
]  # fmt: skip


def mono(sound):
    return sound if sound.ndim == 1 else sound.mean(axis=1)


def cents_off(sound, wanted_hertz):
    """How far the nearest strong partial is from a harmonic of the wanted pitch."""
    part = mono(sound)[: RATE_HZ * 2]
    part = np.pad(part * np.hanning(len(part)), (0, 8 * RATE_HZ - len(part)))
    spectrum = np.abs(np.fft.rfft(part))
    at = spectrum.argmax() * RATE_HZ / len(part)
    harmonic = max(1, round(at / wanted_hertz))
    return abs(1200 * np.log2(at / harmonic / wanted_hertz))


@pytest.mark.parametrize("instrument", PITCHED, ids=lambda one: one.__name__)
def test_instruments_are_in_tune_and_end_quietly(instrument):
    sound = instrument(60, 1.0, 0.7)
    assert sound.dtype == np.float32
    assert np.isfinite(sound).all()
    assert 0.02 < np.abs(sound).max() < 1.5
    assert cents_off(sound, hertz(60)) < 12
    assert np.abs(sound[:2]).max() < 0.02
    assert np.abs(sound[-4:]).max() < 0.005
    assert abs(mono(sound).mean()) < 0.01


@pytest.mark.parametrize(
    "instrument", [felt_piano, marimba, guzheng, bowed, tine_piano], ids=lambda one: one.__name__
)
def test_harder_is_louder(instrument):
    soft, hard = (np.sqrt(np.mean(instrument(64, 0.8, velocity) ** 2)) for velocity in (0.3, 0.9))
    assert hard > 1.5 * soft


def test_modes_are_decaying_sines():
    modes = oscillators.Modes(np.array([440.0, 1_000.0]), np.array([0.5, 0.1]), np.array([1.0, 0.3]))
    t = np.arange(5_000) / RATE_HZ
    by_hand = np.exp(-t / 0.5) * np.sin(2 * np.pi * 440 * t) + 0.3 * np.exp(-t / 0.1) * np.sin(
        2 * np.pi * 1_000 * t
    )
    assert np.abs(oscillators.ring(modes, 5_000) - by_hand).max() < 1e-4


def test_waves_hold_no_aliases():
    tone = oscillators.wave("saw", oscillators.phase(3_000.0, RATE_HZ), 3_000.0)
    spectrum = np.abs(np.fft.rfft(tone * np.hanning(len(tone))))
    harmonics = np.zeros(len(spectrum), dtype=bool)
    for k in range(1, 8):
        harmonics[3_000 * k - 4 : 3_000 * k + 5] = True
    assert spectrum[~harmonics].max() < spectrum.max() * 1e-3


def test_rooms_die_away_as_long_as_they_say():
    room = effects.hall(2.0, seed=3)
    energy = np.cumsum((room.mean(axis=1) ** 2)[::-1])[::-1]
    decay = 10 * np.log10(energy / energy[0] + 1e-12)
    reached = np.argmax(decay < -50) / RATE_HZ
    assert 1.0 < reached < 2.4
    assert np.allclose(effects.hall(2.0, seed=3), room)


def test_a_room_answers_as_convolution_says():
    room = effects.hall(0.4, seed=5)
    sound = panned(noise(3 * RATE_HZ, 8), 0.3)
    fed = effects.highpass(sound, 150, 1)
    wanted = np.stack([fftconvolve(fed[:, k], room[:, k])[: len(sound)] for k in range(2)], axis=1)
    assert np.abs(effects.in_room(sound, room) - wanted).max() < 1e-3


def test_the_limiter_keeps_its_ceiling():
    loud = panned(noise(RATE_HZ, 3) * np.float32(0.8), 0.2)
    assert np.abs(effects.limited(loud, 0.5)).max() <= 0.5001


def test_loudness_agrees_with_the_standard():
    """EBU Tech 3341: a stereo sine of 1 kHz at -23 dBFS per channel reads -23 LUFS."""
    tone = np.float32(10 ** (-23 / 20)) * np.sin(2 * np.pi * 1_000 * times(RATE_HZ * 10))
    assert integrated_lufs(np.stack([tone, tone], axis=1).astype(np.float32)) == pytest.approx(-23.0, abs=0.1)
    assert integrated_lufs(np.zeros((RATE_HZ, 2), dtype=np.float32)) == -70


def test_masters_are_as_loud_as_asked_and_end_in_silence():
    swaying = noise(RATE_HZ * 6, 9) * np.float32(0.2) * (1 + np.sin(times(RATE_HZ * 6)))
    master = mastered(panned(swaying, -0.1), lufs=-15, fade_out=0.5)
    assert integrated_lufs(master) == pytest.approx(-15, abs=0.7)
    assert np.abs(master).max() <= 10 ** (-1.5 / 20)
    assert np.abs(master[-3:]).max() < 1e-4


def test_fades_have_no_corners():
    rise = envelopes.ramp(1_000)
    assert rise[0] == 0
    assert np.abs(np.diff(rise, n=2)).max() < 1e-4


@pytest.mark.parametrize(
    ("spelling", "onset", "vowels"),
    [
        ("shui", "sh", "uEi"),
        ("yue", "", "yE"),
        ("qian", "q", "iEN"),
        ("zi", "z", "I"),
        ("wo", "", "uo"),
        ("xue", "x", "yE"),
    ],
)
def test_pinyin_is_read(spelling, onset, vowels):
    syllable = pinyin(spelling)
    assert (syllable.onset, syllable.vowels) == (onset, vowels)
    assert set(syllable.vowels) <= VOWELS.keys()


def test_morae_are_read():
    assert romaji("chi").onset == "ch"
    assert romaji("n").vowels == "N"


def test_a_singer_is_in_tune_and_says_different_vowels():
    from alpheus.exchange.demo.score import Clock

    clock = Clock((0, 60))
    singer = Singer(seed=1, vibrato_cents=0.0)
    sounds = {vowel: sing([Sung(0, 2, 67, romaji(vowel))], clock, 3.0, singer) for vowel in ("a", "i", "o")}
    for sound in sounds.values():
        assert cents_off(sound[RATE_HZ // 2 :], hertz(67)) < 20
    frequencies = np.fft.rfftfreq(RATE_HZ, 1 / RATE_HZ)

    def centre(sound):
        power = np.abs(np.fft.rfft(sound[RATE_HZ // 2 : RATE_HZ * 3 // 2])) ** 2
        return float((frequencies * power)[:4_000].sum() / power[:4_000].sum())

    assert centre(sounds["a"]) > centre(sounds["o"]) > 0
    high = {name: np.abs(np.fft.rfft(sound))[6_000:10_000].sum() for name, sound in sounds.items()}
    assert high["i"] > high["o"]
