"""What was taken back: while it is tidied and added to at once, and across clocks that jump."""

import jwt
import pytest
from edge.kit import PUBLIC_PEM, SIGNER, Listener, MovedClock, new_id

from alpheus.edge.cancellations import Cancellation, Cancellations
from alpheus.edge.grants import GrantVerifier


def test_what_is_taken_back_while_others_are_tidied_away_holds(tmp_path):
    clock = MovedClock()
    held = Cancellations(tmp_path, clock)

    class Meanwhile(float):
        """A moment at whose comparison another thread takes its turn."""

        def __lt__(self, other):
            held.add([("grant", new_id())])
            return float(self) < other

    held._take([Cancellation("stream", new_id(), clock.wall(), Meanwhile(clock.wall()))])
    held.prune()
    assert len(held) == 2


HOUR = 3600
VERIFIER = GrantVerifier(PUBLIC_PEM, "edge-1")


def issued(at, account):
    claims = {"acc": account, "str": new_id(), "jti": new_id(), "rec": new_id(), "ast": new_id()} | {
        "iss": "alpheus",
        "aud": "edge-1",
        "iat": int(at),
        "exp": int(at) + 600,
        "rnd": ["aac-128"],
        "win": [0, 1],
    }
    return VERIFIER.read(jwt.encode(claims, SIGNER, algorithm="EdDSA"))


@pytest.mark.parametrize("kind", ["account", "moved"])
@pytest.mark.parametrize("jump", [0, HOUR, -HOUR])
@pytest.mark.parametrize("back", [False, True], ids=["stays", "is set right"])
@pytest.mark.parametrize("later", [2, 1200, 3000])
def test_what_was_issued_before_is_taken_back_and_what_comes_after_is_not(tmp_path, kind, jump, back, later):
    clock = MovedClock()
    held = Cancellations(tmp_path, clock)
    taken_back = held.covers if kind == "account" else held.has_moved
    account = new_id()
    before = [issued(clock.wall() - age, account) for age in (0, 300, 599)]
    clock.jumped = jump
    clock.passes(30)
    before.append(issued(clock.wall(), account))
    clock.passes(2)
    held.add([(kind, account)])
    assert all(taken_back(grant) for grant in before), "also those of before the jump"
    clock.jumped = 0 if back else jump
    clock.passes(later)
    assert not taken_back(issued(clock.wall(), account))
    if later < 600:
        assert all(taken_back(grant) for grant in before)


def test_what_was_taken_back_is_read_again_with_both_dates_and_from_a_file_of_before(tmp_path):
    clock = MovedClock()
    held = Cancellations(tmp_path, clock)
    clock.jumped = -HOUR
    account, other = new_id(), new_id()
    held.add([("account", account)])
    with (tmp_path / "cancelled.jsonl").open("a") as file:
        file.write(f'{{"kind": "account", "id": "{other}", "at": {clock.steady()}}}\n')
    again = Cancellations(tmp_path, clock)
    clock.passes(5)
    assert again.covers(issued(clock.steady() - 10, account))
    assert not again.covers(issued(clock.wall(), account))
    assert again.covers(issued(clock.steady() - 10, other))
    assert not again.covers(issued(clock.steady(), other))


@pytest.mark.parametrize("jump", [0, HOUR, -HOUR])
@pytest.mark.parametrize("web", ["jumps too", "does not"])
def test_a_jump_lends_no_time_to_a_gate_that_begins_anew(jump, web):
    clock = MovedClock()
    clock.jumped = jump
    now = clock.wall() if web == "jumps too" else clock.steady()
    _, token = Listener(clock).grant(
        type("Index", (), {"asset": new_id(), "name": "x", "samples": 1}), iat=int(now), mov=0
    )
    grant = VERIFIER.read(token)
    assert grant.moved_for(clock) == 0
    clock.passes(30)
    assert 28 <= grant.moved_for(clock) <= 30
