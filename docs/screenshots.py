"""Takes the pictures in docs/screenshots from a running installation.

    make up                                   # in one terminal: the demo, at http://127.0.0.1:8000
    make pictures                             # in another

A few pages are taken, those that the README shows, most of them while music plays. `make screenshots` takes all, to look at.
"""

import argparse
import io
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Error, Page, ViewportSize, sync_playwright

FOLDER = Path(__file__).parent / "screenshots"
PHONE, DESK = (360, 800), (1440, 900)
QUALITY = 84
"""WebP's; at this one letters stay sharp and a page takes about 30 KB."""
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
SETTLE_MS = 900
"""Time for sleeves to be decoded and for what moves to come to rest."""
ARRIVED = """() => [...document.images]
    .filter((it) => it.checkVisibility() && it.getBoundingClientRect().top < innerHeight)
    .every((it) => it.complete && it.naturalWidth > 0)"""
ARRIVE_MS = 10_000
"""The longest that sleeves are waited for."""
HEARD = "0:09"
"""How far into the music the player stands in the pictures."""


@dataclass(frozen=True)
class Shot:
    """One picture: which page, how large, which light, which language; with music playing where `by` leads there."""

    name: str
    path: str
    size: tuple[int, int] = DESK
    theme: str = "light"
    language: str = "en"
    by: str = ""
    """With music playing: the link in the page that leads there from a release; "" does not play."""

    @property
    def file(self) -> str:
        """What it is called."""
        language = "" if self.language == "en" else ".zh-Hans"
        return f"{self.name}.{self.size[0]}.{self.theme}{language}.webp"


def settle(page: Page) -> None:
    """Wait until all sleeves that are seen have arrived, and a moment more."""
    for _ in range(ARRIVE_MS // 100):
        if page.evaluate(ARRIVED):
            break
        page.wait_for_timeout(100)
    page.wait_for_timeout(SETTLE_MS)


def few(release: str) -> list[Shot]:
    """The pictures that the README and the docs show."""
    return [
        Shot("home", "/", PHONE, by=".tabs-nav [data-nav=home]"),
        Shot("playing", "/playing", PHONE, by=".player .who a"),
        Shot("release", release, DESK, "dark", by="main h1"),
        Shot("home", "/", DESK, by=".side [data-nav=home]"),
        Shot("release", release, PHONE, "dark", "zh-CN"),
        Shot("device", "/device", PHONE, by=".tabs-nav [data-nav=device]"),
    ]


def _box(size: tuple[int, int]) -> ViewportSize:
    return {"width": size[0], "height": size[1]}


def write(page: Page, file: Path) -> None:
    """Write what is seen of a page, small."""
    with Image.open(io.BytesIO(page.screenshot())) as picture:
        picture.convert("RGB").save(file, quality=QUALITY, method=6)
    sys.stdout.write(f"{file.stat().st_size // 1024:>5} KiB  {file.name}\n")


def take(browser: Browser, base: str, release: str, shot: Shot) -> None:
    """Take one picture for the README and the docs."""
    context = browser.new_context(
        viewport=_box(shot.size),
        color_scheme="dark" if shot.theme == "dark" else "light",
        locale=shot.language,
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto(base + (release if shot.by else shot.path), wait_until="load")
    if shot.by:
        page.locator("main .disc[data-play]").first.click()
        page.locator("#player [data-now=elapsed]").filter(has_text=HEARD).wait_for(state="attached")
        page.locator(shot.by).first.click()
    settle(page)
    write(page, FOLDER / shot.file)
    context.close()


def _first(page: Page, prefix: str) -> str:
    link = page.locator(f"main a[href^='{prefix}']").first.get_attribute("href", timeout=5000)
    return link or "/"


def main() -> int:
    """Take the pictures; 1 when the installation does not answer or has no music yet."""
    words = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    words.add_argument("url", nargs="?", default="http://127.0.0.1:8000", help="where the installation is")
    given = words.parse_args()
    base = given.url.rstrip("/")
    FOLDER.mkdir(parents=True, exist_ok=True)
    program = next((found for name in CHROMIUM if (found := shutil.which(name))), None)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=["--no-sandbox"])
        try:
            page = browser.new_page()
            page.goto(base + "/")
            release = _first(page, "/release/")
            for shot in few(release):
                take(browser, base, release, shot)
        except Error as error:
            reason = error.message.splitlines()[0]
            sys.stderr.write(f"{base} does not answer, or holds no music yet: {reason}\n")
            sys.stderr.write("Start it with `make up` and wait for its first piece.\n")
            return 1
        finally:
            browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
