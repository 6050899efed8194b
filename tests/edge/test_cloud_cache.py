"""S3-FIFO by bytes: bounded, remembers what is asked for again, forgets a scan."""

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alpheus.edge.cloud_cache import CloudCache
from alpheus.edge.metrics import Metrics
from benchmarks import cache as comparison


def cache(capacity):
    metrics = Metrics()
    return CloudCache(capacity, tier="chunks", metrics=metrics), metrics


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(1, 400), st.sampled_from("gpd"))))
def test_it_never_holds_more_than_its_bytes_and_never_a_wrong_value(steps):
    subject, _ = cache(1000)
    for key, size, step in steps:
        if step == "d":
            subject.drop(key)
            assert subject.get(key) is None
        elif step == "p":
            subject.put(key, bytes((key,)) * size)
        value = subject.get(key)
        assert value is None or set(value) == {key}
        assert 0 <= subject.size <= 1000
        assert sum(len(entry.value) for entry in subject._entries.values()) <= subject.size


def test_a_scan_does_not_wash_out_what_is_asked_for():
    subject, metrics = cache(10_000)
    for _ in range(3):
        for key in range(20):
            if subject.get(key) is None:
                subject.put(key, b"x" * 100)
    for key in range(1000, 3000):
        subject.put(key, b"x" * 100)
    assert all(subject.get(key) for key in range(20))
    assert metrics.cache_evictions.total > 1500


def test_what_returns_soon_goes_straight_to_the_main_queue():
    subject, _ = cache(1000)
    for key in range(11):
        subject.put(key, b"x" * 100)
    assert subject.get(0) is None
    subject.put(0, b"x" * 100)
    for key in range(100, 105):
        subject.put(key, b"x" * 100)
    assert subject.get(0)


def test_what_is_larger_than_the_tier_is_not_held():
    subject, _ = cache(100)
    subject.put("a", b"x" * 101)
    assert subject.get("a") is None


@pytest.mark.parametrize("share", [0.01, 0.1])
def test_it_keeps_more_than_lru_and_less_than_who_knows_the_future(share):
    """Of what `benchmarks.cache` measures, the part that no machine changes."""
    trace = comparison.zipf(2_000, 30_000)
    ours, lru, best = comparison.ratios(trace, share)
    assert lru < ours < best < 1


def test_a_cdns_trace_is_read_in_the_stated_form(tmp_path):
    path = tmp_path / "cdn.tr.gz"
    with gzip.open(path, "wt") as file:
        file.write("0 a 10\n1,b,20,more\n2 a 30\n")
    trace = comparison.read(path)
    assert (trace.keys.tolist(), trace.sizes.tolist()) == ([0, 1, 0], [30, 20])
    path.with_suffix("").write_text("time key size\n")
    with pytest.raises(SystemExit, match="line 1: no request"):
        comparison.read(path.with_suffix(""))
