"""kill -9 of each part while somebody listens: the music goes on by itself, and the play is counted once."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from journeys.browsers import opened, wait_for
from journeys.playing import TIME, TIMELINE_STARTS, press_play, wait_until_past

from alpheus.listening import keylog

pytestmark = pytest.mark.journey

BACK_SECONDS = 60
COUNTED_SECONDS = 60
HELD_SECONDS_MAX = 20
NEARLY_OVER = TIMELINE_STARTS + 42  # of 45 s

WATCH = f"""
window.still = {{ longest: 0, at: {TIME}, since: performance.now() }};
setInterval(() => {{
  const now = performance.now(), at = {TIME};
  if (at > still.at) {{ still.at = at; still.since = now; }}
  still.longest = Math.max(still.longest, now - still.since);
}}, 50);
return 0;
"""
HELD = (
    "(() => { const held = document.querySelector('audio').buffered;"
    " return held.length ? held.end(held.length - 1) : 0; })()"
)
PLAYS = """
import json, sys
import django; django.setup()
from alpheus.listening.models import KeyLogFault, Play
rows = Play.objects.filter(recording__gid=sys.argv[1]).order_by("pk")
plays = [[play.pk, play.heard_ms, play.qualified] for play in rows]
print(json.dumps({"plays": plays, "faults": list(KeyLogFault.objects.values_list("reason", flat=True))}))
"""


def in_the_tables(house, recording):
    """The recording's plays as (key, milliseconds, qualified), and the faults of key logs."""
    environment = house.installation.environment | {"DJANGO_SETTINGS_MODULE": "alpheus.config.django"}
    command = [sys.executable, "-c", PLAYS, recording]
    return json.loads(subprocess.run(command, env=environment, capture_output=True, check=True).stdout)


def process_of(house, part):
    """The process of a part: a child of the supervisor that was started as `alpheus <part>`."""
    parent = house.installation.process.pid
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    for pid in map(int, children):
        with contextlib.suppress(OSError):
            words = Path(f"/proc/{pid}/cmdline").read_bytes().rstrip(b"\0").split(b"\0")
            if words[-1].decode() == part:
                return pid
    return None


def killed(house, part):
    """Kill a part with all its processes, and wait until the supervisor has started it again; how long that took."""
    before = process_of(house, part)
    os.killpg(before, signal.SIGKILL)
    began = time.monotonic()
    while process_of(house, part) in {None, before}:
        assert time.monotonic() < began + BACK_SECONDS, f"{part} was not started again"
        time.sleep(0.05)
    return time.monotonic() - began


def logged(house):
    """What the edges logged, a line a record: what was not counted must have gone lost before or after that."""
    return "\n".join(
        f"{edge.name} {one.stream} {one.sequence}: {one.wall_ms} ms, at {one.at and one.at.sample}, "
        f"released {[item.span for item in one.released]}{', closing' * one.closing}"
        for edge in keylog.edges(house.installation.data / "keylog")
        for segment in keylog.segments(edge)
        for one in keylog.read(segment.path, offset=0, size=segment.path.stat().st_size).records
    )


def counted(house, recording, known, sounded):
    """The new plays of a recording, when the worker has folded what the page said last."""
    until = time.monotonic() + COUNTED_SECONDS
    while True:
        told = in_the_tables(house, recording)
        mine = [play for play in told["plays"] if play[0] not in known]
        if mine and mine[0][1] / 1000 > sounded - 2:
            return mine
        assert time.monotonic() < until, f"{mine} after {sounded:.1f} s of music\n{logged(house)}"
        time.sleep(1)


def tell(figure):
    """Print a figure; `pytest -s` shows it."""
    sys.stdout.write(figure + "\n")


@pytest.mark.parametrize("browser_name", ["chromium"], indirect=True)
def test_whatever_is_killed_the_music_goes_on_and_counts_once(
    browser_name, playwright, house, sound_device, home
):
    recording = house.recording(house.long.title)
    known = {key for key, _, _ in in_the_tables(house, recording)["plays"]}
    faults = in_the_tables(house, recording)["faults"]
    with opened(browser_name, playwright, home, sound=sound_device) as browser:
        press_play(browser, f"{house.url}/recording/{recording}")
        wait_until_past(browser, 3)
        browser.run("window.neverReloaded = true; return 0;")
        browser.run(WATCH)
        for part in ("edge", "web", "worker"):
            held = float(str(browser.run(f"still.longest = 0; return {HELD};")))
            started = killed(house, part)
            # Past what it held, so with keys that left after the kill; at the end of the piece there is no more.
            wait_until_past(browser, min(held + 3, NEARLY_OVER), seconds=BACK_SECONDS + 30)
            longest = float(str(browser.run("return still.longest;"))) / 1000
            tell(f"{part}: started again after {started:.1f} s, the music stood still for {longest:.2f} s")
        assert browser.run("return window.neverReloaded;")
        wait_until_past(browser, TIMELINE_STARTS + 33)
        browser.press("#player [data-do=toggle]")
        wait_for(browser, "document.querySelector('audio').paused")
        sounded = float(str(browser.run(f"return {TIME};"))) - TIMELINE_STARTS
        browser.visit("about:blank")  # the page says where it was when it goes
        mine = counted(house, recording, known, sounded)
    tell(f"{sounded:.1f} s sounded, {mine[0][1] / 1000:.1f} s counted")
    assert len(mine) == 1
    assert mine[0][1] / 1000 <= sounded + 0.5
    assert mine[0][2], "it qualifies"
    assert in_the_tables(house, recording)["faults"] == faults


@contextlib.contextmanager
def kept_down(house):
    """The edge killed, and killed again as often as the supervisor starts it."""
    up_again = threading.Event()

    def kill() -> None:
        while not up_again.wait(0.05):
            if edge := process_of(house, "edge"):
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(edge, signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        yield
    finally:
        up_again.set()
        killer.join()


def answers(address):
    with contextlib.suppress(URLError, OSError), urlopen(f"{address}/healthz", timeout=2) as answer:
        return answer.status == 200
    return False


def test_an_edge_that_is_away_for_longer_than_music_is_held_is_met_again(playwright, house, home):
    """The music stopped, so the player must knock by itself; how long it took from the first answer is printed."""
    recording = house.recording(house.long.title)
    with opened("chromium", playwright, home, free_autoplay=True) as browser:
        press_play(browser, f"{house.url}/recording/{recording}")
        wait_until_past(browser, 3)
        browser.run("window.neverReloaded = true; return 0;")
        with kept_down(house):
            starving = "window.alpheus.element.readyState < 3 && !window.alpheus.element.paused"
            wait_for(browser, starving, seconds=HELD_SECONDS_MAX + 10, what="the music stood still")
            wait_for(
                browser, "!document.querySelector('[data-now=trouble]').hidden", what="the page says why"
            )
            time.sleep(12)  # past every short wait: the player knocks at its slowest now
            stopped = float(str(browser.run(f"return {TIME};")))
        until = time.monotonic() + BACK_SECONDS
        while not answers(house.installation.edge_url):
            assert time.monotonic() < until, "the edge was not started again"
            time.sleep(0.05)
        back = time.monotonic()
        wait_until_past(browser, stopped + 0.1, seconds=BACK_SECONDS)
        tell(
            f"edge away past what was held: music again {time.monotonic() - back:.1f} s after its first answer"
        )
        wait_until_past(browser, stopped + 5)
        assert browser.run("return document.querySelector('[data-now=trouble]').hidden;")
        assert browser.run("return window.neverReloaded;")
        assert not browser.errors
