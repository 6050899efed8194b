"""What an import came to: counts, and what was refused and why."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class RefusedFile:
    """A file that was not imported; `earlier` when a former run refused it and it has not changed since."""

    path: str
    reason: str
    remedy: str
    earlier: bool = False


@dataclass
class Report:
    """What an import came to; counts are of files, `seconds` of the run, `audio_ms` of music imported in it."""

    found: int = 0
    imported: int = 0
    unchanged: int = 0
    changed: int = 0
    duplicates: int = 0
    removed: int = 0
    releases: int = 0
    renditions: int = 0
    audio_ms: int = 0
    source_bytes: int = 0
    seconds: float = 0.0
    first_playable_seconds: float | None = None
    refused: list[RefusedFile] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    stopped: bool = False

    @property
    def fresh_refusals(self) -> int:
        """Count what this run refused anew."""
        return sum(not refused.earlier for refused in self.refused)


@dataclass(frozen=True)
class Status:
    """How far an import is, for whoever watches; `done` of `total` may be parts of files."""

    phase: str  # reading, first, rest
    done: float
    total: int
    imported: int
    refused: int
    now: tuple[str, ...] = ()  # files at work
