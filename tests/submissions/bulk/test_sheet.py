"""Sheets as programs write them: encodings, delimiters, names of columns, and what is none."""

import csv
import io
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alpheus.submissions.bulk import sheet as sheets
from alpheus.submissions.bulk.columns import Column
from alpheus.submissions.bulk.sheet import SheetProblem, Unreadable, read, unknown_columns
from alpheus.submissions.bulk.template import EXAMPLE, template

ROWS = {
    "zh": [
        ["文件", "标题", "专辑"],
        ["雨夜.flac", "雨夜", "潮汐集"],
        ["上善若水.flac", "上善若水", "潮汐集"],
    ],
    "en+zh": [["File", "Title", "Release"], ["a.flac", "春眠不觉晓处处闻啼鸟", "夜来风雨声花落知多少"]],
    "ja": [["ファイル", "タイトル", "アルバム"], ["夜明け.flac", "夜明けの汽笛", "港のうた"]],
    "en+ja": [["File", "Title", "Release"], ["a.flac", "夜明けの汽笛", "港のうた"]],
    "ko": [["파일", "제목", "앨범"], ["밤.flac", "비 오는 밤", "바다의 노래"]],
    "en+ko": [["File", "Title", "Release"], ["a.flac", "비 오는 밤", "바다의 노래"]],
}
OF = {"zh": "gb18030", "ja": "cp932", "ko": "cp949"}


def written(rows, delimiter=","):
    made = io.StringIO(newline="")
    csv.writer(made, delimiter=delimiter).writerows(rows)
    return made.getvalue()


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("name", ROWS)
def test_every_encoding_and_delimiter_is_told_by_itself(name, delimiter):
    text = written(ROWS[name], delimiter)
    old = OF[name[-2:]]
    for encoding in ("utf-8", "utf-8-sig", "utf-16", old):
        found = read(text.encode(encoding))
        assert (found.rows[0][Column.TITLE], found.delimiter) == (ROWS[name][1][1], delimiter), encoding
        assert found.encoding == ("utf-8" if encoding == "utf-8-sig" else encoding)


def test_who_knows_the_encoding_is_believed():
    data = written([["File", "Title"], ["a.flac", "下"]]).encode("cp932")
    assert read(data, encoding="cp932").rows[0][Column.TITLE] == "下"
    with pytest.raises(Unreadable) as refused:
        read(data, encoding="utf-8")
    assert refused.value.problem is SheetProblem.ENCODING


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", SheetProblem.EMPTY),
        (b" \r\n ", SheetProblem.EMPTY),
        (b"PK\x03\x04sheet.xlsx", SheetProblem.WORKBOOK),
        (b"\xd0\xcf\x11\xe0old excel", SheetProblem.WORKBOOK),
        (b"%PDF-1.7", SheetProblem.WORKBOOK),
        (b"a,b,c\r\n1,2,3", SheetProblem.NO_COLUMNS),
        (b"\xef\xbb\xbf\xff", SheetProblem.ENCODING),
        (b"x" * (sheets.BYTES_MAX + 1), SheetProblem.TOO_LARGE),
        (b'File,Title\r\n"' + b"x" * 200_000, SheetProblem.BROKEN),
        (b"File,Title\r\n" + b"a,b\r\n" * (sheets.ROWS_MAX + 1), SheetProblem.TOO_MANY),
    ],
    ids=lambda it: it.value if isinstance(it, SheetProblem) else "",
)
def test_what_is_no_sheet(data, problem):
    with pytest.raises(Unreadable) as refused:
        read(data)
    assert refused.value.problem is problem


def test_rows_are_counted_as_spreadsheets_count_them():
    found = read(b'File,Title,Hue,FILE\r\na.flac,"one\r\ntwo",3,b.flac\r\n,,,\r\n\r\n c.flac , x ')
    assert [it.number for it in found.rows] == [2, 5]
    assert found.rows[1].cells == {Column.FILE: "c.flac", Column.TITLE: "x"}
    assert (found.unknown, found.twice) == (("Hue",), (Column.FILE,))
    assert unknown_columns(found.text) == found.unknown


def test_the_template_is_read_as_it_is_meant():
    found = read(template())
    assert found.columns == tuple(Column)
    assert found.rows[0].cells == {it: text for it, text in EXAMPLE.items() if text}


@given(st.binary(max_size=400))
def test_no_bytes_make_it_fall(data):
    with suppress(Unreadable):
        read(b"File,Title\n" + data)


@given(
    st.lists(
        st.tuples(st.text("ab\",;\t\n'一ア가é ", max_size=12), st.text('xy,;\t" ', max_size=9)), max_size=5
    )
)
def test_what_is_written_is_read(rows):
    found = read(written([["File", "Title"], *rows]).encode())
    told = [it for it in rows if it[0].strip() or it[1].strip()]
    plain = [tuple(cell.strip() for cell in row) for row in told]
    assert [(it[Column.FILE], it[Column.TITLE]) for it in found.rows] == plain
