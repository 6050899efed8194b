"""A listener without a player: a program that speaks the API and the edge's wire, as a ripper would."""

import base64
import json
import re
import time
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from urllib.error import HTTPError
from urllib.request import HTTPCookieProcessor, Request, build_opener, urlopen

from edge.strategies.readers import READERS

from alpheus.edge.strategies.contract import BatchContext

WANTS = 32  # as many as an edge reads


@dataclass
class Answer:
    """What came back: status, JSON body, headers."""

    status: int
    body: dict
    headers: dict


def _ask(opener, request: Request) -> Answer:
    try:
        with opener(request, timeout=30) as answer:
            return Answer(answer.status, json.loads(answer.read() or b"{}"), dict(answer.headers))
    except HTTPError as error:
        text = error.read()
        body = json.loads(text) if "json" in error.headers.get("Content-Type", "") else {}
        return Answer(error.code, body, dict(error.headers))


class Guest:
    """One guest: cookies, a CSRF token, and no account."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._open = build_opener(HTTPCookieProcessor(CookieJar())).open
        with self._open(f"{url}/", timeout=30) as page:
            text = page.read().decode()
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', text)
        assert found, "the home page carries no CSRF token"
        self._token = found[1]

    def post(self, path: str, body: dict) -> Answer:
        """Call the API as the page does."""
        headers = {"Content-Type": "application/json", "X-CSRFToken": self._token, "Origin": self._url}
        request = Request(f"{self._url}/api/v1{path}", json.dumps(body).encode(), headers)
        return _ask(self._open, request)

    def play(self, recordings: list[str], *, rendition: str = "aac-128", position_ms: int = 0) -> "Stream":
        """Press play on a queue."""
        body = {
            "device": None,
            "queue": recordings,
            "index": 0,
            "position_ms": position_ms,
            "rendition": rendition,
        }
        answer = self.post("/play", body)
        assert answer.status == 200, answer
        played = answer.body
        stream = Stream(played["edge"], played["stream"], guest=self)
        stream.take_grants(played["grants"])
        if played["batch"]:
            stream.sequence = played["batch"]["sequence"] + 1
            stream.take(played["batch"])
        stream.more_grants(recordings[1:4])
        return stream


@dataclass
class Stream:
    """A stream that asks for whatever it likes, and counts what it gets."""

    edge: str
    id: str
    guest: Guest
    sequence: int = 0
    grants: dict = field(default_factory=dict)
    tracks: dict = field(default_factory=dict)
    released: dict = field(default_factory=dict)

    def take_grants(self, grants: list[dict]) -> None:
        for grant in grants:
            self.grants[grant["id"]] = grant

    def more_grants(self, recordings: list[str]) -> None:
        """Ask web for grants of more recordings."""
        for start in range(0, len(recordings), 5):
            body = {"recordings": recordings[start : start + 5], "renew": []}
            answer = self.guest.post(f"/streams/{self.id}/grants", body)
            assert answer.status == 200, answer
            self.take_grants(answer.body["grants"])

    def post(self, wants: list[dict], *, at: dict | None = None, grants: list[str] | None = None) -> Answer:
        """One batch, asking for as much as there is."""
        tokens = [grant["token"] for grant in self.grants.values()] if grants is None else grants
        body = {
            "sequence": self.sequence,
            "grants": tokens,
            "at": at,
            "want": wants,
            "ahead_seconds": 3600,
            "describe": list(self.grants),
            "closing": False,
        }
        headers = {"Content-Type": "text/plain;charset=UTF-8"}
        request = Request(f"{self.edge}/v1/streams/{self.id}/batches", json.dumps(body).encode(), headers)
        answer = _ask(urlopen, request)
        if answer.status == 200:
            self.take(answer.body)
        self.sequence += answer.status < 500
        return answer

    def take(self, batch: dict) -> None:
        """Keep what a batch released."""
        for grant, track in batch.get("tracks", {}).items():
            self.tracks[grant, track["rendition"]] = track
        context = BatchContext(self.id.replace("-", ""), batch["sequence"], batch["epoch"])
        for *what, url, key, iv in READERS[batch["strategy"]](batch["released"], context):
            release = {
                "url": url,
                "key": base64.b64encode(key).decode(),
                "iv": base64.b64encode(iv).decode(),
                "epoch": batch["epoch"],
            }
            self.released.setdefault(tuple(what), []).append(release)

    def music_seconds(self) -> float:
        """How much music the keys open: every segment of every rendition once."""
        return sum(self.seconds_of(key) for key in self.released)

    def seconds_of(self, key: tuple[str, str, int]) -> float:
        """How long a segment sounds, without what precedes or follows the recording."""
        grant, rendition, segment = key
        track = self.tracks[grant, rendition]
        first = segment * track["segment_samples"] - track["delay_samples"]
        last = first + track["segment_samples"]
        low, high = 0, track["samples"]
        return (max(low, min(last, high)) - max(low, min(first, high))) / track["rate_hz"]

    def fetch(self, release: dict) -> tuple[int, bytes]:
        """Get a segment's ciphertext: status and body."""
        try:
            with urlopen(self.edge + release["url"], timeout=30) as answer:
                return answer.status, answer.read()
        except HTTPError as error:
            return error.code, error.read()


def greedy(stream: Stream, *, seconds: float, renditions: tuple[str, ...] = ("aac-128",)) -> None:
    """Ask for everything there is, again and again, as fast as the edge answers."""
    until = time.monotonic() + seconds
    turn = 0
    while time.monotonic() < until:
        wants = [
            {"grant": grant, "rendition": rendition, "segment": first}
            for rendition in renditions
            for grant in stream.grants
            for first in (turn % 12, 0)  # from the start, and jumping ever further
        ]
        answer = stream.post(wants[turn % 3 * WANTS :][:WANTS])
        # Whoever begins to play elsewhere takes back what an earlier stream of theirs was granted.
        refused = {"outside_window", "grant_cancelled"}
        assert answer.status in {200, 429} or answer.body["code"] in refused, answer
        turn += 1
        if answer.status == 429:
            time.sleep(min(0.5, float(answer.body.get("wait_seconds", 0.1))))
        time.sleep(0.02)
