"""Shops' states and addresses: every event in every state, what a handle may be."""

from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alpheus.shops.rules import (
    HANDLE,
    RESERVED,
    Event,
    HandleProblem,
    Lacking,
    State,
    after,
    fit_handle,
    handle_problem,
    lacking,
    like_handle,
)

LEADS = {
    State.FOUNDED: {Event.OPEN: State.OPEN},
    State.OPEN: {Event.CLOSE: State.CLOSED},
    State.CLOSED: {Event.OPEN: State.OPEN},
}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("event", Event)
def test_every_event_in_every_state(state, event):
    assert after(state, event) == LEADS[state].get(event)


@pytest.mark.parametrize(
    ("handle", "problem"),
    [
        ("tide", None),
        ("a1", None),
        ("low-tide.2", None),
        ("x" * 30, None),
        ("x" * 31, HandleProblem.FORM),
        ("a", HandleProblem.FORM),
        ("", HandleProblem.FORM),
        ("-tide", HandleProblem.FORM),
        ("tide-", HandleProblem.FORM),
        ("low--tide", HandleProblem.FORM),
        ("潮汐", HandleProblem.FORM),
        ("ti de", HandleProblem.FORM),
        ("tide/../x", HandleProblem.FORM),
        ("tide\n", None),  # fitted first
        ("admin", HandleProblem.RESERVED),
    ],
)
def test_addresses(handle, problem):
    assert handle_problem(fit_handle(handle)) == problem


@given(handle=st.from_regex(HANDLE, fullmatch=True))
def test_what_is_like_an_address_is_one(handle):
    likes = list(islice(like_handle(handle), 120))
    assert len(set(likes)) == 120
    assert [handle_problem(it) for it in likes] == [None] * 120


def test_fitted():
    assert fit_handle(" @Low-Tide ") == "low-tide"
    assert all(handle_problem(word) for word in RESERVED)


@given(pieces=st.integers(0, 3), details=st.booleans(), handle=st.booleans())
def test_nothing_is_left_exactly_when_all_is_there(pieces, details, handle):
    left = lacking(pieces=pieces, has_details=details, has_handle=handle)
    assert (left == ()) == (pieces > 0 and details and handle)
    assert (Lacking.DETAILS in left) != details
    again = lacking(pieces=pieces, has_details=details, has_handle=handle, was_filled=True)
    assert again == tuple(it for it in left if it is not Lacking.PIECE)
