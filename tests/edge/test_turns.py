"""An epoch's turn under many streams: spread over the epoch, nothing is read from the store, nobody piles up."""

import asyncio

import pytest
from edge.kit import RATE, Site, want

PIECES, SECONDS, STEP = 24, 120, 6
SEGMENTS = 2


@pytest.fixture
def busy(tmp_path):
    """An edge with a listener to each of many pieces, all of it in memory."""
    site = Site(tmp_path, cache_bytes=64 * 2**20, epoch_seconds=SECONDS, epoch_grace_seconds=20)
    pieces = [site.rendition(samples=7 * RATE) for _ in range(PIECES)]
    streams = []
    for index in pieces:
        me = site.listener()
        streams.append((me, *me.grant(index, seconds=3600)))
    yield Busy(site, streams)
    site.edge.close()


class Busy:
    def __init__(self, site, streams):
        self.site, self.streams, self.sequence = site, streams, 0

    async def listen(self):
        """Everybody hears their next segment, round and round; how often a segment was made anew meanwhile."""
        before = self.site.edge.metrics.blends.total
        self.sequence += 1
        for me, gid, token in self.streams:
            answer = await self.site.post(
                me.stream,
                sequence=self.sequence,
                grants=[token],
                want=[want(gid, self.sequence % SEGMENTS)],
                ahead_seconds=1,
            )
            assert answer.status == 200, answer.body
            await self.site.heard(answer["released"][0])
        self.site.clock.passes(STEP)
        return self.site.edge.metrics.blends.total - before

    @property
    def reads(self):
        return self.site.edge.metrics.store_reads.total


async def test_a_turn_is_spread_over_the_epoch_and_reads_nothing(busy):
    for _ in range(SEGMENTS):
        await busy.listen()
    await asyncio.gather(*busy.site.edge._warming)
    reads = busy.reads
    made = [await busy.listen() for _ in range(SECONDS // STEP)]
    assert busy.reads == reads, "stored chunks do not belong to an epoch"
    assert PIECES * SEGMENTS * 0.9 <= sum(made) <= PIECES * SEGMENTS * 1.1, "each piece turned once"
    assert max(made) <= PIECES * SEGMENTS / 4, made
    assert sum(1 for step in made if step) >= len(made) / 2, made


async def test_a_turn_by_command_makes_everything_anew_once_and_reads_nothing(busy):
    for _ in range(SEGMENTS):
        await busy.listen()
    await asyncio.gather(*busy.site.edge._warming)
    reads = busy.reads
    await busy.site.internal("epoch/turn")
    assert await busy.listen() == PIECES
    assert busy.reads == reads


async def test_a_house_full_of_one_song_makes_each_blend_once(busy):
    site = busy.site
    index = site.rendition(samples=7 * RATE)
    crowd = [site.listener() for _ in range(100)]
    grants = [me.grant(index) for me in crowd]
    asked = [
        site.post(me.stream, sequence=0, grants=[token], want=[want(gid)], ahead_seconds=1)
        for me, (gid, token) in zip(crowd, grants, strict=True)
    ]
    answers = await asyncio.gather(*asked)
    reads, made = busy.reads, site.edge.metrics.blends.total
    urls = [answer["released"][0]["url"] for answer in answers]
    await asyncio.gather(*(site.get(url) for url in urls))
    assert site.edge.metrics.blends.total - made == len(set(urls)) <= 16
    assert busy.reads - reads <= 2
