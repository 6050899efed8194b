"""Taking over on another device: how long nothing sounds between the one that played and the one that plays.

Two browsers of one listener play in turn; each takes over by its own "Play here". Both clocks are this machine's. A moment
sounds when the element's time advanced in it; the gap lies between the last of the one and the first of the other. What
a device still held of an earlier turn may move its clock for a moment after the press: only what was placed since counts.
"""

import argparse
import contextlib
import statistics
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from playwright.sync_api import sync_playwright

from benchmarks.play import LOOPBACK, SLOW_ANSWER, THIRD_GENERATION, linked_house
from benchmarks.report import Row, at_most, publish
from benchmarks.support.link import Link, Profile

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from journeys.browsers import Browser, wait_for
from journeys.pair import HERE, SHOWN_ELSEWHERE, Pair
from journeys.playing import still_playing

PROFILES = (LOOPBACK, SLOW_ANSWER, THIRD_GENERATION)
ROUNDS = 8
GAP_MAX_MS = 1000

WATCH = """
if (window.watching) return 0;
window.watching = true;
window.sounded = [];
const audio = document.querySelector("audio");
let before = audio.currentTime;
setInterval(() => {
    const now = audio.currentTime;
    const anew = window.alpheus.placements.some(each => !window.placed?.includes(each));
    if (anew && !audio.paused && !audio.seeking && now > before && now - before < 1)
        window.sounded.push([Date.now(), window.alpheus.position]);
    before = now;
}, 10);
return 0;
"""
PRESS = f"""
window.placed = [...window.alpheus.placements];
window.pressed = Date.now();
document.querySelector({HERE!r}).click();
return window.pressed;
"""


def hand_over(giver: Browser, taker: Browser) -> tuple[float, float, float]:
    """One taking over: milliseconds of silence, from press to sound, and seconds by which the music moved off its place."""
    wait_for(taker, SHOWN_ELSEWHERE, what="showing what plays elsewhere")
    for browser in (giver, taker):
        browser.run(WATCH)
    still_playing(giver)
    pressed = float(str(taker.run(PRESS)))
    wait_for(taker, f"window.sounded.some(([at]) => at > {pressed})", what="sounding here")
    wait_for(giver, "document.querySelector('audio').paused", what="falling silent there")
    began, at = taker.run(f"return window.sounded.find(([at]) => at > {pressed});")  # type: ignore[misc] # two numbers
    ended, left = giver.run("return window.sounded.at(-1);")  # type: ignore[misc] # two numbers
    return began - ended, began - pressed, abs(at - left)


def measure(pair: Pair, title: str, *, rounds: int, profile: Profile) -> list[Row]:
    """Take over to and fro under one network."""
    giver, taker = pair.begin(title)
    gaps, answers, moves = [], [], []
    for browser in (giver, taker):
        browser.run("document.querySelector('#player [data-do=repeat]').click(); return 0;")
    for _ in range(rounds):
        gap, answer, move = hand_over(giver, taker)
        gaps.append(gap)
        answers.append(answer)
        moves.append(move)
        giver, taker = taker, giver
    label = f"{profile.name}: silence while another device takes over"
    return [
        at_most(f"{label}, median of {rounds}", statistics.median(gaps), "ms", GAP_MAX_MS),
        at_most(f"{label}, longest", max(gaps), "ms", GAP_MAX_MS),
        Row(f"{profile.name}: from the press to sound, median", round(statistics.median(answers)), "ms"),
        Row(f"{profile.name}: the music goes on beside where it was, at most", round(max(moves), 2), "s"),
    ]


def main(rounds: int = ROUNDS, profiles: tuple[Profile, ...] = PROFILES) -> None:
    """Measure and publish."""
    links: list[Link] = []
    rows: list[Row] = []
    with (
        tempfile.TemporaryDirectory(prefix="alpheus-bench-") as folder,
        linked_house(Path(folder), links) as (house, url),
        sync_playwright() as playwright,
    ):
        linked = replace(house, installation=replace(house.installation, url=url))
        for profile in profiles:
            for link in links:
                link.profile = LOOPBACK  # signing in is not measured
            with (
                tempfile.TemporaryDirectory(prefix="alpheus-") as home,
                contextlib.ExitStack() as stack,
            ):
                pair = Pair(linked, playwright, Path(home), stack)
                for link in links:
                    link.profile = profile
                rows += measure(pair, house.long.title, rounds=rounds, profile=profile)
    publish("handoff", rows)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    main(parser.parse_args().rounds)
