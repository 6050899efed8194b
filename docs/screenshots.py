"""Takes the pictures in docs/screenshots from a running installation.

    make up                                   # in one terminal: the demo, at http://127.0.0.1:8000
    python docs/screenshots.py [URL]          # in another; --all takes every page in every form

A few pages are taken by default, those that the README shows, most of them while music plays.
"""

import argparse
import io
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Error, Page, sync_playwright

FOLDER = Path(__file__).parent / "screenshots"
PHONE, DESK = (360, 800), (1440, 900)
QUALITY = 84
"""WebP's; at this one letters stay sharp and a page takes about 30 KB."""
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
SETTLE_MS = 900
"""Time for sleeves to arrive and be decoded."""
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
    def file(self) -> Path:
        """Where it is written."""
        language = "" if self.language == "en" else ".zh-Hans"
        return FOLDER / f"{self.name}.{self.size[0]}.{self.theme}{language}.webp"


def shots(base: str, page: Page, *, every: bool) -> tuple[str, list[Shot]]:
    """A release's address, read from the front page, and the pictures to take."""
    page.goto(base + "/")
    release = _first(page, "/release/")
    few = [
        Shot("home", "/", PHONE, by=".tabs-nav [data-nav=home]"),
        Shot("playing", "/playing", PHONE, by=".player .who a"),
        Shot("release", release, DESK, "dark", by="main h1"),
        Shot("home", "/", DESK, by=".side [data-nav=home]"),
        Shot("release", release, PHONE, "dark", "zh-CN"),
        Shot("device", "/device", PHONE, by=".tabs-nav [data-nav=device]"),
    ]
    return release, [*few, *_all(base, page, release)] if every else few


def _all(base: str, page: Page, release: str) -> Iterator[Shot]:
    """Every page in every size, light and language."""
    page.goto(base + release)
    pages = {
        "home": "/", "release": release, "recording": _first(page, "/recording/"),
        "artist": _first(page, "/artist/"), "genre": _first(page, "/genre/"), "label": _first(page, "/label/"),
        "year": _first(page, "/year/"), "radio": _first(page, "/radio/"), "releases": "/releases", "artists": "/artists",
        "recordings": "/recordings", "genres": "/genres", "labels": "/labels", "years": "/years", "search": "/search?q=a", "device": "/device", "playing": "/playing",
        "signin": "/account/login/", "signup": "/account/signup/", "missing": "/nowhere",
    }  # fmt: skip
    for name, path in pages.items():
        for size in (PHONE, DESK):
            for theme in ("light", "dark"):
                for language in ("en", "zh-CN"):
                    yield Shot(f"all-{name}", path, size, theme, language)


def take(browser: Browser, base: str, release: str, shot: Shot) -> None:
    """Take one picture and write it small."""
    width, height = shot.size
    context = browser.new_context(
        viewport={"width": width, "height": height},
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
    page.wait_for_timeout(SETTLE_MS)
    with Image.open(io.BytesIO(page.screenshot())) as picture:
        picture.convert("RGB").save(shot.file, quality=QUALITY, method=6)
    context.close()
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
            release, wanted = shots(base, browser.new_page(), every=given.all)
            for shot in wanted:
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
