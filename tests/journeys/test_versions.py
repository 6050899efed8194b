"""A new version of a release: its musician changes it on a phone, an auditor sees and hears what is other than before."""

from uuid import uuid4

import pytest
from journeys import every_page, recordings
from journeys.browsers import opened, wait_for
from journeys.inspection import faults, prepare
from journeys.test_applying import follow, sign_in

pytestmark = pytest.mark.journey

NEW_TITLE = "夜の港"
SOUNDING = "window.alpheus.state === 'playing' && window.alpheus.position > 0.2"


def bring_a_version(phone, house, address, file):
    """Begin a new version of what is out, give it another title and its second track another sound, hand it in."""
    page = phone.page
    page.goto(house.url + address)
    page.locator("main form[action$='/version'] button").tap()
    page.wait_for_url(lambda url: "/studio/application/" in url and not url.endswith(address))
    version = page.url
    with page.expect_response(lambda it: it.url.endswith("/draft")):
        page.locator("#title").fill(NEW_TITLE)
    page.locator("#items a.over").nth(1).tap()
    page.wait_for_url("**/tracks/*")
    former = page.locator("#tracks [data-recording]").get_attribute("data-recording")
    page.locator("[data-send-many] input[type=file]").set_input_files(str(file))
    wait_for(
        phone,
        f"(document.querySelector('#tracks [data-recording]')?.dataset.recording ?? '{former}') !== '{former}'",
        seconds=60,
        what="the other sound",
    )
    page.goto(version)
    page.locator("label.pick", has_text="No AI").tap()
    for name in ("owns_recording", "owns_composition", "no_cover"):
        page.locator(f"[name={name}]").set_checked(True)
    wait_for(phone, "!document.querySelector('#left').innerText.includes('Left to do')", what="all is done")
    page.locator("main button", has_text="Hand in for audit").tap()
    wait_for(phone, "document.body.innerText.includes('It waits in the queue.')")
    return version


def rows(page):
    """What differs: each label with what listeners hear and what is new."""
    return {
        row.locator("dt").inner_text(): [it.inner_text().strip() for it in row.locator("dd").all()]
        for row in page.locator("#changes dl.changes > div").all()
    }


def hear(browser, button):
    """Press a sound of the two, and wait until it is that which sounds."""
    gid = button.get_attribute("data-cue")
    button.tap()
    wait_for(
        browser,
        f"{SOUNDING} && window.alpheus.recording === '{gid}'.replaceAll('-', '')",
        what="this sound",
    )
    return gid


def test_an_auditor_sees_and_hears_what_a_version_changes(playwright, house, home, tmp_path):
    for folder in "abc":
        (home / folder).mkdir()
    name = uuid4().hex[:12]
    staged = every_page.stage(house, f"{name}@versions.example")
    published = staged.more[2]
    sound = recordings.compose(uuid4().int % 2**32, 4 * recordings.RATE_HZ)
    file = recordings.write_flac(recordings.Piece("", "", 1, sound), tmp_path)
    shop = f"{house.url}/@{staged.routes['@{handle}']}"
    with (
        opened("chromium", playwright, home / "a") as phone,
        opened("chromium", playwright, home / "b", free_autoplay=True) as desk,
    ):
        follow(phone.page, house.url + staged.link)
        version = bring_a_version(phone, house, published, file)
        page = desk.page
        prepare(page)
        sign_in(page, house, "auditor", f"{uuid4().hex[:8]}@versions.example")
        page.goto(f"{house.url}/office/audit/{version.rsplit('/', 1)[1]}")
        page.wait_for_selector("[data-followed]")
        assert "New version" in page.locator("header").first.inner_text()
        told = rows(page)
        assert set(told) == {"Title", "Sound", "Artist"}, "and who performs it, as the new file says"
        assert [f"Out {name}" in told["Title"][0], NEW_TITLE in told["Title"][1]] == [True, True]
        assert faults(page) == []

        # Both sounds are a press away, and are two.
        buttons = page.locator("#changes [data-cue]")
        assert buttons.count() == 2
        former, new = (hear(desk, buttons.nth(at)) for at in range(2))
        assert former != new
        assert hear(desk, buttons.nth(0)) == former

        # Listeners have the former until it is accepted, then the new one.
        phone.page.goto(shop)
        assert f"Out {name}" in phone.page.locator("main").inner_text()
        page.keyboard.press("y")
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: version.rsplit("/", 1)[1] not in url)
        phone.page.goto(shop)
        wait_for(phone, f"document.querySelector('main').innerText.includes('{NEW_TITLE}')")
        assert f"Out {name}" not in phone.page.locator("main").inner_text()
        for browser in (phone, desk):
            assert not browser.errors
