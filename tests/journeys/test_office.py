"""The office on a phone: rates between currencies, and two musicians of one name who are told apart."""

from uuid import uuid4

import pytest
from journeys import every_page
from journeys.browsers import opened, wait_for
from journeys.inspection import faults, prepare
from journeys.test_applying import follow, sign_in

pytestmark = pytest.mark.journey

SAYS = "document.querySelector('main').innerText.includes({!r})"
CURRENCY = "ISK"
"""One that no other journey sets."""
USUAL, SLIPPED = "19.2", "192"


def set_rate(page, rate):
    page.locator("#currency").fill(CURRENCY.lower())
    page.locator("#rate").fill(rate)
    page.locator("main button", has_text="Set the rate").tap()


def holding(page):
    """What one of the house's currency is today."""
    return page.locator("#holding li", has_text=CURRENCY).inner_text()


def test_a_rate_far_from_the_last_is_asked_about(playwright, house, home):
    with opened("chromium", playwright, home) as phone:
        page = phone.page
        prepare(page)
        sign_in(page, house, "operator", f"{uuid4().hex[:12]}@rates.example")
        page.goto(f"{house.url}/office")
        page.locator("main a[href='/office/rates']").tap()
        page.wait_for_url("**/office/rates")
        set_rate(page, USUAL)
        wait_for(phone, SAYS.format("The rate is set."))
        assert f"{USUAL} {CURRENCY}" in holding(page)

        # The point slipped: nothing is changed, what was typed stands there still, and the other rate beside it.
        set_rate(page, SLIPPED)
        wait_for(phone, SAYS.format(f"Until then it is {USUAL} {CURRENCY}."))
        assert page.locator("#rate").input_value() == SLIPPED
        assert page.locator("#currency").input_value() == CURRENCY
        assert f"{USUAL} {CURRENCY}" in holding(page)
        assert faults(page) == []
        assert page.locator("[name=sure]").is_checked() is False

        # Mended it is set without a question; one that is meant is set after it.
        page.locator("#rate").fill("19.25")
        page.locator("main button", has_text="Set the rate").tap()
        wait_for(phone, SAYS.format("The rate is set."))
        assert f"19.25 {CURRENCY}" in holding(page)
        set_rate(page, SLIPPED)
        page.locator("label.pick", has_text="It is right").tap()
        page.locator("main button", has_text="Set the rate").tap()
        wait_for(phone, SAYS.format("The rate is set."))
        assert f"{SLIPPED} {CURRENCY}" in holding(page)
        told = page.locator("#set li", has_text=CURRENCY)
        assert told.count() == 3
        assert not phone.errors


def test_two_of_one_name_are_told_apart(playwright, house, home):
    name = uuid4().hex[:10]
    staged = every_page.stage(house, f"{name}@first.example")
    link = every_page.from_outside(house, "namesake", f"n{name}@second.example", f"Wren {name}")
    apart = "singer from 厦门"
    for folder in "ab":
        (home / folder).mkdir()
    with (
        opened("chromium", playwright, home / "a") as desk,
        opened("chromium", playwright, home / "b") as phone,
    ):
        # Who has the name already sells under it: the second cannot open, and is told why.
        follow(phone.page, house.url + link)
        phone.page.goto(f"{house.url}/studio/shop")
        phone.page.locator("main button", has_text="Open the shop").tap()
        wait_for(phone, SAYS.format("sells"), what="why it does not open")

        # The office sees both side by side, and says what tells the second apart.
        prepare(desk.page)
        follow(desk.page, house.url + staged.link)
        desk.page.goto(f"{house.url}/office")
        desk.page.locator("main a[href='/office/namesakes']").tap()
        desk.page.wait_for_url("**/office/namesakes")
        both = desk.page.locator("main section", has=desk.page.locator("h2", has_text=f"Wren {name}"))
        assert f"@{staged.routes['@{handle}']}" in both.inner_text()
        assert faults(desk.page) == []
        both.locator("[name=disambiguation]").fill(apart)
        both.get_by_role("button", name="Tell them apart").tap()
        told = desk.page.locator("#told li", has_text=f"Wren {name}")
        told.wait_for()
        assert apart in told.inner_text()
        assert both.locator("[name=disambiguation]").count() == 0

        # The second opens; listeners read beside the name which of the two it is.
        phone.page.goto(f"{house.url}/studio/shop")
        phone.page.locator("main button", has_text="Open the shop").tap()
        wait_for(phone, SAYS.format("Your shop is open."))
        told.locator("a").tap()
        desk.page.wait_for_url("**/artist/*")
        wait_for(desk, SAYS.format(apart))
        assert f"Fog n{name}" in desk.page.locator("main").inner_text()
        for browser in (desk, phone):
            assert not browser.errors
