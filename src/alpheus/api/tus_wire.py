"""What tus 1.0.0 writes into headers (https://tus.io/protocols/resumable-upload): read and written. Pure."""

import base64
import binascii
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from typing import Protocol

VERSION = "1.0.0"
EXTENSIONS = "creation,expiration,checksum,termination"
CHECKSUMS = ("sha1", "sha256")
BODY_TYPE = "application/offset+octet-stream"
METHODS = "OPTIONS, HEAD, POST, PATCH, DELETE"
METADATA_MAX = 4096
"""Characters of Upload-Metadata."""
NUMBER_MAX = 2**63 - 1
"""What a database keeps as a number of bytes."""


class Malformed(ValueError):
    """A header is missing or says nothing that can be read."""


class ChecksumUnknown(ValueError):
    """Nobody here computes this checksum."""


class _Hash(Protocol):
    def update(self, data: bytes, /) -> None: ...
    def digest(self) -> bytes: ...


@dataclass(frozen=True)
class Checksum:
    """A checksum that bytes come with."""

    algorithm: str
    digest: bytes

    def hash(self) -> _Hash:
        """A new hash to feed the bytes to."""
        return hashlib.new(self.algorithm, usedforsecurity=False)


def number(headers: Mapping[str, str], name: str) -> int:
    """Read a header that is a whole number of bytes.

    Raises:
        Malformed: it is missing, or no such number.
    """
    text = headers.get(name, "")
    if not (text.isascii() and text.isdecimal()) or len(text) > 19 or int(text) > NUMBER_MAX:
        raise Malformed(name)
    return int(text)


def metadata(text: str) -> dict[str, str]:
    """Read Upload-Metadata: keys, and values in Base64.

    Raises:
        Malformed: it is longer than it may be, a value is no Base64 of UTF-8, or a key stands there twice.
    """
    if len(text) > METADATA_MAX:
        raise Malformed("upload-metadata")
    found: dict[str, str] = {}
    for pair in filter(None, (it.strip() for it in text.split(","))):
        key, _, value = pair.partition(" ")
        if key in found:
            raise Malformed("upload-metadata")
        found[key] = _decoded(value.strip()).decode("utf-8", errors="replace")
    return found


def checksum(text: str) -> Checksum | None:
    """Read Upload-Checksum; None where there is none.

    Raises:
        ChecksumUnknown: it is of another algorithm than ours.
        Malformed: it is no Base64 of so many bytes.
    """
    if not text:
        return None
    algorithm, _, value = text.strip().partition(" ")
    if algorithm not in CHECKSUMS:
        raise ChecksumUnknown(algorithm)
    digest = _decoded(value.strip())
    if len(digest) != hashlib.new(algorithm, usedforsecurity=False).digest_size:
        raise Malformed("upload-checksum")
    return Checksum(algorithm, digest)


def expires(when: datetime) -> str:
    """Write Upload-Expires (RFC 9110 §5.6.7)."""
    return format_datetime(when, usegmt=True)


def _decoded(value: str) -> bytes:
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Malformed(value[:40]) from error
