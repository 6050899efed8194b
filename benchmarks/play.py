"""Press play until sound, in both browsers, under four networks, beside a plain `<audio>` of the same music as a file.

The clock starts at the click and stops when the element's time first advances. Code and page are warm, the queue is not:
each press is of another recording, five tracks on, so that nothing of it was released ahead. The peer asks nobody who listens,
decides nothing and leaves a file on the device; what it takes, the browser and the network take (`support/plain_audio.py`).
"""

import contextlib
import statistics
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from playwright.sync_api import Playwright, sync_playwright

from benchmarks.report import Row, at_most, publish
from benchmarks.support import plain_audio
from benchmarks.support.link import Link, Profile

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from journeys import recordings
from journeys.browsers import Browser, null_sink, opened
from journeys.conftest import House, furnish
from journeys.installation import _free_ports, running

LOOPBACK = Profile("loopback")
SLOW_ANSWER = Profile("200 ms a request", delay_seconds=0.1)
NARROW = Profile("50 ms, 1 Mbit/s", delay_seconds=0.025, bits_per_second=1e6)
THIRD_GENERATION = Profile("3G: 300 ms, 1.6 Mbit/s", delay_seconds=0.15, bits_per_second=1.6e6)
PROFILES = (LOOPBACK, SLOW_ANSWER, NARROW, THIRD_GENERATION)
PRESSES = 9
"""With the one that warms up, ten presses of two segments each: what a rested listener's gate lets through at once."""

BARS_MS = {
    ("chromium", LOOPBACK): 50,
    ("firefox", LOOPBACK): 80,
    ("chromium", SLOW_ANSWER): 500,
    ("firefox", SLOW_ANSWER): 500,
    ("chromium", NARROW): 300,
    ("firefox", NARROW): 300,
    ("chromium", THIRD_GENERATION): 2000,
    ("firefox", THIRD_GENERATION): 2000,
}

PRESS = """
const button = document.querySelectorAll('main [data-play], main [data-play-index]')[%d];
const audio = document.querySelector('audio'), before = window.alpheus.recording;
audio.pause();
await new Promise(done => setTimeout(done, 600));
return await new Promise(done => {
  const channel = new MessageChannel();
  let clicked = 0, first = null;
  const look = () => {
    // What was held of the recording before may still move the clock, and a seek sets it: sound is an advance of some
    // milliseconds inside what was appended of the new one.
    const { recording, placements } = window.alpheus, now = audio.currentTime, held = audio.buffered;
    const placed = recording !== before && placements.some(each => each.recording === recording);
    const within = held.length === 1 && now >= held.start(0) && now < held.end(0);
    if (!placed || !within || audio.seeking || audio.readyState < 3) first = null;
    else if (first === null) first = now;
    else if (now > first + 0.003) return done(performance.now() - clicked);
    if (performance.now() - clicked > 15000) return done(-1);
    channel.port2.postMessage(0);
  };
  channel.port1.onmessage = look;
  clicked = performance.now();
  button.click();
  look();
});
"""


@contextlib.contextmanager
def linked_house(folder: Path, links: list[Link]) -> Iterator[tuple[House, str]]:
    """A running installation whose browsers reach web and edge only over the links."""
    web_port, edge_port = _free_ports(2)
    house = furnish(
        folder / "data",
        access="open",
        edge_url=f"http://127.0.0.1:{edge_port}",
        public_url=f"http://127.0.0.1:{web_port}",
    )
    settings = house.installation
    ports = {name: int(settings.environment[f"ALPHEUS_{name}"]) for name in ("PORT", "EDGE_PORT")}
    with (
        running(settings),
        Link(listen=web_port, target=ports["PORT"], profile=LOOPBACK) as web,
        Link(listen=edge_port, target=ports["EDGE_PORT"], profile=LOOPBACK) as edge,
    ):
        links += [web, edge]
        yield replace(house), f"http://127.0.0.1:{web_port}"


@contextlib.contextmanager
def linked_peer(folder: Path, links: list[Link]) -> Iterator[str]:
    """The peer's page with the same music, over a link of its own."""
    album = recordings.odd_album()
    (listen,) = _free_ports(1)
    files = [recordings.write_flac(piece, folder / "music") for piece in album]
    with (
        plain_audio.plain_audio(folder / "plain", files) as port,
        Link(listen=listen, target=port, profile=LOOPBACK) as link,
    ):
        links.append(link)
        yield f"http://127.0.0.1:{listen}/"


def presses(browser: Browser, script: str, *, count: int) -> list[float]:
    """Milliseconds from press to sound, each of another recording."""
    found = []
    for number in range(count + 1):
        taken = float(str(browser.run(script % (1 + number * 5 % 11))))
        if taken > 0 and number:  # the first one warms code and connections
            found.append(taken)
    return found


def measure(
    name: str, playwright: Playwright, sound: dict[str, str], links: list[Link], *, page: str, peer: str
) -> list[Row]:
    """One browser under every network."""
    rows = []
    for profile in PROFILES:
        for link in links:
            link.profile = profile
        # A new guest each time: presses in a row draw on the gate, and waiting for it is not what is measured.
        with (
            tempfile.TemporaryDirectory(prefix="alpheus-") as home,
            opened(name, playwright, Path(home), sound=sound, free_autoplay=True) as browser,
        ):
            browser.visit(page)
            taken = presses(browser, PRESS, count=PRESSES)
            browser.visit(peer)
            plain = presses(browser, plain_audio.PRESS, count=PRESSES)
        label = f"{name}, {profile.name}: press play to sound"
        bar = BARS_MS[name, profile]
        rows.append(at_most(f"{label}, median of {len(taken)}", statistics.median(taken), "ms", bar))
        rows.append(Row(f"{label}, slowest", round(max(taken), 1), "ms"))
        beside = statistics.median(taken) / statistics.median(plain)
        named = f"a plain <audio> of a file: {statistics.median(plain):.0f} ms"
        rows.append(Row(f"{label}, beside", round(beside, 2), "x", peer=named))
    return rows


def main() -> None:
    """Measure and publish."""
    links: list[Link] = []
    with (
        tempfile.TemporaryDirectory(prefix="alpheus-bench-") as folder,
        linked_house(Path(folder), links) as (house, url),
        linked_peer(Path(folder), links) as peer,
        null_sink() as sound,
        sync_playwright() as playwright,
    ):
        page = f"{url}/release/{house.release(house.album[0].album)}"
        rows = [
            row
            for name in ("chromium", "firefox")
            for row in measure(name, playwright, sound, links, page=page, peer=peer)
        ]
    publish("play", rows)


if __name__ == "__main__":
    main()
