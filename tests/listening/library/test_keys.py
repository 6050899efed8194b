import pytest
from hypothesis import given
from hypothesis import strategies as st

from alpheus.listening.library.keys import between, spread


def test_ten_thousand_appended_or_prepended_keys_stay_short():
    appended = spread(None, None, 10_000)
    assert appended == sorted(set(appended))
    assert max(map(len, appended)) <= 4
    key, prepended = appended[0], []
    for _ in range(10_000):
        key = between(None, key)
        prepended.append(key)
    assert prepended == sorted(prepended, reverse=True)
    assert max(map(len, prepended)) <= 4


@given(st.lists(st.integers(min_value=0, max_value=10**6), max_size=120))
def test_there_is_always_a_place_between(choices):
    keys = ["a0", "a1"]
    for choice in choices:
        place = choice % (len(keys) + 1)
        before = keys[place - 1] if place else None
        after = keys[place] if place < len(keys) else None
        made = between(before, after)
        assert before is None or before < made
        assert after is None or made < after
        keys.insert(place, made)


@given(st.integers(min_value=0, max_value=400), st.booleans(), st.booleans())
def test_many_places_at_once_are_in_order(count, is_after, is_before):
    before, after = ("a5" if is_after else None), ("a6" if is_before else None)
    keys = spread(before, after, count)
    assert len(keys) == count
    assert keys == sorted(set(keys))
    assert all((before is None or before < key) and (after is None or key < after) for key in keys)
    assert not keys or max(map(len, keys)) <= 6


def test_what_is_not_in_order_is_refused():
    with pytest.raises(ValueError, match="does not come before"):
        between("a1", "a1")
