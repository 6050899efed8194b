"""What is asked of the edge: by the network where the listener lets it decide, by the sheet's choice from the next piece on."""

import json
import re

import pytest
from journeys.browsers import opened, wait_for
from journeys.playing import press_own, press_play, still_playing, wait_until_past

pytestmark = pytest.mark.journey

RENDITION = re.compile(r"aac-64|aac-128|aac-256|flac")
NETWORK = """
    Object.defineProperty(navigator, "connection", { get: () => (NETWORK) });
"""


def listen_in(page):
    """The renditions that a page asks web and its edge for, from now on."""
    asked = []

    def heard(request):
        if request.method == "POST" and re.search(r"/api/v1/play$|/batches$", request.url):
            asked.extend(RENDITION.findall(request.post_data or ""))

    page.on("request", heard)
    return asked


@pytest.mark.parametrize(
    ("network", "expected"),
    [
        ({"saveData": False, "effectiveType": "4g"}, "aac-128"),
        ({"saveData": True, "effectiveType": "4g"}, "aac-64"),
        ({"saveData": False, "effectiveType": "3g"}, "aac-64"),
    ],
)
def test_where_data_is_dear_less_is_asked_for(playwright, house, home, network, expected):
    with opened("chromium", playwright, home, free_autoplay=True) as browser:
        browser.page.add_init_script(NETWORK.replace("NETWORK)", f"{json.dumps(network)})"))
        asked = listen_in(browser.page)
        press_play(browser, f"{house.url}/recording/{house.recording(house.long.title)}")
        wait_until_past(browser, 6)
        assert set(asked) == {expected}
        assert len(asked) > 1, "web and the edge"
        assert not browser.errors


def test_the_sheet_changes_what_the_next_piece_is_asked_in_and_how_loud_it_is(playwright, house, home):
    long = house.recording(house.long.title)
    with opened("chromium", playwright, home, free_autoplay=True) as browser:
        asked = listen_in(browser.page)
        press_play(browser, f"{house.url}/recording/{long}")
        still_playing(browser)
        assert set(asked) == {"aac-128"}
        browser.press("#player [data-do=sheet]")
        wait_for(browser, "document.getElementById('player-sheet').open")
        for name, value in (("quality", "aac-256"), ("loudness", "off")):
            browser.press(f"#player-sheet [data-{name}='{value}']")
            pressed = (
                f"document.querySelector(\"#player-sheet [data-{name}='{value}']\").ariaPressed === 'true'"
            )
            wait_for(browser, pressed)
        wait_for(browser, "window.alpheus.element.volume === 1", what="sounding as it was made")
        browser.press("#player-sheet form[method=dialog] button")
        del asked[:]
        press_own(browser, play={"queue": [long, house.recording(house.album[0].title)], "index": 0})
        wait_for(browser, "window.alpheus.state === 'playing'")
        still_playing(browser)
        assert set(asked) == {"aac-256"}
        # It is this device's setting, and kept with it.
        kept = browser.run(
            "return (await (await fetch('/api/v1/devices', { cache: 'no-store' })).json()).items.map((it) => [it.quality, it.loudness]);"
        )
        assert kept == [["aac-256", "off"]]
        assert not browser.errors
