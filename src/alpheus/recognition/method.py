"""The room's door: what a way of recognising sound can do. `landmarks.py` is the first.

One that withstands another pitch or speed, or knows a cover by its melody, comes in by the same door: it makes a fingerprint of
decoded sound and keeps an index of its own, and finds in it what is alike.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from alpheus.audio.pcm import Pcm


@dataclass(frozen=True)
class Passage:
    """A passage that two sounds have in common: where it begins in each, and how long it is, in ms."""

    own_ms: int
    other_ms: int
    length_ms: int


@dataclass(frozen=True)
class Match:
    """A sound that is like the one that was asked about.

    Attributes:
        name: under which it was indexed.
        score: the method's own measure of likeness, the higher the likelier.
        confidence: 0 to 1, how sure it is that the two share a recording.
        passages: what they have in common, in our order.
    """

    name: str
    score: float
    confidence: float
    passages: tuple[Passage, ...]


class Index(Protocol):
    """What was fingerprinted, by name. A folder on disk, made anew from fingerprints at any time."""

    def names(self) -> frozenset[str]:
        """All names it holds."""

    def add(self, fingerprints: Iterable[tuple[str, bytes]]) -> None:
        """Take in fingerprints under their names; a name that is there is passed over."""

    def keep(self, names: Collection[str]) -> None:
        """Forget all names but these."""

    def search(self, fingerprint: bytes, *, leave_out: Collection[str] = ()) -> tuple[Match, ...]:
        """Find what is like a sound, the likeliest first."""


class Method(Protocol):
    """A way of recognising sound."""

    @property
    def name(self) -> str:
        """Its name with a number that rises whenever its fingerprints change; files are named by it."""

    def fingerprint(self, pcm: Pcm, on_fraction: Callable[[float], None] | None = None) -> bytes:
        """Fingerprint a sound, in bounded memory. The same sound gives the same bytes."""

    def open(self, folder: Path) -> Index:
        """Open the index in a folder, which is made if absent."""
