"""Two edges, one account: whoever moves gets no more than one gate's worth, and is sent on, not cut off."""

import random

import pytest
from edge.kit import RATE, Site, want


@pytest.fixture
def pair(tmp_path):
    """Two edges over the same music, on one clock."""
    first = Site(tmp_path, keylog=tmp_path / "keylog" / "edge-1")
    second = Site(tmp_path, keylog=tmp_path / "keylog" / "edge-2", edge_id="edge-2")
    second.clock = first.clock
    second.edge.close()
    second.start()
    yield first, second
    first.edge.close()
    second.edge.close()


def music(index, segments):
    spans = (index.samples_of(segment) for segment in segments)
    return sum(end - start for start, end in spans) / index.rate_hz


def asked(index, got):
    return [segment for segment in range(index.segments) if segment not in got]


async def move(old, grants):
    answer = await old.internal("cancel", {"moved": grants})
    assert answer["cancelled"] == len(grants)


async def test_a_new_gate_begins_without_lead_and_seek_budget(pair):
    first, second = pair
    index = first.rendition(samples=200 * RATE)
    me = first.listener(edge_id="edge-2")
    gid, token = me.grant(index, mov=0)
    refused = await second.post(me.stream, sequence=9, grants=[token], want=[want(gid)], ahead_seconds=20)
    assert (refused.status, refused["code"]) == (429, "over_budget")
    assert refused["wait_seconds"] == pytest.approx(3.97, abs=0.05)
    first.clock.passes(refused["wait_seconds"])
    answer = await second.post(me.stream, sequence=10, grants=[], want=[want(gid)], ahead_seconds=20)
    assert [item["segment"] for item in answer["released"]] == [0]


async def test_a_token_shown_again_takes_nothing_that_has_flowed_in_since(pair):
    first, second = pair
    index = first.rendition(samples=200 * RATE)
    me = first.listener(edge_id="edge-2")
    gid, token = me.grant(index, mov=0)
    await second.post(me.stream, sequence=0, grants=[token])
    first.clock.passes(30)
    again = await second.post(me.stream, sequence=1, grants=[token], want=[want(gid)], ahead_seconds=20)
    assert len(again["released"]) == 5


async def test_after_ten_minutes_a_gate_is_full_again(pair):
    _, second = pair
    index = second.rendition(samples=200 * RATE)
    me = second.listener(edge_id="edge-2")
    gid, token = me.grant(index)
    answer = await second.post(me.stream, sequence=0, grants=[token], want=[want(gid)], ahead_seconds=20)
    assert len(answer["released"]) == 5


@pytest.mark.parametrize("network", ["", "n" * 32])
@pytest.mark.parametrize("every", [0.5, 7.0, 60.0])
async def test_going_to_and_fro_yields_no_more_than_staying(pair, every, network):
    """A ripper has web move it as often as it likes, asks for everything in any order, and keeps all its tokens."""
    first, second = pair
    rng = random.Random(1)
    index = first.rendition(samples=1200 * RATE)
    me, begun, got, sequence = first.listener(network=network), first.clock.now, set(), 0
    tokens = {"edge-1": [], "edge-2": []}
    here, there = first, second
    moved = None
    while first.clock.now - begun < 120:
        me.edge_id = here.options.edge_id
        gid, token = me.grant(index, **({} if moved is None else {"mov": 0}))
        tokens[me.edge_id].append((gid, token))
        until = first.clock.now + every
        while first.clock.now < until:
            for site in (here, there):  # the one it left is tried as well, with all that it ever had
                shown = tokens[site.options.edge_id][-8:]
                sequence += 1
                left = asked(index, got)
                wants = [want(rng.choice(shown)[0], rng.choice(left)) for _ in range(4)] if shown else []
                answer = await site.post(
                    me.stream,
                    sequence=sequence,
                    grants=[it for _, it in shown],
                    want=wants,
                    ahead_seconds=3600,
                )
                if answer.status == 200 and wants:
                    got |= {item["segment"] for item in answer["released"]}
            first.clock.passes(rng.uniform(0.3, 2))
        await move(here, [gid])
        moved, here, there = first.clock.now, there, here
    took = first.clock.now - begun
    assert 15 < music(index, got) <= 20 + 60 + 1.1 * took + 1e-6


async def test_the_streams_of_an_account_that_moved_are_sent_on(pair):
    first, _ = pair
    index = first.rendition(samples=200 * RATE)
    account = "a" * 32
    one, two, other = first.listener(account=account), first.listener(account=account), first.listener()
    ids = {}
    for me in (one, two, other):
        ids[me.stream], token = me.grant(index)
        assert (
            await first.post(
                me.stream, sequence=0, grants=[token], want=[want(ids[me.stream])], ahead_seconds=4
            )
        ).status == 200
    await move(first, [ids[one.stream], ids[two.stream]])
    for me in (one, two):
        refused = await first.post(me.stream, sequence=1, want=[want(ids[me.stream], 1)], ahead_seconds=4)
        assert (refused.status, refused["code"]) == (410, "account_moved")
        at = {"grant": ids[me.stream], "sample": 1000}
        told = await first.post(me.stream, sequence=2, at=at, closing=True)
        assert told.status == 200, "what was heard is still taken down"
    stays = await first.post(other.stream, sequence=1, want=[want(ids[other.stream], 1)], ahead_seconds=4)
    assert stays.status == 200
    first.clock.passes(2)
    gid, token = one.grant(index, mov=2)
    back = await first.post(one.stream, sequence=3, grants=[token], want=[want(gid, 1)], ahead_seconds=4)
    assert (back.status, back["code"]) == (429, "over_budget"), "it may come back, without a lead"


async def test_an_edge_that_was_restarted_still_knows_who_moved(pair):
    first, _ = pair
    index = first.rendition()
    me = first.listener()
    gid, token = me.grant(index)
    await move(first, [gid])
    first.restart()
    refused = await first.post(me.stream, sequence=0, grants=[token], want=[want(gid)], ahead_seconds=4)
    assert refused["code"] == "account_moved"


async def test_the_operator_sees_who_listens(pair):
    first, _ = pair
    index = first.rendition()
    for _ in range(3):
        me = first.listener()
        _, token = me.grant(index)
        await first.post(me.stream, sequence=0, grants=[token])
        first.clock.passes(20)
    state = await first.internal("state", method="GET")
    assert (state["streams"], state["listening"]) == (3, 1)
