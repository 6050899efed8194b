"""How a rendition is cut: frames into chunks of about a second, chunks into segments of four.

The frame counts make AAC and FLAC chunks of one rate equally long, so that a listener may change
rendition, and an edge variant, at every chunk (FORMAT §1 and §4).
"""

from dataclasses import dataclass

CHUNKS_PER_SEGMENT = 4

AAC_FRAME_SAMPLES = 1024
AAC_DELAY_SAMPLES = 1024  # FFmpeg's encoder primes with exactly one packet (FORMAT §3)
FLAC_FRAMES_PER_CHUNK = 16

_AAC_FRAMES_PER_CHUNK = {44_100: 43, 48_000: 47}
RATES_HZ = tuple(_AAC_FRAMES_PER_CHUNK)


@dataclass(frozen=True)
class Layout:
    """The grid of a rendition: every length is in samples per channel at `rate_hz`."""

    rate_hz: int
    frame_samples: int
    frames_per_chunk: int

    @property
    def chunk_samples(self) -> int:
        """Samples of a whole chunk: 44,032 at 44.1 kHz, 48,128 at 48 kHz."""
        return self.frame_samples * self.frames_per_chunk

    @property
    def segment_samples(self) -> int:
        """Samples of a whole segment, just under four seconds."""
        return self.chunk_samples * CHUNKS_PER_SEGMENT


def _frames(rate_hz: int) -> int:
    if rate_hz not in _AAC_FRAMES_PER_CHUNK:
        raise ValueError(f"streams run at 44100 or 48000 Hz, not {rate_hz}; resample before packaging")
    return _AAC_FRAMES_PER_CHUNK[rate_hz]


def aac(rate_hz: int) -> Layout:
    """The grid of an AAC rendition: chunks of 43 frames at 44.1 kHz, 47 at 48 kHz.

    Raises:
        ValueError: streams do not run at this rate.
    """
    return Layout(rate_hz=rate_hz, frame_samples=AAC_FRAME_SAMPLES, frames_per_chunk=_frames(rate_hz))


def flac(rate_hz: int) -> Layout:
    """The grid of a FLAC rendition: 16 frames of 2,752 samples at 44.1 kHz, of 3,008 at 48 kHz.

    Raises:
        ValueError: streams do not run at this rate.
    """
    chunk_samples = AAC_FRAME_SAMPLES * _frames(rate_hz)
    return Layout(
        rate_hz=rate_hz,
        frame_samples=chunk_samples // FLAC_FRAMES_PER_CHUNK,
        frames_per_chunk=FLAC_FRAMES_PER_CHUNK,
    )
