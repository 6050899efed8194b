"""Epochs: random secrets, staggered turns, grace, and an end after which nothing opens."""

import itertools

import pytest
from edge.kit import MovedClock, new_id
from hypothesis import given
from hypothesis import strategies as st

from alpheus.edge.epochs import Epochs

SECONDS, GRACE = 100.0, 10.0


@pytest.fixture
def clock():
    return MovedClock()


def epochs(clock, strategies=("ladder",)):
    return Epochs(clock, seconds=SECONDS, grace_seconds=GRACE, strategies=strategies)


def test_secrets_are_random_and_differ(clock):
    mine, yours = epochs(clock), epochs(clock)
    assert mine.current().number == yours.current().number
    assert mine.current().secret != yours.current().secret
    assert mine.current().name_key != yours.current().name_key


def test_renditions_turn_at_different_moments(clock):
    subject = epochs(clock)
    assets = [new_id() for _ in range(200)]
    before = {asset: subject.of(asset, "aac-128").number for asset in assets}
    turned = []
    for _ in range(10):
        clock.passes(SECONDS / 10)
        now = {asset: subject.of(asset, "aac-128").number for asset in assets}
        turned.append(sum(now[asset] != before[asset] for asset in assets))
        before = now
    assert sum(turned) == len(assets)
    assert max(turned) < len(assets) / 2


@given(st.floats(0, 10_000), st.binary(min_size=16, max_size=16), st.lists(st.floats(0, 150), max_size=5))
def test_an_epoch_is_honoured_while_it_lasts_and_for_the_grace(begin, asset, turns):
    clock = MovedClock()
    clock.passes(begin)
    subject = epochs(clock)
    asset = asset.hex()
    for pause in turns:
        clock.passes(pause)
        subject.turn()
        subject.destroy_old()
    epoch = subject.of(asset, "aac-128")
    left = subject.honoured_seconds(epoch.number, asset, "aac-128")
    assert GRACE < left <= SECONDS + GRACE + 1e-6
    clock.passes(left - GRACE - 1e-3)
    subject.destroy_old()
    assert subject.of(asset, "aac-128") is epoch
    clock.passes(GRACE)
    subject.destroy_old()
    assert subject.of(asset, "aac-128") is not epoch
    assert subject.find(epoch.number) is epoch
    assert subject.honoured_seconds(epoch.number, asset, "aac-128") > 0
    clock.passes(2e-3)
    assert subject.honoured_seconds(epoch.number, asset, "aac-128") <= 0
    clock.passes(SECONDS)
    subject.destroy_old()
    assert subject.find(epoch.number) is None


def test_a_command_turns_everything_at_once_and_leaves_a_grace(clock):
    subject = epochs(clock)
    assets = [new_id() for _ in range(50)]
    before = {asset: subject.of(asset, "flac") for asset in assets}
    subject.turn()
    for asset in assets:
        after = subject.of(asset, "flac")
        assert after.number not in {epoch.number for epoch in before.values()}
        assert 0 < subject.honoured_seconds(before[asset].number, asset, "flac") <= GRACE
        assert subject.find(before[asset].number) is before[asset]
    clock.passes(GRACE + 0.001)
    subject.destroy_old()
    assert not any(subject.find(epoch.number) for epoch in before.values())


def test_commands_in_a_row_do_not_pile_up(clock):
    subject = epochs(clock)
    for _ in range(1000):
        clock.passes(1)
        subject.turn()
        subject.of("a" * 32, "flac")
        subject.destroy_old()
    assert len(subject.live()) <= 2 * GRACE + 4


def test_each_epoch_draws_another_strategy_and_one_may_be_forced(clock):
    subject = epochs(clock, ("ladder", "braid", "tide"))
    drawn, asset = [subject.current().strategy], new_id()
    for number in range(100):
        subject.of(asset, "flac")  # its epoch may have begun already
        if number % 3:
            clock.passes(SECONDS)
        else:
            subject.turn()
        drawn.append(subject.current().strategy)
        subject.destroy_old()
    assert set(drawn) == {"ladder", "braid", "tide"}
    assert all(before != after for before, after in itertools.pairwise(drawn))
    subject.choose(("ladder", "tide"), "braid")
    assert {subject.turn().strategy for _ in range(20)} == {"braid"}
    subject.choose(("tide",))
    assert {subject.turn().strategy for _ in range(20)} == {"tide"}
