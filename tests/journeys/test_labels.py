"""An operator founds a label's shop, its owner comes by the letter, an editor hands in for an artist of the roster, and the shop shows it."""

import pytest
from journeys.browsers import opened, wait_for
from journeys.every_page import from_outside, stage

pytestmark = pytest.mark.journey

OPERATOR, OWNER, EDITOR = "heron@example.org", "owner@heron.example", "editor@heron.example"
PASSWORD = "four ordinary words do"
SAYS = "document.querySelector('main').innerText.includes({!r})"
LABEL = "Heron 唱片"


def found_the_shop(phone, house, link):
    """In the office."""
    page = phone.page
    page.goto(house.url + link)
    with page.expect_navigation():
        page.locator("main form button").first.tap()
    page.goto(f"{house.url}/office/labels")
    page.locator("#label").fill(LABEL)
    page.select_option("#country", "CN")
    page.locator("#email").fill(OWNER)
    assert page.locator("#price").input_value() == "0.80"
    page.locator("main button", has_text="Found the shop").tap()
    wait_for(phone, SAYS.format("The shop is founded"))


def join(phone, house, email):
    """Open an account on the way from the letter's link, and accept."""
    page = phone.page
    page.context.clear_cookies()
    letter = house.office.letter(to=email, subject="Join the shop")
    page.goto(next(it for it in letter.split() if "/join/" in it))
    page.locator("main a[href*='signup']").first.tap()
    wait_for(phone, "location.pathname === '/account/signup/'")
    page.locator("main [name=email]").fill(email)
    page.locator("main [name=password1]").fill(PASSWORD)
    page.locator("main form button").first.tap()
    wait_for(phone, SAYS.format("Accept the invitation"))
    page.locator("main button", has_text="Accept the invitation").tap()
    wait_for(phone, SAYS.format("Welcome."))


def keep_the_house(phone, house):
    """The owner puts an artist on the roster, chooses an address and invites an editor."""
    page = phone.page
    page.goto(f"{house.url}/studio/artists")
    page.locator("#name").fill("苍鹭")
    page.locator("main button", has_text="Add to the roster").tap()
    wait_for(phone, SAYS.format("The artist is on your roster."))
    page.goto(f"{house.url}/studio/shop")
    page.locator("#handle").fill("heron-records")
    page.get_by_role("button", name="Keep", exact=True).tap()
    wait_for(phone, SAYS.format("Your shop is kept as you wrote it."))
    page.goto(f"{house.url}/studio/members")
    page.locator("#email").fill(EDITOR)
    page.locator("main label.pick:has(input[value=editor])").tap()
    page.locator("main button", has_text="Invite by letter").tap()
    wait_for(phone, SAYS.format("They are invited."))


def begin_a_release(phone):
    """The editor chooses whose it is; the file, the audit and the details are other journeys'."""
    page = phone.page
    page.locator("main button", has_text="Begin a release").tap()
    wait_for(phone, "document.querySelector('#draft') !== null")
    with page.expect_response(lambda it: it.url.endswith("/draft")):
        page.locator("#title").fill("Reeds")
    with page.expect_response(lambda it: it.url.endswith("/draft")):
        page.select_option("#artist", label="苍鹭")
    wait_for(phone, SAYS.format("Saved at"))
    assert "Choose whose release it is" not in page.locator("#left").inner_text()
    page.goto(page.url.partition("/studio")[0] + "/studio/prices")
    assert page.title().startswith("This page is not for this account")


def test_from_the_founding_to_the_shop(playwright, house, home):
    staged = stage(house, OPERATOR)
    with opened("chromium", playwright, home) as phone:
        found_the_shop(phone, house, staged.link)
        join(phone, house, OWNER)
        keep_the_house(phone, house)
        join(phone, house, EDITOR)
        begin_a_release(phone)
        from_outside(house, "publishing", OWNER, EDITOR)
        page = phone.page
        page.goto(f"{house.url}/@heron-records")
        wait_for(phone, SAYS.format("Reeds"))
        said = page.locator("main").inner_text()
        assert "Label" in said
        page.locator("#artists a", has_text="苍鹭").tap()
        wait_for(phone, SAYS.format(f"on {LABEL}"))
        assert not [it for it in phone.errors if "403" not in str(it)]
