"""Where members hear everything, a guest hears previews, opens an account, and hears the same queue whole."""

import json

import pytest
from journeys import installation as installations
from journeys.browsers import opened, wait_for
from journeys.conftest import furnish
from journeys.pair import FILL, TITLE
from journeys.playing import TIMELINE_STARTS, move_to, press_own, press_play, wait_until_past

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]

PREVIEW_SECONDS = 5
SEGMENT_SECONDS = 4
"""Previews lie on the grid of segments."""
PREVIEW = "!document.querySelector('#player [data-now=preview]').hidden"
ENTRIES = "(await (await fetch('/api/v1/session', {cache: 'no-store'})).json()).entries"


@pytest.fixture
def members_house(tmp_path):
    house = furnish(tmp_path / "data", pieces=2, access="members", preview_seconds=str(PREVIEW_SECONDS))
    with installations.running(house.installation):
        yield house


def test_a_guest_hears_previews_and_as_a_member_the_same_queue_whole(members_house, playwright, home):
    house = members_house
    queue = [house.recording(piece.title) for piece in (house.long, *house.album)]
    with opened("chromium", playwright, home, free_autoplay=True) as browser:
        press_play(browser, f"{house.url}/recording/{queue[0]}")
        wait_until_past(browser, 1.3)
        press_own(browser, enqueue=queue[1:])
        wait_for(browser, PREVIEW, what="saying that it is a preview")
        wait_for(browser, f"{TITLE} !== {json.dumps(house.long.title)}", what="going on after the preview")
        heard = browser.run("return window.alpheus.element.currentTime;")
        assert heard < TIMELINE_STARTS + PREVIEW_SECONDS + SEGMENT_SECONDS, "no more than the preview"
        # The account is opened on a page of the same visit: the queue goes along.
        browser.run("document.querySelector('a[href=\"/account/login/\"]').click(); return 0;")
        wait_for(browser, "location.pathname === '/account/login/'")
        browser.press("main a[href='/account/signup/']")
        wait_for(browser, "location.pathname === '/account/signup/'")
        browser.run(FILL.replace("NAME", json.dumps("preview@guests.example")))
        browser.press("main form:has(input[type=password]) button:not([type=button])")
        wait_for(browser, "!!document.body.dataset.account", what="signing up")
        wait_for(browser, f"{ENTRIES}?.length === {len(queue)}", what="the guest's queue being the member's")
        press_own(browser, do="jump", place=browser.run(f"return {ENTRIES}[0].id;"))
        wait_for(
            browser, f"{TITLE} === {json.dumps(house.long.title)} && !({PREVIEW})", what="the whole of it"
        )
        move_to(browser, 40)
        wait_for(browser, "window.alpheus.position > 41", what="hearing what no preview holds")
        assert not browser.errors
