"""Tokens: what web signed for this edge is read, everything else is refused."""

import base64
import json

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from edge.kit import PUBLIC_PEM, SIGNER, Listener, MovedClock

from alpheus.edge.errors import GrantForged, GrantOtherEdge, OptionsError
from alpheus.edge.grants import LIFETIME_SECONDS_MAX, GrantVerifier


class Index:
    asset, name, samples = "ab" * 16, "aac-128", 1000


@pytest.fixture
def clock():
    return MovedClock()


@pytest.fixture
def listener(clock):
    return Listener(clock)


VERIFIER = GrantVerifier(PUBLIC_PEM, "edge-1")


def test_a_grant_says_what_web_signed(listener, clock):
    gid, token = listener.grant(Index, win=[10, 900], pre=True)
    grant = VERIFIER.read(token)
    assert (grant.id, grant.account, grant.stream) == (gid, listener.account, listener.stream)
    assert (grant.asset, grant.renditions, grant.window) == (Index.asset, {"aac-128"}, (10, 900))
    assert grant.preview
    assert grant.remaining_seconds(clock) == 600


def test_another_key_is_forged(listener):
    with pytest.raises(GrantForged):
        VERIFIER.read(listener.grant(Index, signer=Ed25519PrivateKey.generate())[1])


def test_no_algorithm_but_eddsa_is_believed(listener):
    claims = jwt.decode(listener.grant(Index)[1], options={"verify_signature": False})
    bare = ".".join(
        base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()
        for part in ({"alg": "none", "typ": "JWT"}, claims)
    )
    confused = jwt.encode(claims, "x" * 64, algorithm="HS256")
    for token in (bare + ".", confused, "", "a.b.c", "e" * 5000, bare):
        with pytest.raises(GrantForged):
            VERIFIER.read(token)


def test_one_changed_byte_is_forged(listener):
    token = listener.grant(Index)[1]
    head, payload, signature = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(payload + "=="))
    claims["exp"] += 3600
    longer = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
    with pytest.raises(GrantForged):
        VERIFIER.read(f"{head}.{longer}.{signature}")


@pytest.mark.parametrize(
    "changed",
    [
        {"win": [5, 5]},
        {"win": [-1, 5]},
        {"win": "all"},
        {"acc": "me"},
        {"ast": "../../etc"},
        {"rnd": "aac-128"},
        {"iss": "somebody"},
        {"jti": 7},
        {"exp": "soon"},
    ],
)
def test_signed_nonsense_is_no_grant(listener, changed):
    with pytest.raises(GrantForged):
        VERIFIER.read(listener.grant(Index, **changed)[1])


@pytest.mark.parametrize("aud", ["edge-2", ["edge-1", "edge-2"], "edge-11"])
def test_another_audience_is_another_edge(listener, aud):
    with pytest.raises(GrantOtherEdge):
        VERIFIER.read(listener.grant(Index, aud=aud)[1])


def test_a_clock_that_jumped_silences_nobody(listener, clock):
    clock.jumped = 3600.0  # both machines' wall, or the edge's alone
    after = VERIFIER.read(listener.grant(Index)[1])
    assert after.remaining_seconds(clock) == 600
    clock.jumped = 0.0
    before = VERIFIER.read(listener.grant(Index)[1])
    clock.jumped = 3600.0
    assert before.remaining_seconds(clock) == 600
    clock.jumped = -3600.0
    assert VERIFIER.read(listener.grant(Index)[1]).remaining_seconds(clock) <= 600


def test_a_grant_is_over_when_its_time_passed(listener, clock):
    grant = VERIFIER.read(listener.grant(Index)[1])
    clock.passes(600)
    assert grant.remaining_seconds(clock) <= 0


def test_no_grant_lives_for_ever(listener, clock):
    token = listener.grant(Index, seconds=10**9)[1]
    assert VERIFIER.read(token).remaining_seconds(clock) == LIFETIME_SECONDS_MAX


def test_an_edge_needs_an_ed25519_public_key():
    for pem in ("", "nonsense", SIGNER.private_bytes_raw().hex()):
        with pytest.raises(OptionsError):
            GrantVerifier(pem, "edge-1")
