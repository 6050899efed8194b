"""One suite for every known strategy: whatever the form, a player gets the same segments, keys and order."""

import base64
import json
import secrets

import pytest
from edge.strategies.readers import READERS
from hypothesis import given
from hypothesis import strategies as st

from alpheus.edge.strategies.contract import BatchContext, SegmentKey
from alpheus.edge.strategies.known import STRATEGIES

NAMES = st.binary(min_size=42, max_size=42).map(lambda sealed: base64.urlsafe_b64encode(sealed).decode())
IDS = st.binary(min_size=16, max_size=16).map(bytes.hex)
KEYS = st.lists(
    st.builds(
        SegmentKey,
        grant=IDS,
        rendition=st.sampled_from(["aac-64", "aac-128", "flac"]),
        segment=st.integers(0, 2**32 - 1),
        name=NAMES,
        token=st.text("0123456789abcdef.-_", min_size=1, max_size=40),
        key=st.binary(min_size=16, max_size=16),
        iv=st.binary(min_size=16, max_size=16),
    ),
    max_size=12,
)
BATCHES = st.builds(BatchContext, stream=IDS, sequence=st.integers(0, 2**53), epoch=st.integers(0, 2**32))
each_strategy = pytest.mark.parametrize("strategy", STRATEGIES.values(), ids=lambda one: one.name)


@each_strategy
@given(keys=KEYS, batch=BATCHES)
def test_a_player_reads_back_what_was_released(strategy, keys, batch):
    assert READERS[strategy.name](strategy.shape(keys, batch), batch) == [
        (
            key.grant,
            key.rendition,
            key.segment,
            f"/s/{strategy.path_of(key.name)}?t={key.token}",
            key.key,
            key.iv,
        )
        for key in keys
    ]


@each_strategy
@given(name=NAMES)
def test_names_survive_their_form(strategy, name):
    path = strategy.path_of(name)
    assert strategy.name_of(path) == name
    assert set(path) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_/.")


@each_strategy
@given(path=st.text(max_size=80))
def test_any_path_is_read_or_not_ours(strategy, path):
    name = strategy.name_of(path)
    assert name is None or strategy.path_of(name) == path


@given(name=NAMES)
def test_no_two_strategies_share_a_form(name):
    for strategy in STRATEGIES.values():
        path = strategy.path_of(name)
        readers = [other.name for other in STRATEGIES.values() if other.name_of(path) is not None]
        assert readers == [strategy.name]


def test_keys_are_in_sight_in_ladder_alone():
    keys = [
        SegmentKey(
            "9" * 32,
            "aac-128",
            number,
            secrets.token_urlsafe(42),
            "68.token",
            secrets.token_bytes(16),
            secrets.token_bytes(16),
        )
        for number in range(8)
    ]
    for strategy in STRATEGIES.values():
        shaped = json.dumps(strategy.shape(keys, BatchContext("5" * 32, 1, 2)))
        seen = [
            key
            for key in keys
            if base64.b64encode(key.key).decode()[:20] in shaped or key.key.hex() in shaped
        ]
        assert seen == (keys if strategy.name == "ladder" else [])


@each_strategy
@given(keys=KEYS, batch=BATCHES)
def test_an_answer_stays_small(strategy, keys, batch):
    assert len(json.dumps(strategy.shape(keys, batch))) <= 2_000 + 2_000 * len(keys)


@given(keys=KEYS.filter(bool), batch=BATCHES)
def test_a_reader_of_another_strategy_gets_nothing(keys, batch):
    for strategy in STRATEGIES.values():
        shaped = strategy.shape(keys, batch)
        for name, read in READERS.items():
            if name != strategy.name:
                with pytest.raises((KeyError, TypeError, ValueError)):
                    read(shaped, batch)


def test_names_are_one_word_each():
    assert all(name == strategy.name and name.isalpha() for name, strategy in STRATEGIES.items())
