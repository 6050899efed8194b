"""A musician chooses in the studio what their shop shows first; a listener sees it there and hears it."""

from uuid import uuid4

import pytest
from journeys import every_page
from journeys.browsers import opened, wait_for
from journeys.inspection import faults, prepare
from journeys.playing import wait_until_past
from journeys.test_applying import follow

pytestmark = pytest.mark.journey

KEPT = "document.querySelector('main').innerText.includes('Your shop is kept as you wrote it.')"


def choose(phone, house, *, label=None):
    """Have a track shown first, or nothing in particular; the gid of what was chosen."""
    page = phone.page
    page.goto(f"{house.url}/studio/shop")
    if label is None:
        page.select_option("#thing", "")
    else:
        page.select_option("#thing", value=_recording(page, label))
    page.locator("#featured button", has_text="Show it first").tap()
    wait_for(phone, KEPT)
    return page.locator("#thing").input_value()


def _recording(page, label):
    """The value of the option that begins with a title: what is a release is said to be whole."""
    return page.locator("#thing option", has_text=label).first.get_attribute("value")


def test_what_is_chosen_comes_first_and_is_heard(playwright, house, home):
    for folder in "ab":
        (home / folder).mkdir()
    staged = every_page.stage(house, f"{uuid4().hex[:12]}@featured.example")
    shop = f"{house.url}/@{staged.routes['@{handle}']}"
    with (
        opened("chromium", playwright, home / "a") as phone,
        opened("chromium", playwright, home / "b", free_autoplay=True) as guest,
    ):
        prepare(guest.page)
        guest.visit(shop)
        assert guest.page.locator("#featured").count() == 0
        follow(phone.page, house.url + staged.link)
        chosen = choose(phone, house, label="1 雨夜の電車")
        guest.visit(shop)
        first = guest.page.locator("#featured")
        assert first.locator("a").first.get_attribute("href") == f"/recording/{chosen}"
        assert "1 雨夜の電車" in first.inner_text()
        assert guest.page.locator("main section").first.get_attribute("id") == "featured"
        assert faults(guest.page) == []
        guest.press("#featured [data-play]")
        wait_until_past(guest, 1)
        assert guest.run("return window.alpheus.recording;") == chosen.replace("-", "")
        choose(phone, house)
        guest.visit(shop)
        assert guest.page.locator("#featured").count() == 0
        for browser in (phone, guest):
            assert not browser.errors
