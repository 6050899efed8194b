"""A script with valid grants that asks for everything at once gets lead and seek budget, then real time."""

import random

import pytest
from edge.kit import RATE, Site, want


async def rip(site, streams, index, *, seconds, rng):
    """Ask over all streams, for every segment in any order, as fast as answers come, for so many seconds."""
    got, sequence, grants = set(), 0, {}
    segments = list(range(index.segments))
    for me in streams:
        grants[me.stream] = me.grant(index)
    begun = site.clock.now
    asked = set()
    while site.clock.now - begun < seconds and len(got) < index.segments:
        sequence += 1
        for me in streams:
            gid, token = grants[me.stream]
            left = [segment for segment in segments if segment not in got]
            wants = [want(gid, segment) for segment in rng.sample(left, min(len(left), rng.randint(1, 8)))]
            first = me.stream not in asked
            asked.add(me.stream)
            answer = await site.post(
                me.stream, sequence=sequence, grants=[token] if first else [], want=wants, ahead_seconds=3600
            )
            assert answer.status in {200, 429, 410}
            if answer.status == 200:
                got |= {item["segment"] for item in answer["released"]}
        site.clock.passes(rng.uniform(0.2, 5))
    return got, site.clock.now - begun


def music(index, segments):
    spans = (index.samples_of(segment) for segment in segments)
    return sum(end - start for start, end in spans) / index.rate_hz


@pytest.mark.parametrize("how_many", [1, 20])
@pytest.mark.parametrize("seed", [1, 2])
async def test_one_account_however_many_streams(site, how_many, seed):
    index = site.rendition(samples=400 * RATE)
    account = "a" * 32
    streams = [site.listener(account=account) for _ in range(how_many)]
    got, took = await rip(site, streams, index, seconds=120, rng=random.Random(seed))
    assert music(index, got) <= 20 + 60 + 1.1 * took + 1e-6
    assert took >= (music(index, got) - 80) / 1.1
    assert len(got) < index.segments


async def test_at_once_a_ripper_gets_lead_and_seek_budget(site):
    index = site.rendition(samples=400 * RATE)
    me = site.listener()
    gid, token = me.grant(index)
    everything = [want(gid, segment) for segment in range(0, index.segments, 4)]
    got = set()
    for number in range(30):
        answer = await site.post(
            me.stream, sequence=number, grants=[token], want=everything[number:][:32], ahead_seconds=3600
        )
        if answer.status == 200:
            got |= {item["segment"] for item in answer["released"]}
    assert 60 < music(index, got) <= 80


async def test_twenty_guests_of_one_network_share_what_eight_would_have(tmp_path):
    site = Site(tmp_path, guests_per_network=2)
    index = site.rendition(samples=400 * RATE)
    streams = [site.listener(network="n" * 32) for _ in range(20)]
    total = 0.0
    for me in streams:
        got, _ = await rip(site, [me], index, seconds=0.1, rng=random.Random(3))
        total += music(index, got)
    assert total <= 2 * (20 + 60 + 1.1 * (site.clock.now - 1000)) + 1e-6
    site.edge.close()


async def test_a_guest_hears_one_window_however_often_it_asks(site):
    index = site.rendition(samples=200 * RATE)
    heard = set()
    for _ in range(5):
        me = site.listener()
        gid, token = me.grant(index, win=[60 * RATE, 90 * RATE], pre=True)
        wants = [want(gid, segment) for segment in range(index.segments)][:32]
        answer = await site.post(me.stream, sequence=0, grants=[token], want=wants, ahead_seconds=3600)
        heard |= {item["segment"] for item in answer["released"]}
        site.clock.passes(100)
    assert music(index, heard) <= 30 + 2 * 4


async def test_yesterdays_names_and_keys_open_nothing_after_the_grace(site):
    index = site.rendition(samples=60 * RATE)
    me = site.listener()
    gid, token = me.grant(index)
    answer = await site.post(me.stream, sequence=0, grants=[token], want=[want(gid)], ahead_seconds=8)
    item = answer["released"][0]
    assert (await site.get(item["url"])).status == 200
    await site.internal("epoch/turn")
    assert (await site.get(item["url"])).status == 200, "who is listening does not notice"
    site.clock.passes(121)
    site.edge.epochs.destroy_old()
    assert (await site.get(item["url"])).status == 410
    site.clock.passes(20)
    _, renewed = me.grant(index, jti=gid)
    again = await site.post(me.stream, sequence=1, grants=[renewed], want=[want(gid)], ahead_seconds=8)
    fresh = again["released"][0]
    assert fresh["url"].partition("?")[0] != item["url"].partition("?")[0]
    assert fresh["key"] != item["key"]
