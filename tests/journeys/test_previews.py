"""Where members hear everything, a guest hears previews, opens an account, and hears the same queue whole."""

import json

import pytest
from journeys import installation as installations
from journeys.browsers import opened, wait_for
from journeys.conftest import furnish
from journeys.pair import FILL, TITLE
from journeys.playing import TIMELINE_STARTS, move_to, press_own, press_play, wait_until_past

pytestmark = pytest.mark.journey

PREVIEW_SECONDS = 5
SEGMENT_SECONDS = 4
"""Previews lie on the grid of segments."""
TAG = "#player .who [data-now=preview]"
PREVIEW = f"!document.querySelector('{TAG}').hidden"
OFFER = "main .note[data-now=preview]"
ENTRIES = "(await (await fetch('/api/v1/session', {cache: 'no-store'})).json()).entries"
LENGTH = "Number(document.querySelector('#player [data-do=seek]').max)"
BEYOND_SECONDS = 40
"""Where in the long piece no preview reaches."""


@pytest.fixture
def members_house(tmp_path):
    house = furnish(tmp_path / "data", access="members", preview_seconds=str(PREVIEW_SECONDS))
    with installations.running(house.installation):
        yield house


def hear_the_preview(browser, house, queue):
    """Hear the first piece as far as a guest may, be told so, and hear the next come after it."""
    press_play(browser, f"{house.url}/recording/{queue[0]}")
    wait_until_past(browser, 1.3)
    press_own(browser, enqueue=queue[1:])
    wait_for(browser, PREVIEW, what="saying that it is a preview")
    assert browser.page.locator(TAG).is_visible()
    browser.press("#player .who a")
    browser.page.wait_for_url("**/playing")
    assert f"about {PREVIEW_SECONDS} seconds" in browser.page.locator(OFFER).inner_text()
    wait_for(browser, f"{TITLE} !== {json.dumps(house.long.title)}", what="going on after the preview")
    placed = "window.alpheus.placements.find(({ start }) => start > 1).start"
    follower = float(str(browser.run(f"return {placed};")))
    assert follower < TIMELINE_STARTS + PREVIEW_SECONDS + SEGMENT_SECONDS, "no more than the preview"


def open_account(browser):
    """Take the offer that stands where the preview was told; the page is never loaded anew."""
    browser.press(f"{OFFER} a[href='/account/signup/']")
    wait_for(browser, "!!document.querySelector('main input[type=password]')")
    browser.run(FILL.replace("NAME", json.dumps("preview@guests.example")))
    browser.press("main form:has(input[type=password]) button:not([type=button])")
    wait_for(browser, "!!document.body.dataset.account", what="signing up")


def hear_the_whole(browser, house):
    """Go back to the first piece and to where no preview reaches."""
    long = f"{TITLE} === {json.dumps(house.long.title)}"
    wait_for(browser, f"!({PREVIEW})", what="what sounds being no preview any more")
    press_own(browser, do="jump", place=browser.run(f"return {ENTRIES}[0].id;"))
    wait_for(browser, f"{long} && window.alpheus.state === 'playing' && {LENGTH} > {BEYOND_SECONDS}")
    move_to(browser, BEYOND_SECONDS)
    wait_for(
        browser, f"{long} && window.alpheus.position > {BEYOND_SECONDS + 1}", what="what no preview holds"
    )
    assert not browser.run(f"return {PREVIEW};")


def test_a_guest_hears_previews_and_as_a_member_the_same_queue_whole(members_house, playwright, home):
    house = members_house
    queue = [house.recording(piece.title) for piece in (house.long, *house.album)]
    with opened("chromium", playwright, home, free_autoplay=True) as browser:
        hear_the_preview(browser, house, queue)
        open_account(browser)
        wait_for(browser, f"{ENTRIES}?.length === {len(queue)}", what="the guest's queue being the member's")
        hear_the_whole(browser, house)
        assert not browser.errors
