"""Takes the pictures in docs/screenshots from a running installation.

    make up                                   # in one terminal: the demo, at http://127.0.0.1:8000
    python docs/screenshots.py [URL]          # in another; --all takes every page in every form

A few pages are taken by default, those that the README shows. Nothing is started and nothing is changed there.
"""

import argparse
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Error, Page, sync_playwright

FOLDER = Path(__file__).parent / "screenshots"
PHONE, DESK = (360, 800), (1440, 900)
COLOURS = 256
"""A palette of so many colours halves a page's picture and cannot be told from the whole."""
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
SETTLE_MS = 700
"""Time for sleeves to arrive and be decoded."""


@dataclass(frozen=True)
class Shot:
    """One picture: which page, how large, which light, which language."""

    name: str
    path: str
    size: tuple[int, int] = DESK
    theme: str = "light"
    language: str = "en"

    @property
    def file(self) -> Path:
        """Where it is written."""
        return FOLDER / f"{self.name}.{self.size[0]}.{self.theme}.{self.language}.png"


def shots(base: str, page: Page, *, every: bool) -> Iterator[Shot]:
    """The pictures to take; addresses of a release, an artist and a recording are read from the front page."""
    page.goto(base + "/")
    release = _first(page, "/release/")
    page.goto(base + release)
    recording, artist = _first(page, "/recording/"), _first(page, "/artist/")
    yield Shot("home", "/")
    yield Shot("home", "/", PHONE, "dark")
    yield Shot("release", release)
    yield Shot("release", release, PHONE)
    yield Shot("release", release, PHONE, "dark", "zh-CN")
    yield Shot("device", "/device", PHONE)
    if not every:
        return
    pages = {
        "home": "/", "release": release, "recording": recording, "artist": artist, "search": "/search?q=a",
        "device": "/device", "playing": "/playing", "signin": "/account/login/", "signup": "/account/signup/",
        "missing": "/nowhere",
    }  # fmt: skip
    for name, path in pages.items():
        for size in (PHONE, DESK):
            for theme in ("light", "dark"):
                for language in ("en", "zh-CN"):
                    yield Shot(name, path, size, theme, language)


def take(browser: Browser, base: str, shot: Shot) -> None:
    """Take one picture and write it small."""
    width, height = shot.size
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if shot.theme == "dark" else "light",
        locale=shot.language,
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto(base + shot.path, wait_until="load")
    page.wait_for_timeout(SETTLE_MS)
    page.screenshot(path=shot.file)
    context.close()
    with Image.open(shot.file) as picture:
        small = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    small.save(shot.file, optimize=True)
    sys.stdout.write(f"{shot.file.stat().st_size // 1024:>5} KiB  {shot.file.name}\n")


def _first(page: Page, prefix: str) -> str:
    link = page.locator(f"main a[href^='{prefix}']").first.get_attribute("href", timeout=5000)
    return link or "/"


def main() -> int:
    """Take the pictures; 1 when the installation does not answer or has no music yet."""
    words = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    words.add_argument("url", nargs="?", default="http://127.0.0.1:8000", help="where the installation is")
    words.add_argument("--all", action="store_true", help="every page, size, theme and language")
    given = words.parse_args()
    base = given.url.rstrip("/")
    FOLDER.mkdir(exist_ok=True)
    program = next((found for name in CHROMIUM if (found := shutil.which(name))), None)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=["--no-sandbox"])
        try:
            for shot in list(shots(base, browser.new_page(), every=given.all)):
                take(browser, base, shot)
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
