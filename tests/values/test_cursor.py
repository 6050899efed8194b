from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alpheus.values.cursor import decode, encode
from alpheus.values.errors import CursorInvalid

WORDS = st.text(st.characters(exclude_categories=("C", "Z"))).filter(str.isprintable)
KEYS = st.lists(
    st.one_of(
        WORDS,
        st.integers(-(2**62), 2**62),
        st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=8))])),
    ),
    max_size=4,
)


@given(KEYS)
def test_a_cursor_comes_back_as_it_went(keys):
    assert decode("newest", [type(key) for key in keys], encode("newest", keys)) == tuple(keys)


@given(st.text() | st.binary().map(lambda b: b.decode("latin-1")))
def test_what_is_no_cursor_is_refused(text):
    with pytest.raises(CursorInvalid):
        decode("newest", [datetime, int], text)


@pytest.mark.parametrize(
    ("ordering", "kinds"), [("by-title", [datetime, int]), ("newest", [int, int]), ("newest", [datetime])]
)
def test_another_lists_cursor_is_refused(ordering, kinds):
    cursor = encode("newest", [datetime(2026, 1, 1, tzinfo=UTC), 7])
    with pytest.raises(CursorInvalid):
        decode(ordering, kinds, cursor)


def test_a_moment_needs_its_zone():
    cursor = encode("newest", [datetime(2026, 1, 1)])  # noqa: DTZ001 - that is the point
    with pytest.raises(CursorInvalid):
        decode("newest", [datetime], cursor)
