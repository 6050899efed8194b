"""Processor time of the page while music plays, beside a plain <audio> of the same recording in the same browser.

Both play for a while in turn, several times; what is summed is the time of all the browser's processes (its own, the
renderers, network, audio) from /proc. Battery is what that stands for. Three looks, each with its peer:

- The now-playing page in front, beside a bare `<audio>` that shows nothing at all. What the page draws is what it costs.
- Another page of the app in front, of whose player only the bar is seen: a line that moves and a clock that counts. Its
  peer's picture is as idle as ours and no more so: a bare `<audio>` above one line and one clock, moved as often. Whatever
  moves makes a browser compose its whole picture anew, on a machine without a graphics card by far the greater part of
  the cost, whoever draws; beside a page that shows nothing the figure would tell of the browser. The browser's own
  `controls` are no peer: they draw more often than we do, and would flatter us. What our page does beyond that is ours.
- The tab in the background, beside a bare `<audio>` in the background. Neither draws anything.

Sixteen seconds a look, six looks, three rounds: five minutes.
"""

import argparse
import functools
import http.server
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

from benchmarks.report import Row, at_most, publish

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from journeys.cdp import Chrome, Tab
from journeys.installation import Installation, prepared, running
from journeys.playing import PLAY
from journeys.recordings import RATE_HZ, Piece, compose, write_flac

SECONDS = 9.0
ROUNDS = 3
PIECE_SECONDS = 150
SETTLED_SECONDS = 4.0
"""Before each measurement: loading a page and filling its buffer are not playing."""

VISIBLE_MAX = 2.0
IDLE_MAX = 1.3

BARE_IN_FRONT, BARE_BEHIND = "bare <audio>, in front", "bare <audio>, in the background"
LINE_IN_FRONT = "bare <audio> with a line and a clock, in front"

BARE = '<!doctype html><audio src="plain.m4a" loop></audio>'
LINE = (
    BARE
    + """
<style>i { display: block; height: 4px; background: #777; width: calc(var(--at) * 1%) }</style><i></i><p></p>
<script>
  const [audio, line, clock] = ['audio', 'i', 'p'].map((name) => document.querySelector(name));
  setInterval(() => {
    line.style.setProperty('--at', (100 * audio.currentTime) / audio.duration);
    clock.textContent = Math.floor(audio.currentTime);
  }, EVERY_MS);
</script>
"""
)


def main(seconds: float = SECONDS, rounds: int = ROUNDS) -> None:
    """Measure and publish."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if not chromium:
        sys.exit("Chromium is not installed: apt-get install chromium")
    with (
        tempfile.TemporaryDirectory(prefix="alpheus-page-") as name,
        _installed(Path(name)) as installation,
        _plain_site(Path(name)) as plain,
    ):
        chrome = Chrome(chromium, Path(name) / "home")
        try:
            publish("page", rows(chrome, _recording(installation), plain, seconds=seconds, rounds=rounds))
        finally:
            chrome.close()


@contextmanager
def _installed(folder: Path) -> Iterator[Installation]:
    installation = prepared(folder / "data", access="open")
    piece = Piece("A Long Evening", "Evenings", 1, compose(5, PIECE_SECONDS * RATE_HZ))
    file = write_flac(piece, folder / "music")
    subprocess.run(
        ["ffmpeg", "-y", "-loglevel", "error", "-i", str(file), "-c:a", "aac", "-b:a", "128k", "-movflags", "+faststart",
         str(folder / "plain.m4a")],
        check=True,
    )  # fmt: skip
    installation.command("migrate")
    installation.command("import", str(folder / "music"), "--jobs", "1")
    with running(installation):
        yield installation


def _recording(installation: Installation) -> str:
    """The page of the one recording that is there."""
    with urlopen(f"{installation.url}/api/v1/recordings", timeout=20) as answer:
        return f"{installation.url}/recording/{json.load(answer)['items'][0]['gid']}"


@contextmanager
def _plain_site(folder: Path) -> Iterator[str]:
    """Pages that a plain player would be: one element and a file, bare or with a line and a clock; gives their folder."""
    site = folder / "site"
    site.mkdir()
    (folder / "plain.m4a").rename(site / "plain.m4a")
    (site / "bare.html").write_text(BARE)
    # As `controls.ts` has it: two hundred strokes a piece, but one to four a second.
    every_ms = min(max(1000 * PIECE_SECONDS // 200, 250), 1000)
    (site / "line.html").write_text(LINE.replace("EVERY_MS", str(every_ms)))
    handler = functools.partial(_Quiet, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


def rows(chrome: Chrome, url: str, plain: str, *, seconds: float, rounds: int) -> list[Row]:
    """Every look in turn, as often as told; medians beside medians of the plain player's."""
    tab, other = chrome.open(), chrome.open()
    looks: dict[str, Callable[[], None]] = {
        BARE_IN_FRONT: lambda: _plain(tab, other, f"{plain}/bare.html", hidden=False),
        "now playing, in front": lambda: _ours(tab, other, url, path="/playing", hidden=False),
        LINE_IN_FRONT: lambda: _plain(tab, other, f"{plain}/line.html", hidden=False),
        "another page, in front": lambda: _ours(tab, other, url, path="/", hidden=False),
        BARE_BEHIND: lambda: _plain(tab, other, f"{plain}/bare.html", hidden=True),
        "in the background": lambda: _ours(tab, other, url, path="/playing", hidden=True),
    }
    taken: dict[str, list[float]] = {name: [] for name in looks}
    for _ in range(rounds):
        for name, begin in looks.items():
            begin()
            time.sleep(SETTLED_SECONDS)
            taken[name].append(_cost_ms(chrome, tab, seconds))
            tab.visit("about:blank")
    cost = {name: statistics.median(found) for name, found in taken.items()}
    found = [
        at_most(f"{name}: processor time", cost[name] / cost[peer], "x", most, peer=peer)
        for name, peer, most in (
            ("now playing, in front", BARE_IN_FRONT, VISIBLE_MAX),
            ("another page, in front", LINE_IN_FRONT, IDLE_MAX),
            ("in the background", BARE_BEHIND, IDLE_MAX),
        )
    ]
    return found + [Row(f"{name}: processor time", round(ms, 2), "ms a second") for name, ms in cost.items()]


def _plain(tab: Tab, other: Tab, url: str, *, hidden: bool) -> None:
    tab.to_front()
    tab.visit(url)
    tab.run("await document.querySelector('audio').play(); return 0;")
    if hidden:
        other.to_front()


def _ours(tab: Tab, other: Tab, url: str, *, path: str, hidden: bool) -> None:
    tab.to_front()
    tab.visit(url)
    _until(tab, f"return !!window.alpheus && !!document.querySelector({PLAY!r});")
    tab.press(PLAY)
    _until(tab, "return alpheus.position > 0.5;")
    tab.press(f'a[href="{path}"]')
    _until(tab, f"return location.pathname === '{path}';")
    if hidden:
        other.to_front()


def _until(tab: Tab, condition: str) -> None:
    until = time.monotonic() + 60
    while not tab.run(condition):
        assert time.monotonic() < until, f"{condition} never came true"
        time.sleep(0.1)


def _cost_ms(chrome: Chrome, tab: Tab, seconds: float) -> float:
    """Processor milliseconds that a second of music costs, all the browser's processes together."""
    clock = "return document.querySelector('audio').currentTime;"
    before, music = _processor_seconds(chrome.pid), float(str(tab.run(clock)))
    time.sleep(seconds)
    after, sounded = _processor_seconds(chrome.pid), float(str(tab.run(clock))) - music
    assert sounded > seconds / 2, f"only {sounded:.1f} of {seconds:.0f} s sounded"
    return 1000 * (after - before) / sounded


def _processor_seconds(root: int) -> float:
    """What a process and all its descendants have taken so far."""
    parents, ticks = {}, {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(folder.name)] = int(fields[1])
        ticks[int(folder.name)] = int(fields[11]) + int(fields[12])
    family = {root}
    while more := {pid for pid, parent in parents.items() if parent in family} - family:
        family |= more
    return sum(ticks.get(pid, 0) for pid in family) / 100


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    given = parser.parse_args()
    main(given.seconds, given.rounds)
