"""Runs in the confined process: opens a file that may be hostile and tells what is inside.

Only formats and codecs named here are ever handed to FFmpeg: its playlists, network protocols and rare demuxers
stay out of reach, and the file is read through a plain file object, so that no name in it is ever followed.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import BinaryIO

import av
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.stream import Disposition

from alpheus.audio.errors import Unreadable
from alpheus.audio.limits import Limits

FORMATS = "flac,mp3,mov,ogg,wav,w64,aiff,aac,caf,wv,matroska"
LOSSLESS = {"flac": "FLAC", "alac": "ALAC", "wavpack": "WavPack"}
LOSSY = {
    "mp3": "MP3",
    "mp3float": "MP3",
    "mp2": "MP2",
    "mp2float": "MP2",
    "aac": "AAC",
    "vorbis": "Vorbis",
    "opus": "Opus",
}
CONTAINERS = {
    "wav": "WAV", "w64": "Wave64", "aiff": "AIFF", "caf": "CAF", "flac": "FLAC", "mp3": "MP3", "ogg": "Ogg",
    "aac": "ADTS", "wv": "WavPack", "mov,mp4,m4a,3gp,3g2,mj2": "MPEG-4", "matroska,webm": "Matroska",
}  # fmt: skip

_PICTURES = Disposition.attached_pic | Disposition.timed_thumbnails | Disposition.still_image
_ENCRYPTED_TAGS = frozenset({"drms", "drmi", "enca", "aavd"})  # iTunes, ISO 23001-7, Audible
CUT_BY_EDIT_LIST = frozenset({"mov,mp4,m4a,3gp,3g2,mj2"})
_WITHOUT_LENGTH = frozenset({"aac", "ogg"})
_MP3_LENGTHS = (b"Xing", b"Info", b"VBRI")  # in the first frame, behind any ID3v2 tag
_WAV_CHUNKS_MAX = 1000
_WAV_LENGTHS_UNKNOWN = frozenset({0, 0x7FFFF000, 0x7FFFFFFF, 0xFFFFFFFF})
_OGG_PAGE_BYTES_MAX = 27 + 255 + 255 * 255
_BUFFER_BYTES = 1 << 18

_READABLE = "FLAC, ALAC, WAV, AIFF, MP3, AAC (M4A), Ogg Vorbis, Opus"


@dataclass(frozen=True)
class Source:
    """An open file and the one stream in it that we take."""

    container: InputContainer
    stream: AudioStream
    file: BinaryIO

    @property
    def seconds_promised(self) -> float | None:
        """How long the file's header says it is; None where there is only a guess from its size and bit rate."""
        guessed = self.container.format.name in _WITHOUT_LENGTH or (
            self.container.format.name == "mp3" and not _has_mp3_length(self.file)
        )
        return None if guessed else seconds_of(self)


@contextmanager
def opened(path: Path, limits: Limits) -> Iterator[Source]:
    """Open a file's one sound stream.

    Raises:
        Unreadable: no format or codec we read, a video, encrypted, or outside the limits.
    """
    with path.open("rb") as file, _container(file) as container:
        yield Source(container, _chosen(container, limits), file)


def _container(file: BinaryIO) -> InputContainer:
    options = {"format_whitelist": FORMATS, "protocol_whitelist": "file", "max_streams": "64"}
    try:
        container: InputContainer = av.open(
            file, "r", options=options, metadata_errors="replace", buffer_size=_BUFFER_BYTES
        )
    except (av.FFmpegError, ValueError) as error:
        raise Unreadable(
            "It is not a sound file we can read, whatever its name says, or its beginning is damaged.",
            f"Export it again as one of {_READABLE}.",
        ) from error
    return container


def _chosen(container: InputContainer, limits: Limits) -> AudioStream:
    if any(not stream.disposition & _PICTURES for stream in container.streams.video):
        raise Unreadable(
            "It is a video.", "Export its sound alone, as FLAC or WAV; a cover picture inside is welcome."
        )
    if not container.streams.audio:
        raise Unreadable("There is no sound in it.", f"Export the recording as one of {_READABLE}.")
    stream = container.streams.audio[0]
    _refuse_encrypted(stream)
    if name_of(stream) is None:
        raise Unreadable(
            f"Its codec, {stream.codec_context.name if stream.codec_context else 'unknown'}, is not one we read.",
            f"Export the recording as one of {_READABLE}.",
        )
    _refuse_odd(stream, limits)
    return stream


def _refuse_encrypted(stream: AudioStream) -> None:
    if stream.codec_context is not None and stream.codec_context.codec_tag in _ENCRYPTED_TAGS:
        raise Unreadable(
            "It is encrypted by the shop that sold it (DRM).",
            "Get a copy without protection from the musician, the label or a shop that sells one.",
        )


def _refuse_odd(stream: AudioStream, limits: Limits) -> None:
    if not limits.rate_hz_min <= stream.rate <= limits.rate_hz_max:
        raise Unreadable(
            f"Its sample rate is {stream.rate} Hz.",
            f"Export it at {limits.rate_hz_min} to {limits.rate_hz_max} Hz; 44100 or 48000 is best.",
        )
    if not 1 <= stream.channels <= limits.channels_max:
        raise Unreadable(
            f"It has {stream.channels} channels.",
            f"Mix it down to stereo, or at most {limits.channels_max} channels.",
        )


def name_of(stream: AudioStream) -> str | None:
    """Name a stream's codec for people; None when it is not one we read."""
    codec = stream.codec_context.name if stream.codec_context else ""
    if codec.startswith(("pcm_", "adpcm_")):
        return "PCM" if codec.startswith("pcm_") else "ADPCM"
    return LOSSLESS.get(codec) or LOSSY.get(codec)


def is_lossless(codec: str) -> bool:
    """Tell whether FFmpeg's codec of this name keeps every bit."""
    return codec in LOSSLESS or (codec.startswith("pcm_") and codec not in {"pcm_alaw", "pcm_mulaw"})


def bits_of(stream: AudioStream) -> int | None:
    """Give the bits per sample of a lossless source; None for a lossy one, which has none."""
    context = stream.codec_context
    codec, extra = context.name, context.extradata or b""
    if not is_lossless(codec):
        return None
    if codec == "flac" and len(extra) >= 18:  # STREAMINFO, RFC 9639 §8.2: 5 bits over the 12th and 13th byte
        return ((extra[12] & 1) << 4 | extra[13] >> 4) + 1
    if codec == "alac" and len(extra) >= 18:  # the cookie within its atom: sample size at byte 5
        return extra[17]
    digits = "".join(c for c in codec if c.isdigit())
    return int(digits) if digits else 8 * (context.format.bytes if context.format else 2)


def seconds_of(source: Source) -> float | None:
    """Give the length that the file claims; None where it claims none."""
    if source.stream.duration is not None and source.stream.time_base is not None:
        return float(source.stream.duration * source.stream.time_base)
    if source.container.duration is not None:
        return float(Fraction(source.container.duration, av.time_base))
    return None


def _has_mp3_length(file: BinaryIO) -> bool:
    """Tell whether an MP3's first frame counts the frames; leaves the file where it was."""
    before = file.tell()
    file.seek(0)
    head = file.read(10)
    # ID3v2: a size of four times seven bits
    size = (
        head[6] << 21 | head[7] << 14 | head[8] << 7 | head[9]
        if head[:3] == b"ID3" and len(head) == 10
        else -10
    )
    file.seek(size + 10)
    first = file.read(4096)
    file.seek(before)
    return any(mark in first for mark in _MP3_LENGTHS)


def ends_too_soon(source: Source) -> bool:
    """Tell whether an Ogg or WAV file ends before its last page or its samples do, which only a cut one does."""
    ends = {"ogg": _ogg_ends, "wav": _wav_ends}.get(source.container.format.name)
    return ends is not None and ends(source.file) > source.file.seek(0, os.SEEK_END)


def _ogg_ends(file: BinaryIO) -> int:
    """Where the last page of an Ogg file ends (RFC 3533 §6)."""
    size = file.seek(0, os.SEEK_END)
    start = file.seek(max(0, size - 2 * _OGG_PAGE_BYTES_MAX))
    tail = file.read()
    page = tail.rfind(b"OggS")
    if page < 0 or len(tail) < page + 27:
        return size + 1  # the page's head itself is cut
    table = tail[page + 27 : page + 27 + tail[page + 26]]
    return start + page + 27 + tail[page + 26] + sum(table)


def _wav_ends(file: BinaryIO) -> int:
    """Where the samples of a WAV file end; 0 where their length was never written or is in another place (RF64)."""
    file.seek(12)
    for _ in range(_WAV_CHUNKS_MAX):
        head = file.read(8)
        if len(head) < 8:
            break
        size = int.from_bytes(head[4:], "little")
        if head[:4] == b"data":
            return 0 if size in _WAV_LENGTHS_UNKNOWN else file.tell() + size
        file.seek(size + size % 2, os.SEEK_CUR)
    return 0
