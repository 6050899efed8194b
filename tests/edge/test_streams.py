"""Streams are bounded and forgotten."""

from edge.kit import RATE, Site, want


async def test_idle_streams_are_forgotten_and_may_come_back(tmp_path):
    site = Site(tmp_path, stream_idle_seconds=60)
    index = site.rendition(samples=100 * RATE)
    me = site.listener()
    gid, token = me.grant(index)
    await site.post(me.stream, sequence=0, grants=[token], want=[want(gid)], ahead_seconds=4)
    site.clock.passes(61)
    site.edge.tidy()
    assert len(site.edge.streams) == 0
    bare = await site.post(me.stream, sequence=1, want=[want(gid, 1)], ahead_seconds=4)
    assert bare["code"] == "grant_unknown"
    back = await site.post(me.stream, sequence=1, grants=[token], want=[want(gid, 1)], ahead_seconds=4)
    assert back.status == 200
    assert "init" in back["tracks"][gid]
    site.edge.close()


async def test_no_more_streams_than_stated(tmp_path):
    site = Site(tmp_path, streams_max=10)
    index = site.rendition()
    for _ in range(30):
        me = site.listener()
        gid, token = me.grant(index)
        answer = await site.post(me.stream, sequence=0, grants=[token], want=[want(gid)], ahead_seconds=1)
        assert answer.status == 200
    assert len(site.edge.streams) == 10
    site.edge.close()


async def test_a_stream_holds_no_more_grants_than_a_queue_needs(site):
    index = site.rendition()
    me = site.listener()
    for number in range(12):
        grants = [me.grant(index)[1] for _ in range(30)]
        await site.post(me.stream, sequence=number, grants=grants)
    (stream,) = site.edge.streams._streams.values()
    assert len(stream.grants) == 256


async def test_a_token_that_is_sent_again_does_not_live_longer(site):
    index = site.rendition(samples=100 * RATE)
    me = site.listener()
    gid, token = me.grant(index, seconds=600)
    await site.post(me.stream, sequence=0, grants=[token], want=[want(gid)], ahead_seconds=4)
    site.clock.jumped = -3600.0  # the wall clock is set back, so that the token looks fresh
    site.clock.passes(500)
    await site.post(me.stream, sequence=1, grants=[token], want=[want(gid, 1)], ahead_seconds=4)
    site.clock.passes(101)
    late = await site.post(me.stream, sequence=2, grants=[token], want=[want(gid, 2)], ahead_seconds=4)
    assert late["code"] == "grant_expired"
