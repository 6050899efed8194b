"""Dates of which only the year, or year and month, may be known."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from alpheus.values.errors import DateInvalid

_FIRST_YEAR = 1860  # the oldest recording of a voice that still sounds
_LAST_YEAR = 2200

_YEAR_FIRST = re.compile(
    r"(\d{4})(?:\s*[-/.年년]\s*(\d{1,2})(?:\s*[-/.月월]\s*(\d{1,2})\s*[日일]?)?[月월]?)?[年년]?(?:[T\s].*)?"
)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_YEAR_LAST = re.compile(r"(?:.*\D)?(\d{4})")


@dataclass(frozen=True, order=True)
class PartialDate:
    """A year, perhaps with a month, perhaps with a day."""

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        """Refuse what is on no calendar."""
        if not _FIRST_YEAR <= self.year <= _LAST_YEAR:
            raise DateInvalid(f"{self.year} is no year of a recording.")
        if self.day is not None and self.month is None:
            raise DateInvalid("A day needs a month.")
        try:
            date(self.year, self.month or 1, self.day or 1)
        except ValueError as error:
            raise DateInvalid(f"{self.year}-{self.month}-{self.day} is on no calendar.") from error

    def __str__(self) -> str:
        """Write it as ISO 8601 does: 2003, 2003-07, 2003-07-31."""
        parts = [f"{self.year:04}"] + [f"{part:02}" for part in (self.month, self.day) if part is not None]
        return "-".join(parts)


def parse_date(text: str) -> PartialDate:
    """Read 2003, 2003-07, 2003-07-31, 2003/7/31, 20030731, 2003年7月31日, an ISO time stamp, or a text ending in a year.

    A month or day of zero means unknown.

    Raises:
        DateInvalid: no year can be read, or the date is on no calendar.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if found := _COMPACT.fullmatch(plain) or _YEAR_FIRST.fullmatch(plain):
        year, month, day = (int(part) if part else 0 for part in found.groups())
        return PartialDate(year, month or None, (day or None) if month else None)
    if found := _YEAR_LAST.fullmatch(plain):
        return PartialDate(int(found.group(1)))
    raise DateInvalid(f"{text!r} is no date: write it as 2003, 2003-07 or 2003-07-31.")


def read_date(text: str) -> PartialDate | None:
    """Read as much of a date as makes sense; None when nothing does. For tags that nobody checked."""
    try:
        return parse_date(text)
    except DateInvalid:
        year = re.search(r"(?<!\d)(1[89]\d\d|20\d\d)(?!\d)", text)
    try:
        return PartialDate(int(year.group(1))) if year else None
    except DateInvalid:
        return None
