"""The ripper of one strategy: works on its own epoch, at listening speed, and gets nothing on the next."""

import pytest
from edge.kit import RATE, Site, expected_segment
from ripper.ladder import LadderRipper

from alpheus.edge.strategies.known import STRATEGIES
from alpheus.packaging.boxes import aac_init
from alpheus.watermark.codeword import symbols

SONG_SECONDS = 240
LEAD_SECONDS, SEEK_SECONDS = 20, 60
OTHERS = [name for name in STRATEGIES if name != "ladder"]


class KitWire:
    """An edge in this process, whose time passes when the ripper waits."""

    def __init__(self, site, stream):
        self.site, self.stream = site, stream

    async def post(self, body):
        answer = await self.site.post(self.stream, **body)
        return answer.status, answer.body

    async def get(self, url):
        answer = await self.site.get(url)
        return answer.status, answer.body

    async def wait(self, seconds):
        self.site.clock.passes(seconds)


@pytest.fixture
def site(tmp_path):
    made = Site(tmp_path, strategies=tuple(STRATEGIES))
    yield made
    made.edge.close()


def ripper_of(site, index):
    me = site.listener()
    grant, token = me.grant(index)
    return me, LadderRipper(KitWire(site, me.stream), grant, token)


async def force(site, name):
    assert (await site.internal("strategies/choose", {"force": name}))["in_force"] == name


async def test_on_its_own_epoch_it_gets_the_song_at_listening_speed(site):
    index = site.rendition(samples=SONG_SECONDS * RATE)
    await force(site, "ladder")
    me, ripper = ripper_of(site, index)
    begun = site.clock.now
    await ripper.rip()
    took = site.clock.now - begun
    assert ripper.done
    assert (SONG_SECONDS - LEAD_SECONDS - SEEK_SECONDS) / 1.1 <= took <= SONG_SECONDS
    assert ripper.file() == aac_init(RATE, b"\x12\x10") + b"".join(
        expected_segment(index, segment, marked(site, me, index, segment))
        for segment in range(index.segments)
    )


def marked(site, me, index, segment):
    """The variants that the account's codeword demands: the mark that a ripped file carries."""
    chunks = index.chunks_of(segment)
    return symbols(
        site.options.codeword_key,
        account=me.account,
        recording=index.asset[::-1],
        start=chunks.start,
        count=len(chunks),
    )


@pytest.mark.parametrize("other", OTHERS)
async def test_on_the_next_epoch_it_gets_nothing_more(site, other):
    index = site.rendition(samples=SONG_SECONDS * RATE)
    await force(site, "ladder")
    _, ripper = ripper_of(site, index)
    await ripper.rip(attempts=12)
    had = dict(ripper.segments)
    assert 0 < len(had) < index.segments
    assert not ripper.broken
    await force(site, other)
    await ripper.rip(attempts=100)
    assert ripper.segments == had
    assert len(ripper.broken) > 20, "it was let through by the gate, and could read nothing"
    _, fresh = ripper_of(site, index)
    await fresh.rip(attempts=100)
    assert fresh.segments == {}


async def test_the_next_epoch_by_draw_is_never_its_own(site):
    index = site.rendition(samples=SONG_SECONDS * RATE)
    await force(site, "ladder")
    await site.internal("strategies/choose", {"draw": True})
    for _ in range(10):
        was = (await site.internal("strategies", method="GET"))["in_force"]
        assert (await site.internal("epoch/turn"))["strategy"] != was
        _, ripper = ripper_of(site, index)
        await ripper.rip(attempts=3)
        assert bool(ripper.segments) == (site.edge.epochs.current().strategy == "ladder")


async def test_it_works_again_when_its_strategy_comes_again(site):
    """A strategy is no secret: whoever has written a ripper for each of them has lost only the work."""
    index = site.rendition(samples=SONG_SECONDS * RATE)
    await force(site, "tide")
    _, ripper = ripper_of(site, index)
    await ripper.rip(attempts=20)
    assert not ripper.segments
    await force(site, "ladder")
    await ripper.rip()
    assert ripper.done
