"""Read a sheet: which encoding, what stands between its cells, which columns, and the rows as text. Pure.

Rules, in their order. A byte order mark says which encoding it is; else it is UTF-8 where its bytes are; else it is the one of
GB18030, Shift-JIS and EUC-KR in which most columns' names are known, and of several the one in whose own alphabet most
of the letters are. Cells are parted by whichever of comma, semicolon and tab makes most known columns of the first row.
"""

import codecs
import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from alpheus.submissions.bulk.columns import KNOWN, Column, folded

BYTES_MAX: Final = 8 * 10**6
"""A row of 10,000 may have 800 bytes; lyrics are better in the files' tags."""
ROWS_MAX: Final = 20_000
DELIMITERS: Final = (",", ";", "\t")
ENCODINGS: Final[Mapping[str, str]] = {
    "utf-8": "UTF-8",
    "gb18030": "GB18030",
    "cp932": "Shift-JIS",
    "cp949": "EUC-KR",
    "utf-16": "UTF-16",
}
"""By their names in Python (cp932 and cp949 are what Windows writes and hold all of Shift-JIS and EUC-KR)."""
_OLD = ("cp932", "cp949", "gb18030")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class SheetProblem(StrEnum):
    """Why a sheet cannot be read."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    TOO_MANY = "too_many"
    ENCODING = "encoding"
    NO_COLUMNS = "no_columns"
    """Its first row names no column that is known."""
    WORKBOOK = "workbook"
    """It is a spreadsheet program's own file, not a CSV."""
    BROKEN = "broken"
    """A quoted cell does not end, or is longer than any cell."""


class Unreadable(Exception):
    """A sheet cannot be read."""

    def __init__(self, problem: SheetProblem) -> None:
        super().__init__(problem.value)
        self.problem = problem


@dataclass(frozen=True)
class Row:
    """One row."""

    number: int
    """As spreadsheet programs count: the first row, of names, is 1."""
    cells: Mapping[Column, str]
    """What is not empty, without spaces around it."""

    def __getitem__(self, column: Column) -> str:
        """A cell; empty where there is none."""
        return self.cells.get(column, "")


@dataclass(frozen=True)
class Sheet:
    """What stands in a sheet."""

    text: str
    encoding: str
    delimiter: str
    columns: tuple[Column, ...]
    twice: tuple[Column, ...]
    """Columns that are there twice: which of them counts nobody can know."""
    unknown: tuple[str, ...]
    """Names of columns that are passed over."""
    rows: tuple[Row, ...]


def read(data: bytes, *, encoding: str = "") -> Sheet:
    """Read a sheet.

    Args:
        data: the file's bytes.
        encoding: one of ENCODINGS where somebody knows; else it is told by the rule above.

    Raises:
        Unreadable: it cannot be read.
    """
    if not data.strip():
        raise Unreadable(SheetProblem.EMPTY)
    if len(data) > BYTES_MAX:
        raise Unreadable(SheetProblem.TOO_LARGE)
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF")):
        raise Unreadable(SheetProblem.WORKBOOK)
    text, name = _decoded(data, encoding)
    return parse(text, encoding=name)


def parse(text: str, *, encoding: str = "utf-8") -> Sheet:
    """Read a sheet's text; raises as `read` does."""
    text = text.replace("\x00", "")
    delimiter = _delimiter(text)
    records = _records(text, delimiter)
    _, names = next(records, (0, []))
    columns = [KNOWN.get(folded(it)) for it in names]
    known = [it for it in columns if it is not None]
    if not known:
        raise Unreadable(SheetProblem.NO_COLUMNS)
    rows = tuple(_rows(records, columns))
    return Sheet(
        text=text,
        encoding=encoding,
        delimiter=delimiter,
        columns=tuple(dict.fromkeys(known)),
        twice=tuple(dict.fromkeys(it for it in known if known.count(it) > 1)),
        unknown=_unknown(names),
        rows=rows,
    )


def unknown_columns(text: str) -> tuple[str, ...]:
    """Names of columns that are passed over, of a sheet that was read before: its first row tells them."""
    return _unknown(next(_records(text, _delimiter(text)), (0, []))[1])


def _delimiter(text: str) -> str:
    return max(DELIMITERS, key=lambda it: _known_in(text, it))


def _unknown(names: list[str]) -> tuple[str, ...]:
    return tuple(it.strip() for it in names if folded(it) not in KNOWN and it.strip())


def _rows(records: Iterator[tuple[int, list[str]]], columns: list[Column | None]) -> Iterator[Row]:
    """Rows that say anything."""
    count = 0
    for number, cells in records:
        told = {
            column: cell.strip()
            for column, cell in zip(columns, cells, strict=False)
            if column is not None and cell.strip()
        }
        if not told:
            continue
        count += 1
        if count > ROWS_MAX:
            raise Unreadable(SheetProblem.TOO_MANY)
        yield Row(number, told)


def _records(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        yield from enumerate(reader, start=1)
    except csv.Error as error:
        raise Unreadable(SheetProblem.BROKEN) from error


def _known_in(text: str, delimiter: str) -> int:
    """How many columns' names are known in the first row."""
    try:
        first = next(_records(text[:100_000], delimiter), (0, []))[1]
    except Unreadable:
        return 0
    return len({KNOWN[it] for it in map(folded, first) if it in KNOWN})


def _decoded(data: bytes, wanted: str) -> tuple[str, str]:
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _strictly(data, name), name.removesuffix("-sig")
    if wanted:
        return _strictly(data, wanted if wanted in ENCODINGS else "utf-8"), wanted
    for_all = [("utf-8", _or_none(data, "utf-8"))]
    if for_all[0][1] is None:
        for_all = [(it, _or_none(data, it)) for it in _OLD]
    found = [(name, text) for name, text in for_all if text is not None]
    if not found:
        raise Unreadable(SheetProblem.ENCODING)
    name, text = max(found, key=lambda it: (_columns_known(it[1]), usual_share(it[1], it[0])))
    return text, name


def _columns_known(text: str) -> int:
    return max(_known_in(text, it) for it in DELIMITERS)


def _strictly(data: bytes, encoding: str) -> str:
    text = _or_none(data, encoding)
    if text is None:
        raise Unreadable(SheetProblem.ENCODING)
    return text


def _or_none(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None


def usual_share(text: str, encoding: str) -> float:
    """Which share of the letters beyond ASCII is usual in what is written in an encoding, 0 to 1.

    The same bytes are letters in each of them. Read wrongly, they are half-width katakana, letters that only the
    encoding's later extensions have, or Chinese letters among Korean ones: none of that is how people write.
    """
    letters = [it for it in text[:200_000] if it > "\x7f"]
    return sum(_is_usual(it, encoding) for it in letters) / len(letters) if letters else 1.0


def _is_usual(letter: str, encoding: str) -> bool:
    if encoding == "cp949":
        return not "\u4e00" <= letter <= "\u9fff" and _fits(letter, "euc_kr")
    if encoding == "cp932":
        return not "\uff61" <= letter <= "\uff9f" and _fits(letter, "shift_jis")
    return _fits(letter, "gb2312")


def _fits(letter: str, encoding: str) -> bool:
    try:
        letter.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
