"""Every event of a move in every state, and whose word it needs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alpheus.shops.moves.rules import TABLE, Event, Side, State, after, awaited, sides

LEADS = {
    State.ASKED: {
        Event.AGREE: State.ASKED,
        Event.MOVE: State.MOVED,
        Event.DECLINE: State.DECLINED,
        Event.WITHDRAW: State.WITHDRAWN,
    },
    State.MOVED: {},
    State.DECLINED: {},
    State.WITHDRAWN: {},
}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("event", Event)
def test_every_event_in_every_state(state, event):
    assert after(state, event) == LEADS[state].get(event)
    assert ((state, event) in TABLE) == (event in LEADS[state])


@pytest.mark.parametrize(
    ("has_musician", "from_label", "to_label", "expected"),
    [
        (True, False, True, {Side.ARTIST, Side.TO}),  # an independent joins
        (True, True, False, {Side.ARTIST, Side.FROM}),  # into independence
        (True, True, True, {Side.ARTIST, Side.FROM, Side.TO}),  # from label to label
        (False, True, True, {Side.FROM, Side.TO}),  # of an artist whom nobody here runs
    ],
)
def test_whose_word_a_move_needs(has_musician, from_label, to_label, expected):
    found = sides(has_musician=has_musician, from_label=from_label, to_label=to_label)
    assert found == expected


@given(st.sets(st.sampled_from(Side)), st.lists(st.sampled_from(Side)))
def test_nobody_is_awaited_once_all_have_agreed_in_whatever_order(needed, said):
    left = awaited(needed, said)
    assert left == {it for it in needed if it not in said}
    assert awaited(needed, [*said, *left]) == frozenset()
