"""Which edge an account is given, and what a move takes from the edge before."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import jwt
import music
import pytest

from alpheus.listening import duty, reach
from alpheus.listening.assign import Candidates, assign, choose
from alpheus.listening.carry_on import Left, carry_on
from alpheus.listening.edges import edge_of
from alpheus.listening.errors import EdgeUnknown, StreamEnded
from alpheus.listening.grant import Stream, find_stream, mint
from alpheus.listening.models import Grant, Listener, StreamMove
from alpheus.listening.terms import Edge

pytestmark = pytest.mark.django_db

EDGES = tuple(Edge(f"edge-{n}", "", 8000 + n, f"http://127.0.0.1:{n}") for n in range(1, 4))


@pytest.fixture
def house(terms):
    """Terms of three edges."""
    return replace(terms, edges=EDGES)


@pytest.fixture
def listener(db):
    return Listener.objects.create()


def assigned(listener, terms, now, *, network="", reached=None, absent=()):
    candidates = Candidates(None if reached is None else frozenset(reached), frozenset(absent))
    return assign(listener=listener, network=network, candidates=candidates, terms=terms, now=now)


def listens(listener, edge, terms, now, *, stream=None, moved_at=None):
    """A stream of the listener's on an edge, with a grant."""
    opened = Stream(stream or uuid4(), listener, listener.gid, edge, None, "NL", "", moved_at)
    return opened, mint(stream=opened, recordings=[music.recording()], terms=terms, now=now)


def test_an_account_that_was_silent_goes_to_the_edge_that_wins_it(listener, house, now):
    found = assigned(listener, house, now)
    assert (found.edge, found.moved_at, found.left) == (edge_of(listener.gid.hex, EDGES), None, {})


def test_guests_of_a_network_share_a_gate_and_so_an_edge(house, now):
    guests = [Listener.objects.create() for _ in range(20)]
    assert len({assigned(guest, house, now, network="n" * 32).edge.id for guest in guests}) == 1
    assert len({assigned(guest, house, now).edge.id for guest in guests}) == 3


def test_who_listens_stays_when_an_edge_is_added(listener, house, now):
    for edge in EDGES:
        listens(listener, edge, replace(house, edges=(edge,)), now)
        found = assigned(listener, house, now)
        assert found.edge == edge
        Grant.objects.all().delete()


def test_a_drained_edge_gets_no_new_streams_and_its_grants_end(listener, house, now):
    held = EDGES[0]
    stream, (minted,) = listens(listener, held, house, now)
    duty.put(edge=held.id, serving=False, terms=house, now=now)
    found = assigned(listener, house, now)
    assert found.edge == edge_of(listener.gid.hex, EDGES[1:])
    assert (found.left, found.moved_at) == ({held: [minted.grant.gid.hex]}, now)
    assert Grant.objects.get(gid=minted.grant.gid).cancelled_at == now
    listens(listener, found.edge, house, now + timedelta(seconds=1))
    with pytest.raises(StreamEnded):  # another device's stream at the edge before
        find_stream(stream=stream.id, listener=listener, network="", now=now, terms=house)


def test_the_latest_command_goes_before_the_settings(house, now):
    terms = replace(house, edges=(EDGES[0], replace(EDGES[1], serving=False)))
    assert duty.serving(terms) == {"edge-1"}
    duty.put(edge="edge-2", serving=True, terms=terms, now=now)
    duty.put(edge="edge-1", serving=False, terms=terms, now=now)
    assert duty.serving(terms) == {"edge-2"}
    with pytest.raises(EdgeUnknown, match="there are edge-1, edge-2"):
        duty.put(edge="edge-7", serving=False, terms=terms, now=now)


@pytest.mark.parametrize(
    ("draining", "reached", "absent", "expected"),
    [
        ((), ("edge-2",), (), {"edge-2"}),
        (("edge-2",), ("edge-2",), (), {"edge-2"}),  # better than one that the page cannot reach
        (("edge-2",), ("edge-1", "edge-2"), ("edge-1",), {"edge-2"}),
        ((), ("edge-1",), ("edge-1",), {"edge-1"}),  # perhaps it is back in a moment
        (("edge-1",), ("edge-9",), (), {"edge-2", "edge-3"}),
        (
            ("edge-1", "edge-2", "edge-3"),
            None,
            ("edge-1", "edge-2", "edge-3"),
            {"edge-1", "edge-2", "edge-3"},
        ),
    ],
)
def test_the_best_there_is(house, now, draining, reached, absent, expected):
    for edge in draining:
        duty.put(edge=edge, serving=False, terms=house, now=now)
    candidates = Candidates(None if reached is None else frozenset(reached), frozenset(absent))
    found = {choose(f"{n}", held=None, candidates=candidates, terms=house).id for n in range(60)}
    assert found == expected


def test_a_grant_says_for_how_long_no_other_edge_released(listener, house, now):
    listens(listener, EDGES[0], house, now)
    for seconds, expected in ((30, 0), (600 + 100, 100), (600 + 599, 599), (600 + 601, None)):
        later = now + timedelta(seconds=seconds)  # grants live for 600 s
        found = assigned(listener, replace(house, edges=EDGES[1:2]), later)
        _, (minted,) = listens(listener, EDGES[1], house, later, moved_at=found.moved_at)
        claims = jwt.decode(minted.token, options={"verify_signature": False})
        assert claims.get("mov") == expected
        Grant.objects.filter(edge="edge-2").delete()
        Grant.objects.update(cancelled_at=None)


def test_a_stream_goes_on_as_itself(listener, house, now):
    stream, (minted,) = listens(listener, EDGES[0], house, now)
    left = Left(stream.id, 6)
    assert carry_on(left=left, listener=listener, edge=EDGES[0], now=now) == stream.id
    assert not StreamMove.objects.exists(), "on the same edge the log is in order by itself"
    assert carry_on(left=left, listener=listener, edge=EDGES[1], now=now) == stream.id
    assert carry_on(left=left, listener=listener, edge=EDGES[1], now=now) == stream.id
    assert list(StreamMove.objects.values_list("stream", "sequence")) == [(stream.id, 6)]
    assert Grant.objects.get(gid=minted.grant.gid).cancelled_at == now


def test_a_stream_of_somebody_else_or_of_long_ago_does_not(listener, house, now):
    stream, _ = listens(listener, EDGES[0], house, now)
    other = Listener.objects.create()
    assert carry_on(left=Left(stream.id, 6), listener=other, edge=EDGES[1], now=now) is None
    assert carry_on(left=Left(uuid4(), 6), listener=listener, edge=EDGES[1], now=now) is None
    late = now + timedelta(days=2)
    assert carry_on(left=Left(stream.id, 6), listener=listener, edge=EDGES[1], now=late) is None
    assert carry_on(left=None, listener=listener, edge=EDGES[1], now=now) is None
    assert not StreamMove.objects.exists()


def test_what_a_page_reaches_is_sealed(house):
    text = reach.sealed(house)
    assert reach.opened(text) == {"edge-1", "edge-2", "edge-3"}
    assert reach.opened(text[:-1] + ("A" if text[-1] != "A" else "B")) is None
    assert reach.opened("edge-1") is None
