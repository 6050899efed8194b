"""What a listener does, for any browser: open a page, press play, go somewhere, wait."""

import json

from journeys.browsers import Browser, wait_for

TIME = "(document.querySelector('audio')?.currentTime ?? 0)"
TIMELINE_STARTS = 1.0  # the first recording of a queue lies at 1 s of the element (FORMAT §3)
PLAY = "main :is([data-play], [data-play-index])"


def press_play(browser: Browser, url: str) -> None:
    """Open a page and press its first play button."""
    open_page(browser, url)
    browser.press(PLAY)


def open_page(browser: Browser, url: str) -> None:
    """Open a page and wait until its player is there."""
    browser.visit(url)
    wait_for(browser, f"!!document.querySelector('audio') && !!document.querySelector({PLAY!r})")


def wait_until_past(browser: Browser, time: float, *, seconds: float = 60) -> None:
    """Wait until the element has played past a time of its own."""
    wait_for(browser, f"{TIME} > {time}", seconds=seconds, what=f"playing past {time:.2f} s")


def still_playing(browser: Browser, *, seconds: float = 30) -> None:
    """Wait until the element has played a second more than now."""
    now = float(str(browser.run(f"return {TIME};")))
    wait_until_past(browser, now + 1, seconds=seconds)


def press_own(browser: Browser, **data: object) -> None:
    """Press a button that this page does not have, with such `data-` as the player obeys."""
    wish = {name: it if isinstance(it, str) else json.dumps(it) for name, it in data.items()}
    browser.run(
        f"""
        const button = document.createElement("button");
        Object.assign(button.dataset, {json.dumps(wish)});
        document.querySelector("main").append(button);
        button.click();
        button.remove();
        return 0;
        """
    )


def move_to(browser: Browser, seconds: float) -> None:
    """Move the player's own slider, as a finger does."""
    browser.run(
        f"const at = document.querySelector('#player [data-do=seek]'); at.value = {seconds};"
        "at.dispatchEvent(new Event('change', { bubbles: true })); return 0;"
    )
