"""What is a slip of the pen in a title, and what a person looks at again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alpheus.submissions.corrections.rules import EDITS_MAX, are_slips, is_slip


@pytest.mark.parametrize(
    ("before", "after", "slip"),
    [
        ("Midnihgt Train", "Midnight Train", True),
        ("Midnight Trian", "Midnight Train", True),
        ("midnight train", "Midnight Train", True),
        ("Estuery", "Estuary", True),
        ("Estuary", "Estuaries", False),
        ("Rain", "Ruin", False),
        ("Love", "Live", False),
        ("to day we go home", "today we go home", True),
        ("today we go home", "to day we go home", False),
        ("Symphony No. 1", "Symphony No. 2", False),
        ("Symphony No. 1", "Symfony No. 1", True),
        ("Midnight Train", "Midnight Trаin", False),  # a Cyrillic а
        ("雨夜", "雪夜", False),
        ("夏の終わりの長い夜", "夏の終わりの長い夏", True),
        ("Midnight Train", "", False),
        ("", "Midnight Train", False),
        ("Midnight Train", "Bad Guy", False),
    ],
)
def test_titles(before, after, slip):
    assert is_slip(before, after) is slip


@pytest.mark.parametrize(
    ("before", "after", "slip"),
    [
        ("Morning\nEvenning", "Morning\nEvening", True),
        ("Morning\n\nNight", "Morning\n\nNight", True),
        ("Morning", "Morning\nEvening", False),
        ("Morning\nEvening", "Evening\nMorning", False),
    ],
)
def test_titles_of_discs(before, after, slip):
    assert are_slips(before, after) is slip


WORDS = st.text(st.sampled_from("abcdeéßÄ 12雨夜の港한글"), min_size=1, max_size=24)


@given(before=WORDS, after=WORDS)
def test_a_slip_adds_no_word_number_or_script_and_changes_little(before, after):
    if is_slip(before, after):
        assert len(after.split()) <= len(before.split())
        assert [it for it in after if it.isdigit()] == [it for it in before if it.isdigit()]
        assert abs(len(before.strip()) - len(after.strip())) <= EDITS_MAX + 12  # spaces in a row, and ß is ss


@given(before=WORDS.filter(str.strip))
def test_another_case_is_a_slip(before):
    assert is_slip(before, before.swapcase())
