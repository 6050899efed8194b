"""What a sheet's rows must say, which are a release, and which file is whose."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alpheus.rights.rules import Where
from alpheus.submissions.bulk import rules, words
from alpheus.submissions.bulk.columns import Column
from alpheus.submissions.bulk.rules import Prices, Wrong, file_key, matched, plan
from alpheus.submissions.bulk.sheet import parse
from alpheus.values.money import Currency, Money

HEAD = "File\tTitle\tRelease\tRelease artist"


def sheet(*rows, more=""):
    return parse("\n".join([HEAD + ("\t" + more if more else ""), *rows]))


def faults(it):
    found = rules.faults(it, may_sell=lambda artist: artist != "Sparrow")
    return [(fault.row, fault.column, fault.wrong) for fault in found]


def one(column, value):
    return sheet(f"a.flac\tOne\tTide\tMei\t{value}", more=column.value)


@pytest.mark.parametrize(
    ("column", "good", "bad", "wrong"),
    [
        (Column.KIND, ["single", "EP", "专辑", "Album"], ["cd", "box"], Wrong.KIND),
        (Column.UPC, ["036000291452", "0 36000 29145 2"], ["036000291453", "12"], Wrong.UPC),
        (Column.DATE, ["2026-12-01", "2026/1/2", "2026.12.01", "2026年12月1日", "2026-12-01 18:00", "2026-12-01T18:00"],
         ["12/1/2026", "2026-13-01", "2026-02-30", "tomorrow", "2026"], Wrong.DATE),
        (Column.ZONE, ["Asia/Shanghai", "UTC"], ["Shanghai", "../etc/passwd", "UTC+8"], Wrong.ZONE),
        (Column.LANGUAGE, ["zh-Hans", "ja"], ["??", "a tongue"], Wrong.LANGUAGE),
        (Column.DISC, ["1", "99", "2.0", "２"], ["0", "100", "one", "-1"], Wrong.DISC),
        (Column.TRACK, ["1", "999"], ["0", "1000", "1/12", "٣x"], Wrong.TRACK),
        (Column.ISRC, ["JP-ABC-26-00001", "JPABC2600001"], ["JP-ABC-26-0001", "1"], Wrong.ISRC),
        (Column.EXPLICIT, ["yes", "No", "是", "はい", "아니요", "TRUE", "0"], ["perhaps"], Wrong.EXPLICIT),
        (Column.CREDITS, ["drums: Mei|mix: Jo", "鼓：Mei"], ["Mei", "drums: Mei|Jo"], Wrong.CREDITS),
        (Column.AI, ["none", "Assisted", "生成"], ["some"], Wrong.AI),
    ],
)  # fmt: skip
def test_cells(column, good, bad, wrong):
    for value in good:
        assert faults(one(column, value)) == [], value
    for value in bad:
        assert faults(one(column, value)) == [(2, column, wrong)], value


@pytest.mark.parametrize(
    "name", ["a.txt", "a", "../a.flac", "x/../../a.flac", "..\\a.flac", "a.zip", "a.svg"]
)
def test_what_is_no_file_of_the_folder(name):
    assert faults(sheet(f"{name}\tOne\tTide\tMei")) == [(2, Column.FILE, Wrong.FILE_NAME)]


def test_each_fault_says_its_row_and_what_to_write():
    it = sheet(
        "a.flac\t\tTide\tMei\tJPABC2600001\t1\t036000291452",
        "A.FLAC\tTwo\tTide\tMei\tJP-ABC-26-00001\t1\t",
        "c.flac\tThree\ttide\tmei\t\t\t4006381333931",
        "d.flac\tFour\tWing\tSparrow\t\t\t",
        more="ISRC\tTrack\tUPC",
    )
    assert faults(it) == [
        (2, Column.TITLE, Wrong.EMPTY),
        (3, Column.FILE, Wrong.FILE_TWICE),
        (3, Column.TRACK, Wrong.PLACE_TWICE),
        (3, Column.ISRC, Wrong.ISRC_TWICE),
        (4, Column.UPC, Wrong.DIFFERENT),
        (5, Column.RELEASE_ARTIST, Wrong.ARTIST),
    ]
    found = rules.faults(it, may_sell=lambda _: True)
    said = [f"{words.place(fault)}: {words.sentence(fault)}" for fault in found]
    assert said[3] == (
        "Row 3, column ISRC: “JP-ABC-26-00001” stands on row 2 already; each recording has an ISRC of its own."
    )
    assert not [it for it in said if "{" in it]


def test_columns_come_first():
    assert faults(parse("File,Title\na.flac,One")) == [
        (1, Column.RELEASE, Wrong.COLUMN_MISSING),
        (1, Column.RELEASE_ARTIST, Wrong.COLUMN_MISSING),
    ]
    assert faults(parse(HEAD)) == [(1, None, Wrong.NO_ROWS)]


def test_a_release_has_a_hundred_tracks_at_most():
    rows = [f"{number}.flac\tSong\tTide\tMei" for number in range(101)]
    assert faults(sheet(*rows)) == [(102, Column.RELEASE, Wrong.TOO_MANY_TRACKS)]


def test_rows_make_releases_in_order():
    it = sheet(
        "b.flac\tTwo\tTide\tMei\t1\t2\t",
        "x.flac\tX\tWing\tMei\t\t\t2026-12-01",
        "c.flac\tThree\tTIDE \tmei\t2\t1\t",
        "a.flac\tOne\tTide\tMei\t1\t1\t",
        more="Disc\tTrack\tRelease date",
    )
    assert faults(it) == []
    tide, wing = plan(it)
    assert [row[Column.TITLE] for row in tide.rows] == ["One", "Two", "Three"]
    assert rules.track_fields(tide.rows[2])["disc"] == "2"
    assert rules.release_fields(wing.rows)["due_local"] == "2026-12-01T00:00"
    assert rules.release_fields(wing.rows)["zone"] == "UTC"


def test_two_editions_of_one_name_are_told_apart_by_their_upc():
    it = sheet(
        "a.flac\tOne\tTide\tMei\t036000291452",
        "b.flac\tOne\tTide\tMei\t4006381333931",
        more="UPC",
    )
    assert (faults(it), len(plan(it))) == ([], 2)
    # What is corrected is the same release as before: its key does not hang on anything but its name.
    assert (
        plan(sheet("a.flac\tOne\tTide\tMei"))[0].key
        == plan(sheet("z.flac\tX\tTIDE\tmei\tep", more="Kind"))[0].key
    )


def test_discs_have_titles():
    it = sheet(
        "a.flac\tOne\tTide\tMei\t1\t",
        "b.flac\tTwo\tTide\tMei\t2\t夜の部",
        more="Disc\tDisc title",
    )
    assert rules.release_fields(plan(it)[0].rows)["disc_titles"] == "\n夜の部"


def test_the_strongest_use_of_a_machine_counts():
    it = sheet("a.flac\tOne\tTide\tMei\tnone", "b.flac\tTwo\tTide\tMei\tgenerated", more="AI")
    assert rules.release_fields(plan(it)[0].rows)["ai"] == "generated"


NFD = unicodedata.normalize("NFD", "Café ガ.flac")


@pytest.mark.parametrize(
    ("wanted", "paths", "found"),
    [
        ("Café ガ.flac", [NFD], NFD),
        (NFD, ["Top/CAFÉ ガ.FLAC"], "Top/CAFÉ ガ.FLAC"),
        ("a.flac", ["Top/x/a.flac", "Top/b.flac"], "Top/x/a.flac"),
        ("x\\a.flac", ["Top/x/a.flac", "Top/y/a.flac"], "Top/x/a.flac"),
        ("a.flac", ["a.flac", "x/a.flac"], "a.flac"),
        ("x/a.flac", ["Top/xx/a.flac"], None),
        ("a.flac", ["__MACOSX/._a.flac", "x/._a.flac"], None),
        ("ß.flac", ["SS.flac"], "SS.flac"),
    ],
)
def test_files_are_found_by_name(wanted, paths, found):
    told = matched([file_key(wanted)], paths)
    assert list(told.found.values()) == ([found] if found else [])
    assert bool(told.missing) == (found is None)


def test_what_is_missing_superfluous_and_ambiguous():
    told = matched(["a.flac", "b.flac"], ["x/a.flac", "y/a.flac", "c.flac", ".DS_Store"])
    assert told.several == {"a.flac": ("x/a.flac", "y/a.flac")}
    assert (told.missing, told.superfluous) == (("b.flac",), ("c.flac",))


@given(st.text(max_size=30))
def test_a_key_is_its_own_key(path):
    assert file_key(file_key(path)) == file_key(path)
    assert file_key(unicodedata.normalize("NFD", path)) == file_key(unicodedata.normalize("NFC", path))


@pytest.mark.parametrize(
    ("cell", "means"),
    [
        ("CN JP", (Where.ONLY, ("CN", "JP"))),
        ("jp、cn;jp", (Where.ONLY, ("CN", "JP"))),
        ("only KR", (Where.ONLY, ("KR",))),
        ("except US, CA", (Where.EXCEPT, ("CA", "US"))),
        ("除 US", (Where.EXCEPT, ("US",))),
        ("Worldwide", (Where.EVERYWHERE, ())),
        ("全世界", (Where.EVERYWHERE, ())),
        ("NO", (Where.ONLY, ("NO",))),  # Norway
        ("Japan", None),
        ("CN XX", None),
        ("except", None),
    ],
)
def test_where_a_cell_offers_it(cell, means):
    assert rules.offered_where(cell) == means


@pytest.mark.parametrize(
    ("cell", "keeps"),
    [
        ("8", "8 JPY"),
        ("8.00 CNY", "8.00 CNY"),
        ("cny 0.8", "0.80 CNY"),
        ("0,80 cny", "0.80 CNY"),
        ("Free", "free"),
        ("免费", "free"),
        ("0", ""),
        ("8.5", ""),  # yen have no parts
        ("8 XXX", ""),
        ("CNY 8 CNY", ""),
        ("-8", ""),
        ("cheap", ""),
    ],
)
def test_what_a_cell_asks(cell, keeps):
    assert rules.written_price(cell, Currency("JPY")) == keeps


@pytest.mark.parametrize(
    ("cells", "wrong"),
    [
        ("2026-12-01 18:00\tAsia/Shanghai\t2026-11-24 18:00", None),
        ("2026-12-01 18:00\t\t2026-12-01 17:59", None),
        ("2026-12-01\t\taccepted", None),
        ("2026-12-01\t\t通过后", None),
        ("2026-12-01\t\tnever", None),
        ("\t\tno", None),
        ("\t\t", None),
        ("2026-12-01\t\tsoon", Wrong.PREVIEWS),
        ("2026-12-01\t\t2026-02-30", Wrong.PREVIEWS),
        ("\t\taccepted", Wrong.PREVIEWS_DUE),
        ("\tAsia/Shanghai\t2026-11-24", Wrong.PREVIEWS_DUE),
        ("2026-12-01\t\t2026-12-01", Wrong.PREVIEWS_LATE),
        ("2026-12-01 18:00\tAsia/Seoul\t2026-12-02", Wrong.PREVIEWS_LATE),
    ],
)
def test_previews_begin_before_what_appears_on_a_day(cells, wrong):
    it = sheet(f"a.flac\tOne\tTide\tMei\t{cells}", more="Release date\tTime zone\tPreviews from")
    assert faults(it) == ([(2, Column.PREVIEWS, wrong)] if wrong else [])


def test_previews_and_day_may_stand_on_different_rows_of_a_release_and_no_two_differ():
    more = "Release date\tPreviews from"
    apart = sheet("a.flac\tOne\tTide\tMei\t2026-12-01\t", "b.flac\tTwo\tTide\tMei\t\t2026-11-01", more=more)
    assert faults(apart) == []
    late = sheet("a.flac\tOne\tTide\tMei\t2026-12-01\t", "b.flac\tTwo\tTide\tMei\t\t2026-12-03", more=more)
    assert faults(late) == [(3, Column.PREVIEWS, Wrong.PREVIEWS_LATE)]
    two = sheet("a.flac\tOne\tTide\tMei\t2026-12-01\tnever", "b.flac\tTwo\tTide\tMei\t\taccepted", more=more)
    assert faults(two) == [(3, Column.PREVIEWS, Wrong.DIFFERENT)]
    (found,) = rules.faults(late, may_sell=lambda _: True)
    assert words.sentence(found) == (
        "Previews would begin on 2026-12-03, and the release appears on 2026-12-01; write an earlier day, or never."
    )


@pytest.mark.parametrize("damaged", ["tomorrow\tUTC", "2026-12-01\tAtlantis"])
def test_a_day_or_a_zone_that_is_to_be_mended_is_said_of_its_own_cell_alone(damaged):
    it = sheet(
        f"a.flac\tOne\tTide\tMei\t{damaged}\t2026-11-24", more="Release date\tTime zone\tPreviews from"
    )
    assert [column for _, column, _ in faults(it)] in ([Column.DATE], [Column.ZONE])


def test_what_an_agreement_fixes_is_said():
    it = sheet("a.flac\tOne\tTide\tMei\t12\t1.00\tAtlantis", more="Release price\tPrice\tTerritories")
    fixed = Prices(Currency("CNY"), Money(80, Currency("CNY")))
    found = rules.faults(it, may_sell=lambda _: True, prices=fixed)
    assert [(fault.column, fault.wrong) for fault in found] == [
        (Column.TERRITORIES, Wrong.TERRITORIES),
        (Column.PRICE, Wrong.PRICE_FIXED),
    ]
    assert words.sentence(found[1]) == (
        "“1.00” cannot be asked: your agreement fixes what a track costs at 0.80 CNY; write that, or leave it empty."
    )
    same = sheet("a.flac\tOne\tTide\tMei\t\t0.80 CNY\t", more="Release price\tPrice\tTerritories")
    assert rules.faults(same, may_sell=lambda _: True, prices=fixed) == ()
