"""A listener's day on a weak phone, driven: hidden tabs, a slow processor, links that are slow, cut, and back again.

Every phase adds up how long the music stood still for want of data, by the element's own events (`waiting` until
`playing`), and says how long it may: not at all where the network carries the music; for as long as an outage lasts
beyond what was held when it began; and never longer than a bound after the network, or the tab, is back. What the
music's clock lost beside that is told too: a busy machine starves even a full buffer of processor time.

After every phase memory is measured with its garbage collected, and everything that the origin stores. Whether a
figure is *flat* is decided by its Theil-Sen slope over all samples after the warm-up (the median of the slopes between
all pairs of samples, which no single outlier moves): slope times time must stay below a share of the median, or below
a floor for figures that are small. By no more may the last minute differ from the first: medians of their samples, so
that what leaps once and stays is found as well.

The renderer's own memory grows in Chromium whatever plays. So a peer may play along in a renderer of its own, which is
measured at the same moments by the same commands; what the page has more than it is what must stay flat.
"""

import itertools
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypedDict
from urllib.parse import urlsplit

from journeys.cdp import CdpFailure, Chrome, Tab
from journeys.playing import PLAY

RESUMED_SECONDS_MAX = 5.0
TOLERATED_SECONDS = 0.25
"""What asking for two clocks may differ."""

SETTLED_SECONDS = 8.0
"""After an outage the music is watched for so long: what has resumed must not stumble again."""

TURNED_SECONDS = 0.3
"""How long a page is looked at before the next is opened."""

BITRATE = 128_000
THIRD_GENERATION = {"bits_per_second": 1_600_000, "delay_ms": 300}
NARROW = {"bits_per_second": 1.5 * BITRATE, "delay_ms": 100}

LOOK = """
const audio = document.querySelector('audio'), held = audio.buffered;
const now = performance.now() / 1000;
const until = held.length ? held.end(held.length - 1) : 0;
return { wall: now, still: starved.seconds + (starved.since === null ? 0 : now - starved.since), music: audio.currentTime, ahead: Math.max(until - audio.currentTime, 0),
         held: alpheus.stats.secondsInMemory, trouble: alpheus.trouble, state: alpheus.state };
"""
WATCH = """
window.thrown = [];
addEventListener('error', (event) => thrown.push(event.message));
addEventListener('unhandledrejection', (event) => thrown.push(String(event.reason)));
window.starved = { seconds: 0, since: null };
const audio = document.querySelector('audio');
audio.addEventListener('waiting', () => { starved.since ??= performance.now() / 1000; });
for (const name of ['playing', 'pause']) audio.addEventListener(name, () => {
    if (starved.since !== null) starved.seconds += performance.now() / 1000 - starved.since;
    starved.since = null;
});
return 0;
"""
STORED = """
const caught = (asked) => asked.catch(() => 0);
const names = await caches.keys();
let entries = 0;
for (const name of names) entries += (await (await caches.open(name)).keys()).length;
const files = [];
for await (const name of (await navigator.storage.getDirectory()).keys()) files.push(name);
return { bytes: (await navigator.storage.estimate()).usage, entries, files: files.length,
         databases: (await indexedDB.databases()).length, settings: JSON.stringify(localStorage).length };
"""


class Looked(TypedDict):
    """What the page says of its music at one moment: clocks in seconds, and how much is held."""

    wall: float
    still: float
    music: float
    ahead: float
    held: float
    trouble: str | None
    state: str


@dataclass(frozen=True)
class Pace:
    """Seconds that each phase of a cycle lasts; 0 leaves it out."""

    calm: float
    link: float
    slow: float
    hidden: float
    bridged: float
    cut: float
    long_cut: float
    frozen: float


SHORT = Pace(calm=6, link=8, slow=6, hidden=8, bridged=4, cut=30, long_cut=0, frozen=6)
LONG = Pace(calm=45, link=45, slow=45, hidden=60, bridged=5, cut=30, long_cut=300, frozen=60)
LONG_CUT_EVERY = 4
"""Cycles from one long outage to the next."""


@dataclass(frozen=True)
class Happening:
    """How one phase went.

    Attributes:
        phase: what was done.
        lasted: its seconds.
        still: seconds in which the music stood still for want of data.
        allowed: seconds for which it may have.
        resumed: seconds from the return of network or tab until music moved; None where nothing was away.
        held_max: seconds of music that the page held at most, as far as it was asked.
        lag: seconds that the music's clock lost beside that, for want of processor time.
    """

    phase: str
    lasted: float
    still: float
    allowed: float
    resumed: float | None = None
    held_max: float = 0.0
    lag: float = 0.0

    @property
    def holds(self) -> bool:
        """Whether it went as it must."""
        return self.still <= self.allowed and (self.resumed is None or self.resumed <= RESUMED_SECONDS_MAX)


@dataclass(frozen=True)
class Sample:
    """What the page and its origin hold at one moment; bytes, or counts."""

    at: float
    heap: float
    renderer: float
    documents: float
    nodes: float
    listeners: float
    stored: float
    stores: float
    cookies: float
    peer: float = 0.0
    """The peer's renderer, when one plays along."""
    allocators: dict[str, float] = field(default_factory=dict)
    """What each allocator of the page's renderer holds, when a peer plays along."""

    @property
    def beside(self) -> float:
        """What the page's renderer has more than its peer's."""
        return self.renderer - self.peer


@dataclass(frozen=True)
class Figure:
    """A figure that must stay flat: its share of the median, and its floor, that the whole run may add."""

    name: str
    words: str
    unit: str
    scale: float
    share: float
    floor: float

    def growth(self, samples: list[Sample]) -> float:
        """What the run added by the Theil-Sen slope, in the figure's own unit before scaling."""
        points = [(sample.at, float(getattr(sample, self.name))) for sample in samples]
        slopes = [
            (there[1] - here[1]) / (there[0] - here[0]) for here, there in itertools.combinations(points, 2)
        ]
        return statistics.median(slopes) * (points[-1][0] - points[0][0])

    def ends(self, samples: list[Sample]) -> tuple[float, float]:
        """What it was in the first minute of these samples and in the last."""
        first = [it for it in samples if it.at <= samples[0].at + MINUTE_SECONDS]
        last = [it for it in samples if it.at >= samples[-1].at - MINUTE_SECONDS]
        before, after = (
            statistics.median(getattr(it, self.name) for it in minute) for minute in (first, last)
        )
        return before, after

    def allowed(self, samples: list[Sample]) -> float:
        """The most that it may have added."""
        return max(self.floor, self.share * statistics.median(getattr(it, self.name) for it in samples))


MIB = float(2**20)
MINUTE_SECONDS = 60.0
FIGURES = (
    Figure("heap", "JavaScript heap after collection", "MiB", MIB, 0.05, MIB / 2),
    Figure("beside", "renderer's own resident memory", "MiB", MIB, 0.0, 12 * MIB),
    Figure("documents", "documents", "", 1, 0, 2),
    Figure("nodes", "DOM nodes", "", 1, 0.05, 100),
    Figure("listeners", "event listeners", "", 1, 0.05, 20),
    Figure("stored", "bytes the origin stores", "KiB", 1024, 0, 64 * 1024),
    Figure("stores", "entries in caches, databases, files, settings", "", 1, 0, 4),
    Figure("cookies", "cookies", "", 1, 0, 0),
)


@dataclass
class Endurance:
    """One run: a tab that listens, what happened to it, and what was measured."""

    chrome: Chrome
    pace: Pace
    say: Callable[[str], None] = lambda _: None
    happenings: list[Happening] = field(default_factory=list)
    samples: list[Sample] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def begin(self, page: str, *, peer: str = "") -> None:
        """Open a page, play its first queue and repeat it for ever; a peer's page plays along by itself."""
        self._page = page
        self._peer = self.chrome.open() if peer else None
        if self._peer is not None:
            self._peer.visit(peer)
        self._other = self.chrome.open()
        self._tab = self.chrome.open(page)
        self._tab.visit(page)
        self._wait(f"return !!window.alpheus && !!document.querySelector({PLAY!r});")
        self._tab.run(WATCH)
        self._tab.press(PLAY)
        self._wait("return alpheus.position > 0.5;")
        self._tab.press("#player [data-do=repeat]")
        self._tab.call("Performance.enable")
        self._processes = {tab: self._process_of(tab) for tab in (self._tab, self._peer) if tab}
        self._began = time.monotonic()
        self._settle()

    def run(self, minutes: float) -> None:
        """Go through cycles until the time is over, whole at least once; before each phase some pages are turned."""
        until = time.monotonic() + 60 * minutes
        for cycle in itertools.count():
            for phase in self._phases(cycle):
                self._turn_pages()
                happened = phase()
                self.happenings.append(happened)
                self.samples.append(self._sample())
                self.say(self._told(happened))
                if cycle and time.monotonic() > until:
                    break
            if time.monotonic() > until:
                break
        self.errors = [str(each) for each in self._tab.run("return thrown;") or []]  # type: ignore[attr-defined]

    def _phases(self, cycle: int) -> Iterator[Callable[[], Happening]]:
        pace = self.pace
        yield lambda: self._steady("pages are turned", pace.calm, self._turn_pages)
        yield lambda: self._linked("3G: 1.6 Mbit/s, 300 ms", THIRD_GENERATION)
        yield lambda: self._linked("a link of 1.5 x the bitrate", NARROW)
        yield self._slowed
        yield self._hidden
        yield lambda: self._cut("a cut shorter than what is held", pace.bridged)
        yield lambda: self._cut(f"{pace.cut:.0f} s without network", pace.cut)
        if pace.long_cut and cycle % LONG_CUT_EVERY == 0:
            yield lambda: self._cut(f"{pace.long_cut:.0f} s without network", pace.long_cut)
        yield self._frozen

    # Phases

    def _steady(self, name: str, seconds: float, work: Callable[[], None] = lambda: None) -> Happening:
        """The music must not stand still at all."""
        before = self._look()
        work()
        held = self._wait_until(before["wall"] + seconds)
        after = self._look()
        still, lag = _lost(before, after)
        return Happening(
            name, after["wall"] - before["wall"], still, TOLERATED_SECONDS, held_max=held, lag=lag
        )

    def _turn_pages(self) -> None:
        """As a reader does, by links: the document stays and so does the music."""
        release = urlsplit(self._page).path
        for path in ("/", "/device", "/playing", "/search", "/", release):
            self._wait(f"return !!document.querySelector('a[href=\"{path}\"]');")
            self._tab.press(f'a[href="{path}"]')
            self._wait(f"return location.pathname === '{path}';")
            time.sleep(TURNED_SECONDS)

    def _linked(self, name: str, link: dict[str, float]) -> Happening:
        self._tab.network(**link)
        happened = self._steady(name, self.pace.link)
        self._tab.network()
        return happened

    def _slowed(self) -> Happening:
        self._tab.slow_processor(4)
        happened = self._steady("a processor 4 x slower", self.pace.slow)
        self._tab.slow_processor(1)
        return happened

    def _hidden(self) -> Happening:
        self._other.to_front()
        self._wait("return document.hidden;")
        happened = self._steady("hidden, timers throttled", self.pace.hidden)
        self._tab.to_front()
        return happened

    def _cut(self, name: str, seconds: float) -> Happening:
        """Without network the music sounds for as long as it is held, and comes back by itself."""
        self._settle()
        before = self._look()
        self._tab.network(offline=True)
        held = self._wait_until(before["wall"] + seconds)
        self._tab.network()
        return self._resumed(name, before, before["ahead"], held)

    def _frozen(self) -> Happening:
        """A frozen tab is silent; thawed as it is shown again, it plays on.

        Chromium lets no sound come from a tab that was thawed but is still hidden, not even from a plain <audio>.
        """
        self._settle()
        self._other.to_front()
        self._wait("return document.hidden;")
        before = self._look()
        self._tab.freeze(frozen=True)
        time.sleep(self.pace.frozen)
        self._tab.freeze(frozen=False)
        self._tab.to_front()
        return self._resumed(f"frozen for {self.pace.frozen:.0f} s, thawed", before, 0.0, 0.0)

    def _resumed(self, name: str, before: Looked, ahead: float, held: float) -> Happening:
        """From the moment that all is well again until the music moves, and on until it has settled."""
        back = self._look()
        moved = self._moving(back)
        resumed = moved["wall"] - back["wall"]
        self._wait_until(moved["wall"] + SETTLED_SECONDS)
        after = self._look()
        still, lag = _lost(before, after)
        allowed = max(back["wall"] - before["wall"] - ahead, 0) + resumed + 2 * TOLERATED_SECONDS
        return Happening(name, after["wall"] - before["wall"], still, allowed, resumed, held, lag)

    def _moving(self, since: Looked) -> Looked:
        until = time.monotonic() + 60
        while True:
            now = self._look()
            if now["music"] > since["music"] + 0.02:
                return now
            if time.monotonic() > until:
                self.say(f"  the music never came back: {now}")
                return now
            time.sleep(0.05)

    # Looking

    def _look(self) -> Looked:
        return self._tab.run(LOOK)  # type: ignore[return-value]

    def _wait(self, condition: str, seconds: float = 60) -> None:
        until = time.monotonic() + seconds
        while not self._asked(condition):
            assert time.monotonic() < until, f"{condition} never came true: {self._look()}"
            time.sleep(0.1)

    def _asked(self, condition: str) -> object:
        try:
            return self._tab.run(condition)
        except CdpFailure:
            return None  # The page is on its way.

    def _wait_until(self, wall: float) -> float:
        """Wait until the page's own clock says so; the most seconds of music that were held meanwhile."""
        held = 0.0
        while True:
            now = self._look()
            held = max(held, now["held"])
            if now["wall"] >= wall:
                return held
            time.sleep(min(1.0, wall - now["wall"] + 0.01))

    def _settle(self) -> None:
        """Until the buffer is as full as it gets, or has had time to."""
        until = time.monotonic() + 15
        while self._look()["ahead"] < 8 and time.monotonic() < until:
            time.sleep(0.25)

    def _sample(self) -> Sample:
        for tab in self._processes:
            for _ in range(2):
                tab.call("HeapProfiler.collectGarbage")
        metrics = {it["name"]: it["value"] for it in self._tab.call("Performance.getMetrics")["metrics"]}
        stored: dict = self._tab.run(STORED)  # type: ignore[assignment]
        cookies = self.chrome.call("Storage.getCookies")["cookies"]
        return Sample(
            at=time.monotonic() - self._began,
            heap=metrics["JSHeapUsedSize"],
            renderer=_resident_bytes(self._processes[self._tab]),
            documents=metrics["Documents"],
            nodes=metrics["Nodes"],
            listeners=metrics["JSEventListeners"],
            stored=stored["bytes"],
            stores=stored["entries"] + stored["files"] + stored["databases"] + (stored["settings"] > 2),
            cookies=len(cookies),
            peer=_resident_bytes(self._processes[self._peer]) if self._peer else 0.0,
            allocators=self.chrome.allocators(self._processes[self._tab]) if self._peer else {},
        )

    def _process_of(self, tab: Tab) -> int:
        """A tab's own process: of all renderers, the one that works while the tab is made to."""

        def taken() -> dict[int, float]:
            renderers = (it for it in self.chrome.processes() if it["type"] == "renderer")
            return {int(it["id"]): float(it["cpuTime"]) for it in renderers}

        before = taken()
        tab.run("const until = performance.now() + 500; while (performance.now() < until); return 0;")
        after = taken()
        return max(after, key=lambda pid: after[pid] - before.get(pid, 0.0))

    def _told(self, happened: Happening) -> str:
        sample = self.samples[-1]
        back = "" if happened.resumed is None else f", back after {happened.resumed:.2f} s"
        return (
            f"{sample.at / 60:6.1f} min  {happened.phase}: still {happened.still:.2f} of {happened.allowed:.2f} s"
            f" (clock {happened.lag:+.2f} s){back}{'' if happened.holds else '  <-- TOO LONG'}  [heap {sample.heap / MIB:.2f} MiB, renderer"
            f" {sample.renderer / MIB:.1f} MiB (peer {sample.peer / MIB:.1f}), {sample.nodes:.0f} nodes, {sample.listeners:.0f} listeners, stored"
            f" {sample.stored:.0f} B, {sample.cookies:.0f} cookies]"
        )

    @property
    def warm(self) -> list[Sample]:
        """The samples that count: without the warm-up, the first phases up to a sixth of all."""
        return self.samples[max(2, len(self.samples) // 6) :]

    @property
    def grown(self) -> list[str]:
        """Figures that did not stay flat, in words."""
        found = []
        for figure in FIGURES:
            growth, allowed = figure.growth(self.warm), figure.allowed(self.warm)
            first, last = figure.ends(self.warm)
            if max(growth, last - first) > allowed:
                values = [round(getattr(it, figure.name)) for it in self.samples]
                found.append(
                    f"{figure.words}: {growth:.0f} more by its slope, {last - first:.0f} from the first minute to the last,"
                    f" {allowed:.0f} allowed: {values}"
                )
        return found


def _lost(before: Looked, after: Looked) -> tuple[float, float]:
    """Seconds for which the music stood still for want of data, and what its clock lost beside."""
    still = after["still"] - before["still"]
    missing = (after["wall"] - before["wall"]) - (after["music"] - before["music"])
    return still, missing - still


def _resident_bytes(pid: int) -> int:
    """Memory that is the process's own and in use: not the program's pages, which the kernel loads and drops as it likes."""
    status = Path(f"/proc/{pid}/status").read_text()
    return 1024 * sum(int(status.split(f"{part}:")[1].split()[0]) for part in ("RssAnon", "RssShmem"))
