"""Phase 2: decode to stereo samples at the stream's rate, on disk, and say what had to be done for it."""

import shutil
from collections.abc import Callable
from pathlib import Path

from alpheus.audio.decode import Decoded, decode
from alpheus.audio.limits import PCM_FRAME_BYTES, Limits
from alpheus.audio.loudness import decibels
from alpheus.audio.probe import Probe
from alpheus.audio.rates import stream_rate_hz
from alpheus.audio.tags import COVER_PIXELS_MAX
from alpheus.ingest.errors import NoSpace
from alpheus.ingest.manifest import DecodeFacts

# Samples, and packs of lossless chunks while they are made.
_ROOM_FACTOR = 1.5
_UNKNOWN_SECONDS = 600.0


def run(
    source: Path, folder: Path, *, probe: Probe, limits: Limits, on_fraction: Callable[[float], None]
) -> tuple[Decoded, DecodeFacts]:
    """Decode `source` into `folder`.

    Raises:
        AudioError: the file is no sound we can use.
        NoSpace: the folder's disk is too full.
    """
    rate_hz = stream_rate_hz(probe.rate_hz)
    seconds = None if probe.duration_ms is None else probe.duration_ms / 1000
    _check_room(folder, seconds or _UNKNOWN_SECONDS, rate_hz)
    decoded = decode(
        source,
        folder / "samples.f32",
        rate_hz=rate_hz,
        seconds=seconds,
        limits=limits,
        on_seconds=lambda done: on_fraction(done / seconds if seconds else 0.5),
    )
    facts = DecodeFacts(
        rate_hz=rate_hz,
        samples=decoded.pcm.samples,
        peak=decoded.peak,
        exact=decoded.exact and probe.channels <= 2,
        notes=tuple(_notes(source, probe, decoded)),
    )
    return decoded, facts


def _check_room(folder: Path, seconds: float, rate_hz: int) -> None:
    needed = int(seconds * rate_hz * PCM_FRAME_BYTES * _ROOM_FACTOR)
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise NoSpace(
            f"Decoding needs {needed / 2**30:.1f} GiB in {folder.parent}, where {free / 2**30:.1f} GiB are free. "
            "Make room, or set TMPDIR to a larger disk."
        )


def _notes(source: Path, probe: Probe, decoded: Decoded) -> list[str]:
    """Say in sentences what its owner should know."""
    notes = []
    if _misnamed(source, probe):
        notes.append(f"Its name ends in {source.suffix}, but it is {probe.container}.")
    if probe.rate_hz != decoded.pcm.rate_hz:
        notes.append(f"Streams run at {decoded.pcm.rate_hz} Hz; it was resampled from {probe.rate_hz} Hz.")
    if probe.channels > 2:
        notes.append(f"Streams are stereo; its {probe.channels} channels were mixed down.")
    if decoded.pcm.gain < 1:
        over = decibels(decoded.peak)
        notes.append(
            f"It went {over:.1f} dB beyond full scale and was lowered by as much, so that nothing clips."
        )
    if decoded.broken_numbers:
        notes.append(
            f"{decoded.broken_numbers} samples were no numbers (NaN or infinite) and are silent now."
        )
    if decoded.damaged_packets:
        notes.append(f"{decoded.damaged_packets} damaged packets were passed over.")
    if any(width * height > COVER_PIXELS_MAX for width, height in probe.pictures):
        notes.append("Its cover has more than 50 million pixels and was left out; 3000 x 3000 is plenty.")
    return notes


_ENDINGS = {
    "FLAC": {".flac", ".fla"},
    "MP3": {".mp3", ".mp2", ".mp1"},
    "MPEG-4": {".m4a", ".mp4", ".m4b", ".alac", ".aac", ".mov", ".m4r"},
    "WAV": {".wav", ".wave", ".bwf"},
    "AIFF": {".aiff", ".aif", ".aifc"},
    "Ogg": {".ogg", ".oga", ".opus", ".spx", ".flac"},
}


def _misnamed(source: Path, probe: Probe) -> bool:
    endings = _ENDINGS.get(probe.container)
    return bool(endings and source.suffix and source.suffix.lower() not in endings)
