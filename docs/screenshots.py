"""Takes the pictures in docs/screenshots from a running installation.

    make up                                   # in one terminal: the demo, at http://127.0.0.1:8000
    python docs/screenshots.py [URL]          # in another; --all FOLDER takes every page in every form, to look at

A few pages are taken by default, those that the README shows, most of them while music plays. Of all pages, those that
belong to somebody are taken as a new account that keeps a few things.
"""

import argparse
import io
import secrets
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Error, Page, StorageState, ViewportSize, sync_playwright

FOLDER = Path(__file__).parent / "screenshots"
NARROW, PHONE, DESK = (320, 640), (360, 800), (1440, 900)
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


FORMS = [
    (NARROW, "light", "en"), (PHONE, "light", "en"), (PHONE, "dark", "en"), (PHONE, "light", "zh-CN"),
    (DESK, "light", "en"), (DESK, "dark", "en"), (DESK, "dark", "zh-CN"),
]  # fmt: skip
"""In which every page is taken."""


def every(page: Page, base: str, release: str) -> tuple[dict[str, str], dict[str, str]]:
    """Every page by name, with addresses found by walking: those of a guest, and those of an account."""
    page.goto(base + release)
    pages = {
        "home": "/", "release": release, "recording": _first(page, "/recording/"), "artist": _first(page, "/artist/"),
        "genre": _first(page, "/genre/"), "year": _first(page, "/year/"),
        "radio": _first(page, "/radio/"), "playing-empty": "/playing", "search-empty": "/search", "search": "/search?q=a",
        "search-mended": "/search?q=lonrly", "search-nothing": "/search?q=qqqqxxxx", "device": "/device",
        "offline": "/offline", "signin": "/account/login/", "signup": "/account/signup/",
        "signup-passkey": "/account/signup/passkey/", "reset": "/account/password/reset/", "missing": "/nowhere",
        **{name: f"/{name}" for name in ("releases", "artists", "recordings", "genres", "labels", "years", "library")},
    }  # fmt: skip
    own = {
        "account": "/account/", "account-email": "/account/email/", "account-password": "/account/password/change/",
        "account-passkeys": "/account/2fa/webauthn/", "account-add-passkey": "/account/2fa/webauthn/add/",
        "account-two-steps": "/account/2fa/", "account-totp": "/account/2fa/totp/activate/",
        "account-sessions": "/account/sessions/", "account-export": "/account/export", "account-delete": "/account/delete",
        "account-logout": "/account/logout/", "own-device": "/device", "own-library": "/library",
        "own-recordings": "/library/recordings", "own-releases": "/library/releases", "own-artists": "/library/artists",
        "own-playlists": "/library/playlists", "own-history": "/library/history", "own-most": "/library/most",
        "own-import": "/library/import", "own-home": "/", "own-playing": "/playing",
    }  # fmt: skip
    return pages, own


def take_every(browser: Browser, base: str, release: str, folder: Path) -> None:
    """Take every page in every form into a folder; each is opened once a language."""
    state = own_account(browser, base, release)
    for language in ("en", "zh-CN"):
        for pages, whose in zip(every(browser.new_page(), base, release), (None, state), strict=True):
            context = browser.new_context(locale=language, reduced_motion="reduce", storage_state=whose)
            page = context.new_page()
            for name, path in pages.items():
                page.set_viewport_size(_box(DESK))
                page.goto(base + path, wait_until="load")
                settle(page)
                for size, theme, spoken in FORMS:
                    if spoken != language:
                        continue
                    page.set_viewport_size(_box(size))
                    page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
                    write(page, folder / Shot(name, path, size, theme, language).file)
            context.close()


def _box(size: tuple[int, int]) -> ViewportSize:
    return {"width": size[0], "height": size[1]}


def write(page: Page, file: Path) -> None:
    """Write what is seen of a page, small."""
    with Image.open(io.BytesIO(page.screenshot())) as picture:
        picture.convert("RGB").save(file, quality=QUALITY, method=6)
    sys.stdout.write(f"{file.stat().st_size // 1024:>5} KiB  {file.name}\n")


def own_account(browser: Browser, base: str, release: str) -> StorageState:
    """Open an account, keep a few things and play something; what a browser needs to be that account."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(base + "/account/signup/")
    page.locator("main [name=email]").fill(f"wren-{secrets.token_hex(3)}@listener.example")
    page.locator("main [name=password1]").fill(secrets.token_urlsafe(16))
    page.locator("main form:has([name=password1]) button:not([type=button])").first.click()
    page.wait_for_url(lambda url: "/signup/" not in url)
    page.goto(base + release)
    for heart in page.locator("main [data-keep]").all()[:4]:
        heart.click()
    page.locator("main [data-add-all]").first.click()
    page.locator("#new-playlist").fill("Rain on the late tram")
    page.locator("#add-sheet [data-new] button").click()
    page.locator("#toasts .toast").wait_for()
    page.locator("main .disc[data-play]").first.click()
    page.locator("#player [data-now=elapsed]").filter(has_text="0:03").wait_for(state="attached")
    state = context.storage_state()
    context.close()
    return state


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
    words.add_argument(
        "--all", type=Path, metavar="FOLDER", help="every page, size, theme and language, into a folder"
    )
    given = words.parse_args()
    base = given.url.rstrip("/")
    (given.all or FOLDER).mkdir(parents=True, exist_ok=True)
    program = next((found for name in CHROMIUM if (found := shutil.which(name))), None)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=["--no-sandbox"])
        try:
            page = browser.new_page()
            page.goto(base + "/")
            release = _first(page, "/release/")
            if given.all:
                take_every(browser, base, release, given.all)
            else:
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
