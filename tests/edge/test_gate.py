"""The gate's bound: T >= (D - L - S) / 1.1, whatever is asked, in whatever order, over however many streams."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alpheus.edge.gate import RUN_SECONDS, Gate, Gates, GateState, refilled

LEAD, SEEK = 20.0, 60.0
ASKS = st.lists(
    st.tuples(
        st.floats(0, 30),  # seconds that pass
        st.floats(0.01, 4.02),  # music asked for
        st.sampled_from([0.0, 1.0, RUN_SECONDS]),  # allowance: none on a run, some after a jump
    ),
    max_size=300,
)


def gate(now=0.0, **changed):
    return Gate(lead_seconds=LEAD, seek_seconds=SEEK, now=now, **changed)


@given(ASKS)
def test_no_order_of_requests_beats_the_bound(asks):
    now, released, subject = 0.0, 0.0, gate()
    for passed, seconds, allowance in asks:
        now += passed
        if subject.take(seconds, now=now, allowance=allowance):
            released += seconds
        assert now >= (released - LEAD - SEEK) / 1.1 - 1e-6


@given(ASKS)
def test_asking_for_everything_all_the_time_gets_lead_then_real_time(asks):
    now, released, subject = 0.0, 0.0, gate()
    for passed, seconds, _ in asks:
        now += passed
        while subject.take(seconds, now=now, allowance=0.0):
            released += seconds
        assert released <= LEAD + now + 1e-6


@given(ASKS)
def test_waiting_as_told_is_enough(asks):
    now, subject = 0.0, gate()
    for passed, seconds, allowance in asks:
        now += passed
        if subject.take(seconds, now=now, allowance=allowance) is None:
            now += subject.wait_seconds(seconds, now=now, allowance=allowance) + 1e-6
            assert subject.take(seconds, now=now, allowance=allowance)


@given(ASKS, st.lists(st.floats(-4000, 4000), min_size=300, max_size=300))
def test_a_clock_that_goes_back_refills_nothing(asks, jumps):
    highest, now, released, subject = 0.0, 0.0, 0.0, gate()
    for (_, seconds, allowance), jump in zip(asks, jumps, strict=False):
        now += jump
        highest = max(highest, now)
        if subject.take(seconds, now=now, allowance=allowance):
            released += seconds
        assert released <= LEAD + SEEK + 1.1 * highest + 1e-6


@given(st.integers(1, 5), ASKS)
def test_a_network_of_guests_is_capped_as_a_whole(guests_per_network, asks):
    gates = Gates(lead_seconds=LEAD, seek_seconds=SEEK, guests_per_network=guests_per_network)
    now, released = 0.0, 0.0
    for number, (passed, seconds, allowance) in enumerate(asks):
        now += passed
        if gates.of(f"guest {number}", "network", now=now).take(seconds, now=now, allowance=allowance):
            released += seconds  # a new guest every time
        assert released <= guests_per_network * (LEAD + SEEK + 1.1 * now) + 1e-6


@given(ASKS)
def test_giving_back_leaves_no_trace(asks):
    now, subject = 0.0, gate()
    for passed, seconds, allowance in asks:
        now += passed
        before = subject.state(now=now)
        debit = subject.take(seconds, now=now, allowance=allowance)
        if debit:
            subject.give_back(debit)
        after = subject.state(now=now)
        assert (after.lead, after.seek) == pytest.approx((before.lead, before.seek))


def test_a_jump_may_use_the_seek_budget_only_as_far_as_its_allowance():
    subject = gate(left=GateState(0.0, SEEK))
    assert subject.take(4.0, now=0, allowance=0.0) is None
    assert subject.take(4.0, now=0, allowance=3.9) is None
    assert subject.take(4.0, now=0, allowance=8.0).seek == 4.0


def test_full_gates_are_forgotten_and_others_kept():
    gates = Gates(lead_seconds=LEAD, seek_seconds=SEEK, guests_per_network=8)
    gates.of("a", "", now=0).take(10, now=0, allowance=0)
    gates.of("b", "n", now=0)
    gates.prune(now=1)
    assert len(gates) == 1
    gates.prune(now=11)
    assert len(gates) == 0


def test_a_logged_state_refills_as_a_gate_does_and_never_for_negative_time():
    assert refilled(GateState(1, 2), 10) == GateState(11, 3)
    assert refilled(GateState(1, 2), -10) == GateState(1, 2)
