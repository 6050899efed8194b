"""A day on a weak phone, for as many minutes as are given: does the music hold, and does the page stay as small as it was?

`make soak MINUTES=60`. What is done and how it is judged: `tests/journeys/endurance.py`. Its peer is the least that a Media
Source player can be (`support/bare_loop.html`), which plays along in the background of the same browser all the time.
"""

import argparse
import json
import shutil
import sys
import tempfile
from pathlib import Path
from urllib.request import urlopen

from benchmarks.report import Row, at_most, publish
from benchmarks.support.bare_loop import bare_loop

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from journeys.cdp import Chrome
from journeys.endurance import (
    FIGURES,
    LONG,
    MIB,
    RESUMED_SECONDS_MAX,
    SHORT,
    Endurance,
    Figure,
    Happening,
    Sample,
)
from journeys.installation import Installation, prepared, running

MINUTES = 3.0
LONG_MINUTES = 20.0
"""From so many minutes on the phases take their whole time."""


def main(minutes: float = MINUTES, data: Path | None = None) -> None:
    """Run, print every phase as it ends, and publish."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if not chromium:
        sys.exit("Chromium is not installed: apt-get install chromium")
    with (
        tempfile.TemporaryDirectory(prefix="alpheus-soak-") as folder,
        running(_installed(data or Path(folder) / "data")) as installation,
        bare_loop(Path(folder) / "peer") as peer,
    ):
        chrome = Chrome(chromium, Path(folder) / "home")
        try:
            endurance = Endurance(chrome, LONG if minutes >= LONG_MINUTES else SHORT, say=_say)
            endurance.begin(_page(installation), peer=peer)
            endurance.run(minutes)
        finally:
            chrome.close()
    publish("soak", rows(endurance))


def _installed(data: Path) -> Installation:
    """The installation in a data folder; where there is none, one with the demo's music."""
    key = data / "secrets" / "kek"
    if key.exists():
        return prepared(data, kek=key.read_bytes(), access="open")
    installation = prepared(data, access="open")
    _say("Composing the demo; this takes some minutes.")
    installation.command("migrate")
    installation.command("demo")
    return installation


def _page(installation: Installation) -> str:
    """The first release of the demo, or of whatever music is there."""
    with urlopen(f"{installation.url}/api/v1/releases", timeout=20) as answer:
        releases = json.load(answer)["items"]
    return f"{installation.url}/release/{releases[-1]['gid']}"


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def rows(endurance: Endurance) -> list[Row]:
    """What the run showed, as figures with their bars."""
    happenings, samples = endurance.happenings, endurance.warm
    away = [it for it in happenings if it.resumed is not None]
    found = [
        Row("minutes", round(endurance.samples[-1].at / 60, 1), "min"),
        Row("phases", len(happenings), ""),
        at_most("phases in which music stood still longer than it had to", _too_long(happenings), "", 0),
        at_most("errors thrown in the page", len(endurance.errors), "", 0),
        at_most(
            "slowest return after network or tab",
            max(it.resumed or 0 for it in away),
            "s",
            RESUMED_SECONDS_MAX,
        ),
        at_most("music held in the page at most", max(it.held_max for it in happenings), "s", 20),
    ]
    for figure in FIGURES:
        growth, allowed = figure.growth(samples) / figure.scale, figure.allowed(samples) / figure.scale
        peer = f"{len(samples)} samples"
        if figure.name == "beside":
            peer = "a bare Media Source loop in the same browser, over the same time"
        found.append(at_most(f"{figure.words}: added", growth, figure.unit, round(allowed, 3), peer=peer))
        found += _ends(figure, samples, allowed)
    for name, whose in (("renderer", "the page's"), ("peer", "the peer's")):
        alone = Figure(name, f"{whose} renderer by itself", "MiB", MIB, 0, 0)
        found.append(Row(f"{alone.words}: added", round(alone.growth(samples) / MIB, 2), "MiB"))
        found += _ends(alone, samples, None)
    return found + _allocators(samples)


def _allocators(samples: list[Sample]) -> list[Row]:
    """Where the renderer's memory is, from the first of these samples to the last, by Chromium's own account."""
    first, last = samples[0].allocators, samples[-1].allocators
    return [
        Row(
            f"renderer's {name}: added",
            round((size - first.get(name, 0.0)) / MIB, 2),
            "MiB",
            peer=f"{size / MIB:.1f} at the end",
        )
        for name, size in sorted(last.items())
        if size > MIB
    ]


def _ends(figure: Figure, samples: list[Sample], allowed: float | None) -> list[Row]:
    """A figure in the first minute and in the last, which may differ by what is allowed."""
    first, last = (it / figure.scale for it in figure.ends(samples))
    after = f"{figure.words}: in the last minute"
    before = Row(f"{figure.words}: in the first minute", round(first, 3), figure.unit)
    if allowed is None:
        return [before, Row(after, round(last, 3), figure.unit)]
    return [before, at_most(after, last, figure.unit, round(first + allowed, 3))]


def _too_long(happenings: list[Happening]) -> int:
    return sum(not it.holds for it in happenings)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=MINUTES)
    parser.add_argument("--data", type=Path, help="a data folder with music in it, in place of a new one")
    given = parser.parse_args()
    main(given.minutes, given.data)
