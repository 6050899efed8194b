"""Lighthouse's four scores on a phone: home, release, search, and now playing with a queue that has begun.

Lighthouse is Google's, from npm, and only used here: it is installed at the first run into a folder of the user's cache, with
the hashes of `support/lighthouse/package-lock.json`. It measures an installation of its own with sleeves drawn by code, or
the one at `--url`.
"""

import argparse
import contextlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode

from playwright.sync_api import sync_playwright

from alpheus.exchange.demo.art import COVERS, cover
from benchmarks.report import Row, at_least, publish

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from journeys.browsers import CHROMIUM_FLAGS, opened, program, wait_for
from journeys.installation import prepared, running
from journeys.playing import press_play, still_playing
from journeys.recordings import odd_album, write_flac

ROOT = Path(__file__).parents[1]
LOCK = Path(__file__).parent / "support" / "lighthouse"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
SCORE_MIN = 95
RUNS = 3
"""Its performance score varies from run to run; the median of three is what its makers advise."""
OUR_FAULT_SHOWN = 8


def installed() -> Path:
    """Lighthouse's command, installed with hashes where it is not yet."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = cache / "alpheus" / f"lighthouse-{json.loads((LOCK / 'package.json').read_text())['version']}"
    command = folder / "node_modules" / "lighthouse" / "cli" / "index.js"
    if not command.exists():
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(LOCK / name, folder / name)
        _node("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", cwd=folder)
    return command


def _node(*command: str, cwd: Path) -> None:
    with_node = [str(ROOT / "tools" / "with-node"), sys.executable, *command]
    subprocess.run(with_node, cwd=cwd, check=True, env=os.environ | {"CHROME_PATH": program("chromium")})


@contextlib.contextmanager
def shop_of_sleeves(folder: Path) -> Iterator[str]:
    """An installation of several releases, each with its sleeve; its address."""
    installation = prepared(folder / "data", access="open")
    for name, piece in zip(COVERS, odd_album(), strict=False):
        album = folder / "music" / name
        write_flac(replace(piece, album=name.title()), album)
        (album / "cover.png").write_bytes(cover(name))
    installation.command("import", str(folder / "music"), "--jobs", "1")
    with running(installation):
        yield installation.url


def a_listener(url: str, home: Path) -> tuple[dict[str, str], str]:
    """Play something as a guest; the pages to measure, and the cookies with which something has begun."""
    with sync_playwright() as playwright, opened("chromium", playwright, home, free_autoplay=True) as browser:
        browser.visit(url)
        wait_for(browser, "!!document.querySelector('main a[href^=\"/release/\"]')")
        release = str(
            browser.run("return document.querySelector('main a[href^=\"/release/\"]').getAttribute('href');")
        )
        press_play(browser, url + release)
        still_playing(browser)
        cookies = browser.page.context.cookies()
    pages = {
        "home": "/",
        "release": release,
        "search": "/search?" + urlencode({"q": "odd"}),
        "now playing": "/playing",
    }
    return pages, "; ".join(f"{it['name']}={it['value']}" for it in cookies)


def scores(command: Path, address: str, cookies: str, report: Path) -> dict[str, float]:
    """One run of Lighthouse's own phone profile; its scores of 100, and on stderr what it holds against the page."""
    _node(
        "node", str(command), address, "--quiet", "--no-enable-error-reporting", "--output=json", f"--output-path={report}",
        f"--only-categories={','.join(CATEGORIES)}", f"--extra-headers={json.dumps({'Cookie': cookies})}",
        f"--chrome-flags={' '.join(['--headless=new', *CHROMIUM_FLAGS])}",
        cwd=report.parent,
    )  # fmt: skip
    told = json.loads(report.read_text())
    for key in CATEGORIES:
        _complain(told, key)
    return {key: round(100 * told["categories"][key]["score"]) for key in CATEGORIES}


def _complain(told: dict, key: str) -> None:
    short = [
        (it["weight"], told["audits"][it["id"]])
        for it in told["categories"][key]["auditRefs"]
        if it["weight"] and (told["audits"][it["id"]]["score"] or 0) < 0.9
        and told["audits"][it["id"]]["scoreDisplayMode"] not in {"notApplicable", "manual", "informative"}
    ]  # fmt: skip
    for _, audit in sorted(short, key=lambda it: -it[0])[:OUR_FAULT_SHOWN]:
        sys.stderr.write(
            f"  {told['requestedUrl']} {key}: {audit['title']} {audit.get('displayValue', '')}\n"
        )


def rows(command: Path, url: str, folder: Path, *, runs: int) -> list[Row]:
    """Every page, `runs` times; medians."""
    pages, cookies = a_listener(url, folder / "home")
    found = []
    for name, path in pages.items():
        own = cookies if name == "now playing" else ""
        taken = [scores(command, url + path, own, folder / "report.json") for _ in range(runs)]
        found += [
            at_least(f"{name}: {key}, phone", statistics.median(it[key] for it in taken), "of 100", SCORE_MIN)
            for key in CATEGORIES
        ]
    return found


def main(url: str = "", runs: int = RUNS) -> None:
    """Measure and publish."""
    command = installed()
    with tempfile.TemporaryDirectory(prefix="alpheus-bench-") as folder, contextlib.ExitStack() as stack:
        address = url.rstrip("/") or stack.enter_context(shop_of_sleeves(Path(folder)))
        publish("lighthouse", rows(command, address, Path(folder), runs=runs))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="", help="an installation that runs")
    parser.add_argument("--runs", type=int, default=RUNS)
    given = parser.parse_args()
    main(given.url, given.runs)
