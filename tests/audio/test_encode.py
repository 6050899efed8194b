"""Packets: as many as agreed, the same each time, their headers as the standards have them."""

import numpy as np
import pytest
from audio import sounds
from audio.test_measure import pcm_of

from alpheus.audio import encode
from alpheus.audio.encode import FlacForm


@pytest.mark.parametrize("count", [22_050, 1024 * 30, 1024 * 30 + 1, 1024 * 31 - 1])
def test_aac_packets_are_one_more_than_frames(count, tmp_path):
    pcm = pcm_of(sounds.music(1.0)[:count], tmp_path)
    packets = list(encode.aac_packets(pcm, bits_per_second=64_000))
    assert len(packets) == encode.aac_packet_count(count) == 1 + -(-count // 1024)


@pytest.mark.parametrize(("bits", "kbits"), [(64_000, 64), (128_000, 128), (256_000, 256)])
def test_the_bit_rate_is_kept_on_average(bits, kbits, tmp_path):
    pcm = pcm_of(sounds.music(20.0), tmp_path)
    size = sum(map(len, encode.aac_packets(pcm, bits_per_second=bits)))
    assert 8 * size / 20 / 1000 == pytest.approx(kbits, rel=0.2)


def test_encoding_is_the_same_each_time(tmp_path):
    pcm = pcm_of(sounds.music(1.5), tmp_path)
    assert list(encode.aac_packets(pcm, bits_per_second=128_000)) == list(
        encode.aac_packets(pcm, bits_per_second=128_000)
    )
    form = FlacForm(2752, 16)
    assert list(encode.flac_packets(pcm, form, dithered=True)) == list(
        encode.flac_packets(pcm, form, dithered=True)
    )


def test_the_configuration_is_what_format_says():
    assert encode.aac_config(44_100).hex() == "1210"
    assert encode.aac_config(48_000).hex() == "1190"


@pytest.mark.parametrize(("bits", "rate_hz", "frame"), [(16, 44_100, 2752), (24, 48_000, 3008)])
def test_streaminfo_names_what_the_frames_are(bits, rate_hz, frame):
    info = encode.flac_streaminfo(FlacForm(frame, bits), rate_hz)
    packed = int.from_bytes(info[10:18], "big")
    assert (packed >> 44, (packed >> 41 & 7) + 1, (packed >> 36 & 31) + 1) == (rate_hz, 2, bits)
    assert int.from_bytes(info[:2], "big") == int.from_bytes(info[2:4], "big") == frame


def test_dither_keeps_what_lies_below_the_last_bit(tmp_path):
    """A sine of half a step vanishes or turns square by rounding; dithered it is still there, in noise."""
    tone = sounds.sine(2.0, level=0.4 / 32768)
    frames = [
        f.to_ndarray().reshape(-1, 2)
        for f in encode._integer_frames(pcm_of(tone, tmp_path), FlacForm(2752, 16), dithered=True)
    ]
    rounded = np.concatenate(frames)[:, 0].astype(float)
    strength = 2 * abs(np.mean(rounded * np.exp(-2j * np.pi * 1000 * np.arange(len(rounded)) / 44_100)))
    assert strength == pytest.approx(0.4, rel=0.1)
