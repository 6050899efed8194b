"""Recordings made by code, each unlike the others, so that a journey can tell what it heard and where.

Melodies below 3 kHz over a faint hiss that never stops: no two places are alike, nothing is ever silent. Variant B
carries a quiet tone far above the melodies, so that a wrongly blended chunk is heard as such.
"""

from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np

from alpheus.audio.pcm import Pcm

RATE_HZ = 44_100
PILOT_HZ = 6_890.625  # 44100 * 5 / 32: whole periods in every chunk
PILOT_LEVEL = 0.02

# Twelve lengths in samples, odd in every sense: primes, longer and shorter than a segment of 176,128.
ODD_LENGTHS = (
    198_437, 143_273, 187_111, 176_129, 131_071, 211_199, 154_321, 176_123, 122_887, 240_641, 167_543, 149_993,
)  # fmt: skip
LONG_LENGTH = 45 * RATE_HZ + 1_237


@dataclass(frozen=True)
class Piece:
    """A recording: what it is called, where it stands, and its samples, shaped (samples, 2)."""

    title: str
    album: str
    track: int
    samples: np.ndarray

    @property
    def left(self) -> np.ndarray:
        return self.samples[:, 0]


def compose(seed: int, length: int) -> np.ndarray:
    """Music enough for an ear and for a correlation: plucked notes with overtones, a hiss below."""
    chance = np.random.default_rng(seed)
    sound = np.zeros((length, 2), np.float32)
    at = 0
    while at < length:
        duration = int(chance.uniform(0.15, 0.4) * RATE_HZ)
        count = min(duration * 2, length - at)
        time = np.arange(count) / RATE_HZ
        for _ in range(2):
            pitch_hz = 110 * 2 ** (chance.integers(0, 30) / 12)
            note = sum(
                np.sin(2 * np.pi * pitch_hz * overtone * time + chance.uniform(0, 6)) / overtone**1.5
                for overtone in range(1, 5)
                if pitch_hz * overtone < 3000
            )
            note *= 0.09 * np.exp(-time * 4) * np.minimum(1, time * 500)
            balance = chance.uniform(0.35, 0.65)
            sound[at : at + count] += np.outer(note, (balance, 1 - balance)).astype(np.float32) * 2
        at += duration
    sound += chance.normal(0, 0.003, (length, 2)).astype(np.float32)
    return np.clip(sound, -0.9, 0.9)


def odd_album() -> list[Piece]:
    """Twelve pieces of odd lengths, a queue that must join without a gap."""
    return [
        Piece(f"Odd Length {number}", "Twelve Odd Lengths", number, compose(number, length))
        for number, length in enumerate(ODD_LENGTHS, start=1)
    ]


def long_piece() -> Piece:
    """One piece of 45 s, to seek in and to look for on a disk."""
    return Piece("A Longer Walk", "Walks", 1, compose(99, LONG_LENGTH))


def write_flac(piece: Piece, folder: Path) -> Path:
    """Write a tagged FLAC file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{piece.track:02} {piece.title}.flac"
    whole = np.round(piece.samples * 32767).astype(np.int16)
    with av.open(str(path), "w", format="flac") as container:
        container.metadata.update(
            {
                "title": piece.title,
                "artist": "The Test Tones",
                "album_artist": "The Test Tones",
                "album": piece.album,
                "track": str(piece.track),
                "date": "2026",
                "genre": "Test Signals",
                "label": "Bench & Scope",
            }
        )
        stream = container.add_stream("flac", rate=RATE_HZ)
        stream.layout, stream.format = "stereo", "s16"
        for start in range(0, len(whole), 4096):
            block = np.ascontiguousarray(whole[start : start + 4096]).reshape(1, -1)
            frame = av.AudioFrame.from_ndarray(block, format="s16", layout="stereo")
            frame.sample_rate, frame.pts = RATE_HZ, start
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def piloted(samples: Pcm, folder: Path) -> Pcm:
    """A mark for tests: variant B is A with a quiet tone in both channels."""
    path = folder / "variant-b.f32"
    with path.open("wb") as out:
        at = 0
        for block in samples.blocks():
            time = np.arange(at, at + len(block)) / samples.rate_hz
            tone = PILOT_LEVEL * np.sin(2 * np.pi * PILOT_HZ * time)
            (block + tone[:, None]).astype("<f4").tofile(out)
            at += len(block)
    return Pcm(path=path, rate_hz=samples.rate_hz, samples=samples.samples)


def pilot_in(sound: np.ndarray) -> float:
    """How loud the tone of variant B is in a stretch of sound, as an amplitude."""
    window = np.hanning(len(sound))
    wave = np.exp(-2j * np.pi * PILOT_HZ * np.arange(len(sound)) / RATE_HZ)
    return float(2 * abs(np.sum(sound * window * wave)) / np.sum(window))
