"""An auditor compares what is handed in with what evidence names: A and B at one musical place, and the ends a press away."""

import json
from uuid import uuid4

import pytest
from journeys import every_page
from journeys.browsers import opened, wait_for
from journeys.compared_at import PASSAGE
from journeys.test_applying import follow

pytestmark = pytest.mark.journey

AT = "Number(document.querySelector('#player [data-do=seek]').value)"
PLAYS = "document.querySelector('#player').innerText.includes({!r}) && window.alpheus.state === 'playing'"
SLACK = 8
"""Seconds that may go by between a press and a look on a machine with much to do."""


class Desk:
    """The auditor's page in a browser."""

    def __init__(self, browser):
        self.browser, self.page = browser, browser.page

    def hears(self, title, since):
        """Wait until a recording sounds from a place on; where it is by then."""
        wait_for(
            self.browser, f"{PLAYS.format(title)} && {AT} >= {since} && {AT} < {since + SLACK}", what=title
        )
        return float(str(self.browser.run(f"return {AT};")))


def test_both_are_heard_at_the_same_place_and_the_ends_are_a_press_away(house, playwright, home):
    made = json.loads(every_page.from_outside(house, "compared", f"{uuid4().hex[:12]}@compare.example"))
    own, whole = made["own"], made["whole_ms"] / 1000
    passage_at, other_at = PASSAGE[0] / 1000, PASSAGE[1] / 1000
    with opened("chromium", playwright, home) as browser:
        desk = Desk(browser)
        follow(desk.page, house.url + made["link"])
        desk.page.goto(house.url + made["page"])
        desk.page.wait_for_selector("[data-followed]")
        pairs = desk.page.locator("[data-pair]")
        assert pairs.count() == 2

        # A key alone begins with the first pair: the passage that a fingerprint found.
        desk.page.keyboard.press("a")
        desk.hears(own, passage_at)

        # The same file is compared where one is; a key then goes on with that pair, which was used last.
        same = pairs.nth(1)
        same.locator("[data-side=other]").click()
        place = desk.hears(made["long"], passage_at)
        desk.page.locator("h1").click()
        desk.page.keyboard.press("a")
        place = desk.hears(own, place)
        desk.page.keyboard.press("b")
        desk.hears(made["long"], place)

        # What has the focus goes before what was used last.
        pairs.nth(0).locator("[data-side=own]").focus()
        desk.page.keyboard.press("b")
        desk.hears(made["short"], other_at)

        desk.page.keyboard.press("1")
        desk.hears(own, 0)
        desk.page.keyboard.press("3")
        desk.hears(own, round(whole - 10, 1) - 0.1)
        assert not browser.errors
