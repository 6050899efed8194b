"""After a crash gates and sequences are where they were."""

import pytest
from edge.kit import RATE, want


async def drained(site, **changed):
    index = site.rendition(samples=1000 * RATE)
    me = site.listener(**changed)
    gid, token = me.grant(index)
    for number, segment in enumerate([0, 50, 100, 150]):
        answer = await site.post(
            me.stream, sequence=number, grants=[token], want=[want(gid, segment)], ahead_seconds=60
        )
        assert answer.status == 200
    return index, me, gid, token


@pytest.mark.parametrize("down_seconds", [0, 5, 30])
@pytest.mark.parametrize("jumped", [0, -3600])
async def test_dying_gives_nobody_a_fresh_budget(site, down_seconds, jumped):
    _, me, _, _ = await drained(site)
    before = site.edge.gates.of(me.account, "", now=site.clock.now).account.state(now=site.clock.now)
    site.clock.jumped = jumped
    site.clock.passes(down_seconds)
    site.restart()
    after = site.edge.gates.of(me.account, "", now=site.clock.now).account.state(now=site.clock.now)
    assert after.lead == pytest.approx(min(20, before.lead + down_seconds), abs=0.01)
    assert after.seek == pytest.approx(before.seek + down_seconds / 10, abs=0.01)


async def test_a_network_of_guests_is_rebuilt_as_well(site):
    await drained(site, network="n" * 32)
    site.restart()
    gate = site.edge.gates.of("another guest", "n" * 32, now=site.clock.now)
    assert gate.network.state(now=site.clock.now).lead < 8 * 20 - 20 + 0.1


async def test_a_stream_goes_on_at_its_next_sequence_with_its_tokens_again(site):
    _, me, gid, token = await drained(site)
    site.clock.passes(8)
    site.restart()
    same = await site.post(me.stream, sequence=3, want=[want(gid, 152)], ahead_seconds=4)
    assert (same.status, same["code"], same["sequence"]) == (409, "sequence_stale", 3)
    bare = await site.post(me.stream, sequence=4, want=[want(gid, 152)], ahead_seconds=4)
    assert (bare.status, bare["code"]) == (410, "grant_unknown")
    answer = await site.post(me.stream, sequence=4, grants=[token], want=[want(gid, 152)], ahead_seconds=4)
    assert answer.status == 200
    await site.heard(answer["released"][0])


async def test_names_and_keys_from_before_open_nothing(site):
    _, me, gid, _ = await drained(site)
    site.clock.passes(30)
    answer = await site.post(me.stream, sequence=9, want=[want(gid, 3)], ahead_seconds=4)
    url = answer["released"][0]["url"]
    site.restart()
    assert (await site.get(url)).status == 404


async def test_what_is_long_ago_is_not_remembered(site):
    await drained(site)
    site.clock.passes(5000)
    other = site.listener()
    index = site.rendition()
    gid, token = other.grant(index)
    await site.post(other.stream, sequence=0, grants=[token], want=[want(gid)], ahead_seconds=4)
    site.restart()
    assert len(site.edge.streams) == 1
