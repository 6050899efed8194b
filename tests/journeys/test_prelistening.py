"""A musician lets previews be heard before the minute, a guest in another browser hears one, and at its minute all of it is there."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from journeys import every_page, recordings
from journeys.browsers import opened, wait_for
from journeys.hearing import hear_all
from journeys.playing import wait_until_past
from journeys.test_applying import follow, sign_in

pytestmark = pytest.mark.journey

TITLE = "霧笛"
SECONDS = 24
DUE_LOCAL, ZONE = "2030-03-01T18:00", "Asia/Tokyo"
DUE = datetime(2030, 3, 1, 9, 0, tzinfo=UTC)
PREVIEW = "document.querySelector('#player .who [data-now=preview]:not([hidden])') !== null"


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    """A real FLAC, of which half is not heard as a preview."""
    piece = recordings.Piece(
        TITLE, TITLE, 1, recordings.compose(uuid4().int % 2**32, SECONDS * recordings.RATE_HZ)
    )
    return str(recordings.write_flac(piece, tmp_path_factory.mktemp("single") / "1"))


def hand_in(browser, house, file):
    """One track, its minute, and previews from its acceptance on."""
    page = browser.page
    page.goto(f"{house.url}/studio")
    page.locator("main button", has_text="Begin a release").tap()
    page.wait_for_url("**/studio/application/*")
    page.locator("[data-send-many] input[multiple]:not([webkitdirectory])").set_input_files(file)
    wait_for(
        browser, "document.querySelectorAll('#items [data-play]').length === 1", seconds=60, what="prepared"
    )
    page.locator("label.pick", has_text="As soon as it is accepted").tap()
    left = page.locator("#left")
    left.get_by_text("Choose when it appears: previews are heard until then.").wait_for()
    page.locator("#due").fill(DUE_LOCAL)
    page.select_option("#zone", ZONE)
    left.get_by_text("Choose when it appears").wait_for(state="detached")
    page.locator("label.pick", has_text="No AI").tap()
    for name in ("owns_recording", "owns_composition", "no_cover"):
        page.locator(f"[name={name}]").tap()
    wait_for(browser, "!document.querySelector('#left').innerText.includes('Left to do')", what="all is done")
    page.locator("main button", has_text="Hand in for audit").tap()
    wait_for(browser, "document.body.innerText.includes('It waits in the queue.')")
    return page.url


def accept(browser, house, gid):
    """Hear it, and accept it by a key."""
    page = browser.page
    page.goto(f"{house.url}/office/audit/{gid}")
    page.wait_for_selector("[data-followed][data-own]")
    hear_all(browser)
    page.keyboard.press("y")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: gid not in url)


def test_a_guest_hears_a_preview_before_its_minute_and_all_of_it_then(playwright, house, home, file):
    for name in "abc":
        (home / name).mkdir()
    with opened("chromium", playwright, home / "a") as phone:
        staged = every_page.stage(house, f"{uuid4().hex[:12]}@releases.example")
        follow(phone.page, house.url + staged.link)
        address = hand_in(phone, house, file)
        with opened("chromium", playwright, home / "b") as desk:
            sign_in(desk.page, house, "auditor", f"{uuid4().hex[:8]}@example.org")
            accept(desk, house, address.rsplit("/", 1)[1])
            assert not desk.errors
        phone.page.goto(address)
        assert "Previews can be heard since" in phone.page.locator("main").inner_text()
        assert not phone.errors
    shop = f"{house.url}/@{staged.routes['@{handle}']}"
    with opened("chromium", playwright, home / "c", free_autoplay=True) as guest:
        guest.visit(shop)
        guest.page.locator("#soon a", has_text=TITLE).tap()
        guest.page.wait_for_url("**/release/*")
        release = guest.page.url
        assert "Appears on March 1, 2030" in guest.page.locator("#early").inner_text()
        guest.press("main .disc[data-play]")
        wait_for(guest, PREVIEW, what="saying that it is a preview")
        wait_until_past(guest, 2)
        assert not guest.errors
        assert every_page.from_outside(house, "minute", (DUE - timedelta(seconds=1)).isoformat()) == "0"
        assert every_page.from_outside(house, "minute", DUE.isoformat()) == "1"
        guest.visit(release)
        assert guest.page.locator("#early").count() == 0
        assert guest.page.locator("main [data-keep=release]").count() == 1
        guest.press("main .disc[data-play]")
        wait_for(
            guest, f"window.alpheus.state === 'playing' && !({PREVIEW})", what="sound that is no preview"
        )
        guest.visit(shop)
        assert guest.page.locator("#soon a", has_text=TITLE).count() == 0
        assert guest.page.locator("main a", has_text=TITLE).count() >= 1
        assert not guest.errors
