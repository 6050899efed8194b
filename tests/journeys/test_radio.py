"""A radio begun on a phone from a recording: it plays at once, begins with what it is from, says why, and goes on."""

import json

import pytest
from journeys.browsers import opened, wait_for
from journeys.pair import QUEUE, TITLE
from journeys.playing import still_playing

pytestmark = pytest.mark.journey

ROWS = "[...document.querySelectorAll('main [data-radio-page] [data-recording], [data-radio-page] [data-recording]')]"


def test_a_radio_from_a_recording_plays_and_says_why(playwright, house, home):
    first = house.album[0]
    gid = house.recording(first.title)
    with opened("chromium", playwright, home, free_autoplay=True) as browser:
        page = browser.page
        page.goto(f"{house.url}/recording/{gid}")
        wait_for(browser, "!!document.querySelector('audio')")
        page.locator("main a[data-radio]").tap()
        wait_for(browser, f"location.pathname === '/radio/recording/{gid}'")
        wait_for(browser, "window.alpheus.state === 'playing'", what="playing without another press")
        rows = browser.run(f"return {ROWS}.map((it) => it.dataset.recording);")
        why = browser.run(f"return {ROWS}.map((it) => it.querySelector('.xs').textContent);")
        assert rows[0] == gid
        assert len(rows) > 1
        assert all(why)
        assert len(set(why)) > 1, "not one sentence for all"
        queue = browser.run(f"return {QUEUE};")
        assert queue["length"] == len(rows)
        assert [it["recording"] for it in queue["entries"]][:3] == rows[:3]
        still_playing(browser)
        browser.run("document.querySelector('#player [data-do=next]').click(); return 0;")
        wait_for(browser, f"{TITLE} !== {json.dumps(first.title)}")
        still_playing(browser)
        # The address is the radio: opened again it is the same one.
        page.reload()
        wait_for(
            browser,
            f"JSON.stringify({ROWS}.map((it) => it.dataset.recording)) === {json.dumps(json.dumps(rows, separators=(',', ':')))}",
        )
        assert not browser.errors
