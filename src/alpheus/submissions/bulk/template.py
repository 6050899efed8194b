"""The sheet to fill in, with a row as an example, and a sheet of what each column means. Written as every program reads them."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

from alpheus.submissions.bulk.columns import Column

EXAMPLE: Mapping[Column, str] = {
    Column.FILE: "潮汐集/01 雨夜.flac",
    Column.TITLE: "雨夜",
    Column.RELEASE: "潮汐集",
    Column.RELEASE_ARTIST: "潮汐",
    Column.KIND: "album",
    Column.UPC: "036000291452",
    Column.DATE: "2026-12-01 18:00",
    Column.ZONE: "Asia/Shanghai",
    Column.PREVIEWS: "2026-11-24 18:00",
    Column.GENRES: "folk, ambient",
    Column.RELEASE_LANGUAGE: "zh-Hans",
    Column.TERRITORIES: "CN JP KR",
    Column.RELEASE_PRICE: "8.00 CNY",
    Column.COVER: "潮汐集/cover.jpg",
    Column.DISC: "1",
    Column.TRACK: "1",
    Column.ISRC: "CN-A01-26-00001",
    Column.PRICE: "0.80",
    Column.EXPLICIT: "no",
    Column.LANGUAGE: "zh-Hans",
    Column.COMPOSERS: "陈默|Wren",
    Column.LYRICISTS: "陈默",
    Column.CREDITS: "drums: Mei|mix: Jo Park",
    Column.AI: "none",
}
_FORMULAS = ("=", "+", "-", "@", "\t", "\r")
"""What makes spreadsheet programs compute a cell (OWASP, CSV injection)."""


def template() -> bytes:
    """The sheet to fill in: names of columns, and a row as an example."""
    return written([[it.value for it in Column], [EXAMPLE.get(it, "") for it in Column]])


def written(rows: Iterable[Sequence[str]]) -> bytes:
    """A CSV with a byte order mark, without which spreadsheet programs take UTF-8 for something else; no cell is computed."""
    made = io.StringIO(newline="")
    csv.writer(made).writerows([_harmless(it) for it in row] for row in rows)
    return made.getvalue().encode("utf-8-sig")


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULAS) else cell
