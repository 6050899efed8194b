"""An object store over the network that is slow, fails every other time, is away, or lies: who is cached plays on."""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from edge.bucket import Bucket, environment
from edge.kit import RATE, Site, make_rendition, new_id, want
from edge.serving import Server, listener, metric, play

from alpheus.storage.blobs import Blobs


@pytest.fixture
def house(tmp_path, monkeypatch):
    """An edge that reads over the network, and its bucket."""
    site = Site(tmp_path, store_timeout_seconds=3.0)
    bucket = Bucket(tmp_path / "objects")
    with bucket.served() as url:
        for name, value in environment(url).items():
            monkeypatch.setenv(name, value)
        site.edge.store._blobs = Blobs.open("s3://music")
        yield site, bucket
    site.edge.close()


async def pressed(site, index, *, ahead_seconds=1):
    me = site.listener()
    gid, token = me.grant(index)
    answer = await site.post(
        me.stream, sequence=0, grants=[token], want=[want(gid)], ahead_seconds=ahead_seconds
    )
    return me, gid, answer


async def settled(site):
    while site.edge._warming:
        await asyncio.gather(*site.edge._warming, return_exceptions=True)


async def test_slow_who_is_cached_plays_on_and_others_wait_for_one_read(house):
    site, bucket = house
    cached, cold = site.rendition(samples=60 * RATE), site.rendition(samples=60 * RATE)
    _, _, answer = await pressed(site, cached, ahead_seconds=20)
    await settled(site)
    bucket.pause, asked = 0.5, bucket.asked
    for item in answer["released"]:
        await site.heard(item)
    assert bucket.asked == asked, "nothing of it was asked of the store"
    many = await asyncio.gather(*(pressed(site, cold) for _ in range(20)))
    bodies = await asyncio.gather(*(site.heard(one["released"][0]) for _, _, one in many))
    assert all(bodies)
    assert bucket.asked - asked <= 3, "an index and two packs, for twenty listeners"


async def test_failing_every_other_time_everybody_hears_in_the_end(house):
    site, bucket = house
    bucket.every = 2
    for _ in range(5):
        index = site.rendition(samples=20 * RATE)
        for _ in range(20):
            _, _, answer = await pressed(site, index)
            if answer.status == 200:
                break
            assert (answer.status, answer["code"]) == (503, "store_unavailable")
        for _ in range(20):
            got = await site.get(answer["released"][0]["url"])
            if got.status == 200:
                break
            assert got.status == 503
            assert got.headers["retry-after"]
        assert got.status == 200
    assert site.edge.metrics.corrupt.total == 0, "a store that fails is not one that lies"


async def test_away_who_is_cached_plays_on_and_others_are_told_and_recover(house):
    site, bucket = house
    cached, cold = site.rendition(samples=60 * RATE), site.rendition(samples=60 * RATE)
    me, gid, answer = await pressed(site, cached, ahead_seconds=12)
    await settled(site)
    bucket.away = True
    for item in answer["released"]:
        await site.heard(item)
    refused = (await pressed(site, cold))[2]
    assert (refused.status, refused["code"]) == (503, "store_unavailable")
    assert refused.headers["retry-after"]
    follows = await site.post(me.stream, sequence=1, want=[want(gid, 6)], ahead_seconds=1)
    assert follows.status == 200, "keys do not need the store"
    assert (await site.get(follows["released"][0]["url"])).status == 503
    bucket.away = False
    await settled(site)
    assert (await site.get(follows["released"][0]["url"])).status == 200
    assert (await pressed(site, cold))[2].status == 200


async def test_what_arrives_damaged_is_refused_reported_and_mended(house):
    site, bucket = house
    index = site.rendition()
    await site.edge.delivery._renditions.open(index.asset, "aac-128")
    bucket.lie = True
    _, _, answer = await pressed(site, index)
    await settled(site)
    url = answer["released"][0]["url"]
    refused = await site.get(url)
    assert (refused.status, b"segment_corrupt" in refused.body) == (503, True)
    state = await site.internal("state", method="GET")
    assert index.asset in state["damaged"][0]["object"]
    bucket.lie = False
    assert (await site.get(url)).status == 200


@pytest.fixture
def far(tmp_path, monkeypatch):
    """An edge process whose music lies in a bucket, and the bucket."""
    bucket = Bucket(tmp_path / "objects")
    with bucket.served() as url:
        for name, value in environment(url).items():
            monkeypatch.setenv(name, value)
        server = Server(
            tmp_path,
            objects_url="s3://music",
            posts_per_second=1e6,
            posts_burst=10**6,
            store_timeout_seconds=5.0,
        )
        server.blobs = Blobs.open((tmp_path / "objects").as_uri())
        yield server, bucket
        if server.process.poll() is None:
            server.stop()


def put(server):
    return make_rendition(server.blobs, asset=new_id(), samples=60 * RATE)


def test_a_process_whose_store_takes_two_seconds_serves_what_it_holds_meanwhile(far):
    server, bucket = far
    cached, cold = put(server), put(server)
    me = listener()
    grant = me.grant(cached)
    item = play(server, me, cached, grant=grant)[0]
    bucket.pause, asked = 2.0, bucket.asked
    with ThreadPoolExecutor(13) as pool:
        waiting = [pool.submit(play, server, listener(), cold) for _ in range(12)]
        while bucket.asked == asked:
            time.sleep(0.01)
        held = 0
        while bucket.asked == asked + 1 and held < 50:  # the first read is under way
            assert server.request("GET", item["url"]).status == 200
            assert (
                server.post(me.stream, sequence=1 + held, at={"grant": grant[0], "sample": 0}).status == 200
            )
            held += 1
        assert held == 50, "who is cached plays on: segments and keys, while the store thinks"
        assert all(each.result() for each in waiting), "the others hear every sample in the end"
    assert bucket.asked - asked <= 6, (
        "one index and the packs of two segments, read once for twelve listeners"
    )
    assert metric(server, "alpheus_edge_corrupt_total") == 0


def test_a_process_whose_store_fails_half_the_time_asks_again_and_everybody_hears(far):
    server, bucket = far
    cached = put(server)
    item = play(server, listener(), cached)[0]
    bucket.every, bucket.failed = 2, 0
    for index in [put(server) for _ in range(4)]:
        assert play(server, listener(), index), "every sample of it, at the first press"
        assert server.request("GET", item["url"]).status == 200
    assert bucket.failed >= 4
    assert metric(server, "alpheus_edge_corrupt_total") == 0, "a store that fails is not one that lies"


def test_a_process_whose_store_is_away_says_so_and_comes_back_by_itself(far):
    server, bucket = far
    cached, cold = put(server), put(server)
    item = play(server, listener(), cached)[0]
    bucket.away = True
    me = listener()
    gid, token = me.grant(cold)
    told = server.post(me.stream, sequence=0, grants=[token], want=[want(gid)], ahead_seconds=4)
    assert (told.status, told.json["code"]) == (503, "store_unavailable")
    assert told.json["detail"]
    assert int(told.headers["Retry-After"]) <= 5
    assert server.request("GET", item["url"]).status == 200
    bucket.away = False
    assert play(server, me, cold, grant=(gid, token)), "the same sequence, and nothing was restarted"
