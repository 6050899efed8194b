"""Strategies change while people listen; one ripper is out of work then, the other is not, and is known by its mark."""

import asyncio
import json
import time
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import numpy as np
import pytest
from journeys import capture
from journeys import installation as installations
from journeys.browsers import opened
from journeys.client import Guest
from journeys.conftest import furnish
from journeys.playing import TIME, press_play, wait_until_past
from journeys.recordings import PILOT_LEVEL, RATE_HZ, pilot_in
from ripper import browser as browser_ripper
from ripper.ladder import LadderRipper

from alpheus.packaging.layout import aac
from alpheus.watermark.codeword import symbols

pytestmark = pytest.mark.journey

LEAD_SECONDS = 10.0
CHUNK = aac(RATE_HZ).chunk_samples
STRETCH = 16_384


@pytest.fixture(scope="module")
def strict_house(tmp_path_factory):
    """One whose gate is easily reached: ten seconds ahead, nothing more for seeking."""
    house = furnish(
        tmp_path_factory.mktemp("strategies") / "data",
        access="open",
        lead_seconds=str(LEAD_SECONDS),
        seek_seconds="0",
    )
    with installations.running(house.installation):
        yield house


class Http:
    """A ripper's way to a running edge; it waits as long as it is told."""

    def __init__(self, edge, stream):
        self.edge, self.stream = edge, stream

    async def post(self, body):
        status, answer = self._ask(f"/v1/streams/{self.stream}/batches", json.dumps(body).encode())
        return status, json.loads(answer)

    async def get(self, url):
        return self._ask(url)

    async def wait(self, seconds):
        await asyncio.sleep(seconds)

    def _ask(self, path, body=None):
        try:
            with urlopen(Request(self.edge + path, body), timeout=20) as answer:
                return answer.status, answer.read()
        except HTTPError as error:
            return error.code, error.read()


def ripper_of(house, title):
    """A guest presses play, and a program takes over with what web gave."""
    body = {
        "device": None,
        "queue": [house.recording(title)],
        "index": 0,
        "position_ms": 0,
        "rendition": "aac-128",
    }
    played = Guest(house.url).post("/play", body).body
    (grant,) = played["grants"]
    ripper = LadderRipper(Http(played["edge"], played["stream"]), grant["id"], grant["token"], sequence=1)
    asyncio.run(ripper.take(played["batch"]))
    return ripper


def likeness(sound, piece, *, at=30_000):
    return capture.place_in(sound, piece.left[at : at + STRETCH])[1]


def test_a_ripper_of_ladder_works_on_its_epoch_and_gets_nothing_on_the_next(strict_house):
    house, piece = strict_house, strict_house.album[0]
    assert "* ladder" in house.installation.command("strategies", "force", "ladder")
    ripper = ripper_of(house, piece.title)
    asyncio.run(ripper.rip(attempts=30))
    assert ripper.done, ripper.broken
    assert likeness(browser_ripper.decoded(ripper.file()), piece) > 0.9
    for other in ("braid", "tide"):
        assert f"* {other}" in house.installation.command("strategies", "force", other)
        fresh = ripper_of(house, piece.title)
        asyncio.run(fresh.rip(attempts=3))
        assert not fresh.segments
        assert fresh.broken


@pytest.fixture
def chromium(playwright, home):
    with opened("chromium", playwright, home, free_autoplay=True) as browser:
        yield browser


def test_a_ripper_in_the_browser_works_always_in_real_time_and_carries_the_mark(strict_house, chromium):
    house, piece = strict_house, strict_house.long
    browser_ripper.hook(chromium)
    tokens = granted_to(chromium)
    house.installation.command("strategies", "force", "tide")
    began = time.monotonic()
    press_play(chromium, f"{house.url}/recording/{house.recording(piece.title)}")
    for past, strategy in ((6, "braid"), (13, "ladder"), (20, "tide"), (27, None)):
        wait_until_past(chromium, past)
        if strategy:
            house.installation.command("strategies", "force", strategy)
    file, took = browser_ripper.ripped(chromium), time.monotonic() - began
    sound = browser_ripper.decoded(file)
    seconds = len(sound) / RATE_HZ
    assert seconds > 25, "it works, whatever the strategy"
    assert took >= seconds - LEAD_SECONDS, "faster than the gate allows"
    assert likeness(sound, piece) > 0.9
    assert likeness(sound, piece, at=22 * RATE_HZ) > 0.9
    claims = next(claims for claims in map(browser_ripper.claims_of, tokens))
    read = [pilot_in(chunk[CHUNK // 8 : -CHUNK // 8]) > PILOT_LEVEL / 2 for chunk in whole_chunks(sound)]
    assert len(read) >= 24
    assert read == codeword(house, claims, len(read)), "the file names the account that listened"
    stranger = codeword(house, claims | {"acc": "0" * 32}, len(read))
    assert read != stranger


def granted_to(browser):
    """Tokens that web grants to this browser, as they come."""
    tokens = []

    def keep(response):
        if response.url.endswith("/api/v1/play") and response.ok:
            tokens.extend(grant["token"] for grant in response.json()["grants"])

    browser.page.on("response", keep)
    return tokens


def whole_chunks(sound):
    return [sound[start : start + CHUNK] for start in range(0, len(sound) - CHUNK, CHUNK)][1:]


def codeword(house, claims, count):
    key = house.installation.codeword_key
    drawn = symbols(key, account=claims["acc"], recording=claims["rec"], start=1, count=count)
    return [bool(symbol) for symbol in drawn]


def test_the_music_goes_over_without_a_gap(strict_house, playwright, home):
    """From each strategy to each other, turned by command while a browser plays: not a sample is lost."""
    house, piece = strict_house, strict_house.long
    with opened("chromium", playwright, home, free_autoplay=True, bypass_csp=True) as browser:
        ear = capture.Ear(browser)
        used = strategies_answered(browser)
        house.installation.command("strategies", "force", "ladder")
        browser.visit(f"{house.url}/recording/{house.recording(piece.title)}")
        ear.start()
        browser.press("main :is([data-play], [data-play-index])")
        began = float(str(browser.run(f"return {TIME};")))
        for turn, strategy in enumerate(("braid", "tide", "ladder", "tide", "braid", "ladder"), start=1):
            wait_until_past(browser, began + 6 * turn)
            house.installation.command("strategies", "force", strategy)
        wait_until_past(browser, began + 42)
        sound = ear.heard()
    assert set(used) == {"ladder", "braid", "tide"}
    assert_unbroken(sound, piece, seconds=39)


def strategies_answered(browser):
    used = []

    def keep(response):
        if response.url.endswith("/batches") and response.ok:
            used.append(response.json()["strategy"])

    browser.page.on("response", keep)
    return used


def assert_unbroken(sound, piece, *, seconds):
    first, alike = capture.place_in(sound[: 10 * RATE_HZ], piece.left[RATE_HZ : RATE_HZ + STRETCH])
    assert alike > 0.9
    lags = []
    for second in range(1, seconds):
        inside = second * RATE_HZ
        place, alike = capture.place_near(
            sound, piece.left[inside : inside + STRETCH], first + inside - RATE_HZ, within=1_500
        )
        assert alike > 0.9, f"at {second} s this is not what was played"
        lags.append(place - inside)
    assert np.max(np.abs(np.diff(lags))) < 0.5, f"something moved the sound: {np.round(lags, 2)}"
