import pytest

from alpheus.catalogue.credits import credit_text, is_various, parse_credit, parse_title

KNOWN = {"A", "B", "C", "Simon & Garfunkel", "周杰伦", "费玉清"}


def parts(credit):
    return [(each.name, each.join_phrase) for each in credit]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("A", [("A", "")]),
        ("", []),
        ([], []),
        ("A feat. B", [("A", " feat. "), ("B", "")]),
        ("A ft. B", [("A", " feat. "), ("B", "")]),
        ("A Featuring B & C", [("A", " feat. "), ("B", " & "), ("C", "")]),
        ("A (feat. B)", [("A", " feat. "), ("B", "")]),
        ("A feat. B, X & C", [("A", " feat. "), ("B", ", "), ("X", " & "), ("C", "")]),
        ("A & B", [("A", " & "), ("B", "")]),
        ("A & B feat. C", [("A", " & "), ("B", " feat. "), ("C", "")]),
        ("A vs. B", [("A", " vs. "), ("B", "")]),
        ("A & Unknown Friend", [("A & Unknown Friend", "")]),
        ("Simon & Garfunkel", [("Simon & Garfunkel", "")]),
        ("Earth, Wind & Fire", [("Earth, Wind & Fire", "")]),
        ("Tyler, the Creator", [("Tyler, the Creator", "")]),
        ("AC/DC", [("AC/DC", "")]),
        ("A; B", [("A", ", "), ("B", "")]),
        ("A;B;X", [("A", ", "), ("B", ", "), ("X", "")]),
        ("周杰伦、费玉清", [("周杰伦", "、"), ("费玉清", "")]),
        ("周杰伦/费玉清", [("周杰伦", " / "), ("费玉清", "")]),
        ("周杰伦&费玉清", [("周杰伦", " & "), ("费玉清", "")]),
        (["A", "B"], [("A", " & "), ("B", "")]),
        (["A", "B", "C"], [("A", ", "), ("B", " & "), ("C", "")]),
        (["A", "A"], [("A", "")]),
        (["A feat. B", "C"], [("A", " feat. "), ("B", " & "), ("C", "")]),
        (["A", ""], [("A", "")]),
        ("feat. B", [("feat. B", "")]),
        ("Featherstone", [("Featherstone", "")]),
        ("  A \x00 B ", [("A", ", "), ("B", "")]),
    ],
)
def test_a_credit_is_read(given, expected):
    assert parts(parse_credit(given, known=KNOWN.__contains__)) == expected


@pytest.mark.parametrize(
    ("artist", "title", "text", "shown"),
    [
        ("A", "Song (feat. B)", "A feat. B", "Song"),
        ("A", "Song [ft. B & C] (Live)", "A feat. B & C", "Song (Live)"),
        ("A feat. B", "Song (feat. B)", "A feat. B", "Song"),
        ("A", "Song feat. B", "A feat. B", "Song"),
        ("A", "Soft Feathers", "A", "Soft Feathers"),
        ("A", "feat. me", "A feat. me", "feat. me"),
    ],
)
def test_guests_in_a_title_join_the_credit(artist, title, text, shown):
    assert credit_text(parse_credit(artist, title=title, known=KNOWN.__contains__)) == text
    assert parse_title(title) == shown


def test_a_hundred_names_are_enough():
    assert len(parse_credit(";".join(f"N{n}" for n in range(1000)))) == 100


@pytest.mark.parametrize(
    ("name", "various"), [("Various Artists", True), ("VA", True), ("群星", True), ("Vangelis", False)]
)
def test_various_artists(name, various):
    assert is_various(name) is various
