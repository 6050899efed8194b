"""Reads lyrics: plain text, LRC (a time per line) and enhanced LRC (a time per word). Pure.

Times are `[mm:ss.xx]` or `[mm:ss:xx]`; a line may have several, for a refrain. `[offset:+250]` moves all words 250 ms
earlier, as the format has it. Enhanced lines have `<mm:ss.xx>` before their words (the A2 extension).
"""

import re
from dataclasses import dataclass, field

from alpheus.catalogue.errors import LyricsRefused
from alpheus.values.text import line as one_line
from alpheus.values.text import lines as several_lines

PLAIN, LRC, ENHANCED = "plain", "lrc", "enhanced"

_TIME = r"(\d{1,4}):(\d{1,2})(?:[.:](\d{1,3}))?"
_STAMP = re.compile(rf"\s*\[{_TIME}\]")
_WORD = re.compile(rf"<{_TIME}>")
_HEADER = re.compile(r"\s*\[([A-Za-z#][\w ]*):(.*)\]\s*")
_LINES_MAX = 5000
_TEXT_MAX = 200_000  # characters: longer than any libretto


@dataclass(frozen=True)
class Word:
    """A word, or a syllable, and when it begins."""

    start_ms: int
    text: str


@dataclass(frozen=True)
class Line:
    """A line, when it begins (None when not synced), and its words where they are timed."""

    start_ms: int | None
    text: str
    words: tuple[Word, ...] = ()

    def plain(self) -> dict[str, object]:
        """Write it as plain values, for JSON."""
        told: dict[str, object] = {"start_ms": self.start_ms, "text": self.text}
        if self.words:
            told["words"] = [{"start_ms": word.start_ms, "text": word.text} for word in self.words]
        return told


@dataclass(frozen=True)
class Parsed:
    """Lyrics in order of time, their form, and what their header says (ti, ar, la, ...)."""

    form: str
    lines: tuple[Line, ...]
    header: dict[str, str] = field(default_factory=dict)


def parse(text: str) -> Parsed:
    """Read lyrics in whichever form they are.

    Raises:
        LyricsRefused: there is no line in them, or they are far too long.
    """
    if len(text) > _TEXT_MAX:
        raise LyricsRefused(
            f"These lyrics have {len(text):,} characters; more than {_TEXT_MAX:,} are not lyrics."
        )
    rows = several_lines(text, limit=_TEXT_MAX).split("\n")
    header = _header(rows)
    synced = _synced(rows, _offset_ms(header))
    if synced:
        form = ENHANCED if any(line.words for line in synced) else LRC
        return Parsed(form, tuple(sorted(synced, key=_start)[:_LINES_MAX]), header)
    plain = [Line(None, one_line(row, limit=1000)) for row in rows if not (_HEADER.fullmatch(row) and header)]
    if not any(line.text for line in plain):
        raise LyricsRefused("There is no line in these lyrics.")
    return Parsed(PLAIN, tuple(_trimmed(plain)[:_LINES_MAX]), header)


def _start(line: Line) -> int:
    return line.start_ms or 0


def _header(rows: list[str]) -> dict[str, str]:
    """Read the `[name:value]` lines at the top, and `offset` wherever it stands."""
    header: dict[str, str] = {}
    top = True
    for row in rows:
        found = _HEADER.fullmatch(row)
        if found and (top or found.group(1).lower() == "offset"):
            header.setdefault(found.group(1).strip().lower(), found.group(2).strip())
        elif row.strip():
            top = False
    return header


def _offset_ms(header: dict[str, str]) -> int:
    found = re.fullmatch(r"([+-]?\d{1,7})(?:\.\d*)?", header.get("offset", "").strip())
    return int(found.group(1)) if found else 0


def _synced(rows: list[str], offset_ms: int) -> list[Line]:
    lines: list[Line] = []
    for row in rows:
        at, stamps = 0, []
        while found := _STAMP.match(row, at):
            stamps.append(_ms(found))
            at = found.end()
        if stamps:
            lines += [_line(start, stamps[0], row[at:], offset_ms) for start in stamps]
    return lines


def _line(start_ms: int, first_ms: int, rest: str, offset_ms: int) -> Line:
    """Make one line; the words of a refrain move with it from its first time to the others."""
    moved = start_ms - first_ms - offset_ms
    pieces = _WORD.split(rest)
    words = tuple(
        Word(max(0, _to_ms(*pieces[at : at + 3]) + moved), pieces[at + 3])
        for at in range(1, len(pieces), 4)
        if pieces[at + 3].strip()
    )
    lead = pieces[0].strip()
    if words and lead:
        words = (Word(max(0, start_ms - offset_ms), pieces[0].lstrip()), *words)
    text = one_line("".join(word.text for word in words) if words else lead, limit=1000)
    return Line(max(0, start_ms - offset_ms), text, words)


def _ms(found: re.Match[str]) -> int:
    return _to_ms(*found.groups())


def _to_ms(minutes: str, seconds: str, fraction: str | None) -> int:
    return int(minutes) * 60_000 + int(seconds) * 1000 + int((fraction or "0").ljust(3, "0"))


def _trimmed(lines: list[Line]) -> list[Line]:
    """Drop empty lines at both ends and keep one between verses."""
    kept: list[Line] = []
    for line in lines:
        if line.text or (kept and kept[-1].text):
            kept.append(line)
    return kept[:-1] if kept and not kept[-1].text else kept
