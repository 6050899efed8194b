"""Pictures of every page, to look at one by one: the tour takes them where `PICTURES` names a folder (`make screenshots`)."""

import io
import os
import re
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, ViewportSize

PHONE: ViewportSize = {"width": 360, "height": 800}
DESK: ViewportSize = {"width": 1440, "height": 900}
FORMS = {
    "en": [(PHONE, "light"), (PHONE, "dark"), (DESK, "light"), (DESK, "dark")],
    "zh-Hans": [(PHONE, "light"), (PHONE, "dark"), (DESK, "light")],
}
"""By language, in which each page is taken."""
TALLEST = 4
"""Windows that one picture shows at most of a long page."""
QUALITY = 80
GID = re.compile(r"[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}")


class Pictures:
    """Takes what is open, in all forms, if anybody wants that."""

    def __init__(self, page: Page) -> None:
        self._page = page
        wanted = os.environ.get("PICTURES", "")
        self._folder = Path(wanted) if wanted else None
        if self._folder:
            self._folder.mkdir(parents=True, exist_ok=True)

    def take(self, name: str, language: str = "en") -> None:
        """Take it in the sizes and lights of this language; window and light are put back."""
        if not self._folder:
            return
        page = self._page
        before = page.viewport_size
        dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
        for size, light in FORMS[language]:
            page.set_viewport_size(size)
            page.emulate_media(color_scheme="dark" if light == "dark" else "light")
            page.evaluate(
                "document.getAnimations().forEach((it) => it.playState === 'running' && it.finish())"
            )
            taken = page.screenshot(full_page=not page.locator("dialog[open]").count())
            file = self._folder / f"{_plain(name)}.{size['width']}.{light}.{language}.webp"
            _write(taken, file, height=size["height"] * TALLEST)
        page.emulate_media(color_scheme="dark" if dark else "light")
        if before:
            page.set_viewport_size(before)


def _plain(name: str) -> str:
    """What a file may be called: words and dashes, without what differs from run to run."""
    short = GID.sub("x", name.strip("/")) or "home"
    return re.sub(r"[^\w@=-]+", "-", short).strip("-")[:120]


def _write(taken: bytes, file: Path, *, height: int) -> None:
    """Write a picture small; of one that is too tall its beginning. At twice the density a window is twice as many points."""
    with Image.open(io.BytesIO(taken)) as picture:
        density = 2 if picture.width in {2 * PHONE["width"], 2 * DESK["width"]} else 1
        shown = picture.convert("RGB").crop((0, 0, picture.width, min(picture.height, height * density)))
        shown.reduce(density).save(file, quality=QUALITY)
