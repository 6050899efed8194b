"""Which agreement holds on which day, every event of an invitation in every state, and what each role may do."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alpheus.shops.brand.rules import (
    TABLE,
    Event,
    Problem,
    State,
    Terms,
    after,
    in_force,
    problem,
    standing,
)
from alpheus.shops.rules import ROLES, May, Role, may, needed_for
from alpheus.values.money import Currency, Money

CNY = Currency("CNY")
DAY = timedelta(days=1)
TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
LEADS = {
    State.WAITING: {
        Event.ACCEPT: State.ACCEPTED,
        Event.DECLINE: State.DECLINED,
        Event.WITHDRAW: State.WITHDRAWN,
    },
    State.EXPIRED: {Event.WITHDRAW: State.WITHDRAWN},
    State.ACCEPTED: {},
    State.DECLINED: {},
    State.WITHDRAWN: {},
}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("event", Event)
def test_every_event_of_an_invitation_in_every_state(state, event):
    assert after(state, event) == LEADS[state].get(event)


def test_the_table_says_nothing_else():
    assert {
        state: led for state in State if (led := {e: s for (it, e), s in TABLE.items() if it is state})
    } == {state: led for state, led in LEADS.items() if led}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize(("hours", "over"), [(-1, False), (0, True), (1, True)])
def test_only_what_waits_runs_out(state, hours, over):
    expected = State.EXPIRED if over and state is State.WAITING else state
    assert standing(state, until=NOW, now=NOW + timedelta(hours=hours)) is expected


MAY = {
    May.SEE: "oMeb",
    May.PAGE: "oMe",
    May.RELEASES: "oMe",
    May.ROSTER: "oM",
    May.SEE_PRICES: "oMb",
    May.PRICES: "oM",
    May.SEE_SPLITS: "oMb",
    May.SPLITS: "oM",
    May.AUDIENCE: "oMb",
    May.MEMBERS: "oM",
    May.OPEN: "oM",
    May.CLOSE: "o",
    May.OWNERS: "o",
}
LETTER = {Role.OWNER: "o", Role.MANAGER: "M", Role.EDITOR: "e", Role.BOOKKEEPER: "b"}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("what", May)
def test_what_every_role_may_do(role, what):
    assert may(role, what) == (LETTER[role] in MAY[what])


def test_every_role_stands_in_the_table():
    assert ROLES.keys() == set(Role)
    assert [needed_for(it) for it in Role] == [May.OWNERS, May.MEMBERS, May.MEMBERS, May.MEMBERS]


def terms(minor, begins, ends=None):
    return Terms(Money(minor, CNY), begins, ends)


@pytest.mark.parametrize(
    ("made", "wrong"),
    [
        (terms(80, TODAY), None),
        (terms(80, TODAY, TODAY), None),
        (terms(0, TODAY), Problem.PRICE),
        (terms(80, TODAY - DAY), Problem.PAST),
        (terms(80, TODAY, TODAY - DAY), Problem.ENDS),
    ],
)
def test_what_an_agreement_may_be(made, wrong):
    assert problem(made, today=TODAY) is wrong


days = st.integers(0, 60).map(lambda n: TODAY + n * DAY)
agreements = st.lists(
    st.builds(
        lambda minor, begins, length: terms(minor, begins, None if length is None else begins + length * DAY),
        st.integers(1, 500),
        days,
        st.none() | st.integers(0, 30),
    ),
    max_size=6,
)


@given(agreements, days)
def test_what_holds_on_a_day_is_the_last_that_has_begun_unless_it_is_over(made, day):
    begun = [it for it in made if it.from_date <= day]
    found = in_force(made, day)
    if found is None:
        assert not begun or (begun[-1].until is not None and begun[-1].until < day)
    else:
        assert found is begun[-1]
        assert found.from_date <= day
        assert found.until is None or day <= found.until


@given(agreements, days, st.integers(1, 500))
def test_another_agreement_changes_nothing_of_the_days_before_it(made, day, minor):
    another = terms(minor, day)
    for before in (TODAY + n * DAY for n in range((day - TODAY).days)):
        assert in_force([*made, another], before) is in_force(made, before)
    assert in_force([*made, another], day) is another
