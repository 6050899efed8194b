"""Segments as they travel: their blend, their key under an epoch's secret, their opaque name.

A name is AES-SIV (RFC 5297) of what it names: the same thing always has the same name within an epoch, so that
caches work; nobody without the name key can make or read one; and it tells nothing of the blend.
"""

import base64
import binascii
import struct
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.ciphers.algorithms import AES128
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.padding import PKCS7

from alpheus.packaging.errors import NameForged
from alpheus.packaging.layout import CHUNKS_PER_SEGMENT

BLENDS = 2**CHUNKS_PER_SEGMENT
NAME_KEY_BYTES = 64  # AES-256-SIV takes two keys of 32 bytes
BLOCK_BYTES = 16

# One byte per rendition; never reuse a number, names of a running epoch may carry it.
RENDITION_CODES = {"aac-64": 1, "aac-128": 2, "aac-256": 3, "flac": 4}
_RENDITION_BY_CODE = {code: name for name, code in RENDITION_CODES.items()}

_NAME = struct.Struct(">I16sBIB")  # epoch, asset, rendition's code, segment, blend
_NAME_LENGTH = (_NAME.size + 16) * 4 // 3  # SIV adds 16 bytes; 42 bytes are 56 characters without padding
_NAME_CONTEXT = [b"alpheus segment name 1"]
_KEY_CONTEXT = b"alpheus segment key 1"


@dataclass(frozen=True)
class SegmentName:
    """What a name names."""

    epoch: int
    asset: str
    rendition: str
    segment: int
    blend: int


def blend_of(symbols: Sequence[int]) -> int:
    """Number a blend 0-15: one bit per chunk, set for variant B, the first chunk the lowest.

    A last segment of fewer chunks gives fewer symbols.

    Raises:
        ValueError: more symbols than a segment has chunks, or one that is neither 0 nor 1.
    """
    if len(symbols) > CHUNKS_PER_SEGMENT or any(symbol not in (0, 1) for symbol in symbols):
        raise ValueError(f"a blend is up to {CHUNKS_PER_SEGMENT} symbols of 0 or 1, not {symbols!r}")
    return sum(symbol << position for position, symbol in enumerate(symbols))


def variants_of(blend: int) -> tuple[int, ...]:
    """Give each chunk's variant, 0 for A and 1 for B: what `blend_of` numbered."""
    return tuple(blend >> position & 1 for position in range(CHUNKS_PER_SEGMENT))


def segment_key(
    secret: bytes, *, asset: str, rendition: str, segment: int, blend: int
) -> tuple[bytes, bytes]:
    """Derive a segment's AES-128 key and initialisation vector from an epoch's secret.

    HKDF-SHA256 (RFC 5869) over exactly what the name names, so that each ciphertext has a key of its own.

    Args:
        secret: the epoch's random secret, 32 bytes.
        asset: 32 hexadecimal digits.
        rendition: one of `RENDITION_CODES`.
        segment: number from 0.
        blend: 0 to 15.
    """
    info = _KEY_CONTEXT + _NAME.pack(0, bytes.fromhex(asset), RENDITION_CODES[rendition], segment, blend)
    both = HKDF(algorithm=hashes.SHA256(), length=2 * BLOCK_BYTES, salt=None, info=info).derive(secret)
    return both[:BLOCK_BYTES], both[BLOCK_BYTES:]


def encrypt(plain: bytes, key: bytes, iv: bytes) -> bytes:
    """Encrypt a segment as HLS does with METHOD=AES-128: AES-128-CBC with PKCS #7 padding (RFC 8216 §5.2)."""
    return encrypt_padded(plain + padding(len(plain)), key, iv)


def padding(length: int) -> bytes:
    """PKCS #7 padding for so many bytes: 1 to 16 more (RFC 5652 §6.3)."""
    missing = BLOCK_BYTES - length % BLOCK_BYTES
    return bytes([missing]) * missing


def encrypt_padded(padded: bytes | bytearray, key: bytes, iv: bytes) -> bytes:
    """Encrypt a segment that has its padding already; as `encrypt`, without a copy of it.

    Raises:
        ValueError: it has none.
    """
    encryptor = Cipher(AES128(key), CBC(iv)).encryptor()
    return encryptor.update(padded) + encryptor.finalize()


def decrypt(cipher: bytes, key: bytes, iv: bytes) -> bytes:
    """Open what `encrypt` made.

    Raises:
        ValueError: another key, or changed or cut bytes (as far as padding tells; there is no tag).
    """
    decryptor = Cipher(AES128(key), CBC(iv)).decryptor()
    unpadder = PKCS7(8 * BLOCK_BYTES).unpadder()
    return unpadder.update(decryptor.update(cipher) + decryptor.finalize()) + unpadder.finalize()


def seal_name(name_key: bytes, *, epoch: int, asset: str, rendition: str, segment: int, blend: int) -> str:
    """Name a blended segment: 56 characters of base64url.

    Args:
        name_key: the epoch's name key, 64 random bytes.
        epoch: number of the epoch.
        asset: 32 hexadecimal digits.
        rendition: one of `RENDITION_CODES`.
        segment: number from 0.
        blend: 0 to 15.

    Raises:
        ValueError: a part does not fit.
    """
    try:
        plain = _NAME.pack(epoch, bytes.fromhex(asset), RENDITION_CODES[rendition], segment, blend)
    except (struct.error, KeyError) as error:
        raise ValueError(f"cannot name segment {segment} of {asset}/{rendition}: {error}") from error
    if len(asset) != 32 or blend >= BLENDS:
        raise ValueError("an asset is 32 hexadecimal digits and a blend is below 16")
    return base64.urlsafe_b64encode(AESSIV(name_key).encrypt(plain, _NAME_CONTEXT)).decode()


def open_name(name_key: bytes, name: str) -> SegmentName:
    """Read a name.

    Raises:
        NameForged: it was not made under this key, or was changed.
    """
    try:
        plain = AESSIV(name_key).decrypt(_decoded(name), _NAME_CONTEXT)
    except InvalidTag:
        raise NameForged("This name was not made here, or its epoch is long over.") from None
    epoch, asset, code, segment, blend = _NAME.unpack(plain)
    return SegmentName(
        epoch=epoch, asset=asset.hex(), rendition=_RENDITION_BY_CODE[code], segment=segment, blend=blend
    )


def _decoded(name: str) -> bytes:
    """Decode base64url strictly: Python's own decoder skips foreign characters, giving a name many spellings."""
    if len(name) != _NAME_LENGTH or "+" in name or "/" in name:
        raise NameForged("This is no segment's name.")
    try:
        return binascii.a2b_base64(name.replace("-", "+").replace("_", "/"), strict_mode=True)
    except ValueError:
        raise NameForged("This is no segment's name.") from None
