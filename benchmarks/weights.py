"""What pages weigh as they travel, compressed: all bytes that a phone with an empty cache receives, by kind.

Home, release, search, and now playing with a queue that has begun; and the JavaScript that has come by the first sound, which
is more than a page's own: what a press of play fetches is counted.
"""

import contextlib
import tempfile
from collections import Counter
from pathlib import Path

from playwright.sync_api import Playwright, sync_playwright

from benchmarks.lighthouse import a_listener, shop_of_sleeves
from benchmarks.report import Row, at_most, publish

# `benchmarks.lighthouse` has put the tests' own tools within reach.
from journeys.browsers import opened, wait_for  # isort: skip
from journeys.playing import PLAY  # isort: skip

SCRIPT_KIB = 40
KINDS = {"Document": "HTML", "Stylesheet": "styles", "Script": "scripts", "Image": "pictures"}
SETTLE_MS = 2_500
"""What a page fetches when it is idle is part of it."""


class Scale:
    """Weighs what a browser receives, from when it was made."""

    def __init__(self, playwright: Playwright, home: Path, cookies: str = "", url: str = "") -> None:
        self._stack = contextlib.ExitStack()
        home.mkdir(parents=True, exist_ok=True)
        self.browser = self._stack.enter_context(opened("chromium", playwright, home, free_autoplay=True))
        self.page = self.browser.page
        pairs = (it.split("=", 1) for it in cookies.split("; ") if it)
        self.page.context.add_cookies([{"name": name, "value": it, "url": url} for name, it in pairs])
        self.weights: Counter[str] = Counter()
        self.requests = 0
        kinds: dict[str, tuple[str, int]] = {}
        network = self.page.context.new_cdp_session(self.page)
        network.send("Network.enable")
        network.on("Network.responseReceived", lambda it: kinds.__setitem__(it["requestId"], _begun(it)))
        network.on("Network.loadingFinished", lambda it: self._weigh(*kinds[it["requestId"]], it))

    def _weigh(self, kind: str, headers: int, finished: dict) -> None:
        """Count what came from the network; what the browser held already weighs nothing."""
        received = int(finished["encodedDataLength"])
        if not received:
            return
        self.weights[KINDS.get(kind, "all else")] += received - headers
        self.weights["headers"] += headers
        self.requests += 1

    def settle(self) -> None:
        """Wait for what still comes."""
        self.page.wait_for_load_state("networkidle")
        self.page.wait_for_timeout(SETTLE_MS)

    def close(self) -> None:
        """Close the browser."""
        self._stack.close()


def _begun(received: dict) -> tuple[str, int]:
    """Of what kind an answer is, and how long its headers are: all that has come when they have."""
    return received["type"], int(received["response"]["encodedDataLength"])


def of_page(name: str, scale: Scale, address: str, *, begun: bool) -> list[Row]:
    """What one page weighs; the bar is for scripts before the first play, so for none of which something has `begun`."""
    scale.browser.visit(address)
    scale.settle()
    scripts = round(scale.weights["scripts"] / 1024, 1)
    return [
        Row(f"{name}: scripts", scripts, "KiB") if begun else at_most(f"{name}: scripts", scripts, "KiB", SCRIPT_KIB),
        *(Row(f"{name}: {kind}", round(scale.weights[kind] / 1024, 1), "KiB") for kind in KINDS.values() if kind != "scripts"),
        Row(f"{name}: headers of {scale.requests} answers", round(scale.weights["headers"] / 1024, 1), "KiB"),
        Row(f"{name}: everything", round(scale.weights.total() / 1024, 1), "KiB"),
    ]  # fmt: skip


def until_it_sounds(scale: Scale, address: str) -> Row:
    """The JavaScript that has come when a release's first press of play sounds."""
    scale.browser.visit(address)
    scale.settle()
    scale.browser.press(PLAY)
    wait_for(scale.browser, "window.alpheus.state === 'playing'")
    return at_most(
        "scripts until the first sound", round(scale.weights["scripts"] / 1024, 1), "KiB", SCRIPT_KIB
    )


def main() -> None:
    """Measure and publish."""
    found: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="alpheus-bench-") as held, shop_of_sleeves(Path(held)) as url:
        folder = Path(held)
        pages, cookies = a_listener(url, folder / "listener")
        with sync_playwright() as playwright:
            for name, path in pages.items():
                own = cookies if name == "now playing" else ""
                with contextlib.closing(
                    Scale(playwright, folder / name.replace(" ", "-"), own, url)
                ) as scale:
                    found += of_page(name, scale, url + path, begun=bool(own))
            with contextlib.closing(Scale(playwright, folder / "sound")) as scale:
                found.append(until_it_sounds(scale, url + pages["release"]))
    publish("weights", found)


if __name__ == "__main__":
    main()
