"""Renditions at rest: published whole or not at all, sealed, and opened chunk by chunk."""

from dataclasses import replace
from itertools import pairwise

import pytest
from encoded import aac, chunks_of, flac
from hypothesis import given
from hypothesis import strategies as st

from alpheus.packaging.boxes import Packet
from alpheus.packaging.errors import IndexCorrupt, RenditionIncomplete
from alpheus.packaging.layout import Layout
from alpheus.packaging.rendition import (
    RenditionIndex,
    RenditionWriter,
    index_path,
    read_index,
)
from alpheus.storage.blobs import Blobs
from alpheus.storage.errors import BlobMissing, StoreUnavailable
from alpheus.storage.keys import unseal, unwrap

ASSET, KEK = "ab" * 16, bytes(32)
SMALL = Layout(rate_hz=44_100, frame_samples=10, frames_per_chunk=2)


@pytest.fixture
def blobs(tmp_path):
    return Blobs.open((tmp_path / "objects").as_uri())


@pytest.fixture
def scratch(tmp_path):
    folder = tmp_path / "scratch"
    folder.mkdir()
    return folder


def writer(blobs, scratch, **changes):
    usual = {
        "kek": KEK,
        "asset": ASSET,
        "name": "flac",
        "mime": "audio/mp4",
        "layout": SMALL,
        "delay_samples": 0,
        "init": b"init",
        "scratch": scratch,
    }
    return RenditionWriter(blobs, **(usual | changes))


def write(blobs, scratch, packets, *, samples, b=None, **changes):
    with writer(blobs, scratch, **changes) as out:
        for number, packet in enumerate(packets):
            out.add(packet, b[number] if b else packet)
        return out.finish(samples=samples)


def small(count, tag=b"a"):
    return [Packet(tag * (number + 1), 10) for number in range(count)]


def opened(blobs, index, variant, segment):
    """A segment's plain chunks of one variant, as an edge reads them."""
    key = unwrap(KEK, index.wrapped_key, context=index.context)
    start, length = index.segment_span(variant, segment)
    sealed = blobs.get_range(index.pack_path(variant), start, length)
    plain, at = [], 0
    for chunk in index.chunks_of(segment):
        size = index.chunk_bytes(variant)[chunk]
        part = sealed[at : at + size]
        plain.append(unseal(key, part, variant=variant, chunk=chunk, context=index.context))
        at += size
    assert at == length
    return plain


@pytest.mark.parametrize("make", [aac, flac])
def test_what_is_written_is_read_chunk_by_chunk_in_both_variants(blobs, scratch, make):
    a, b = make(44_100, 6 * 44_100 + 5, 440.0), make(44_100, 6 * 44_100 + 5, 880.0)
    index = write(
        blobs,
        scratch,
        a.packets,
        b=b.packets,
        samples=a.samples,
        layout=a.layout,
        delay_samples=a.delay_samples,
        init=a.init,
        mime=a.mime,
    )
    assert read_index(blobs, ASSET, "flac") == index
    assert index.segments == 2
    for variant, encoded in ((0, a), (1, b)):
        read = [
            chunk for segment in range(index.segments) for chunk in opened(blobs, index, variant, segment)
        ]
        assert read == chunks_of(encoded)
    assert not list(scratch.iterdir())


def test_nothing_at_rest_is_in_the_clear(blobs, scratch):
    index = write(blobs, scratch, [Packet(b"music" * 20, 10)] * 8, samples=80)
    for variant in (0, 1):
        assert b"musicmusic" not in blobs.get(index.pack_path(variant))
    assert blobs.get(index.pack_path(0)) != blobs.get(index.pack_path(1))


def test_variants_and_chunks_cannot_be_swapped(blobs, scratch):
    index = write(blobs, scratch, [Packet(b"same", 10)] * 8, samples=80)
    key = unwrap(KEK, index.wrapped_key, context=index.context)
    size = index.chunk_bytes_a[0]
    first = blobs.get_range(index.pack_path(0), 0, size)
    assert unseal(key, first, variant=0, chunk=0, context=index.context)
    for variant, chunk, context in ((1, 0, index.context), (0, 1, index.context), (0, 0, f"{ASSET}/aac-64")):
        with pytest.raises(Exception, match="does not open"):
            unseal(key, first, variant=variant, chunk=chunk, context=context)


@pytest.mark.parametrize("at", range(9))
def test_an_interrupted_writer_leaves_nothing(blobs, scratch, at):
    def interrupted():
        with writer(blobs, scratch) as out:
            for number, packet in enumerate(small(8)):
                if number == at:
                    raise KeyboardInterrupt
                out.add(packet, packet)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert not list(scratch.iterdir())
    assert not list(blobs.listing(""))


@pytest.mark.parametrize("failing", [1, 2, 3])
def test_a_store_that_fails_while_publishing_leaves_nothing(blobs, scratch, monkeypatch, failing):
    calls = []

    def guarded(real):
        def call(*arguments):
            calls.append(arguments[0])
            if len(calls) == failing:
                raise StoreUnavailable("full")
            return real(*arguments)

        return call

    monkeypatch.setattr(blobs, "put", guarded(blobs.put))
    monkeypatch.setattr(blobs, "put_file", guarded(blobs.put_file))
    with pytest.raises(StoreUnavailable):
        write(blobs, scratch, small(8), samples=80)
    assert not list(scratch.iterdir())
    assert not list(blobs.listing(""))


def test_the_index_is_written_last(blobs, scratch, monkeypatch):
    order = []
    put, put_file = blobs.put, blobs.put_file
    monkeypatch.setattr(blobs, "put", lambda path, data: order.append(path) or put(path, data))
    monkeypatch.setattr(blobs, "put_file", lambda path, file: order.append(path) or put_file(path, file))
    index = write(blobs, scratch, small(8), samples=80)
    assert order == [index.pack_path(0), index.pack_path(1), index_path(ASSET, "flac")]


def test_a_second_writer_gets_the_first_ones_rendition(blobs, scratch):
    first = write(blobs, scratch, small(8), samples=80)
    second = write(blobs, scratch, small(6, b"z"), samples=60)
    assert second == first
    assert sorted(path for path, _ in blobs.listing("")) == sorted(
        [index_path(ASSET, "flac"), first.pack_path(0), first.pack_path(1)]
    )


def test_packs_of_a_killed_writer_are_swept_by_the_next(blobs, scratch):
    killed = writer(blobs, scratch)
    for packet in small(8):
        killed.add(packet, packet)
    killed.finish(samples=80)
    blobs.delete(index_path(ASSET, "flac"))  # as if killed between the packs and the index
    blobs.put(f"assets/{ASSET[:2]}/{ASSET}/aac-64.0123.a", b"another rendition's")
    index = write(blobs, scratch, small(8), samples=80)
    kept = {path for path, _ in blobs.listing("")}
    assert kept == {
        index_path(ASSET, "flac"),
        index.pack_path(0),
        index.pack_path(1),
        f"assets/{ASSET[:2]}/{ASSET}/aac-64.0123.a",
    }


def test_a_rendition_that_is_not_ready_is_missing(blobs):
    with pytest.raises(BlobMissing):
        read_index(blobs, ASSET, "flac")


@pytest.mark.parametrize(
    ("packets", "samples", "delay"),
    [
        (small(4), 41, 0),  # a packet is missing
        (small(4), 30, 0),  # a packet too many
        (small(4), 40, 10),  # the delay is not covered
        ([], 10, 0),
        (small(1), 0, 0),
        ([Packet(b"x", 5), Packet(b"x", 10)], 15, 0),  # a short packet before the end
        ([Packet(b"x", 11)], 11, 0),
        ([Packet(b"x", 0)], 1, 0),
    ],
)
def test_packets_that_do_not_make_up_the_rendition_are_refused(blobs, scratch, packets, samples, delay):
    with pytest.raises(RenditionIncomplete):
        write(blobs, scratch, packets, samples=samples, delay_samples=delay)
    assert not list(blobs.listing(""))


def test_variants_must_be_equally_long(blobs, scratch):
    with writer(blobs, scratch) as out, pytest.raises(RenditionIncomplete):
        out.add(Packet(b"a", 10), Packet(b"b", 9))


def test_an_unknown_rendition_is_refused(blobs, scratch):
    with pytest.raises(ValueError, match="aac-128"):
        writer(blobs, scratch, name="mp3")


@given(
    st.lists(st.tuples(st.integers(17, 10**6), st.integers(17, 10**6)), min_size=1, max_size=60),
    st.integers(0, 20),
    st.data(),
)
def test_spans_and_samples_cover_the_rendition_exactly(sizes, delay, data):
    last = data.draw(st.integers(1, SMALL.chunk_samples))
    samples = max(1, (len(sizes) - 1) * SMALL.chunk_samples + last - delay)
    index = replace(
        BLANK,
        samples=samples,
        delay_samples=delay,
        chunk_bytes_a=tuple(a for a, _ in sizes),
        chunk_bytes_b=tuple(b for _, b in sizes),
    )
    assert RenditionIndex.from_json(index.to_json()) == index
    for variant in (0, 1):
        at = 0
        for segment in range(index.segments):
            start, length = index.segment_span(variant, segment)
            assert start == at
            at += length
        assert at == sum(index.chunk_bytes(variant))
    with pytest.raises(IndexError):
        index.segment_span(0, index.segments)
    with pytest.raises(IndexError):
        index.segment_span(0, -1)


BLANK = RenditionIndex(
    asset=ASSET,
    name="aac-128",
    mime="audio/mp4",
    rate_hz=44_100,
    samples=200,
    delay_samples=10,
    layout=SMALL,
    init=b"\0\xffinit",
    wrapped_key=b"\1" * 60,
    packs=("a" * 32, "b" * 32),
    chunk_bytes_a=(5,) * 11,
    chunk_bytes_b=(6,) * 11,
)


@given(st.integers(0, 199))
def test_every_sample_is_in_the_segment_that_says_so(sample):
    first, until = BLANK.samples_of(BLANK.segment_of(sample))
    assert first <= sample < until


def test_segments_share_the_samples_without_gap_or_overlap():
    spans = [BLANK.samples_of(segment) for segment in range(BLANK.segments)]
    assert spans[0][0] == 0
    assert spans[-1][1] == BLANK.samples
    assert all(one[1] == two[0] for one, two in pairwise(spans))


@pytest.mark.parametrize(
    "text",
    ["", "{}", "[]", "null", '{"form": 1}', BLANK.to_json().replace('"form":1', '"form":2'), b"\xff\xfe"],
)
def test_an_index_that_cannot_be_read_is_said(text):
    with pytest.raises(IndexCorrupt):
        RenditionIndex.from_json(text)
