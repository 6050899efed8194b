"""Runs in the confined process: decodes a file into stereo float32 samples at a stream's rate."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler

from alpheus.audio import container
from alpheus.audio.errors import Unreadable
from alpheus.audio.limits import PCM_FRAME_BYTES, Limits
from alpheus.audio.pcm import Samples

# Beyond +18 dB a float source holds no music but a mistake or an attack.
AMPLITUDE_MAX = 8.0
_BLOCK_SAMPLES = 1 << 15
_DAMAGED_FRACTION_MAX = 0.01
_BROKEN_NUMBERS_FRACTION_MAX = 0.01
# Headers may count an encoder's delay and padding: of AAC three frames at 44.1 kHz, 70 ms.
_MISSING_SECONDS_MAX = 0.1
_PADDING_SAMPLES_MAX = 4096

_RESTORE = "Copy or download it again from its original."


@dataclass
class Tally:
    """What decoding found; samples are per channel."""

    samples: int = 0  # at the stream's rate
    peak: float = 0.0
    broken_numbers: int = 0  # NaN, infinite or absurd, of both channels
    packets: int = 0
    damaged: int = 0  # packets that could not be decoded
    ends_damaged: bool = False
    rates_hz: set[int] = field(default_factory=set)


class _Converter:
    """Brings frames of any format, layout and rate to stereo float32 blocks at one rate."""

    def __init__(self, rate_hz: int) -> None:
        self._rate_hz = rate_hz
        self._resampler: AudioResampler | None = None
        self._takes: tuple[object, ...] = ()

    def __call__(self, frame: AudioFrame | None) -> Iterator[Samples]:
        """Convert one frame, or with None give what is still held back."""
        if frame is None or self._takes != _kind(frame):
            yield from self._flushed()
        if frame is not None:
            resampler = self._resampler or self._begin(frame)
            frame.pts = None  # gaps in a file's clock are not silence in its music
            for out in resampler.resample(frame):
                yield _stereo(out)

    def _begin(self, frame: AudioFrame) -> AudioResampler:
        """Begin with frames of this kind: more than two channels are mixed down without ever clipping."""
        many = frame.layout.nb_channels > 2
        self._takes = _kind(frame)
        self._resampler = AudioResampler(
            format="flt",
            layout="stereo" if many else frame.layout.name,
            rate=self._rate_hz,
            frame_size=_BLOCK_SAMPLES,
            options={"rematrix_maxval": "1.0"} if many else None,
        )
        return self._resampler

    def _flushed(self) -> Iterator[Samples]:
        if self._resampler is not None:
            for out in self._resampler.resample(None):
                yield _stereo(out)
        self._resampler = None


def _kind(frame: AudioFrame) -> tuple[object, ...]:
    return frame.format.name, frame.layout.name, frame.sample_rate


def _stereo(frame: AudioFrame) -> Samples:
    """Give a frame's samples as two columns; mono sounds from both sides at full level."""
    channels = frame.layout.nb_channels
    block = np.frombuffer(
        memoryview(frame.planes[0]), dtype=np.float32, count=frame.samples * channels
    ).reshape(-1, channels)
    return np.repeat(block, 2, axis=1) if channels == 1 else block


def decode_to(
    path: Path, target: Path, *, rate_hz: int, limits: Limits, on_seconds: Callable[[float], None]
) -> Tally:
    """Decode `path` into `target`.

    Args:
        path: the source.
        target: written anew: interleaved little-endian float32.
        rate_hz: the stream's rate.
        limits: how long it may be.
        on_seconds: told now and then how many seconds are done.

    Raises:
        Unreadable: damaged, cut, too short, or full of numbers that are no sound.
        LimitExceeded: longer than the limits allow, whatever its header said.
    """
    tally = Tally()
    with container.opened(path, limits) as source, target.open("wb", buffering=1 << 20) as file:
        convert = _Converter(rate_hz)
        for frame in _frames(source, tally):
            tally.rates_hz.add(frame.sample_rate)
            _write(convert(frame), file, tally)
            if tally.samples > limits.seconds_max * rate_hz:
                raise limits.too_long()
            on_seconds(tally.samples / rate_hz)
        _write(convert(None), file, tally)
        _trim(file, tally, source, rate_hz)
        _judge(tally, source, rate_hz, limits)
    return tally


def _frames(source: container.Source, tally: Tally) -> Iterator[AudioFrame]:
    """Decode frame by frame; a packet that fails is counted and passed over."""
    packets = source.container.demux(source.stream)
    # A WAV written to a pipe never learns its length: FFmpeg then calls its last packet corrupt. We look ourselves.
    lengthless = source.container.format.name == "wav"
    while True:
        try:
            packet = next(packets)
        except StopIteration:
            return
        except av.FFmpegError:
            tally.damaged += 1
            return
        before = tally.damaged
        tally.packets += 1
        try:
            yield from source.stream.codec_context.decode(packet)
            tally.damaged += packet.is_corrupt and not lengthless
        except av.FFmpegError:
            tally.damaged += 1
        if packet.size:  # the last one, which flushes the decoder, is empty
            tally.ends_damaged = tally.damaged > before


def _write(blocks: Iterator[Samples], file: BinaryIO, tally: Tally) -> None:
    for block in blocks:
        sound = _sound(block, tally)
        if sound.size:
            tally.peak = max(tally.peak, float(np.abs(sound).max()))
        tally.samples += len(sound)
        file.write(np.ascontiguousarray(sound, dtype="<f4").data)


def _sound(block: Samples, tally: Tally) -> Samples:
    """Replace NaN and infinities by silence, and cut what no music reaches."""
    good = np.abs(block) <= AMPLITUDE_MAX  # false for NaN too
    if good.all():
        return block
    tally.broken_numbers += int(good.size - np.count_nonzero(good))
    return np.clip(np.nan_to_num(block, nan=0.0, posinf=0.0, neginf=0.0), -AMPLITUDE_MAX, AMPLITUDE_MAX)


def _trim(file: BinaryIO, tally: Tally, source: container.Source, rate_hz: int) -> None:
    """Cut the encoder's padding off an MPEG-4 file's end: FFmpeg trims by edit lists at the beginning alone."""
    if source.container.format.name not in container.CUT_BY_EDIT_LIST:
        return
    samples = round((source.seconds_promised or 0.0) * rate_hz)
    if 0 < tally.samples - samples < _PADDING_SAMPLES_MAX:
        tally.samples = samples
        file.truncate(samples * PCM_FRAME_BYTES)


def _judge(tally: Tally, source: container.Source, rate_hz: int, limits: Limits) -> None:
    """Refuse what is cut, damaged, too short or no sound."""
    seconds = tally.samples / rate_hz
    missing = (source.seconds_promised or 0.0) - seconds
    codec = source.stream.codec_context.name
    allowed = 0.0 if container.is_lossless(codec) else _DAMAGED_FRACTION_MAX
    if tally.samples == 0:
        raise Unreadable("No sound could be decoded from it.", _RESTORE)
    if missing > _MISSING_SECONDS_MAX:
        raise Unreadable(f"It is cut short: {missing:.1f} s that its header promises are missing.", _RESTORE)
    ends_damaged = container.is_lossless(codec) and tally.damaged == 1 and tally.ends_damaged
    if ends_damaged or container.ends_too_soon(source):
        raise Unreadable("It is cut short: it ends before its last part is whole.", _RESTORE)
    if tally.damaged > allowed * tally.packets:
        raise Unreadable(
            f"It is damaged: {tally.damaged} of its {tally.packets} packets cannot be read.", _RESTORE
        )
    if seconds < limits.seconds_min:
        raise Unreadable(
            f"It lasts {seconds:.2f} s.", f"A recording has at least {limits.seconds_min:g} s of sound."
        )
    if tally.broken_numbers > 2 * tally.samples * _BROKEN_NUMBERS_FRACTION_MAX:
        raise Unreadable(
            "Much of it is numbers that are no sound (NaN, infinite or far beyond full scale).",
            "Export it again from the project, as 24 bit WAV or FLAC.",
        )
