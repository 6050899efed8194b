"""Segments: two ranged reads at most, each once; what is damaged or away is never half served."""

import asyncio

import pytest
from edge.kit import RATE, Site, want

from alpheus.storage.errors import StoreUnavailable


class Trouble:
    """The object store between the edge and its folder: counted, slow, away, or lying."""

    def __init__(self, blobs):
        self._blobs = blobs
        self.reads = []
        self.away = False
        self.pause = 0.0
        self.lie = None

    async def get_async(self, path):
        return await self._go(path, self._blobs.get_async(path))

    async def get_range_async(self, path, start, length):
        data = await self._go(path, self._blobs.get_range_async(path, start, length))
        return self.lie(data) if self.lie else data

    async def _go(self, path, reading):
        self.reads.append(path)
        try:
            await asyncio.sleep(self.pause)
            self._answer()
        except BaseException:
            reading.close()
            raise
        return await reading

    def _answer(self):
        if self.away:
            raise StoreUnavailable("away")


@pytest.fixture
def troubled(tmp_path):
    site = Site(tmp_path, store_timeout_seconds=0.5)
    trouble = site.edge.store._blobs = Trouble(site.blobs)
    yield site, trouble
    site.edge.close()


async def first(site, index, *, warm=False, me=None, ahead_seconds=1):
    me = me or site.listener()
    gid, token = me.grant(index)
    if not warm:
        site.edge._warm = lambda _: None
    return await site.post(
        me.stream, sequence=0, grants=[token], want=[want(gid)], ahead_seconds=ahead_seconds
    )


async def test_a_segment_takes_at_most_two_ranged_reads_and_then_none(troubled):
    site, trouble = troubled
    index = site.rendition()
    for _ in range(12):
        answer = await first(site, index)
        await site.heard(answer["released"][0])
    assert sorted(trouble.reads) == sorted(
        [f"assets/{index.asset[:2]}/{index.asset}/aac-128.json", index.pack_path(0), index.pack_path(1)]
    )


async def test_a_hundred_at_once_read_once(troubled):
    site, trouble = troubled
    trouble.pause = 0.01
    index = site.rendition()
    answer = await first(site, index)
    trouble.reads.clear()
    bodies = await asyncio.gather(*(site.get(answer["released"][0]["url"]) for _ in range(100)))
    assert len({one.body for one in bodies}) == 1
    assert len(trouble.reads) <= 2
    assert site.edge.metrics.blends.total == 1


async def test_what_is_released_is_read_ahead(troubled):
    site, trouble = troubled
    index = site.rendition()
    answer = await first(site, index, warm=True, ahead_seconds=8)
    await asyncio.gather(*site.edge._warming)
    trouble.away = True
    for item in answer["released"]:
        await site.heard(item)


async def test_where_the_queue_goes_on_is_read_ahead_of_its_release(troubled):
    site, trouble = troubled
    first_of, next_of, third_of, fourth_of = (site.rendition(samples=60 * RATE) for _ in range(4))
    me = site.listener()
    grants = [me.grant(index) for index in (first_of, next_of, third_of, fourth_of)]
    answer = await site.post(
        me.stream,
        sequence=0,
        grants=[token for _, token in grants],
        want=[want(gid, segment) for (gid, _), segment in zip(grants, (0, 2, 0, 0), strict=True)],
        ahead_seconds=1,
    )
    assert len(answer["released"]) == 1
    await asyncio.gather(*site.edge._warming)
    packs = [path for path in trouble.reads if "json" not in path]
    assert {path.split("/")[2] for path in packs} == {it.asset for it in (first_of, next_of, third_of)}
    trouble.away = True
    skipped = await site.post(me.stream, sequence=1, want=[want(grants[1][0], 2)], ahead_seconds=1)
    await site.heard(skipped["released"][0])


async def test_a_slow_store_is_waited_for_once_not_once_a_piece(troubled):
    site, trouble = troubled
    me, indexes = site.listener(), [site.rendition() for _ in range(4)]
    grants = [me.grant(index) for index in indexes]
    together, most = 0, 0
    get = trouble.get_async

    async def watched(path):
        nonlocal together, most
        together += 1
        most = max(most, together)
        await asyncio.sleep(0.01)
        together -= 1
        return await get(path)

    trouble.get_async = watched
    await site.post(
        me.stream, sequence=0, grants=[token for _, token in grants], want=[want(gid) for gid, _ in grants]
    )
    assert most == 4


async def test_a_store_that_is_away_is_said_and_recovered_from(troubled):
    site, trouble = troubled
    index = site.rendition()
    trouble.away = True
    answer = await first(site, index)
    assert (answer.status, answer["code"]) == (503, "store_unavailable")
    assert answer.headers["retry-after"]
    trouble.away = False
    answer = await first(site, index)
    url = answer["released"][0]["url"]
    trouble.away = True
    assert (await site.get(url)).status == 503
    trouble.away = False
    assert (await site.get(url)).status == 200
    trouble.away = True
    assert (await site.get(url)).status == 200, "who is cached plays on"


async def test_a_store_that_hangs_is_away(troubled):
    site, trouble = troubled
    index = site.rendition()
    answer = await first(site, index)
    trouble.pause = 60
    assert (await site.get(answer["released"][0]["url"])).status == 503


@pytest.mark.parametrize(
    "lie",
    [
        lambda data: data[:50] + bytes((data[50] ^ 1,)) + data[51:],
        lambda data: bytes(len(data)),
        lambda data: data[::-1],
    ],
)
async def test_what_is_damaged_is_never_served_and_is_reported(troubled, lie):
    site, trouble = troubled
    index = site.rendition()
    answer = await first(site, index)
    trouble.lie = lie
    url = answer["released"][0]["url"]
    for _ in range(2):
        refused = await site.get(url)
        assert refused.status == 503
        assert b"segment_corrupt" in refused.body
    state = await site.internal("state", method="GET")
    assert index.asset in state["damaged"][0]["object"]
    assert site.edge.metrics.corrupt.total == 2
    trouble.lie = None
    assert (await site.get(url)).status == 200, "a store that is mended serves again"


async def test_chunks_of_the_other_variant_do_not_pass_for_it(troubled, monkeypatch):
    site, _ = troubled
    index = site.rendition()
    answer = await first(site, index)
    name = type(index).pack_path
    monkeypatch.setattr(type(index), "pack_path", lambda self, variant: name(self, 1 - variant))
    assert (await site.get(answer["released"][0]["url"])).status == 503


async def test_a_truncated_pack_is_not_served(troubled):
    site, _ = troubled
    index = site.rendition(samples=60 * RATE)
    folder = site.options.keylog.parent / "objects"
    answer = await first(site, index, ahead_seconds=20)
    for variant in (0, 1):
        pack = folder / index.pack_path(variant)
        pack.write_bytes(pack.read_bytes()[:5000])
    assert (await site.get(answer["released"][-1]["url"])).status == 503


async def test_nothing_in_memory_is_in_the_clear(troubled):
    site, _ = troubled
    index = site.rendition()
    answer = await first(site, index)
    await site.heard(answer["released"][0])
    held = [*site.edge.delivery.chunks._entries.values(), *site.edge.delivery.blends._entries.values()]
    assert len(held) >= 2
    assert not any(b"A0000001" in entry.value or b"moof" in entry.value for entry in held)
