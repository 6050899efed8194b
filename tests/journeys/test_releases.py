"""A shop's owner hands an album in on a phone, an auditor hears it in another browser, and at its minute a guest does too."""

from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from urllib.parse import quote
from uuid import uuid4

import pytest
from journeys import every_page, recordings
from journeys.browsers import opened, wait_for
from journeys.hearing import SOUNDS, hear_all, is_told
from journeys.playing import wait_until_past
from journeys.test_applying import follow, sign_in

pytestmark = pytest.mark.journey

ALBUM = "港の灯"
TITLES = ("夜明け前", "汽笛", "灯台守")
ORDERED = ("灯台守", "夜明け前", "汽笛")
SECONDS = 3
ZONE = "Asia/Tokyo"
DUE_LOCAL = "2031-05-01T18:00"
DUE = datetime(2031, 5, 1, 9, 0, tzinfo=UTC)
NOTES, STATEMENT = "For a late tram.", "Recorded by the harbour."


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Real FLACs, each with a track number, sent in the wrong order of names."""
    folder = tmp_path_factory.mktemp("album")
    made = [
        recordings.write_flac(
            recordings.Piece(
                title, ALBUM, number, recordings.compose(uuid4().int % 2**32, SECONDS * recordings.RATE_HZ)
            ),
            folder / str(9 - number),
        )
        for number, title in enumerate(TITLES, start=1)
    ]
    return [str(it) for it in made]


def listed(browser):
    """Titles in the draft's list, in order."""
    return browser.run(
        "return [...document.querySelectorAll('#items .t')].map((it) => it.textContent.trim());"
    )


def upload(browser, files):
    """All files at once; each is a track by its number, and one is dragged to the front with the keyboard."""
    page = browser.page
    page.locator("[data-send-many] input[multiple]:not([webkitdirectory])").set_input_files(files)
    wait_for(
        browser,
        f"document.querySelectorAll('#items [data-play]').length === {len(files)}",
        seconds=60,
        what="prepared",
    )
    assert listed(browser) == list(TITLES)
    assert page.locator("#title").input_value() == ALBUM
    page.locator("#items > li", has_text=ORDERED[0]).locator("[data-grip]").focus()
    with page.expect_response(lambda it: it.url.endswith("/move")) as moved:
        page.keyboard.press("Home")
    assert moved.value.ok
    page.reload()
    assert listed(browser) == list(ORDERED)


def describe_and_hand_in(browser):
    """What is left: a writer on one track, when it appears, what is declared. Preview it; hand it in."""
    page = browser.page
    page.locator("#items a", has_text=ORDERED[1]).tap()
    page.wait_for_url("**/tracks/*")
    page.locator("#composers").fill("森 ミナ")
    wait_for(browser, "document.querySelector('#left').innerText.includes('Saved at')", what="saved")
    page.go_back()
    page.wait_for_selector("#due")
    page.locator("#due").fill(DUE_LOCAL)
    page.select_option("#zone", ZONE)
    page.locator("label.pick", has_text="No AI").tap()
    for name in ("owns_recording", "owns_composition", "no_cover"):
        page.locator(f"[name={name}]").tap()
    wait_for(browser, "!document.querySelector('#left').innerText.includes('Left to do')", what="all is done")
    page.locator("main a", has_text="Preview").tap()
    wait_for(browser, "document.body.innerText.includes('This is a preview')")
    assert rows(browser) == list(ORDERED)
    page.go_back()
    page.wait_for_selector("#due")
    page.locator("main button", has_text="Hand in for audit").tap()
    wait_for(browser, "document.body.innerText.includes('It waits in the queue.')")
    return page.url


def outlast_silence(browser):
    """What is typed without network, and while the server fails, arrives by itself; meanwhile the page says so."""
    page = browser.page
    late = page.locator("[data-unsaved=later]")
    page.clock.install()
    page.clock.pause_at(
        datetime.now(UTC) + timedelta(seconds=1)
    )  # no time passes: nothing is tried again yet
    page.context.set_offline(True)
    change(page, "#notes", NOTES)
    late.wait_for()
    page.context.set_offline(False)  # and at once it is
    late.wait_for(state="hidden")
    page.clock.run_for(100)
    page.route("**/draft", lambda it: it.fulfill(status=HTTPStatus.SERVICE_UNAVAILABLE))
    change(page, "#statement", STATEMENT)
    late.wait_for()
    assert page.locator("#left").count() == 1
    page.unroute("**/draft")
    page.clock.run_for(1_100)
    late.wait_for(state="hidden")
    page.clock.resume()
    page.reload()
    assert (page.locator("#notes").input_value(), page.locator("#statement").input_value()) == (
        NOTES,
        STATEMENT,
    )


def change(page, field, text):
    """Type into a field and leave it."""
    page.locator(field).fill(text)
    page.locator(field).blur()


def rows(browser):
    """Titles in a release's page, in order."""
    return browser.run(
        "return [...document.querySelectorAll('ol.tracks .t')].map((it) => it.textContent.trim());"
    )


def accept(browser, house, gid):
    """Hear a track of it, go on to the next by a key, and accept by another."""
    page = browser.page
    page.goto(f"{house.url}/office/audit/{gid}")
    page.wait_for_selector("[data-followed][data-own]")
    assert [it.strip() for it in page.locator("#audit-tracks .b").all_inner_texts()] == list(ORDERED)
    page.keyboard.press("]")
    page.wait_for_url("**?track=*")
    page.wait_for_selector("[data-followed][data-own]")
    page.keyboard.press(" ")
    wait_for(browser, SOUNDS, what="sound")
    is_told(browser)
    hear_all(browser)
    page.keyboard.press("y")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: gid not in url)


def test_an_album_from_a_phone_to_its_minute(playwright, house, home, files):
    for name in "abc":
        (home / name).mkdir()
    with opened("chromium", playwright, home / "a") as phone:
        staged = every_page.stage(house, f"{uuid4().hex[:12]}@releases.example")
        follow(phone.page, house.url + staged.link)
        phone.page.goto(f"{house.url}/studio")
        phone.page.locator("main button", has_text="Begin a release").tap()
        phone.page.wait_for_url("**/studio/application/*")
        upload(phone, files)
        outlast_silence(phone)
        address = describe_and_hand_in(phone)
        with opened("chromium", playwright, home / "b") as desk:
            sign_in(desk.page, house, "auditor", f"{uuid4().hex[:8]}@example.org")
            accept(desk, house, address.rsplit("/", 1)[1])
            assert not desk.errors
        phone.page.goto(address)
        assert "It appears on 2031-05-01 at 18:00" in phone.page.locator("main").inner_text()
        assert not phone.errors
    shop = f"{house.url}/@{staged.routes['@{handle}']}"
    with opened("chromium", playwright, home / "c", free_autoplay=True) as guest:
        guest.visit(shop)
        assert ALBUM not in guest.page.locator("main").inner_text()
        assert house.get(f"/search?q={quote(ALBUM)}")["releases"] == []
        assert every_page.from_outside(house, "minute", (DUE - timedelta(seconds=1)).isoformat()) == "0"
        assert every_page.from_outside(house, "minute", DUE.isoformat()) == "1"
        guest.visit(shop)
        guest.page.locator("main a", has_text=ALBUM).first.tap()
        guest.page.wait_for_url("**/release/*")
        assert rows(guest) == list(ORDERED)
        assert "森 ミナ" in guest.page.locator("main").inner_text()
        guest.press("main .disc[data-play]")
        wait_until_past(guest, 1)
        assert not guest.errors
