import pytest

from alpheus.catalogue.errors import LyricsRefused
from alpheus.catalogue.lrc import ENHANCED, LRC, PLAIN, parse


@pytest.mark.parametrize(
    ("text", "form", "lines"),
    [
        ("one\n\n\n\ntwo\n\n", PLAIN, [(None, "one"), (None, ""), (None, "two")]),
        ("[00:01.50]one\n[00:03.00]two", LRC, [(1500, "one"), (3000, "two")]),
        ("[0:1]one", LRC, [(1000, "one")]),
        ("[00:01:50]one", LRC, [(1500, "one")]),
        ("[00:01.5]one", LRC, [(1500, "one")]),
        ("[00:01.505]one", LRC, [(1505, "one")]),
        ("[100:00.00]late", LRC, [(6_000_000, "late")]),
        ("[00:03.00]two\n[00:01.00]one", LRC, [(1000, "one"), (3000, "two")]),
        (
            "[00:01.00][00:05.00]refrain\n[00:03.00]verse",
            LRC,
            [(1000, "refrain"), (3000, "verse"), (5000, "refrain")],
        ),
        ("[00:01.00]one\n[00:02.00]\n[00:03.00]two", LRC, [(1000, "one"), (2000, ""), (3000, "two")]),
        ("[ti:T]\n[ar:A]\n[offset:+250]\n[00:01.00]one", LRC, [(750, "one")]),
        ("[offset:-250]\n[00:01.00]one", LRC, [(1250, "one")]),
        ("[offset: 5000]\n[00:01.00]one", LRC, [(0, "one")]),
        ("[offset:soon]\n[00:01.00]one", LRC, [(1000, "one")]),
        (
            "\ufeff[00:01.00]夜に駆ける\r\n[00:02.00]沈むように\r",
            LRC,
            [(1000, "夜に駆ける"), (2000, "沈むように")],
        ),
        ("[00:01.00]  one   two ", LRC, [(1000, "one two")]),
        ("[ti:Only]\nwords", PLAIN, [(None, "words")]),
        ("[Chorus]\nwords", PLAIN, [(None, "[Chorus]"), (None, "words")]),
        ("a note first\n[00:01.00]one", LRC, [(1000, "one")]),
    ],
)
def test_lyrics_are_read(text, form, lines):
    parsed = parse(text)
    assert parsed.form == form
    assert [(line.start_ms, line.text) for line in parsed.lines] == lines


def test_enhanced_lines_have_words():
    parsed = parse("[00:01.00]<00:01.00>Never <00:01.40>gonna <00:01.80>give<00:02.00>")
    assert parsed.form == ENHANCED
    (line,) = parsed.lines
    assert line.text == "Never gonna give"
    assert [(word.start_ms, word.text) for word in line.words] == [
        (1000, "Never "),
        (1400, "gonna "),
        (1800, "give"),
    ]


def test_the_first_word_may_have_the_lines_time():
    (line,) = parse("[00:01.00]Never <00:01.40>gonna").lines
    assert [(word.start_ms, word.text) for word in line.words] == [(1000, "Never "), (1400, "gonna")]


def test_a_refrains_words_move_with_it():
    first, second = parse("[offset:100]\n[00:01.00][00:11.00]<00:01.00>la <00:01.50>la").lines
    assert [word.start_ms for word in first.words] == [900, 1400]
    assert [word.start_ms for word in second.words] == [10900, 11400]


def test_plain_values_for_json():
    assert parse("[00:01.00]<00:01.00>la").lines[0].plain() == {
        "start_ms": 1000,
        "text": "la",
        "words": [{"start_ms": 1000, "text": "la"}],
    }
    assert parse("la").lines[0].plain() == {"start_ms": None, "text": "la"}


def test_the_header_is_kept():
    assert parse("[ti:夜]\n[ar: Somebody ]\n[00:01.00]x").header == {"ti": "夜", "ar": "Somebody"}


@pytest.mark.parametrize("text", ["", "\n \n", "[ti:x]", "x" * 300_000])
def test_what_are_no_lyrics_is_refused(text):
    with pytest.raises(LyricsRefused):
        parse(text)
