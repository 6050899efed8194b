"""What cleaning removed, or would remove."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Cleared:
    """How many things went, and the bytes that they took; rows of a table are counted without bytes."""

    things: int = 0
    size_bytes: int = 0

    def __add__(self, other: "Cleared") -> "Cleared":
        """Both together."""
        return Cleared(self.things + other.things, self.size_bytes + other.size_bytes)
