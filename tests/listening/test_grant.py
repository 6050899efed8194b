from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import jwt
import music
import pytest
from cryptography.hazmat.primitives import serialization
from stub_edge import StubEdge

from alpheus.edge.grants import GrantVerifier
from alpheus.listening import grant, sign_out
from alpheus.listening.errors import StreamEnded
from alpheus.listening.models import Device, Grant, Listener
from alpheus.listening.terms import Edge
from alpheus.parties.models import Account
from alpheus.rights.rules import Access

pytestmark = pytest.mark.django_db


def public_pem(terms):
    return (
        terms.grant_key.public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        .decode()
    )


@pytest.fixture
def listener():
    return Listener.objects.create()


def stream_of(listener, terms, *, network="net"):
    return grant.Stream(uuid4(), listener, listener.gid, terms.edges[0], None, "CN", network)


def granted(listener, terms, now, *recordings, **given):
    stream = stream_of(listener, terms, **given)
    return stream, grant.mint(stream=stream, recordings=recordings, terms=terms, now=now)


def test_the_edge_reads_what_was_minted(listener, terms, now):
    recording = music.recording(renditions=("aac-128", "flac"))
    stream, (minted,) = granted(listener, terms, now, recording)
    read = GrantVerifier(public_pem(terms), "edge-1").read(minted.token)
    assert read.id == minted.grant.gid.hex
    assert read.account == listener.gid.hex
    assert read.stream == stream.id.hex
    assert read.recording == recording.gid.hex
    assert read.asset == recording.asset.key
    assert read.renditions == {"aac-128", "flac"}
    assert read.window == (0, recording.asset.samples)
    assert (read.preview, read.territory, read.network) == (False, "CN", "net")
    assert read.expires_at - read.issued_at == 600


def test_a_members_grant_names_no_network(listener, terms, now):
    _, (minted,) = granted(listener, terms, now, music.recording(), network="")
    assert "net" not in jwt.decode(minted.token, options={"verify_signature": False})


def test_what_has_no_audio_yet_is_not_granted(listener, terms, now):
    waiting = music.recording(renditions=(), state="working")
    removed = music.recording()
    removed.removed_at = now
    bare = music.recording()
    bare.asset = None
    _, minted = granted(listener, terms, now, waiting, removed, bare)
    assert minted == []
    assert not Grant.objects.exists()


def test_without_a_right_one_window_is_granted_to_everyone(terms, now):
    by_right = replace(terms, access=Access.BY_RIGHT)
    recording = music.recording(peaks=bytes([1] * 200 + [250] * 200))
    windows = set()
    for _ in range(3):
        _, (minted,) = granted(Listener.objects.create(), by_right, now, recording)
        assert minted.grant.preview
        windows.add((minted.grant.window_start, minted.grant.window_end))
    ((start, end),) = windows
    assert end - start == 30 * music.RATE_HZ
    assert start >= 110 * music.RATE_HZ


def test_members_hear_whole_where_members_do(terms, now):
    members = replace(terms, access=Access.MEMBERS)
    account = Account.objects.create_user("wren@example.com", "a long password")
    _, (guest,) = granted(Listener.objects.create(), members, now, music.recording())
    _, (member,) = granted(Listener.objects.create(account=account), members, now, music.recording())
    assert (guest.grant.preview, member.grant.preview) == (True, False)


def test_a_renewal_is_the_same_grant_for_longer(listener, terms, now):
    stream, (minted,) = granted(listener, terms, now, music.recording())
    later = now + timedelta(minutes=8)
    (renewed,) = grant.renew(stream=stream, grants=[minted.grant.gid], terms=terms, now=later)
    first, second = (jwt.decode(one.token, options={"verify_signature": False}) for one in (minted, renewed))
    assert first["jti"] == second["jti"]
    assert second["exp"] - first["exp"] == 8 * 60
    assert Grant.objects.get().expires_at == later + terms.grant_lifetime


def test_what_may_no_longer_be_heard_is_not_renewed(listener, terms, now):
    first, second, third = (music.recording(title) for title in "ABC")
    stream, minted = granted(listener, terms, now, first, second, third)
    gids = [item.grant.gid for item in minted]
    grant.cancel(stream=stream.id, listener=listener, grants=gids[:1], now=now)
    second.removed_at = now
    second.save()
    renewed = grant.renew(stream=stream, grants=gids, terms=terms, now=now)
    assert [item.grant.gid for item in renewed] == gids[2:]
    previews = replace(terms, access=Access.BY_RIGHT)
    assert grant.renew(stream=stream, grants=gids, terms=previews, now=now) == []


def test_a_stream_is_its_listeners_and_ends(listener, terms, now):
    stream, _ = granted(listener, terms, now, music.recording())

    def find(who, when, on=terms):
        return grant.find_stream(stream=stream.id, listener=who, network="", now=when, terms=on)

    assert find(listener, now + timedelta(hours=12)).id == stream.id
    elsewhere = replace(terms, edges=(Edge("edge-2", "", 1, ""),))
    for given in (
        (Listener.objects.create(), now),
        (listener, now + timedelta(days=2)),
        (listener, now, elsewhere),
    ):
        with pytest.raises(StreamEnded):
            find(*given)


def test_a_guest_who_signs_in_keeps_the_streams_gate(terms, now):
    guest, mine = Listener.objects.create(), Listener.objects.create()
    stream, _ = granted(guest, terms, now, music.recording("A"))
    Grant.objects.update(listener=mine)
    found = grant.find_stream(stream=stream.id, listener=mine, network="", now=now, terms=terms)
    (minted,) = grant.mint(stream=found, recordings=[music.recording("B")], terms=terms, now=now)
    claims = jwt.decode(minted.token, options={"verify_signature": False})
    assert UUID(claims["acc"]) == guest.gid


def test_guests_joined_to_an_account_pass_their_networks_gate_on(terms, now):
    account = Account.objects.create_user("wren@example.com")
    mine, recording = Listener.objects.create(account=account), music.recording()
    for opener, network in ((mine, ""), (Listener.objects.create(), "net")):
        stream, _ = granted(opener, terms, now, recording)
        Grant.objects.update(listener=mine)
        found = grant.find_stream(stream=stream.id, listener=mine, network="net", now=now, terms=terms)
        assert (found.gate, found.network) == (opener.gid, network)


def test_cancelling_tells_only_what_was_not_void(listener, terms, now):
    stream, minted = granted(listener, terms, now, music.recording("A"), music.recording("B"))
    gids = [item.grant.gid for item in minted]
    assert len(grant.cancel(stream=stream.id, listener=listener, grants=gids[:1], now=now)) == 1
    assert [
        row.gid for row in grant.cancel(stream=stream.id, listener=listener, grants=gids, now=now)
    ] == gids[1:]
    stranger = Listener.objects.create()
    assert grant.cancel(stream=stream.id, listener=stranger, grants=gids, now=now) == []


@pytest.mark.django_db(transaction=True)
def test_signing_out_ends_what_the_device_hears(listener, terms, now):
    device, other = (Device.objects.create(listener=listener) for _ in range(2))
    for one in (device, other):
        stream = replace(stream_of(listener, terms), device=one)
        grant.mint(stream=stream, recordings=[music.recording()], terms=terms, now=now)
    with StubEdge(body={}) as stub:
        told = replace(terms, edges=(Edge("edge-1", "", 1, stub.url),))
        assert sign_out.sign_out(session={"device": device.gid.hex}, terms=told, now=now) == 1
    void = Grant.objects.get(device=None)
    assert void.cancelled_at == now
    assert stub.asked[0][2] == {"grants": [void.gid.hex]}
    assert Grant.objects.get(device=other).cancelled_at is None
    assert sign_out.sign_out(session={}, terms=told, now=now) == 0


@pytest.mark.django_db(transaction=True)
def test_signing_out_works_while_the_edge_is_away(listener, terms, now):
    device = Device.objects.create(listener=listener)
    stream = replace(stream_of(listener, terms), device=device)
    grant.mint(stream=stream, recordings=[music.recording()], terms=terms, now=now)
    assert sign_out.sign_out(session={"device": device.gid.hex}, terms=terms, now=now) == 1


async def test_an_edge_is_told_of_many_in_messages_that_it_takes(terms):
    void = [Grant(edge="edge-1") for _ in range(1001)]
    with StubEdge(body={}) as stub:
        told = replace(terms, edges=(Edge("edge-1", "", 1, stub.url),))
        await grant.tell_edges(grants=void, terms=told)
    sizes = [len(body["grants"]) for _, _, body in stub.asked]
    assert sizes == [500, 500, 1]
    assert [gid for _, _, body in stub.asked for gid in body["grants"]] == [row.gid.hex for row in void]
