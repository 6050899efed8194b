"""Two phones on which one listener is signed in."""

import json
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from journeys.browsers import Browser, opened, wait_for
from journeys.playing import press_play, wait_until_past
from playwright.sync_api import Playwright

if TYPE_CHECKING:
    from journeys.conftest import House

FILL = """
    for (const input of document.querySelectorAll("main form:has(input[type=password]) input")) {
        if (input.type === "email" || input.name === "login") input.value = NAME;
        else if (input.type === "password") input.value = "an unlikely pass phrase 77";
    }
    return 0;
"""
SHOWN_ELSEWHERE = "!document.querySelector('#player [data-now=elsewhere]').hidden"
TITLE = "document.querySelector('#player [data-now=title]').textContent"
HERE = "#player [data-do=here]"
QUEUE = "(await (await fetch('/api/v1/session', {cache: 'no-store'})).json())"


class Pair:
    """Two phones of one listener."""

    def __init__(self, house: "House", playwright: Playwright, home: Path, stack: ExitStack) -> None:
        self.house = house
        self.both: list[Browser] = []
        name = f"{uuid4().hex[:12]}@devices.example"
        for letter, form in (("a", "signup"), ("b", "login")):
            browser = stack.enter_context(opened("chromium", playwright, home / letter, free_autoplay=True))
            self.both.append(browser)
            browser.visit(f"{house.url}/account/{form}/")
            browser.run(FILL.replace("NAME", json.dumps(name)))
            browser.press("main form:has(input[type=password]) button:not([type=button])")
            wait_for(browser, "!!document.body.dataset.account", what="signing in")

    def begin(self, title: str) -> tuple[Browser, Browser]:
        """Play on the first; the second has a page open."""
        first, second = self.both
        press_play(first, f"{self.house.url}/recording/{self.house.recording(title)}")
        wait_until_past(first, 2)
        second.visit(self.house.url)
        wait_for(second, f"{SHOWN_ELSEWHERE}", what="showing what plays elsewhere")
        return first, second
