"""Who presses play as often as they like while edges come and go: web and two edges together yield no more than one gate.

Web is asked over its API and tells edges over HTTP; the edges are real, on a clock that the test moves for all three.
"""

import random
from dataclasses import replace
from datetime import UTC, datetime

import music
import pytest
from api_client import Api
from django.utils import timezone
from edge import kit
from edge.near import Near

from alpheus.api.limits import METER
from alpheus.listening import duty
from alpheus.listening.terms import Edge
from alpheus.storage.blobs import Blobs

pytestmark = pytest.mark.django_db

LEAD_SECONDS, SEEK_SECONDS, PACE = 20, 60, 1.1
RIPPING_SECONDS = 100
SEGMENT_SECONDS = 4.0
STREAMS = 3
"""The latest so many are asked over; those before were taken back by web."""


@pytest.fixture
def pair(tmp_path, settings, monkeypatch):
    """Two edges over the same music, and web, on one clock."""
    sites = [
        kit.Site(
            tmp_path, edge_id=name, keylog=tmp_path / "keylog" / name, posts_per_second=1e6, posts_burst=10**6
        )
        for name in ("edge-1", "edge-2")
    ]
    sites[1].clock = sites[0].clock
    sites[1].restart()
    monkeypatch.setattr(timezone, "now", lambda: datetime.fromtimestamp(sites[0].clock.wall(), UTC))
    with Near(sites[0]) as first, Near(sites[1]) as second:
        named = zip(sites, (first, second), strict=True)
        settings.LISTENING = replace(
            settings.LISTENING,
            edges=tuple(Edge(site.options.edge_id, near.url, 1, near.url) for site, near in named),
            grant_key=kit.SIGNER,
            internal_key=kit.INTERNAL_KEY,
            edge_timeout_seconds=5,
        )
        yield {first.url: first, second.url: second}


@pytest.fixture
def recording(tmp_path):
    row = music.recording("Ebb", seconds=1200)
    blobs = Blobs.open((tmp_path / "objects").as_uri())
    kit.make_rendition(blobs, asset=row.asset.key, samples=row.asset.samples)
    return row


class Ripper:
    """Keeps every stream and every token that it ever had, and shows them to both edges again and again."""

    def __init__(self, api, pair, recording, *, seed):
        self.api, self.pair, self.recording = api, pair, recording
        self.rng, self.sequence = random.Random(seed), 10
        self.tokens, self.got = {}, {url: set() for url in pair}

    def press_play(self):
        """Play on wherever web says."""
        METER._empty_at.clear()  # however many tokens of the API it took
        answer = self.api.post(
            "/play", {"queue": [str(self.recording.gid)], "position_ms": self.rng.randrange(10**6)}
        )
        assert answer.status_code == 200, answer.content
        played = answer.json()
        for grant in played["grants"]:
            self.tokens.setdefault(played["stream"], []).append((grant["id"], grant["token"]))
        self.keep(played["edge"], played["batch"])
        return played["edge"]

    def keep(self, url, batch):
        for item in (batch or {}).get("released", []):
            self.got[url].add(item["segment"])

    def ask(self, url, stream):
        """Ask an edge for what is not there yet, in any order."""
        self.sequence += 1
        shown = self.tokens[stream]
        had = set.union(*self.got.values())
        left = [segment for segment in range(300) if segment not in had]
        wants = [kit.want(self.rng.choice(shown)[0], self.rng.choice(left)) for _ in range(4)]
        answer = self.pair[url].post(
            stream,
            sequence=self.sequence,
            grants=[token for _, token in shown],
            want=wants,
            ahead_seconds=3600,
        )
        if answer.status == 200:
            self.keep(url, answer.body)

    @property
    def seconds(self):
        return sum(map(len, self.got.values())) * SEGMENT_SECONDS


def only(edge, terms):
    """One edge serves, all others are drained."""
    for known in terms.edges:
        duty.put(edge=known.id, serving=known.id == edge, terms=terms, now=timezone.now())


@pytest.mark.parametrize(("who", "every"), [("member", 5), ("guest", 20), ("member", 45)])
def test_an_account_spread_over_two_edges_gets_what_one_gate_lets_through(
    pair, recording, settings, request, who, every
):
    account = request.getfixturevalue("member") if who == "member" else None
    terms, clock = settings.LISTENING, next(iter(pair.values())).site.clock
    ripper, begun, moved_to = Ripper(Api(account=account), pair, recording, seed=every), clock.now, []
    while clock.now - begun < RIPPING_SECONDS:
        serving = terms.edges[len(moved_to) % 2]
        only(serving.id, terms)
        moved_to.append(ripper.press_play())
        assert moved_to[-1] == serving.public_url
        until = clock.now + every
        while clock.now < until:
            for stream in list(ripper.tokens)[-STREAMS:]:
                for url in pair:
                    ripper.ask(url, stream)
            clock.passes(ripper.rng.uniform(0.4, 1.5))
    took = clock.now - begun
    assert LEAD_SECONDS < ripper.seconds <= LEAD_SECONDS + SEEK_SECONDS + PACE * took
    assert set(moved_to) == set(pair)
    assert all(ripper.got.values()), "both edges let music through"
