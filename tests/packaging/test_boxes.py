"""Boxes, read back by FFmpeg: what we write decodes to the sound that went in."""

import io
import struct

import av
import numpy as np
import pytest
from encoded import aac, chunks_of, flac, sine

from alpheus.packaging import boxes
from alpheus.packaging.boxes import Packet


def decoded(data):
    """All samples of the left channel, as floats."""
    with av.open(io.BytesIO(data)) as container:
        frames = list(container.decode(audio=0))
    parts = [frame.to_ndarray() for frame in frames]
    left = [
        part[0] if frame.format.is_planar else part[0][::2] for part, frame in zip(parts, frames, strict=True)
    ]
    sound = np.concatenate(left)
    return sound / 32768 if sound.dtype == np.int16 else sound


def decoded_alone(encoded):
    """The left channel of packets decoded without any box around them."""
    codec = av.CodecContext.create("aac", "r")
    codec.extradata = encoded.extradata
    frames = [frame for packet in encoded.packets for frame in codec.decode(av.Packet(packet.data))]
    return np.concatenate([frame.to_ndarray()[0] for frame in [*frames, *codec.decode(None)]])


def tree(data):
    """Names of all boxes, nested by slashes, with their payloads."""
    inside = {b"moov", b"trak", b"mdia", b"minf", b"stbl", b"mvex", b"moof", b"traf", b"dinf", b"edts"}
    found, at = [], 0
    while at < len(data):
        size, kind = struct.unpack_from(">I4s", data, at)
        assert size >= 8
        payload = data[at + 8 : at + size]
        found.append((kind.decode(), payload))
        if kind in inside:
            found += [(f"{kind.decode()}/{name}", part) for name, part in tree(payload)]
        at += size
    assert at == len(data)
    return found


@pytest.mark.parametrize("rate_hz", [44_100, 48_000])
def test_aac_decodes_to_what_went_in(rate_hz):
    encoded = aac(rate_hz, 5 * rate_hz + 317)
    sound = decoded(encoded.init + b"".join(chunks_of(encoded)))
    assert len(sound) == len(encoded.packets) * 1024
    assert np.array_equal(sound, decoded_alone(encoded))
    original = sine(rate_hz, encoded.samples)[0] / 32768
    middle = slice(rate_hz, 4 * rate_hz)  # the ends of an unprepared sine are worse; ingest prepares them
    errors = [np.mean(np.abs(sound[1024 + lag :][middle] - original[middle])) for lag in (-1, 0, 1)]
    assert np.argmin(errors) == 1


@pytest.mark.parametrize("rate_hz", [44_100, 48_000])
@pytest.mark.parametrize("odd", [0, 1, 2751])
def test_flac_decodes_bit_for_bit_with_a_short_last_frame(rate_hz, odd):
    encoded = flac(rate_hz, 2 * 44_032 + odd)
    sound = decoded(encoded.init + b"".join(chunks_of(encoded)))
    assert np.array_equal(np.round(sound * 32768).astype(int), sine(rate_hz, encoded.samples)[0].astype(int))


@pytest.mark.parametrize("make", [aac, flac])
def test_chunks_carry_their_times_and_counts(make):
    encoded = make(44_100, 6 * 44_100)
    for number, chunk in enumerate(chunks_of(encoded)):
        parts = dict(tree(chunk))
        assert [name for name, _ in tree(chunk) if "/" not in name] == ["moof", "mdat"]
        assert struct.unpack(">II", parts["moof/mfhd"]) == (0, number + 1)
        assert struct.unpack(">IQ", parts["moof/traf/tfdt"]) == (1 << 24, number * 44_032)
        flags, track, duration, sample = struct.unpack(">IIII", parts["moof/traf/tfhd"])
        assert (flags, track, sample) == (0x020028, 1, 0x02000000)
        assert duration == encoded.layout.frame_samples
        _, count, offset = struct.unpack_from(">III", parts["moof/traf/trun"])
        whole = encoded.layout.frames_per_chunk
        assert count == min(whole, len(encoded.packets) - number * whole)
        assert chunk[offset - 4 : offset] == b"mdat"
        assert len(chunk) == offset + len(parts["mdat"])


def test_a_whole_chunk_of_aac_costs_276_bytes():
    encoded = aac(44_100, 3 * 44_100)
    chunk = chunks_of(encoded)[0]
    assert len(chunk) - sum(len(packet.data) for packet in encoded.packets[:43]) == 276


def test_ffmpeg_counts_43_packets_in_a_chunk():
    encoded = aac(44_100, 3 * 44_100)
    with av.open(io.BytesIO(encoded.init + chunks_of(encoded)[0])) as container:
        packets = [packet for packet in container.demux(audio=0) if packet.size]
    assert len(packets) == 43
    assert [packet.pts for packet in packets] == [1024 * number for number in range(43)]


@pytest.mark.parametrize("make", [aac, flac])
def test_any_blend_of_two_variants_decodes(make):
    a, b = make(44_100, 4 * 44_032 - 1024, 440.0), make(44_100, 4 * 44_032 - 1024, 880.0)
    assert a.init == b.init
    pairs = list(zip(chunks_of(a), chunks_of(b), strict=True))
    for blend in (0b0101, 0b0011, 0b1000):
        sound = decoded(a.init + b"".join(pair[blend >> n & 1] for n, pair in enumerate(pairs)))
        for number in range(4):
            middle = sound[number * 44_032 + 8_000 :][:22_050]
            pitch_hz = np.argmax(np.abs(np.fft.rfft(middle))) * 2
            assert pitch_hz == (880 if blend >> number & 1 else 440)


def test_decoding_starts_at_any_chunk():
    encoded = flac(44_100, 4 * 44_032)
    sound = decoded(encoded.init + b"".join(chunks_of(encoded)[2:]))
    assert np.array_equal(np.round(sound * 32768), sine(44_100, encoded.samples)[0][2 * 44_032 :])


def test_the_init_for_native_players_skips_the_delay():
    encoded = aac(44_100, 44_100)
    native = boxes.aac_init_native(44_100, encoded.extradata, delay_samples=1024)
    names = [name for name, _ in tree(native)]
    assert "moov/trak/edts/elst" in names
    assert "moov/trak/edts/elst" not in [name for name, _ in tree(encoded.init)]
    # FFmpeg honours the edit list: it starts on sample 0 without the priming samples.
    assert len(decoded(native + b"".join(chunks_of(encoded)))) == (len(encoded.packets) - 1) * 1024


def test_the_flac_init_betrays_nothing_of_the_original():
    encoded = flac(48_000, 48_000)
    info = encoded.init[encoded.init.index(b"dfLa") + 12 :][:34]
    assert info[4:10] == bytes(6)
    assert info[18:] == bytes(16)
    rate_and_more = int.from_bytes(info[10:18], "big")
    assert rate_and_more >> 44 == 48_000
    assert rate_and_more >> 41 & 7 == 1  # two channels
    assert rate_and_more >> 36 & 31 == 15  # sixteen bits
    assert rate_and_more & (2**36 - 1) == 0
    assert struct.unpack(">HH", info[:4]) == (3008, 3008)


def test_what_is_no_streaminfo_is_said():
    with pytest.raises(ValueError, match="34 bytes"):
        boxes.flac_init(44_100, b"fLaC")


def test_an_init_has_no_edit_list_no_samples_and_no_duration():
    parts = dict(tree(boxes.aac_init(44_100, b"\x12\x10")))
    for table in ("stts", "stsc", "stsz", "stco"):
        assert not any(parts[f"moov/trak/mdia/minf/stbl/{table}"])
    assert struct.unpack_from(">IIIII", parts["moov/mvhd"])[3:] == (44_100, 0)


def test_durations_are_written_only_when_one_differs():
    usual = boxes.fragment(0, 0, [Packet(b"x", 1024)] * 2, frame_samples=1024)
    odd = boxes.fragment(0, 0, [Packet(b"x", 1024), Packet(b"x", 7)], frame_samples=1024)
    assert len(odd) == len(usual) + 8
