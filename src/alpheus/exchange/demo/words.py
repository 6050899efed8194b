"""Words that belong to music: lines with times, written as LRC.

Plain LRC gives each line a time; enhanced LRC also gives each word one, in angle brackets.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Word:
    """A word, or one character of a language that writes without spaces."""

    start_ms: int
    text: str


@dataclass(frozen=True)
class Line:
    """A line, with its words' times where they are known."""

    start_ms: int
    text: str
    words: tuple[Word, ...] = ()


def lrc(lines: Iterable[Line], *, title: str, artist: str, language: str) -> str:
    """Write lines as LRC, enhanced where words have times."""
    head = [f"[ti:{title}]", f"[ar:{artist}]", f"[la:{language}]"]
    return "\n".join([*head, *(_written(line) for line in lines)]) + "\n"


def _written(line: Line) -> str:
    if not line.words:
        return f"[{_stamp(line.start_ms)}]{line.text}"
    return f"[{_stamp(line.start_ms)}]" + "".join(
        f"<{_stamp(word.start_ms)}>{word.text}" for word in line.words
    )


def _stamp(ms: int) -> str:
    """Write a time as minutes, seconds and hundredths."""
    minutes, rest = divmod(ms, 60_000)
    return f"{minutes:02d}:{rest // 1000:02d}.{rest % 1000 // 10:02d}"
