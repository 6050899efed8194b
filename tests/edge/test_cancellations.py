"""What was taken back: while it is tidied and added to at once, and across clocks that jump."""

import pytest
from edge.kit import PUBLIC_PEM, RATE, SIGNER, Listener, MovedClock, new_id, want

from alpheus.edge.cancellations import GRANT, MOVED, Cancellation, Cancellations
from alpheus.edge.grants import GrantVerifier


def test_what_is_taken_back_while_others_are_tidied_away_holds(tmp_path):
    clock = MovedClock()
    held = Cancellations(tmp_path, clock)

    class Meanwhile(float):
        """A moment at whose comparison another thread takes its turn."""

        def __lt__(self, other):
            held.add([(GRANT, new_id())])
            return float(self) < other

    held._take([Cancellation(MOVED, new_id(), Meanwhile(clock.wall()))])
    held.prune()
    assert len(held) == 2


HOUR, MINUTE = 3600, 60
VERIFIER = GrantVerifier(PUBLIC_PEM, "edge-1")


class OwnClock(MovedClock):
    """Of a machine beside: it keeps the edge's time, but for jumps of its own."""

    def __init__(self, other, jumped):
        self._other, self.jumped = other, jumped

    @property
    def now(self):
        return self._other.now


async def shown(site, me, token, gid):
    """What a token is worth to an edge that has long forgotten its stream."""
    site.edge.streams._streams.clear()
    answer = await site.post(me.stream, sequence=0, grants=[token], want=[want(gid)], ahead_seconds=4)
    return answer["code"] if answer.status >= 400 else "released"


@pytest.mark.parametrize("back", [False, True], ids=["stays", "is set right"])
@pytest.mark.parametrize(
    ("web", "jump"),
    [(web, jump) for web in ("on the same machine", "right") for jump in (0, HOUR, -HOUR)]
    + [("jumps alone", HOUR)],
)
async def test_nothing_taken_back_returns_and_nothing_granted_later_is_refused(site, web, jump, back):
    """For two hours after a jump: what is old by one clock is new by another for some minutes of them."""
    index, clock = site.rendition(samples=20 * RATE), site.clock
    beside = {
        "on the same machine": clock,
        "right": OwnClock(clock, 0),
        "jumps alone": OwnClock(clock, jump),
    }[web]
    clock.jumped = 0 if web == "jumps alone" else jump
    me, now = Listener(beside), int(beside.wall())
    old = [me.grant(index, iat=now - age, exp=now - age + 600) for age in (0, 100, 300, 590)]
    await site.internal(
        "cancel", {"grants": [gid for gid, _ in old[::2]], "moved": [gid for gid, _ in old[1::2]]}
    )
    clock.jumped = 0 if back else clock.jumped
    for minutes in (0, 9, 20, 20, 3, 3, 3, 1, 1, 1, 9, 40):
        clock.passes(minutes * MINUTE)
        for gid, token in old:
            assert await shown(site, me, token, gid) in {"grant_cancelled", "account_moved"}
        other = Listener(beside)
        gid, token = other.grant(index)
        assert await shown(site, other, token, gid) == "released"


@pytest.mark.parametrize("jump", [0, HOUR, -HOUR])
def test_what_was_taken_back_is_read_again_and_forgotten_when_no_token_lives(tmp_path, jump):
    clock = MovedClock()
    clock.jumped = jump
    named = [(GRANT, new_id()), (MOVED, new_id())]
    Cancellations(tmp_path, clock).add(named)
    with (tmp_path / "cancelled.jsonl").open("a") as file:
        file.write('{"kind": "grant", "id": "torn')
    again = Cancellations(tmp_path, clock)
    assert set(again._held) == set(named)
    clock.passes(2 * HOUR + abs(jump) - 1)
    again.prune()
    assert len(again) == 2
    clock.passes(abs(jump) + 2)
    again.prune()
    assert len(again) == 0
    assert len(Cancellations(tmp_path, clock)) == 0


def issued(clock, **changed):
    track = type("Index", (), {"asset": new_id(), "name": "x", "samples": 1})
    return VERIFIER.read(Listener(clock).grant(track, signer=SIGNER, **changed)[1])


@pytest.mark.parametrize("jump", [0, HOUR, -HOUR])
@pytest.mark.parametrize("web", ["jumps too", "does not"])
def test_a_jump_lends_no_time_to_a_gate_that_begins_anew(jump, web):
    clock = MovedClock()
    clock.jumped = jump
    now = clock.wall() if web == "jumps too" else clock.steady()
    grant = issued(clock, iat=int(now), mov=0)
    assert grant.moved_for(clock) == 0
    clock.passes(30)
    assert 28 <= grant.moved_for(clock) <= 30
