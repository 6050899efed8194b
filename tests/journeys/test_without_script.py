"""Pages where scripts are off: they read well, lead on, and say that playing needs them."""

import pytest
from journeys.browsers import opened

pytestmark = pytest.mark.journey

SAYS = "Playing music needs JavaScript"


@pytest.fixture
def page(playwright, home):
    with opened("chromium", playwright, home, scripts=False) as browser:
        yield browser.page


def reads_well(page, heading):
    """It has its heading, says what needs scripts, and nothing is wider than the phone."""
    assert heading in page.locator("h1").first.inner_text()
    # Playwright's search by text passes over what stands in <noscript>.
    told = page.locator("p.noscript")
    assert told.is_visible()
    assert SAYS in told.inner_text()
    wide = page.locator("main").bounding_box()
    assert wide["width"] <= page.viewport_size["width"]
    assert page.locator("html").get_attribute("lang") == "en"


def test_a_listener_without_scripts_finds_and_reads_everything(page, house):
    page.goto(house.url)
    reads_well(page, page.locator("h1").first.inner_text())
    page.goto(f"{house.url}/search?q=Odd")
    reads_well(page, page.locator("h1").first.inner_text())
    page.locator("main a", has_text="Twelve Odd Lengths").first.click()
    page.wait_for_url("**/release/**")
    reads_well(page, "Twelve Odd Lengths")
    rows = page.locator("main [data-recording]")
    assert rows.count() == len(house.album)
    for piece, shown in zip(house.album, rows.all_inner_texts(), strict=True):
        assert piece.title in shown
    page.locator("main a", has_text="The Test Tones").first.click()
    page.wait_for_url("**/artist/**")
    reads_well(page, "The Test Tones")
    assert page.locator("main a", has_text="Walks").first.is_visible()


def test_searching_needs_no_script(page, house):
    page.goto(f"{house.url}/search")
    page.locator("main input[name=q]").fill("Longer Walk")
    page.locator("main input[name=q]").press("Enter")
    page.wait_for_url("**q=Longer*")
    assert page.locator("main a", has_text=house.long.title).first.is_visible()


def test_what_would_play_says_what_it_needs(page, house):
    page.goto(f"{house.url}/recording/{house.recording(house.long.title)}")
    reads_well(page, house.long.title)
    beside = page.locator("main noscript p", has_text="Playing needs JavaScript.")
    assert beside.is_visible()
