import ssl
from collections import Counter
from dataclasses import replace

import pytest
from stub_edge import StubEdge

from alpheus.listening import edges
from alpheus.listening.errors import EdgeUnavailable
from alpheus.listening.network import client_address, network_of
from alpheus.listening.terms import Edge


def edge_at(url):
    return Edge("edge-1", "", 8001, url)


def test_an_edge_more_moves_only_the_accounts_that_it_wins():
    some = tuple(Edge(f"edge-{number}", "", 1, "") for number in range(4))
    more = (*some, Edge("edge-4", "", 1, ""))
    accounts = [f"{number:032x}" for number in range(4000)]
    before = {account: edges.edge_of(account, some).id for account in accounts}
    after = {account: edges.edge_of(account, more).id for account in accounts}
    moved = [account for account in accounts if before[account] != after[account]]
    assert all(after[account] == "edge-4" for account in moved)
    assert 600 < len(moved) < 1000  # a fifth
    assert min(Counter(before.values()).values()) > 800


async def test_the_first_batch_comes_from_the_edge(terms):
    with StubEdge(body={"sequence": 0, "released": ["x"]}) as stub:
        batch = await edges.first_batch(
            edge_at(stub.url), stream="ab" * 16, request={"sequence": 0}, terms=terms
        )
    assert batch == {"sequence": 0, "released": ["x"]}
    path, headers, body = stub.asked[0]
    assert path == f"/v1/streams/{'ab' * 16}/batches"
    assert headers["Content-Type"] == "application/json"
    assert body == {"sequence": 0}


@pytest.mark.parametrize(
    "answer",
    [
        {"status": 429, "body": {"code": "over_budget"}},
        {"status": 500},
        {"body": b"<html>not json"},
        {"body": [1, 2]},
        {"body": b"x" * (edges.ANSWER_BYTES_MAX + 1)},
        {"delay_seconds": 1},
    ],
    ids=["refused", "failed", "not json", "no object", "endless", "slow"],
)
async def test_play_does_without_an_edge_that_does_not_answer(terms, answer):
    with StubEdge(**answer) as stub:
        quick = replace(terms, edge_timeout_seconds=0.3)
        assert await edges.first_batch(edge_at(stub.url), stream="s", request={}, terms=quick) is None


async def test_play_does_without_an_edge_that_is_not_there(terms):
    assert await edges.first_batch(terms.edges[0], stream="s", request={}, terms=terms) is None


async def test_a_cancellation_carries_the_internal_key(terms):
    with StubEdge(body={}) as stub:
        await edges.cancel(edge_at(stub.url), grants=["g"], terms=terms)
    path, headers, body = stub.asked[0]
    assert (path, body) == ("/internal/cancel", {"grants": ["g"]})
    assert headers["Authorization"] == f"Bearer {terms.internal_key.hex()}"


async def test_a_cancellation_that_is_not_confirmed_is_told(terms):
    with StubEdge(status=401, body={}) as stub, pytest.raises(EdgeUnavailable):
        await edges.cancel(edge_at(stub.url), grants=["g"], terms=terms)
    with pytest.raises(EdgeUnavailable):
        await edges.cancel(terms.edges[0], grants=["g"], terms=terms)


def test_a_network_is_an_address_or_a_sites_link():
    def name(address):
        return network_of(address, secret=b"s")

    assert name("192.0.2.1") == name("::ffff:192.0.2.1")
    assert name("192.0.2.1") != name("192.0.2.2")
    assert name("2001:db8:1:2::1") == name("2001:db8:1:2:3::4")
    assert name("2001:db8:1:2::1") != name("2001:db8:1:3::1")
    assert name("") == name("unknown") == ""
    assert name("192.0.2.1") != network_of("192.0.2.1", secret=b"other")
    assert "192" not in name("192.0.2.1")


@pytest.mark.parametrize(
    ("hostname", "checked"), [("127.0.0.1", False), ("::1", False), ("localhost", False), ("10.0.0.3", True)]
)
def test_certificates_are_checked_but_on_this_machine_and_authorities_read_once(hostname, checked):
    trust = edges._trust(hostname)
    assert trust.check_hostname is checked
    assert (trust.verify_mode is ssl.CERT_REQUIRED) is checked
    assert edges._trust(hostname) is trust


@pytest.mark.parametrize(
    ("trusted", "forwarded", "address"),
    [
        (0, "198.51.100.7", "192.0.2.1"),
        (1, "198.51.100.7", "198.51.100.7"),
        (1, "203.0.113.9, 198.51.100.7", "198.51.100.7"),
        (2, "203.0.113.9, 198.51.100.7, 10.0.0.1", "198.51.100.7"),
        (1, "198.51.100.7:4711", "198.51.100.7"),
        (1, "[2001:db8::1]:4711", "2001:db8::1"),
        (1, "2001:db8::1", "2001:db8::1"),
        (2, "198.51.100.7", "192.0.2.1"),
        (1, None, "192.0.2.1"),
    ],
)
def test_an_address_is_what_the_outermost_of_our_proxies_saw(rf, trusted, forwarded, address):
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    request = rf.get("/", headers=headers, REMOTE_ADDR="192.0.2.1")
    assert client_address(request, trusted) == address
