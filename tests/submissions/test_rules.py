"""Every event in every state, and what else is decided without a database."""

from datetime import timedelta
from itertools import product

import pytest

from alpheus.submissions.rules import (
    NEED_WORDS,
    SIDES,
    TABLE,
    UNDER_WAY,
    UPLOADS_AT_ONCE,
    WAITING,
    Event,
    Filled,
    FilledTrack,
    Hindrance,
    Kind,
    Missing,
    Standing,
    State,
    UploadRefusal,
    after,
    hindrance,
    may_withdraw,
    missing,
    upload_refusal,
    usual_wait,
)

D, S, A, I, Y, N, W = State  # noqa: E741 - draft, submitted, in audit, information asked, yes, no, withdrawn
EXPECTED = {
    #                  draft  submitted  in audit  asked  accepted  refused  withdrawn
    Event.HAND_IN:    (S,     None,      None,     None,  None,     None,    None),
    Event.WITHDRAW:   (None,  W,         W,        W,     W,        None,    None),
    Event.ANSWER:     (None,  None,      None,     S,     None,     None,    None),
    Event.APPEAL:     (None,  None,      None,     None,  None,     S,       None),
    Event.TAKE:       (None,  A,         A,        None,  None,     None,    None),
    Event.LEAVE:      (None,  None,      S,        None,  None,     None,    None),
    Event.ASK:        (None,  None,      I,        None,  None,     None,    None),
    Event.ACCEPT:     (None,  None,      Y,        None,  None,     None,    None),
    Event.REFUSE:     (None,  None,      N,        None,  None,     None,    None),
    Event.PASS_ON:    (None,  None,      S,        None,  None,     None,    None),
    Event.ASK_OPINION: (None, None,      A,        None,  None,     None,    None),
    Event.OPINE:      (None,  None,      A,        None,  None,     None,    None),
    Event.TAKE_BACK:  (None,  None,      A,        None,  None,     None,    None),
    Event.REOPEN:     (None,  None,      None,     None,  S,        S,       None),
    Event.CORRECT:    (None,  None,      None,     None,  Y,        None,    None),
    Event.MOVE_MINUTE: (None, None,      None,     None,  Y,        None,    None),
}  # fmt: skip


@pytest.mark.parametrize(("state", "event"), list(product(State, Event)))
def test_every_event_in_every_state(state, event):
    assert after(state, event) == EXPECTED[event][list(State).index(state)]


@pytest.mark.parametrize(("state", "kind", "out"), list(product(State, Kind, (False, True))))
def test_what_was_accepted_is_taken_back_only_while_a_release_waits(state, kind, out):
    waits = state is State.ACCEPTED and kind is Kind.RELEASE and not out
    before = state in {State.SUBMITTED, State.IN_AUDIT, State.INFORMATION_ASKED}
    assert may_withdraw(state, kind, is_published=out) is (waits or before)


def test_every_event_has_a_side_and_happens_somewhere():
    assert set(SIDES) == set(Event) == {event for _, event in TABLE}
    assert set(Event) >= NEED_WORDS


def test_a_draft_can_reach_every_state():
    seen, more = {State.DRAFT}, [State.DRAFT]
    while more:
        here = more.pop()
        fresh = {to for (since, _), to in TABLE.items() if since == here} - seen
        seen |= fresh
        more += fresh
    assert seen == set(State)


def test_what_waits_is_under_way_and_nothing_leaves_withdrawn():
    assert WAITING < UNDER_WAY
    assert not [it for it in TABLE if it[0] is State.WITHDRAWN]


WHOLE = FilledTrack("雨夜", has_recording=True)
FULL = Filled(Kind.APPLICATION, "潮汐", "CN", "雨夜", "none", True, True, True, (WHOLE,))


@pytest.mark.parametrize(
    ("field", "what"),
    [
        ("artist_name", Missing.ARTIST_NAME),
        ("country", Missing.COUNTRY),
        ("title", Missing.TITLE),
        ("tracks", Missing.RECORDING),
        ("ai", Missing.AI),
        ("owns_recording", Missing.OWNS_RECORDING),
        ("owns_composition", Missing.OWNS_COMPOSITION),
        ("no_cover", Missing.NO_COVER),
    ],
)
def test_each_thing_that_a_draft_lacks_is_named(field, what):
    lacks = Filled(**{**FULL.__dict__, field: type(getattr(FULL, field))()})
    assert missing(FULL) == ()
    assert missing(lacks) == (what,)


@pytest.mark.parametrize(
    ("own", "artist", "refused", "passed", "appealed", "expected"),
    [
        (False, False, False, False, False, None),
        (True, False, False, False, False, Hindrance.OWN),
        (True, True, True, True, True, Hindrance.OWN),
        (False, True, False, False, False, Hindrance.SAME_ARTIST),
        (False, False, True, False, False, None),
        (False, False, True, False, True, Hindrance.REFUSED_BEFORE),
        (False, False, False, True, False, Hindrance.PASSED_ON),
    ],
)
def test_who_may_not_audit(own, artist, refused, passed, appealed, expected):
    assert hindrance(Standing(own, artist, refused, passed), appealed=appealed) == expected


@pytest.mark.parametrize(
    ("hours", "expected"),
    [([], None), ([1, 2, 3, 4], None), ([5, 1, 2, 40, 3], 3), ([1, 2, 3, 4, 5, 6], 3.5)],
)
def test_what_it_has_usually_taken_is_the_median_or_unknown(hours, expected):
    found = usual_wait([timedelta(hours=it) for it in hours])
    assert found == (None if expected is None else timedelta(hours=expected))


@pytest.mark.parametrize(
    ("length", "held", "count", "expected"),
    [
        (0, 0, 0, UploadRefusal.LENGTH),
        (-1, 0, 0, UploadRefusal.LENGTH),
        (1, 0, 0, None),
        (100, 0, 0, None),
        (101, 0, 0, UploadRefusal.TOO_LARGE),
        (100, 50, 0, None),
        (100, 51, 0, UploadRefusal.QUOTA),
        (1, 0, UPLOADS_AT_ONCE, UploadRefusal.QUOTA),
    ],
)
def test_what_may_be_uploaded(length, held, count, expected):
    found = upload_refusal(length, bytes_max=100, held_bytes=held, account_bytes_max=150, held_count=count)
    assert found == expected
