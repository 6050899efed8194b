"""Codewords: which variant of each chunk an account hears of a recording.

A bias-based fingerprinting code (Tardos, "Optimal probabilistic fingerprint codes", J. ACM 55(2), 2008): each
position of a recording has a secret bias, the chance of B there, drawn from the arcsine distribution with
both ends cut off; each account's symbol is drawn with that chance. Both come from one key by HMAC-SHA256, so any
position is computed at once, anywhere, for ever the same.
"""

import hashlib
import hmac
import math
import struct

# Cut at 0.05, far above Tardos's 1/(300 c): his cutoff serves codes of thousands of positions against large
# coalitions; ours are some hundred positions long, and biases near 0 or 1 would tell accounts apart too slowly.
BIAS_CUTOFF = 0.05

_POSITIONS_PER_BLOCK = 8  # one SHA-256 output is eight numbers of 32 bits
_WORDS = struct.Struct(">8I")
_BIAS_STEPS = 2**16  # biases are whole 65536ths, so that no platform's sine decides a symbol


def symbols(key: bytes, *, account: str, recording: str, start: int, count: int) -> tuple[int, ...]:
    """Give an account's symbols for a recording: 0 for A, 1 for B, one per chunk.

    Args:
        key: the installation's codeword key, 32 bytes.
        account: the account, or a guest's listener, as 32 hexadecimal digits.
        recording: the recording, as 32 hexadecimal digits.
        start: number of the first chunk.
        count: how many chunks.

    Raises:
        ValueError: start or count is negative.
    """
    draws = _numbers(key, b"symbol", (recording, account), start, count)
    chances = _bias_steps(key, recording, start, count)
    return tuple(int(draw >> 16 < chance) for draw, chance in zip(draws, chances, strict=True))


def biases(key: bytes, *, recording: str, start: int, count: int) -> tuple[float, ...]:
    """Give the chance of B at each position of a recording, between `BIAS_CUTOFF` and 1 minus it; for tracing.

    Raises:
        ValueError: start or count is negative.
    """
    return tuple(step / _BIAS_STEPS for step in _bias_steps(key, recording, start, count))


def _bias_steps(key: bytes, recording: str, start: int, count: int) -> tuple[int, ...]:
    low = math.asin(math.sqrt(BIAS_CUTOFF))
    span = math.pi / 2 - 2 * low
    draws = _numbers(key, b"bias", (recording,), start, count)
    return tuple(round(math.sin(low + span * draw / 2**32) ** 2 * _BIAS_STEPS) for draw in draws)


def _numbers(key: bytes, use: bytes, names: tuple[str, ...], start: int, count: int) -> tuple[int, ...]:
    """Draw 32-bit numbers for positions `start` to `start + count`, eight to a block."""
    if start < 0 or count < 0:
        raise ValueError(f"no positions {start} to {start + count}")
    first = start // _POSITIONS_PER_BLOCK
    last = -(-(start + count) // _POSITIONS_PER_BLOCK)
    context = b"\0".join((b"alpheus codeword 1", use, *(name.encode() for name in names), b""))
    drawn = tuple(
        number
        for block in range(first, last)
        for number in _WORDS.unpack(hmac.digest(key, context + struct.pack(">Q", block), hashlib.sha256))
    )
    skipped = start - first * _POSITIONS_PER_BLOCK
    return drawn[skipped : skipped + count]
