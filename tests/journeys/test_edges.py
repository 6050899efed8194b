"""Two edges, real processes: one is added, the other drained and stopped, or falls silent, and the music does not stop."""

import contextlib
import json
import signal
import subprocess
import sys
import time
from urllib.error import URLError
from urllib.request import Request, urlopen

import pytest
from journeys import installation as installations
from journeys import recordings
from journeys.browsers import opened, wait_for
from journeys.conftest import House
from journeys.playing import TIME, TIMELINE_STARTS, press_play, wait_until_past
from journeys.recordings import RATE_HZ, Piece
from journeys.test_killed import HELD, WATCH, counted, in_the_tables, tell

from alpheus.ingest.ingest import ingest
from alpheus.storage.blobs import Blobs

pytestmark = pytest.mark.journey

START_SECONDS = 90
STALLS = """
window.stalls = 0;
document.querySelector('audio').addEventListener('waiting', () => stalls++);
return 0;
"""
HEARD_FROM = """
const names = performance.getEntriesByType('resource').map((entry) => entry.name);
return names.filter((name) => new URL(name).pathname.startsWith('/s/')).at(-1);
"""


class Parts:
    """web, worker and edges, each started alone, as on machines of their own."""

    def __init__(self, house, ports):
        self.house, self.ports = house, ports
        self.running = {}

    def start(self, part, *arguments, port=None):
        environment = dict(self.house.installation.environment)
        if port:
            environment["ALPHEUS_EDGE_PORT"] = str(port)
        log = (self.house.installation.data / "up.log").open("ab")
        self.running[part] = subprocess.Popen(
            [sys.executable, "-m", "alpheus", *arguments], env=environment, stdout=log, stderr=log
        )

    def start_edge(self, name):
        self.start(name, "edge", "--id", name, port=self.ports[name])
        self.wait_for(f"http://127.0.0.1:{self.ports[name]}")

    def wait_for(self, url):
        until = time.monotonic() + START_SECONDS
        while True:
            with contextlib.suppress(URLError, OSError), urlopen(f"{url}/healthz", timeout=5) as answer:
                if answer.status == 200:
                    return
            assert time.monotonic() < until, self.house.installation.log()
            time.sleep(0.1)

    def stop(self, part):
        process = self.running.pop(part)
        process.send_signal(signal.SIGCONT)
        process.send_signal(signal.SIGTERM)
        try:
            return process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            return process.wait()

    def serve_all(self):
        """Both edges run and get new streams."""
        for name in self.ports:
            if name not in self.running:
                self.start_edge(name)
            self.house.installation.command("edges", "serve", name)

    def heard_from(self, browser):
        """The edge that the last segment came from."""
        url = str(browser.run(HEARD_FROM))
        return next(name for name, port in self.ports.items() if f":{port}/" in url)

    def state(self, name):
        """What an edge says of itself; None when it is not there."""
        key = self.house.installation.internal_key.hex()
        request = Request(
            f"http://127.0.0.1:{self.ports[name]}/internal/state", headers={"Authorization": f"Bearer {key}"}
        )
        with urlopen(request, timeout=10) as answer:
            return json.load(answer)


def furnished(data):
    """An installation that names two edges, the second draining, with one recording of 100 s."""
    ports = dict(zip(("edge-1", "edge-2"), installations._free_ports(2), strict=True))
    named = [f"{name} http://127.0.0.1:{port} http://127.0.0.1:{port}" for name, port in ports.items()]
    installation = installations.prepared(data, access="open", edges="; ".join(named) + " draining")
    piece = Piece("The Longest Walk", "Walks", 1, recordings.compose(7, 100 * RATE_HZ))
    file = recordings.write_flac(piece, data.parent / "music")
    blobs = Blobs.open((data / "objects").as_uri())
    manifest = ingest(
        file, blobs=blobs, kek=installation.kek, renditions=("aac-128",), mark=recordings.piloted
    )
    installation.command("import", str(file.parent), "--jobs", "1", "--first-only")
    return House(installation, [], piece, {piece.title: manifest.asset}), ports


@pytest.fixture(scope="module")
def parts(tmp_path_factory):
    house, ports = furnished(tmp_path_factory.mktemp("edges") / "data")
    made = Parts(house, ports)
    try:
        made.start("web", "web")
        made.start("worker", "worker")
        made.start_edge("edge-1")
        made.wait_for(house.url)
        yield made
    finally:
        for part in list(made.running):
            made.stop(part)


@pytest.mark.parametrize("browser_name", ["chromium"], indirect=True)
def test_an_edge_is_added_and_another_stopped_and_the_music_goes_on(
    browser_name, playwright, parts, sound_device, home
):
    house = parts.house
    recording = house.recording(house.long.title)
    with opened(browser_name, playwright, home, sound=sound_device) as browser:
        press_play(browser, f"{house.url}/recording/{recording}")
        wait_until_past(browser, 3)
        browser.run(STALLS)
        browser.run(WATCH)
        parts.start_edge("edge-2")
        house.installation.command("edges", "serve", "edge-2")
        house.installation.command("edges", "drain", "edge-1")
        now = float(str(browser.run(f"return {TIME};")))
        wait_until_past(browser, now + 5)
        assert (parts.state("edge-1")["listening"], parts.state("edge-2")["streams"]) == (1, 0), "it stays"
        held = float(str(browser.run(f"return {HELD};")))
        parts.stop("edge-1")
        # Past what the page held when the edge went, so with keys of the other one.
        wait_until_past(browser, held + 6, seconds=90)
        assert parts.state("edge-2")["listening"] == 1
        longest, stalls = (float(str(browser.run(f"return {it};"))) for it in ("still.longest", "stalls"))
        tell(f"the music stood still for {longest / 1000:.2f} s at most, and waited {stalls:.0f} times")
        assert stalls == 0
        wait_until_past(browser, TIMELINE_STARTS + 33)
        browser.press("#player [data-do=toggle]")
        wait_for(browser, "document.querySelector('audio').paused")
        sounded = float(str(browser.run(f"return {TIME};"))) - TIMELINE_STARTS
        browser.visit("about:blank")
        mine = counted(house, recording, set(), sounded)
    tell(f"{sounded:.1f} s sounded, {mine[0][1] / 1000:.1f} s counted")
    assert len(mine) == 1, "one play, though two edges logged it"
    assert mine[0][1] / 1000 <= sounded + 0.5
    assert mine[0][2]
    assert in_the_tables(house, recording)["faults"] == []


def test_who_stops_before_the_next_edge_has_released_anything_is_counted_to_the_end(
    playwright, parts, sound_device, home
):
    """What sounds then was released by the edge before, under a grant of then."""
    house = parts.house
    recording = house.recording(house.long.title)
    known = {key for key, _, _ in in_the_tables(house, recording)["plays"]}
    parts.serve_all()
    with opened("chromium", playwright, home, sound=sound_device) as browser:
        press_play(browser, f"{house.url}/recording/{recording}")
        wait_for(browser, f"{HELD} - {TIME} > 10", what="a full buffer")
        left = parts.heard_from(browser)
        (other,) = parts.ports.keys() - {left}
        before = parts.state(other)["streams"]
        parts.stop(left)
        until = time.monotonic() + 30
        while parts.state(other)["streams"] == before:
            assert time.monotonic() < until, "it did not move"
            time.sleep(0.05)
        browser.press("#player [data-do=toggle]")
        wait_for(browser, "document.querySelector('audio').paused")
        sounded = float(str(browser.run(f"return {TIME};"))) - TIMELINE_STARTS
        browser.visit("about:blank")
        mine = counted(house, recording, known, sounded)
    tell(f"{sounded:.1f} s sounded, {mine[0][1] / 1000:.1f} s counted")
    assert len(mine) == 1
    assert mine[0][1] / 1000 <= sounded + 0.5


def test_an_edge_that_falls_silent_is_left_before_the_music_is_over(playwright, parts, sound_device, home):
    """A process that is stopped accepts connections and never answers, as a machine does whose packets are lost."""
    house = parts.house
    parts.serve_all()
    with opened("chromium", playwright, home, sound=sound_device) as browser:
        press_play(browser, f"{house.url}/recording/{house.recording(house.long.title)}")
        wait_for(browser, f"{HELD} - {TIME} > 12", what="a full buffer")
        browser.run(STALLS)
        browser.run(WATCH)
        silent = parts.heard_from(browser)
        parts.running[silent].send_signal(signal.SIGSTOP)
        held = float(str(browser.run(f"return {HELD};")))
        wait_until_past(browser, held + 2, seconds=90)
        longest, stalls = (float(str(browser.run(f"return {it};"))) for it in ("still.longest", "stalls"))
        tell(f"the music stood still for {longest / 1000:.2f} s at most, and waited {stalls:.0f} times")
        assert stalls == 0
        assert parts.heard_from(browser) != silent
