"""A real edge process whose machine's wall clock jumps by an hour, forth or back, and is set right again."""

import json
import signal
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from edge.kit import RATE, Listener, make_rendition, new_id, want
from edge.serving import Server, metric, play

from alpheus.edge.chain import files, read

HOUR = 3600
EPOCH_SECONDS = 600
LEAPING = Path(__file__).parent / "leaping"


@dataclass
class Wall:
    """The wall clock that web shares with the edge."""

    file: Path
    beside: float = 0.0

    def leap(self, seconds):
        draft = self.file.with_suffix(".draft")
        draft.write_text(str(seconds))
        draft.replace(self.file)

    def wall(self):
        return time.time() + self.beside + float(self.file.read_text())


@pytest.fixture
def wall(tmp_path):
    made = Wall(tmp_path / "leap")
    made.leap(0)
    return made


@pytest.fixture
def server(tmp_path, wall, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(LEAPING))
    monkeypatch.setenv("LEAP_FILE", str(wall.file))
    made = Server(tmp_path, posts_per_second=1e6, posts_burst=10**6, epoch_seconds=EPOCH_SECONDS)
    yield made
    if made.process.poll() is None:
        made.stop(signal.SIGKILL)


def sign_out(server, grant):
    body = json.dumps({"grants": [grant[0]]}).encode()
    headers = {"Authorization": f"Bearer {server.options.internal_key.hex()}"}
    assert server.request("POST", "/internal/cancel", body, headers).status == 200


def greedy(server, me, grant, *, first, sequence):
    """Take everything from a segment on that leaves at once; how many segments, and the next sequence."""
    got = 0
    for number in range(sequence, sequence + 30):
        answer = server.post(
            me.stream, sequence=number, want=[want(grant[0], first + got)], ahead_seconds=600
        )
        if answer.status != 200:
            assert (answer.status, answer.json["code"]) == (429, "over_budget")
            return got, number + 1
        got += len(answer.json["released"])
    pytest.fail("there is no end of it")


@pytest.mark.parametrize("jump", [HOUR, -HOUR])
def test_who_listens_listens_on_nobody_gets_more_and_who_left_has_left(server, wall, jump):
    index = make_rendition(server.blobs, asset=new_id(), samples=600 * RATE)
    me, leaver = Listener(wall), Listener(wall)
    grant, old = me.grant(index), leaver.grant(index)
    released = play(server, me, index, grant=grant)
    play(server, leaver, index, grant=old)
    got, sequence = greedy(server, me, grant, first=2, sequence=1)
    emptied, first = time.monotonic(), 2 + got
    epoch = server.post(me.stream, sequence=sequence).json["epoch"]
    for leap in (jump, 0):
        wall.leap(leap)
        got, sequence = greedy(server, me, grant, first=first, sequence=sequence + 1)
        assert got * 3.994 <= 1.1 * (time.monotonic() - emptied) + 3.994, "no hour has flowed into the gate"
        first += got
        assert server.request("GET", released[0]["url"]).status == 200, "what was released before is heard"
        assert abs(server.post(me.stream, sequence=sequence).json["epoch"] - epoch) <= 1
        assert play(server, Listener(wall), index), "web's clock has jumped too"
        assert play(server, Listener(Wall(wall.file, -leap)), index), "web's clock is another machine's"
        sign_out(server, old)
        refused = server.post(
            leaver.stream, sequence=1 + (leap == 0), want=[want(old[0], 5)], ahead_seconds=4
        )
        assert refused.json["code"] == "grant_cancelled"
        again = Listener(wall, account=leaver.account)
        assert play(server, again, index), "who signs in again hears music"
    assert server.stop() == 0
    records = [record for path in files(server.options.keylog) for record in read(path)]
    moments = [record["t"] for record in records if "t" in record]
    assert moments == sorted(moments)
    assert moments[-1] - moments[0] < HOUR * 500, "the key log's dates did not jump"


@pytest.mark.parametrize("jump", [HOUR, -HOUR])
def test_killed_and_started_under_another_hour_streams_go_on(server, wall, jump):
    index = make_rendition(server.blobs, asset=new_id(), samples=600 * RATE)
    me = Listener(wall)
    grant = me.grant(index)
    play(server, me, index, grant=grant)
    got, sequence = greedy(server, me, grant, first=2, sequence=1)
    server.stop(signal.SIGKILL)
    wall.leap(jump)
    emptied = time.monotonic()
    server.start()
    stale = server.post(me.stream, sequence=0, grants=[grant[1]])
    assert stale.json["code"] == "sequence_stale"
    renewed = me.grant(index, jti=grant[0])
    server.post(me.stream, sequence=sequence, grants=[renewed[1]])
    more, _ = greedy(server, me, grant, first=2 + got, sequence=sequence + 1)
    # Set forward, it lets the gate fill once, as a night would. Asking anew is a jump, on the seek budget that was left.
    lent = 8.1 + (20 if jump > 0 else 0)
    assert more * 3.994 <= lent + 1.1 * (time.monotonic() - emptied) + 3.994
    assert metric(server, "alpheus_edge_streams") == 1
