"""Twelve recordings of odd lengths, one after another: no sample lost, repeated or late, and the right ones."""

import base64
import json

import numpy as np
import pytest
from journeys import capture
from journeys.browsers import opened
from journeys.playing import PLAY, TIME, TIMELINE_STARTS, open_page, wait_until_past
from journeys.recordings import ODD_LENGTHS, PILOT_LEVEL, RATE_HZ, pilot_in

from alpheus.packaging.layout import AAC_DELAY_SAMPLES, aac
from alpheus.watermark.codeword import symbols

pytestmark = pytest.mark.journey

STRETCH = 16_384
EDGE = 2_048
CHUNK = aac(RATE_HZ).chunk_samples

WHO_LISTENS = """
const token = document.querySelector("input[name=csrfmiddlewaretoken]").value;
const ask = async (path, body) => (await (await fetch("/api/v1" + path, {
  method: "POST", credentials: "same-origin",
  headers: { "Content-Type": "application/json", "X-CSRFToken": token }, body: JSON.stringify(body),
})).json());
const { stream, grants } = await ask("/play", { device: null, queue: QUEUE, index: 0, position_ms: 0, rendition: "aac-128" });
const more = await ask(`/streams/${stream}/grants`, { recordings: QUEUE.slice(1, 4), renew: [] });
return [...grants, ...more.grants].map((grant) => grant.token);
"""


@pytest.fixture
def heard(browser_name, playwright, house, sound_device, home):
    """All twelve as they sounded, and what the listener was granted."""
    release = house.release("Twelve Odd Lengths")
    with opened(
        browser_name, playwright, home, sound=sound_device, free_autoplay=True, bypass_csp=True
    ) as browser:
        ear = capture.Ear(browser)
        open_page(browser, f"{house.url}/release/{release}")
        ear.start()
        browser.press(PLAY)
        end = TIMELINE_STARTS + sum(ODD_LENGTHS) / RATE_HZ
        wait_until_past(browser, end - 0.1, seconds=end + 60)
        browser.run("await new Promise((done) => setTimeout(done, 1500)); return 0;")
        sound = ear.heard()
        assert browser.run(f"return {TIME};") <= end + 0.05
        queue = json.dumps([house.recording(piece.title) for piece in house.album])
        tokens = browser.run(WHO_LISTENS.replace("QUEUE", queue))
    return sound, [claims_of(token) for token in tokens]


def claims_of(token):
    part = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def test_twelve_odd_lengths_join_without_a_gap(heard, house):
    sound, grants = heard
    first, likeness = capture.place_in(sound[: 20 * RATE_HZ], house.album[0].left[EDGE : EDGE + STRETCH])
    assert likeness > 0.9
    begin = first - EDGE
    lags, likenesses = [], []
    at = begin
    for piece in house.album:
        for inside in (EDGE, len(piece.left) // 2, len(piece.left) - EDGE - STRETCH):
            known = piece.left[inside : inside + STRETCH]
            place, likeness = capture.place_near(sound, known, at + inside)
            lags.append(place - at - inside)
            likenesses.append(likeness)
        at += len(piece.left)
    steps = np.diff(lags)
    assert np.max(np.abs(steps)) < 0.5, f"a join or a hole moved the sound: lags {np.round(lags, 2)}"
    assert min(likenesses) > 0.9, f"this is not what was played: {np.round(likenesses, 3)}"
    assert_no_holes(sound[int(begin) : int(at)])
    assert_nothing_after(sound[int(at) + EDGE :])
    assert_blended_by_the_codeword(sound, begin, house, grants)


def assert_no_holes(sound):
    silent = np.abs(sound) < 1e-7
    edges = np.flatnonzero(np.diff(np.concatenate(([0], silent.astype(np.int8), [0]))))
    longest = max((end - start for start, end in zip(edges[::2], edges[1::2], strict=True)), default=0)
    assert longest < 32, f"{longest} samples of silence within the music"


def assert_nothing_after(sound):
    assert not np.any(np.abs(sound) > 1e-4), "something sounds after the end"


def assert_blended_by_the_codeword(sound, begin, house, grants):
    """Each whole chunk is variant A or B as the listener's codeword says: nobody hears another's blend."""
    by_asset = {claims["ast"]: claims for claims in grants}
    at, checked, of_b = begin, 0, 0
    for piece in house.album:
        claims = by_asset.get(house.assets[piece.title])
        for chunk in range(len(piece.left) // CHUNK if claims else 0):
            start = chunk * CHUNK - AAC_DELAY_SAMPLES
            inside = slice(int(at) + max(start, 0) + EDGE, int(at) + start + CHUNK - EDGE)
            (symbol,) = symbols(
                house.installation.codeword_key,
                account=claims["acc"],
                recording=claims["rec"],
                start=chunk,
                count=1,
            )
            level = pilot_in(sound[inside]) / np.max([volume_of(sound, piece, at), 1e-3])
            assert (level > PILOT_LEVEL / 2) == bool(symbol), f"chunk {chunk} of {piece.title}: {level:.4f}"
            checked, of_b = checked + 1, of_b + symbol
        at += len(piece.left)
    assert checked >= 8
    assert 0 < of_b < checked


def volume_of(sound, piece, at):
    """How much the player turned a piece down."""
    inside = slice(EDGE, len(piece.left) - EDGE)
    played = sound[int(at) + inside.start : int(at) + inside.stop]
    return float(np.sqrt(np.mean(played**2) / np.mean(piece.left[inside] ** 2)))


def test_the_pilot_tells_variants_apart(house):
    assert pilot_in(house.long.left[: 2 * CHUNK]) < PILOT_LEVEL / 10
