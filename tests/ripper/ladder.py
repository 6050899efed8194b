"""A ripper, written honestly against one strategy: whoever studies what travels in an epoch of "ladder" can write it.

It holds a valid grant and knows the wire as docs/protocol.md tells it: it asks for all there is, waits as long as it is
told, fetches, decrypts, and joins a file that plays. It uses nothing of ours, and no sound is ever made.
"""

import base64
from dataclasses import dataclass, field
from typing import Protocol

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7

EVERYTHING_SECONDS = 3600
REFUSAL_WAIT_SECONDS = 2.0
ROUNDING_SECONDS = 0.02


class Wire(Protocol):
    """How it reaches an edge, and lets time pass."""

    async def post(self, body: dict) -> tuple[int, dict]:
        """POST a batch; status and JSON."""

    async def get(self, url: str) -> tuple[int, bytes]:
        """GET a path with its query; status and body."""

    async def wait(self, seconds: float) -> None:
        """Do nothing for so long."""


@dataclass
class LadderRipper:
    """Rips one grant."""

    wire: Wire
    grant: str
    token: str
    rendition: str = "aac-128"
    sequence: int = 0
    track: dict = field(default_factory=dict)
    segments: dict[int, bytes] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)
    """What it could not make sense of."""

    @property
    def done(self) -> bool:
        """Whether it has the whole song."""
        return bool(self.track) and len(self.segments) == self.track["segments"]

    def file(self) -> bytes:
        """What it has, as a file that players play."""
        init = base64.b64decode(self.track["init"]) if self.track else b""
        return init + b"".join(self.segments[number] for number in sorted(self.segments))

    async def rip(self, *, attempts: int = 1000) -> None:
        """Ask and fetch until the song is whole, or so many questions were asked."""
        for _ in range(attempts):
            if self.done:
                return
            status, answer = await self.wire.post(self._question())
            self.sequence += 1
            if status == 200:
                await self.take(answer)
            await self.wire.wait(_wait(status, answer))

    async def take(self, answer: dict) -> None:
        """Fetch and open what an answer releases, as far as it is understood."""
        described = answer.get("tracks", {}).get(self.grant)
        if described and "init" in described:
            self.track = described
        try:
            rungs = [
                (rung["segment"], rung["url"], base64.b64decode(rung["key"]), base64.b64decode(rung["iv"]))
                for rung in answer["released"]
            ]
        except (TypeError, KeyError, ValueError) as error:
            self.broken.append(repr(error))
            return
        for segment, url, key, iv in rungs:
            status, cipher = await self.wire.get(url)
            if status != 200:
                self.broken.append(f"segment {segment}: {status}")
                continue
            try:
                self.segments[segment] = _opened(cipher, key, iv)
            except ValueError as error:
                self.broken.append(repr(error))

    def _question(self) -> dict:
        first = next(number for number in range(len(self.segments) + 1) if number not in self.segments)
        return {
            "sequence": self.sequence,
            "grants": [self.token],
            "want": [{"grant": self.grant, "rendition": self.rendition, "segment": first}],
            "ahead_seconds": EVERYTHING_SECONDS,
            "describe": [self.grant],
        }


def _wait(status: int, answer: dict) -> float:
    told = answer.get("gate", {}) if status == 200 else answer
    return float(told.get("wait_seconds", REFUSAL_WAIT_SECONDS)) + ROUNDING_SECONDS


def _opened(cipher: bytes, key: bytes, iv: bytes) -> bytes:
    opening = Cipher(algorithms.AES128(key), modes.CBC(iv)).decryptor()
    padded = opening.update(cipher) + opening.finalize()
    unpadding = PKCS7(128).unpadder()
    return unpadding.update(padded) + unpadding.finalize()
