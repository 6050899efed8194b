"""What a delivery strategy is. To add one: copy a file, give it a name, add it to `installed.py` and to the player.

A strategy changes form, never substance: which segments, whose blend, when, and for how much music is decided
before it is asked. Every strategy passes tests/edge/strategies/test_contract.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class SegmentKey:
    """A segment released to a player: what it is, its sealed name, its URL token, its AES-128 key and IV."""

    grant: str
    rendition: str
    segment: int
    name: str
    token: str
    key: bytes
    iv: bytes


@dataclass(frozen=True, slots=True)
class BatchContext:
    """What edge and player both know of a batch: its stream, its sequence, and the edge's epoch."""

    stream: str
    sequence: int
    epoch: int


class Strategy(Protocol):
    """One way to deliver. Stateless."""

    @property
    def name(self) -> str:
        """What answers call it; the player loads its reader by this name."""
        ...

    def path_of(self, name: str) -> str:
        """Form a sealed name (56 characters of base64url) into what follows `/s/` in a URL."""
        ...

    def name_of(self, path: str) -> str | None:
        """Undo `path_of`; None when a path is not of this form. Never raises: paths come from anybody."""
        ...

    def shape(self, keys: Sequence[SegmentKey], batch: BatchContext) -> object:
        """Form the released segments into the answer's `released`, as JSON values, in order of play."""
        ...
