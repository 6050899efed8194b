"""POSTs: what is released, in which form, and what a retry gets."""

import asyncio
import json

import pytest
from edge.kit import RATE, Site, expected_segment, new_id, unbase64, want

from alpheus.edge.chain import files, read
from alpheus.packaging.segments import variants_of
from alpheus.watermark.codeword import symbols


async def released(site, me, index, *, sequence=0, segment=0, ahead_seconds=8.0, **changed):
    gid, token = me.grant(index, **changed)
    answer = await site.post(
        me.stream, sequence=sequence, grants=[token], want=[want(gid, segment)], ahead_seconds=ahead_seconds
    )
    return gid, answer


def log_of(site):
    return [record for path in files(site.options.keylog) for record in read(path) if "stream" in record]


async def test_music_comes_out_in_the_accounts_own_blend(site):
    index = site.rendition(samples=19 * RATE)
    blends = set()
    for _ in range(6):
        me = site.listener()
        _, answer = await released(site, me, index, ahead_seconds=30)
        assert [item["segment"] for item in answer["released"]] == [0, 1, 2, 3, 4]
        for item in answer["released"]:
            chunks = index.chunks_of(item["segment"])
            mine = symbols(
                site.options.codeword_key,
                account=me.account,
                recording=index.asset[::-1],
                start=chunks.start,
                count=len(chunks),
            )
            assert await site.heard(item) == expected_segment(index, item["segment"], mine)
            blends.add(mine)
    assert len(blends) > 4


async def test_a_wrong_blend_would_be_noticed(site):
    index = site.rendition()
    plain = {expected_segment(index, 0, variants_of(blend)) for blend in range(16)}
    assert len(plain) == 16


async def test_the_same_account_gets_the_same_blend_in_every_stream_and_epoch(site):
    index = site.rendition()
    account = new_id()
    heard = set()
    for _ in range(3):
        me = site.listener(account=account)
        _, answer = await released(site, me, index, ahead_seconds=1)
        heard.add(await site.heard(answer["released"][0]))
        site.edge.turn()
        site.clock.passes(60)
    assert len(heard) == 1


async def test_tracks_tell_a_player_all_it_needs_and_the_init_travels_once(site):
    index = site.rendition(samples=60 * RATE)
    me = site.listener()
    gid, answer = await released(site, me, index)
    track = answer["tracks"][gid]
    assert unbase64(track.pop("init")) == index.init
    assert track == {
        "recording": index.asset[::-1],
        "rendition": "aac-128",
        "mime": index.mime,
        "rate_hz": RATE,
        "samples": index.samples,
        "delay_samples": 1024,
        "segment_samples": 176_128,
        "segments": index.segments,
        "window": [0, index.samples],
    }
    again = await site.post(me.stream, sequence=1, want=[want(gid, 3)], ahead_seconds=1)
    assert "init" not in again["tracks"][gid]
    asked = await site.post(me.stream, sequence=2, describe=[gid])
    assert unbase64(asked["tracks"][gid]["init"]) == index.init


async def test_a_retry_gets_the_same_bytes_undebited(site):
    index = site.rendition(samples=120 * RATE)
    me = site.listener()
    gid, token = me.grant(index)
    body = json.dumps({"sequence": 0, "grants": [token], "want": [want(gid)], "ahead_seconds": 12}).encode()
    url = f"/v1/streams/{me.stream}/batches"
    first = await site.request("POST", url, body=body)
    for _ in range(20):
        site.clock.passes(7)
        assert (await site.request("POST", url, body=body)).body == first.body
    assert len(log_of(site)) == 1
    left = site.edge.gates.of(me.account, "", now=site.clock.now).account.state(now=site.clock.now)
    assert left.seek == 60


async def test_two_retries_at_once_are_one_release(site):
    index = site.rendition(samples=120 * RATE)
    me = site.listener()
    gid, token = me.grant(index)
    body = json.dumps({"sequence": 0, "grants": [token], "want": [want(gid)], "ahead_seconds": 12}).encode()
    posts = [site.request("POST", f"/v1/streams/{me.stream}/batches", body=body) for _ in range(5)]
    answers = await asyncio.gather(*posts)
    assert len({answer.body for answer in answers}) == 1
    assert len(log_of(site)) == 1


async def test_a_refused_post_does_not_use_its_sequence_up(site):
    index = site.rendition(samples=300 * RATE)
    me = site.listener()
    gid, _ = await released(site, me, index, ahead_seconds=60)
    refused = await site.post(me.stream, sequence=1, want=[want(gid, 5)], ahead_seconds=8)
    assert (refused.status, refused["code"]) == (429, "over_budget")
    assert refused["wait_seconds"] == pytest.approx(3.96, abs=0.05)
    assert refused.headers["retry-after"] == "4"
    site.clock.passes(refused["wait_seconds"])
    answer = await site.post(me.stream, sequence=1, want=[want(gid, 5)], ahead_seconds=8)
    assert [item["segment"] for item in answer["released"]] == [5]


async def test_across_a_track_border_is_no_jump(site):
    first, second = site.rendition(samples=10 * RATE), site.rendition(samples=100 * RATE)
    me = site.listener()
    (one, token), (two, other) = me.grant(first), me.grant(second)
    answer = await site.post(
        me.stream, sequence=0, grants=[token, other], want=[want(one), want(two)], ahead_seconds=60
    )
    where = [(item["grant"], item["segment"]) for item in answer["released"]]
    assert where[:3] == [(one, 0), (one, 1), (one, 2)]
    assert where[3:] == [(two, 0), (two, 1)]
    jump = await site.post(me.stream, sequence=1, want=[want(two, 10)], ahead_seconds=8)
    assert [item["segment"] for item in jump["released"]] == [10, 11], "a jump uses the seek budget"


async def test_jumps_end_when_the_seek_budget_does(site):
    index = site.rendition(samples=1000 * RATE)
    me = site.listener()
    gid, _ = await released(site, me, index, ahead_seconds=60)
    got = 0
    for number in range(1, 40):
        answer = await site.post(
            me.stream, sequence=number, want=[want(gid, 5 * number + 5)], ahead_seconds=60
        )
        if answer.status == 429:
            break
        got += len(answer["released"])
    assert got == 15, "60 s of budget are fifteen segments"
    site.clock.passes(40)
    answer = await site.post(me.stream, sequence=number, want=[want(gid, 0)], ahead_seconds=60)
    assert len(answer["released"]) == 5, "the lead again, and no more: the budget does not lengthen it"
    answer = await site.post(me.stream, sequence=number + 1, want=[want(gid, 99)], ahead_seconds=60)
    assert len(answer["released"]) == 1, "40 s refilled 4 s of the budget"


async def test_a_preview_never_leaves_its_window(site):
    index = site.rendition(samples=120 * RATE)
    me = site.listener()
    window = [40 * RATE + 7, 70 * RATE + 11]
    gid, token = me.grant(index, win=window, pre=True)
    inside = range(index.segment_of(window[0]), index.segment_of(window[1] - 1) + 1)
    for outside in (0, inside.start - 1, inside.stop, 10**6):
        answer = await site.post(
            me.stream, sequence=0, grants=[token], want=[want(gid, outside)], ahead_seconds=60
        )
        assert (answer.status, answer["code"]) == (403, "outside_window")
    seen, wanted, sequence = set(), inside.start, 0
    while wanted < inside.stop:
        sequence += 1
        answer = await site.post(me.stream, sequence=sequence, want=[want(gid, wanted)], ahead_seconds=60)
        if answer.status == 200:
            seen |= {item["segment"] for item in answer["released"]}
            wanted = max(seen) + 1
        site.clock.passes(4)
    assert seen == set(inside)
    logged = [item for record in log_of(site) for item in record["released"]]
    assert logged[0]["from"] == window[0]
    assert logged[-1]["until"] == window[1]
    assert sum(item["until"] - item["from"] for item in logged) == window[1] - window[0]
    assert answer["tracks"][gid]["window"] == window


async def test_the_log_says_what_was_released_and_describes_grants_once(site):
    index = site.rendition(samples=60 * RATE)
    me = site.listener()
    gid, _ = await released(site, me, index, ter="FR")
    await site.post(
        me.stream, sequence=1, at={"grant": gid, "sample": 5}, want=[want(gid, 3)], ahead_seconds=1
    )
    await site.post(me.stream, sequence=2, at={"grant": gid, "sample": 99}, closing=True)
    first, second, last = log_of(site)
    assert first["t"] == int(site.clock.steady() * 1000)
    assert (first["stream"], first["seq"], first["acc"], first["at"]) == (me.stream, 0, me.account, None)
    assert first["released"] == [
        {"grant": gid, "rec": index.asset[::-1], "rate": RATE, "from": 0, "until": 3 * 176_128 - 1024}
    ]
    assert first["grants"] == {
        gid: {
            "rec": index.asset[::-1],
            "rate": RATE,
            "samples": index.samples,
            "win": [0, index.samples],
            "pre": False,
            "ter": "FR",
        }
    }
    assert (second["at"], second["grants"]) == ({"grant": gid, "sample": 5}, {})
    assert (last["released"], last["closing"]) == ([], True)


async def test_a_renewed_grant_goes_on(site):
    index = site.rendition(samples=100 * RATE)
    me = site.listener()
    gid, token = me.grant(index, seconds=60)
    await site.post(me.stream, sequence=0, grants=[token], want=[want(gid)], ahead_seconds=4)
    site.clock.passes(61)
    over = await site.post(me.stream, sequence=1, want=[want(gid, 1)], ahead_seconds=4)
    assert (over.status, over["code"], over["grant"]) == (410, "grant_expired", gid)
    _, renewed = me.grant(index, jti=gid)
    again = await site.post(me.stream, sequence=1, grants=[renewed], want=[want(gid, 1)], ahead_seconds=4)
    assert again.status == 200
    replayed = await site.post(me.stream, sequence=2, grants=[token], want=[want(gid, 2)], ahead_seconds=4)
    assert replayed.status == 200, "an old token takes nothing away"


async def test_what_is_refused_does_not_hold_up_the_rest(site):
    index, other = site.rendition(samples=30 * RATE), site.rendition(samples=30 * RATE)
    me = site.listener()
    (gone, dead), (gid, token) = me.grant(other, seconds=0), me.grant(index)
    answer = await site.post(
        me.stream,
        sequence=0,
        grants=[dead, token],
        want=[want(gone), want("f" * 32), want(gid, 0, "flac"), want(gid)],
        ahead_seconds=4,
    )
    assert [item["code"] for item in answer["refused"]] == [
        "grant_expired",
        "grant_unknown",
        "rendition_unavailable",
    ]
    assert len(answer["released"]) == 2


@pytest.mark.parametrize(("what", "code"), [("grants", "grant_cancelled"), ("moved", "account_moved")])
async def test_what_web_takes_back_ends_at_the_next_post(site, what, code):
    index = site.rendition(samples=100 * RATE)
    me = site.listener()
    gid, _ = await released(site, me, index)
    assert (await site.internal("cancel", {what: [gid]})).status == 200
    answer = await site.post(me.stream, sequence=1, want=[want(gid, 3)], ahead_seconds=4)
    assert (answer.status, answer["code"]) == (410, code)
    site.restart()
    _, same = me.grant(index, jti=gid)
    answer = await site.post(me.stream, sequence=1, grants=[same], want=[want(gid, 3)], ahead_seconds=4)
    assert answer["code"] == code, "a crash gives nothing back"
    new, token = me.grant(index)
    answer = await site.post(me.stream, sequence=1, grants=[token], want=[want(new, 3)], ahead_seconds=4)
    assert answer.status == 200, "what is granted afterwards holds"


async def test_others_are_not_cancelled(site):
    index = site.rendition(samples=100 * RATE)
    me = site.listener()
    gid, _ = await released(site, me, index)
    await site.internal("cancel", {"grants": [new_id()], "moved": [new_id()]})
    answer = await site.post(me.stream, sequence=1, want=[want(gid, 3)], ahead_seconds=4)
    assert answer.status == 200


async def test_a_jumping_wall_clock_changes_nothing(site):
    index = site.rendition(samples=1000 * RATE)
    me = site.listener()
    gid, _ = await released(site, me, index, ahead_seconds=60)
    for jump in (3600, -3600, 86_400):
        site.clock.jumped = jump
        shut = await site.post(me.stream, sequence=1, want=[want(gid, 5)], ahead_seconds=8)
        assert shut["code"] == "over_budget"
        new, token = me.grant(index)
        held = await site.post(me.stream, sequence=1, grants=[token], want=[want(new, 5)], ahead_seconds=8)
        assert held["code"] == "over_budget", "not expired, not forged: the gate alone says no"


async def test_every_strategy_serves_music(tmp_path):
    from edge.strategies.readers import READERS

    from alpheus.edge.strategies.contract import BatchContext
    from alpheus.packaging.segments import decrypt

    site = Site(tmp_path, strategies=tuple(READERS))
    index = site.rendition()
    for name, reader in READERS.items():
        await site.internal("strategies/choose", {"force": name})
        me = site.listener()
        _, answer = await released(site, me, index)
        assert answer["strategy"] == name
        batch = BatchContext(me.stream, 0, answer["epoch"])
        for _, _, segment, url, key, iv in reader(answer["released"], batch):
            body = (await site.get(url)).body
            chunks = index.chunks_of(segment)
            mine = symbols(
                site.options.codeword_key,
                account=me.account,
                recording=index.asset[::-1],
                start=chunks.start,
                count=len(chunks),
            )
            assert decrypt(body, key, iv) == expected_segment(index, segment, mine)
    site.edge.close()
