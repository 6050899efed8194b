"""The table of docs/protocol.md: every bad request gets its status and code, and no audio."""

import json
import re
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from edge.kit import RATE, new_id, want

from alpheus.edge import errors

PROTOCOL = Path(__file__).parents[2] / "docs" / "protocol.md"


class Case:
    """A listener with a good grant, and the pieces to spoil."""

    def __init__(self, site):
        self.site = site
        self.index = site.rendition(samples=200 * RATE)
        self.me = site.listener()
        self.gid, self.token = self.me.grant(self.index)

    async def post(self, **body):
        return await self.site.post(
            self.me.stream,
            **({"sequence": 0, "grants": [self.token], "want": [want(self.gid)], "ahead_seconds": 8} | body),
        )

    async def url(self, number=0):
        return (await self.post())["released"][number]["url"]


async def malformed(case):
    return await case.post(sequence="one")


async def no_json(case):
    return await case.site.request("POST", f"/v1/streams/{case.me.stream}/batches", body=b"\xff{")


async def bad_stream(case):
    return await case.site.request("POST", "/v1/streams/me/batches", body=b"{}")


async def too_large(case):
    return await case.site.request("POST", f"/v1/streams/{case.me.stream}/batches", body=b" " * 65_537)


async def announced_too_large(case):
    return await case.site.request(
        "POST", f"/v1/streams/{case.me.stream}/batches", headers={"content-length": "99999999"}
    )


async def cut_short(case):
    return await case.site.request(
        "POST", f"/v1/streams/{case.me.stream}/batches", headers={"content-length": "50"}, body=b"{}"
    )


async def forged(case):
    return await case.post(grants=[case.me.grant(case.index, signer=Ed25519PrivateKey.generate())[1]])


async def forged_beside_good(case):
    return await case.post(grants=[case.token, case.token[:-4] + "AAAA"])


async def other_edge(case):
    return await case.post(grants=[case.me.grant(case.index, aud="edge-2")[1]])


async def other_stream(case):
    return await case.post(grants=[case.me.grant(case.index, str=new_id())[1]])


async def other_account(case):
    await case.post()
    return await case.post(sequence=1, grants=[case.me.grant(case.index, acc=new_id())[1]])


async def expired(case):
    gid, token = case.me.grant(case.index, seconds=0)
    return await case.post(grants=[token], want=[want(gid)])


async def cancelled(case):
    await case.site.internal("cancel", {"grants": [case.gid]})
    return await case.post()


async def unknown_grant(case):
    return await case.post(want=[want(new_id())])


async def unknown_stream(case):
    return await case.post(grants=[])


async def stale(case):
    await case.post(sequence=7)
    return await case.post(sequence=6)


async def over_budget(case):
    await case.post(ahead_seconds=60)
    return await case.post(sequence=1, want=[want(case.gid, 5)])


async def outside(case):
    gid, token = case.me.grant(case.index, win=[0, 10 * RATE])
    return await case.post(grants=[token], want=[want(gid, 3)])


async def rendition_not_granted(case):
    return await case.post(want=[want(case.gid, 0, "flac")])


async def rendition_not_there(case):
    gid, token = case.me.grant(case.index, rnd=["aac-64"])
    return await case.post(grants=[token], want=[want(gid, 0, "aac-64")])


async def forged_name(case):
    return await case.site.get("/s/" + "A" * 56 + "?t=1.a")


async def changed_name(case):
    url = await case.url()
    return await case.site.get(url[:10] + ("A" if url[10] != "A" else "B") + url[11:])


async def no_token(case):
    return await case.site.get((await case.url()).partition("?")[0])


async def another_names_token(case):
    first, second = await case.url(0), await case.url(1)
    return await case.site.get(first.partition("?")[0] + "?" + second.partition("?")[2])


async def old_token(case):
    url = await case.url()
    case.site.clock.passes(140)
    return await case.site.get(url)


async def last_epoch(case):
    url = await case.url()
    case.site.edge.turn()
    case.site.clock.passes(120.5)
    return await case.site.get(url)


async def destroyed_epoch(case):
    url = await case.url()
    case.site.edge.turn()
    case.site.clock.passes(121)
    case.site.edge.epochs.destroy_old()
    return await case.site.get(url)


async def nowhere(case):
    return await case.site.request("GET", "/v1/streams")


async def wrong_method(case):
    return await case.site.request("GET", f"/v1/streams/{case.me.stream}/batches")


async def put_a_segment(case):
    return await case.site.request("PUT", "/s/" + "A" * 56)


async def no_internal_key(case):
    return await case.site.request("GET", "/internal/state")


async def wrong_internal_key(case):
    return await case.site.internal("cancel", {"grants": [case.gid]}, key=b"x" * 32)


async def nothing_to_cancel(case):
    return await case.site.internal("cancel", {})


async def unknown_strategy(case):
    return await case.site.internal("strategies/choose", {"force": "nonsense"})


TABLE = [
    (malformed, 400, "malformed"),
    (no_json, 400, "malformed"),
    (bad_stream, 400, "malformed"),
    (cut_short, 400, "malformed"),
    (nothing_to_cancel, 400, "malformed"),
    (unknown_strategy, 400, "malformed"),
    (too_large, 413, "body_too_large"),
    (announced_too_large, 413, "body_too_large"),
    (forged, 401, "grant_forged"),
    (forged_beside_good, 401, "grant_forged"),
    (other_edge, 403, "grant_other_edge"),
    (other_stream, 403, "grant_other_stream"),
    (other_account, 403, "grant_other_stream"),
    (expired, 410, "grant_expired"),
    (cancelled, 410, "grant_cancelled"),
    (unknown_grant, 410, "grant_unknown"),
    (unknown_stream, 410, "grant_unknown"),
    (stale, 409, "sequence_stale"),
    (over_budget, 429, "over_budget"),
    (outside, 403, "outside_window"),
    (rendition_not_granted, 404, "rendition_unavailable"),
    (rendition_not_there, 404, "rendition_unavailable"),
    (forged_name, 404, "name_forged"),
    (changed_name, 404, "name_forged"),
    (no_token, 403, "token_forged"),
    (another_names_token, 403, "token_forged"),
    (old_token, 403, "token_expired"),
    (last_epoch, 410, "epoch_over"),
    (destroyed_epoch, 410, "epoch_over"),
    (nowhere, 404, "not_found"),
    (wrong_method, 405, "method_not_allowed"),
    (put_a_segment, 405, "method_not_allowed"),
    (no_internal_key, 401, "internal_key_wrong"),
    (wrong_internal_key, 401, "internal_key_wrong"),
]


@pytest.mark.parametrize(("ask", "status", "code"), TABLE, ids=lambda value: getattr(value, "__name__", None))
async def test_every_bad_request_has_its_answer(site, ask, status, code):
    answer = await ask(Case(site))
    body = answer.body if isinstance(answer.body, dict) else json.loads(answer.body)
    assert (answer.status, body["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == answer.headers["cdn-cache-control"] == "no-store"
    assert set(body) >= {"type", "title", "status", "code", "detail"}
    assert body["status"] == status
    assert body["detail"].endswith(".")
    assert not {"released", "tracks", "init", "key"} & set(body)
    assert f"`{code}`" in PROTOCOL.read_text()


def kinds(kind=errors.EdgeError):
    for below in kind.__subclasses__():
        yield below
        yield from kinds(below)


@pytest.mark.parametrize("kind", list(kinds()), ids=lambda kind: kind.__name__)
def test_every_code_is_documented_with_its_status(kind):
    assert re.search(rf"\| {kind.status} \| `{kind.code}` \|", PROTOCOL.read_text())


async def test_a_refusal_of_our_own_fault_says_so_and_hides_the_rest(site, monkeypatch, caplog):
    monkeypatch.setattr(site.edge, "batch", lambda *_: 1 / 0)
    answer = await site.post(new_id(), sequence=0)
    assert (answer.status, answer["code"]) == (500, "internal")
    assert "division" not in json.dumps(answer.body)
    assert "ZeroDivisionError" in caplog.text
