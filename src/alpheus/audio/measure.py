"""Measure: loudness, range, true peak, outline and loudest passage of a recording, in one pass."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.filter import Graph
from av.filter.context import FilterContext

from alpheus.audio import loudness
from alpheus.audio.pcm import Pcm, Samples
from alpheus.audio.waveform import Outline

STEP_MS = 100  # between gating blocks of 400 ms, by EBU R128
PASSAGE_MS = 30_000  # a preview's length by default
_STEPS_TO_FILL = 3  # the first blocks of 400 ms are not full yet


@dataclass(frozen=True)
class Measure:
    """What a recording sounds like, in numbers."""

    loudness_lufs: float  # integrated; -70 for silence
    range_lu: float
    true_peak_dbtp: float  # -144 for silence
    peaks: bytes  # 400 unsigned bytes
    silence_start_ms: int
    silence_end_ms: int
    loudest_ms: int  # where the loudest 30 s begin; 0 when it is shorter
    clipped_places: int
    loudness_blocks: tuple[tuple[int, int], ...]  # gating blocks by tenths of LUFS, for an album's loudness


class _Meter:
    """FFmpeg's EBU R128 filter, fed block by block."""

    def __init__(self, rate_hz: int) -> None:
        self._graph = Graph()
        self._rate_hz = rate_hz
        self._position = 0
        self._in = self._graph.add_abuffer(sample_rate=rate_hz, format="flt", layout="stereo")
        meter = self._graph.add("ebur128", "metadata=1:peak=true")
        self._out: FilterContext = self._graph.add("abuffersink")
        self._in.link_to(meter)
        meter.link_to(self._out)
        self._graph.configure()
        self.momentary_lufs: list[float] = []
        self.last: dict[str, str] = {}

    def add(self, block: Samples) -> None:
        frame = AudioFrame.from_ndarray(
            np.ascontiguousarray(block).reshape(1, -1), format="flt", layout="stereo"
        )
        frame.sample_rate = self._rate_hz
        frame.pts = self._position
        self._position += len(block)
        self._in.push(frame)
        for values in self._answers():
            self.momentary_lufs.append(float(values["lavfi.r128.M"]))
            self.last = values

    def _answers(self) -> Iterator[dict[str, str]]:
        """Read what the filter attached to each 100 ms that it passes on."""
        while True:
            try:
                yield dict(self._out.pull().metadata)
            except (av.BlockingIOError, av.EOFError):
                return

    def fill(self) -> None:
        """End on a whole step with silence: the filter keeps a broken one to itself."""
        step = self._rate_hz * STEP_MS // 1000
        self.add(np.zeros((step - self._position % step, 2), dtype=np.float32))


def measure(pcm: Pcm, on_fraction: Callable[[float], None] | None = None) -> Measure:
    """Measure a recording.

    Args:
        pcm: the sound.
        on_fraction: told how much is done, 0 to 1.
    """
    meter, outline = _Meter(pcm.rate_hz), Outline(pcm.samples)
    done = 0
    for block in pcm.blocks():
        meter.add(block)
        outline.add(block)
        done += len(block)
        if on_fraction is not None:
            on_fraction(done / pcm.samples)
    meter.fill()
    blocks = loudness.histogram(meter.momentary_lufs[_STEPS_TO_FILL:])
    return Measure(
        loudness_lufs=round(loudness.integrated(blocks), 2),
        range_lu=round(float(meter.last["lavfi.r128.LRA"]), 2),
        true_peak_dbtp=round(loudness.decibels(float(meter.last["lavfi.r128.true_peak"])), 2),
        peaks=outline.peaks,
        silence_start_ms=1000 * outline.silence_start // pcm.rate_hz,
        silence_end_ms=1000 * outline.silence_end // pcm.rate_hz,
        loudest_ms=_loudest_ms(meter.momentary_lufs),
        clipped_places=outline.clipped_places,
        loudness_blocks=tuple(blocks.items()),
    )


def _loudest_ms(momentary_lufs: list[float]) -> int:
    """Find where the passage of most energy begins; the earliest of equals."""
    steps = PASSAGE_MS // STEP_MS
    if len(momentary_lufs) <= steps:
        return 0
    energy = 10 ** (np.nan_to_num(np.asarray(momentary_lufs), nan=-120.0, neginf=-120.0) / 10)
    sums = np.convolve(energy, np.ones(steps), mode="valid")
    # Equal to a thousandth is equal: the earlier one.
    return int(np.argmax(sums >= sums.max() * 0.999)) * STEP_MS
