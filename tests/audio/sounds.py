"""Sound made for tests, and files of every kind made of it by our own code."""

import io
import struct
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from PIL import Image

RATE_HZ = 44_100


def music(seconds, *, rate_hz=RATE_HZ, channels=2, seed=1, level=0.5):
    """A few moving tones with a beat: float32, shape (samples, channels), peaking near `level`."""
    count = round(seconds * rate_hz)
    t = np.arange(count) / rate_hz
    random = np.random.default_rng(seed)
    sound = np.zeros((count, channels))
    for frequency, strength in ((110, 1.0), (220.7, 0.6), (329.3, 0.5), (554.6, 0.3), (1318.0, 0.15)):
        wobble = np.sin(2 * np.pi * frequency * t + 2 * np.sin(2 * np.pi * 0.7 * t + frequency))
        sound += strength * (wobble * (0.7 + 0.3 * np.sin(2 * np.pi * 1.9 * t)))[:, None]
    beat = random.standard_normal((count, channels)) * np.exp(-((2 * t) % 1) * 14)[:, None]
    sound += 0.4 * beat + 0.2 * np.roll(sound, 50, axis=0) * np.linspace(-1, 1, channels or 1)
    return (sound * level / np.abs(sound).max()).astype(np.float32)


def sine(seconds, *, frequency_hz=1000.0, level=0.5, rate_hz=RATE_HZ):
    """A stereo sine."""
    wave = level * np.sin(2 * np.pi * frequency_hz * np.arange(round(seconds * rate_hz)) / rate_hz)
    return np.stack([wave, wave], axis=1).astype(np.float32)


def cover(width=40, height=30, form="PNG"):
    """A small picture's bytes."""
    out = io.BytesIO()
    Image.new("RGB", (width, height), (200, 80, 60)).save(out, form)
    return out.getvalue()


def huge_png(width=16_000, height=12_500):
    """A valid PNG of 200 megapixels in few bytes: one bit a pixel, all black."""
    import zlib

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    squeeze = zlib.compressobj(9)
    rows = b"".join(squeeze.compress(bytes(1 + width // 8)) for _ in range(height)) + squeeze.flush()
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


_LAYOUTS = {1: "mono", 2: "stereo", 6: "5.1", 8: "7.1"}


def as_frame(samples, sample_format, rate_hz):
    """One frame of samples in a packed or planar format."""
    channels = samples.shape[1]
    if sample_format.startswith("s16"):
        data = np.clip(np.rint(samples * 32768.0), -32768, 32767).astype(np.int16)
    elif sample_format.startswith("s32"):
        data = (
            np.clip(np.rint(samples.astype(np.float64) * 2**23), -(2**23), 2**23 - 1).astype(np.int32)
        ) << 8
    else:
        data = samples.astype(np.float32)
    planar = sample_format.endswith("p")
    array = np.ascontiguousarray(data.T) if planar else np.ascontiguousarray(data).reshape(1, -1)
    frame = av.AudioFrame.from_ndarray(array, format=sample_format, layout=_LAYOUTS[channels])
    frame.sample_rate = rate_hz
    frame.time_base = Fraction(1, rate_hz)
    return frame


def write(
    path,
    samples,
    codec="flac",
    *,
    sample_format="s16",
    rate_hz=RATE_HZ,
    bit_rate=0,
    container=None,
    tags=None,
):
    """Write a sound file by FFmpeg; `container` is FFmpeg's name of it where the ending does not tell."""
    path = Path(path)
    with av.open(str(path), "w", format=container) as file:
        options = {"strict": "-2"} if codec in ("vorbis", "opus") else {}
        stream = file.add_stream(codec, rate=rate_hz, layout=_LAYOUTS[samples.shape[1]], options=options)
        stream.codec_context.format = sample_format
        if bit_rate:
            stream.bit_rate = bit_rate
        file.metadata.update(tags or {})
        for start in range(0, len(samples), 1 << 16):
            frame = as_frame(samples[start : start + (1 << 16)], sample_format, rate_hz)
            frame.pts = start
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    return path


# ending: how FFmpeg writes it, and whether every bit is kept
KINDS = {
    "flac": ({"codec": "flac"}, True),
    "m4a": ({"codec": "aac", "sample_format": "fltp", "bit_rate": 128_000, "container": "ipod"}, False),
    "alac.m4a": ({"codec": "alac", "sample_format": "s16p", "container": "ipod"}, True),
    "mp3": ({"codec": "libmp3lame", "sample_format": "s16p", "bit_rate": 192_000}, False),
    "ogg": ({"codec": "vorbis", "sample_format": "fltp", "bit_rate": 128_000}, False),
    "opus": ({"codec": "libopus", "sample_format": "flt", "bit_rate": 128_000, "rate_hz": 48_000}, False),
    "wav": ({"codec": "pcm_s16le"}, True),
    "aiff": ({"codec": "pcm_s16be"}, True),
    "aac": ({"codec": "aac", "sample_format": "fltp", "bit_rate": 128_000, "container": "adts"}, False),
    "float.wav": ({"codec": "pcm_f32le", "sample_format": "flt"}, True),
}


def write_kind(folder, kind, samples, **more):
    """Write one of `KINDS`."""
    return write(Path(folder) / f"piece.{kind}", samples, **{**KINDS[kind][0], **more})


def decoded(data):
    """All samples that FFmpeg decodes from a file in memory, float32, shape (samples, channels)."""
    blocks = []
    with av.open(io.BytesIO(data), "r") as file:
        resampler = av.AudioResampler(format="flt", layout="stereo", rate=file.streams.audio[0].rate)
        for frame in file.decode(audio=0):
            blocks += [f.to_ndarray().reshape(-1, 2) for f in resampler.resample(frame)]
    return np.concatenate(blocks)


def id3(*frames):
    """An ID3v2.3 tag of frames (name, content); texts are given as str."""
    body = b""
    for name, content in frames:
        data = b"\x03" + content.encode() if isinstance(content, str) else content
        body += name.encode() + struct.pack(">IH", len(data), 0) + data
    size = bytes(len(body) >> shift & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\x03\x00\x00" + size + body


def picture(data, mime="image/png"):
    """The content of an APIC frame: a front cover."""
    return b"\x00" + mime.encode() + b"\x00\x03\x00" + data


def video(path, *, with_sound):
    """A film of ten grey pictures."""
    with av.open(str(path), "w") as file:
        pictures = file.add_stream("mpeg4", rate=10)
        pictures.width, pictures.height, pictures.pix_fmt = 64, 48, "yuv420p"
        sound = file.add_stream("aac", rate=RATE_HZ, layout="stereo") if with_sound else None
        for number in range(10):
            frame = av.VideoFrame.from_ndarray(np.full((72, 64), 90 + number, np.uint8), format="yuv420p")
            file.mux(pictures.encode(frame))
        if sound is not None:
            frame = as_frame(music(1.0), "fltp", RATE_HZ)
            frame.pts = 0
            file.mux(sound.encode(frame))
            file.mux(sound.encode(None))
        file.mux(pictures.encode(None))
    return Path(path)
