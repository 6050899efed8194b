"""Hears what is handed in, as an auditor must who accepts it."""

from journeys.browsers import Chromium, wait_for

LOOK_MS = 8_000
"""How often an auditor's page asks what happened meanwhile."""
SOUNDS = "window.alpheus.state === 'playing' && window.alpheus.position > 0.2"


def hear_next(browser: Chromium) -> bool:
    """Go to a track that was not heard, by a key, and play it; false when all were."""
    page = browser.page
    if not page.locator("#left-next").count():
        return False
    if page.locator("a#left-next").count():
        page.keyboard.press("u")
        page.wait_for_selector("button#left-next")
    page.keyboard.press("u")
    wait_for(browser, SOUNDS, what="sound")
    return True


def is_told(browser: Chromium) -> None:
    """Wait until the open page is told by itself that this track was heard."""
    browser.page.wait_for_selector("button#left-next", state="detached", timeout=3 * LOOK_MS)


def hear_all(browser: Chromium) -> None:
    """Hear every track of the submission that is open."""
    while hear_next(browser):
        is_told(browser)
