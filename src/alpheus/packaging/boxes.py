"""ISO base media boxes, only those a stream needs (ISO/IEC 14496-12; AAC: 14496-1 and -14; FLAC: its ISOBMFF mapping).

Variants A and B of a chunk differ in sample sizes and payload alone, so that a blend is a concatenation and one
init fits both, and every AAC rate (FORMAT §1 and §2). No styp, sidx or prft: nothing needs them.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass

TRACK = 1
CHANNELS = 2

_UNITY_MATRIX = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
_LANGUAGE_UNDETERMINED = 0x55C4  # 'und' in three times five bits

_TFHD_FLAGS = 0x020000 | 0x000008 | 0x000020  # default-base-is-moof, default duration, default flags
_TRUN_OFFSET_AND_SIZES = 0x000001 | 0x000200
_TRUN_DURATIONS = 0x000100
_SYNC_SAMPLE = 0x02000000  # sample_depends_on = 2: every audio packet stands alone

_AUDIO_OBJECT_AAC = 0x40  # MPEG-4 audio
_STREAM_AUDIO = 0x15  # streamType 5, upStream 0, reserved 1
_FLAC_STREAMINFO_BYTES = 34


@dataclass(frozen=True)
class Packet:
    """One encoded frame: its bytes and how many samples it stands for."""

    data: bytes
    samples: int


def _box(kind: bytes, *parts: bytes) -> bytes:
    payload = b"".join(parts)
    return struct.pack(">I4s", 8 + len(payload), kind) + payload


def _full(kind: bytes, version: int, flags: int, *parts: bytes) -> bytes:
    return _box(kind, struct.pack(">I", version << 24 | flags), *parts)


def aac_mime() -> str:
    """The MIME type of AAC-LC renditions."""
    return 'audio/mp4; codecs="mp4a.40.2"'


def flac_mime() -> str:
    """The MIME type of FLAC renditions."""
    return 'audio/mp4; codecs="flac"'


def aac_init(rate_hz: int, audio_specific_config: bytes) -> bytes:
    """Make the init segment of AAC renditions, without edit list: the player's own loop trims.

    Args:
        rate_hz: 44,100 or 48,000; also the timescale.
        audio_specific_config: as the encoder gives it in its extradata (ISO/IEC 14496-3 §1.6.2).
    """
    return _init(rate_hz, _aac_entry(rate_hz, audio_specific_config), edit=b"")


def aac_init_native(rate_hz: int, audio_specific_config: bytes, *, delay_samples: int) -> bytes:
    """Make the init segment for native HLS players, which trim the encoder's delay by an edit list."""
    return _init(rate_hz, _aac_entry(rate_hz, audio_specific_config), edit=_edit_list(delay_samples))


def flac_init(rate_hz: int, streaminfo: bytes) -> bytes:
    """Make the init segment of FLAC renditions.

    MD5, frame sizes and total samples in STREAMINFO become zero, which means unknown: they would betray the
    original and differ between variants.

    Args:
        rate_hz: 44,100 or 48,000; also the timescale.
        streaminfo: the 34 bytes of the encoder's STREAMINFO (RFC 9639 §8.2).

    Raises:
        ValueError: not a STREAMINFO.
    """
    if len(streaminfo) != _FLAC_STREAMINFO_BYTES:
        raise ValueError(f"a STREAMINFO is {_FLAC_STREAMINFO_BYTES} bytes, not {len(streaminfo)}")
    return _init(rate_hz, _flac_entry(rate_hz, _anonymous(streaminfo)), edit=b"")


def fragment(sequence: int, decode_time: int, packets: Sequence[Packet], *, frame_samples: int) -> bytes:
    """Make a chunk: one moof and its mdat.

    Args:
        sequence: number of the chunk from 0; mfhd counts from 1.
        decode_time: samples before the chunk, the encoder's delay included.
        packets: the chunk's frames.
        frame_samples: length of a usual frame; durations are written out only when one differs.
    """
    odd = any(packet.samples != frame_samples for packet in packets)
    moof = _moof(sequence, decode_time, packets, frame_samples, odd=odd, data_offset=0)
    moof = _moof(sequence, decode_time, packets, frame_samples, odd=odd, data_offset=len(moof) + 8)
    return moof + _box(b"mdat", *(packet.data for packet in packets))


def _moof(
    sequence: int,
    decode_time: int,
    packets: Sequence[Packet],
    frame_samples: int,
    *,
    odd: bool,
    data_offset: int,
) -> bytes:
    flags = _TRUN_OFFSET_AND_SIZES | (_TRUN_DURATIONS if odd else 0)
    rows = (
        struct.pack(">II", p.samples, len(p.data)) if odd else struct.pack(">I", len(p.data)) for p in packets
    )
    trun = _full(b"trun", 0, flags, struct.pack(">Ii", len(packets), data_offset), *rows)
    tfhd = _full(b"tfhd", 0, _TFHD_FLAGS, struct.pack(">III", TRACK, frame_samples, _SYNC_SAMPLE))
    tfdt = _full(b"tfdt", 1, 0, struct.pack(">Q", decode_time))
    mfhd = _full(b"mfhd", 0, 0, struct.pack(">I", sequence + 1))
    return _box(b"moof", mfhd, _box(b"traf", tfhd, tfdt, trun))


def _init(rate_hz: int, entry: bytes, *, edit: bytes) -> bytes:
    ftyp = _box(b"ftyp", b"iso6", struct.pack(">I", 0), b"iso6", b"cmfc", b"mp41")
    mvhd = _full(
        b"mvhd",
        0,
        0,
        struct.pack(">IIII", 0, 0, rate_hz, 0),
        struct.pack(">IHH8x", 0x10000, 0x0100, 0),
        _UNITY_MATRIX,
        bytes(24),
        struct.pack(">I", TRACK + 1),
    )
    trex = _full(b"trex", 0, 0, struct.pack(">IIIII", TRACK, 1, 0, 0, 0))
    return ftyp + _box(b"moov", mvhd, _track(rate_hz, entry, edit), _box(b"mvex", trex))


def _track(rate_hz: int, entry: bytes, edit: bytes) -> bytes:
    tkhd = _full(
        b"tkhd",
        0,
        0x3,  # enabled, in movie
        struct.pack(">IIIII8x", 0, 0, TRACK, 0, 0),
        struct.pack(">HHHH", 0, 0, 0x0100, 0),
        _UNITY_MATRIX,
        struct.pack(">II", 0, 0),
    )
    mdhd = _full(b"mdhd", 0, 0, struct.pack(">IIIIHH", 0, 0, rate_hz, 0, _LANGUAGE_UNDETERMINED, 0))
    hdlr = _full(b"hdlr", 0, 0, struct.pack(">I4s12x", 0, b"soun"), b"\0")
    dref = _full(b"dref", 0, 0, struct.pack(">I", 1), _full(b"url ", 0, 1))
    stbl = _box(
        b"stbl",
        _full(b"stsd", 0, 0, struct.pack(">I", 1), entry),
        _full(b"stts", 0, 0, bytes(4)),
        _full(b"stsc", 0, 0, bytes(4)),
        _full(b"stsz", 0, 0, bytes(8)),
        _full(b"stco", 0, 0, bytes(4)),
    )
    minf = _box(b"minf", _full(b"smhd", 0, 0, bytes(4)), _box(b"dinf", dref), stbl)
    return _box(b"trak", tkhd, edit, _box(b"mdia", mdhd, hdlr, minf))


def _edit_list(media_time: int) -> bytes:
    elst = _full(b"elst", 0, 0, struct.pack(">IIiHH", 1, 0, media_time, 1, 0))
    return _box(b"edts", elst)


def _audio_entry(kind: bytes, rate_hz: int, bits: int, configuration: bytes) -> bytes:
    head = struct.pack(">6xH8xHHHHI", 1, CHANNELS, bits, 0, 0, rate_hz << 16)
    return _box(kind, head, configuration)


def _descriptor(tag: int, payload: bytes) -> bytes:
    """Write an MPEG-4 descriptor; ours are all shorter than 128 bytes, so one byte of length does."""
    return bytes((tag, len(payload))) + payload


def _aac_entry(rate_hz: int, audio_specific_config: bytes) -> bytes:
    # Buffer size and bit rates are zero (unknown), so that one init fits every rate.
    decoder = struct.pack(">BB3xII", _AUDIO_OBJECT_AAC, _STREAM_AUDIO, 0, 0)
    decoder += _descriptor(0x05, audio_specific_config)
    stream = struct.pack(">HB", 0, 0) + _descriptor(0x04, decoder) + _descriptor(0x06, b"\x02")
    return _audio_entry(b"mp4a", rate_hz, 16, _full(b"esds", 0, 0, _descriptor(0x03, stream)))


def _flac_entry(rate_hz: int, streaminfo: bytes) -> bytes:
    bits = (int.from_bytes(streaminfo[12:14], "big") >> 4 & 0x1F) + 1
    last_block = 0x80
    header = struct.pack(">B", last_block) + len(streaminfo).to_bytes(3, "big")
    return _audio_entry(b"fLaC", rate_hz, bits, _full(b"dfLa", 0, 0, header, streaminfo))


def _anonymous(streaminfo: bytes) -> bytes:
    """Zero frame sizes (bytes 4-9), total samples (the low 36 bits of bytes 13-17) and MD5 (bytes 18-33)."""
    return streaminfo[:4] + bytes(6) + streaminfo[10:13] + bytes((streaminfo[13] & 0xF0,)) + bytes(4 + 16)
