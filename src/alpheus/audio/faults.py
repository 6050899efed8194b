"""What may be wrong with a sound, measured in one pass over its samples; `ingest.evidence` says what it means."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from alpheus.audio.envelope import Envelope
from alpheus.audio.loudness import decibels
from alpheus.audio.pcm import Pcm
from alpheus.audio.spectrum import Cutoff, Spectrum
from alpheus.audio.stereo import Likeness, Stereo
from alpheus.audio.waveform import Runs

SILENCE_INSIDE_MS = 2_000  # a pause that is meant is mostly shorter
# A crest of deep bass stays within a step of 16 bit for as long as seven samples (25 Hz at -8 dBFS).
_FLAT_RUN = 8
_FLAT_PEAK_LEAST = 0.4
_STEP = 2**-15


@dataclass(frozen=True)
class Faults:
    """What was measured; `silences` and lengths in ms, levels in dB of full scale.

    `flat_places` counts where eight samples or more in a row lie at the sound's own peak: clipped, and perhaps turned down since.
    """

    peak_dbfs: float
    flat_places: int
    flat_longest: int
    silences: tuple[tuple[int, int], ...]
    ending_dbfs: float
    ending_below_db: float
    offset: float
    offset_error: float
    stereo: Likeness
    cutoff: Cutoff | None


def faults(pcm: Pcm, *, peak: float, on_fraction: Callable[[float], None] | None = None) -> Faults:
    """Measure what may be wrong with a sound.

    Args:
        pcm: the sound.
        peak: its highest sample.
        on_fraction: told how much is done, 0 to 1.
    """
    envelope, stereo = Envelope(pcm.rate_hz), Stereo(pcm.samples, pcm.rate_hz)
    spectrum, flat = Spectrum(pcm.rate_hz), (Runs(_FLAT_RUN), Runs(_FLAT_RUN))
    done = 0
    for block in pcm.blocks():
        envelope.add(block)
        stereo.add(block)
        spectrum.add(block)
        if peak >= _FLAT_PEAK_LEAST:
            for channel, runs in enumerate(flat):
                runs.add(np.abs(block[:, channel]) >= peak - _STEP)
        done += len(block)
        if on_fraction is not None:
            on_fraction(done / pcm.samples)
    ending_dbfs, below_db = envelope.ending()
    offset, error = envelope.offset()
    return Faults(
        peak_dbfs=round(decibels(peak), 2),
        flat_places=max(runs.places for runs in flat),
        flat_longest=max(runs.longest for runs in flat),
        silences=envelope.silences(SILENCE_INSIDE_MS),
        ending_dbfs=round(ending_dbfs, 1),
        ending_below_db=round(below_db, 1),
        offset=offset,
        offset_error=error,
        stereo=stereo.likeness(),
        cutoff=spectrum.cutoff(),
    )
