"""How often one may POST."""

import pytest
from edge.kit import new_id, want

from alpheus.edge.errors import TooManyRequests
from alpheus.edge.pace import Pace


def let_in(pace, name, *, tries, now):
    count = 0
    for _ in range(tries):
        try:
            pace.take(name, now=now)
        except TooManyRequests:
            continue
        count += 1
    return count


def test_forty_at_once_then_four_a_second_for_each_name():
    pace = Pace(per_second=4, burst=40, most=100)
    assert let_in(pace, "a", tries=60, now=1000) == 40
    assert let_in(pace, "a", tries=60, now=1003) == 12
    assert let_in(pace, "b", tries=60, now=1003) == 40
    assert let_in(pace, "a", tries=60, now=2000) == 40


def test_what_is_refused_says_when_and_does_not_count():
    pace = Pace(per_second=0.5, burst=1, most=100)
    pace.take("a", now=0)
    for _ in range(3):
        with pytest.raises(TooManyRequests) as refused:
            pace.take("a", now=0.5)
        assert refused.value.retry_after_seconds == pytest.approx(1.5)
    pace.take("a", now=2)


def test_those_silent_for_longest_are_forgotten():
    pace = Pace(per_second=4, burst=1, most=10)
    for number in range(50):
        pace.take(str(number), now=0)
    assert len(pace) == 10


async def test_an_accounts_streams_share_its_pace_whatever_they_send(site):
    index = site.rendition()
    account = new_id()
    one, other = site.listener(account=account), site.listener(account=account)
    gid, token = one.grant(index)
    _, second = other.grant(index)
    assert (await site.post(one.stream, sequence=0, grants=[token], want=[want(gid, 0)])).status == 200
    assert (await site.post(other.stream, sequence=0, grants=[second], want=[])).status == 200
    for _ in range(38):
        assert (await site.post(one.stream, sequence=0, grants=["forged"], want=[]))["code"] == "grant_forged"
    for stream in (one.stream, other.stream):
        refused = await site.post(stream, sequence=1, grants=["forged"], want=[])
        assert (refused.status, refused["code"]) == (429, "too_many_requests")
        assert refused.headers["retry-after"] == "1"
    anew = site.listener(account=account)
    refused = await site.post(anew.stream, sequence=0, grants=[anew.grant(index)[1]], want=[])
    assert refused["code"] == "too_many_requests"
    site.clock.passes(1)
    assert (await site.post(one.stream, sequence=1, grants=[], want=[])).status == 200


async def test_a_stream_nobody_knows_is_counted_before_its_grants_are_read(site):
    stream = new_id()
    codes = [(await site.post(stream, sequence=0, grants=["forged"], want=[]))["code"] for _ in range(41)]
    assert codes == ["grant_forged"] * 40 + ["too_many_requests"]
