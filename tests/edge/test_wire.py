"""Reading POSTs: whatever arrives is read or refused, nothing else."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alpheus.edge.errors import Malformed
from alpheus.edge.wire import read_batch_request, read_stream

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)
MEMBERS = st.sampled_from(["sequence", "grants", "at", "want", "describe", "ahead_seconds", "closing"])


@given(st.binary(max_size=200) | JSON.map(json.dumps).map(str.encode))
def test_anything_is_refused_or_read(body):
    try:
        read_batch_request(body)
    except Malformed:
        return


@given(st.dictionaries(MEMBERS, JSON))
def test_any_members_are_refused_or_read(members):
    try:
        request = read_batch_request(json.dumps({"sequence": 1} | members).encode())
    except Malformed:
        return
    assert request.sequence >= 0
    assert 0 <= request.ahead_seconds <= 3600


@pytest.mark.parametrize("depth", [100, 30_000])
def test_deep_nesting_is_refused(depth):
    with pytest.raises(Malformed):
        read_batch_request(b"[" * depth + b"]" * depth)


@pytest.mark.parametrize(
    "members",
    [
        {"sequence": -1},
        {"sequence": 1.5},
        {"sequence": True},
        {"sequence": 2**60},
        {"grants": "token"},
        {"grants": [1]},
        {"grants": ["x"] * 65},
        {"at": {"grant": "a" * 32}},
        {"at": {"grant": "a" * 32, "sample": -1}},
        {"at": {"grant": "a" * 60_000, "sample": 1}},
        {"at": {"grant": "\ud800" * 32, "sample": 1}},
        {"want": [{"grant": "a" * 32, "rendition": "aac-128", "segment": 2**32}]},
        {"want": [{"grant": "a" * 32, "rendition": 1, "segment": 2}]},
        {"want": [{"grant": "a" * 33, "rendition": "aac-128", "segment": 2}]},
        {"want": ["a"]},
        {"ahead_seconds": -1},
        {"ahead_seconds": 1e9},
        {"closing": 1},
    ],
)
def test_what_is_wrong_is_named(members):
    with pytest.raises(Malformed) as refused:
        read_batch_request(json.dumps({"sequence": 1} | members).encode())
    assert f"'{next(iter(members))}" in refused.value.detail


def test_what_is_left_out_is_empty():
    request = read_batch_request(b'{"sequence": 0}')
    assert (request.tokens, request.at, request.wants, request.closing) == ((), None, (), False)


def test_streams_are_named_by_32_digits():
    assert read_stream("AB" * 16) == "ab" * 16
    assert read_stream("550e8400-e29b-41d4-a716-446655440000") == "550e8400e29b41d4a716446655440000"
    for text in ("", "ab", "g" * 32, "ab" * 17):
        with pytest.raises(Malformed):
            read_stream(text)
