"""By keyboard alone, and as a screen reader is told: to the content, through a list, to a page and back, through the player."""

import json

import pytest
from journeys.browsers import opened, wait_for
from journeys.playing import still_playing

pytestmark = pytest.mark.journey

DESK = {"width": 1440, "height": 900}
FOCUSED = "document.activeElement"
SAID = "document.querySelector('#player [data-now=announcement]').textContent"
RING = f"getComputedStyle({FOCUSED}).outlineStyle !== 'none' || getComputedStyle({FOCUSED}, '::after').outlineStyle !== 'none'"
LAST_STOP = 60  # presses of Tab, more than any page has stops before its second list


@pytest.fixture
def keys(playwright, home):
    with opened("chromium", playwright, home, free_autoplay=True) as browser:
        browser.page.set_viewport_size(DESK)
        yield browser, browser.page.keyboard


def tab_to(browser, keyboard, selector):
    """Press Tab until something has the focus; every stop on the way shows that it has it."""
    for _ in range(LAST_STOP):
        keyboard.press("Tab")
        assert browser.run(f"return {RING};"), browser.run(f"return {FOCUSED}.outerHTML.slice(0, 200);")
        if browser.run(f"return {FOCUSED}.matches({selector!r});"):
            return
    pytest.fail(f"Tab never comes to {selector}")


def test_everything_is_reached_and_said(keys, house):
    browser, keyboard = keys
    release = f"/release/{house.release(house.album[0].album)}"
    browser.visit(house.url + release)
    wait_for(browser, "!!document.querySelector('audio')")
    titles = [piece.title for piece in house.album]
    title = f"{FOCUSED}.closest('li')?.querySelector('.over').textContent"
    # Past the sidebar by the first stop there is, then down a list that is one stop.
    tab_to(browser, keyboard, ".skip")
    keyboard.press("Enter")
    wait_for(browser, f"{FOCUSED}.id === 'main'")
    browser.visit(house.url + release)
    tab_to(browser, keyboard, "main .tracks .over")
    assert browser.run(f"return {title};") == titles[0]
    for key, expected in (("ArrowDown", 1), ("ArrowDown", 2), ("End", -1), ("ArrowUp", -2), ("Home", 0)):
        keyboard.press(key)
        assert browser.run(f"return {title};") == titles[expected], key
    keyboard.press("Tab")
    assert browser.run(f"return {FOCUSED}.matches('[data-keep]') && {title};") == titles[0]
    keyboard.press("ArrowDown")
    assert browser.run(f"return {FOCUSED}.matches('[data-keep]') && {title};") == titles[1], "heart to heart"
    for _ in range(3):
        keyboard.press("Tab")
        if not browser.run(f"return !!{FOCUSED}.closest('.tracks');"):
            break
    assert not browser.run(f"return !!{FOCUSED}.closest('.tracks');"), "Tab leaves the list after its row"
    # Enter plays, and what plays is said; the space bar stops and goes on.
    keyboard.press("Shift+Tab")
    keyboard.press("Home")
    browser.run("document.querySelector('main .tracks .over').focus(); return 0;")
    keyboard.press("Enter")
    still_playing(browser)
    wait_for(browser, f"{SAID}.includes({json.dumps(titles[0])}) || {SAID}.includes({json.dumps(titles[1])})")
    browser.run("document.querySelector('main').focus(); return 0;")
    keyboard.press(" ")
    wait_for(browser, "document.querySelector('audio').paused")
    keyboard.press(" ")
    still_playing(browser)
    # To another page and back: the heading is said, then the focus is on the link again.
    browser.run("document.querySelector('main .by-line a').focus(); return 0;")
    keyboard.press("Enter")
    wait_for(browser, f"location.pathname.startsWith('/artist/') && {FOCUSED}.tagName === 'H1'")
    browser.run("history.back(); return 0;")  # without a window Chromium has no key for it
    wait_for(browser, f"location.pathname === {json.dumps(release)} && {FOCUSED}.matches('main .by-line a')")
    # A dialog takes the focus, keeps it, and gives it back.
    browser.run("document.querySelector('#player .right [data-do=sheet]').focus(); return 0;")
    keyboard.press("Enter")
    wait_for(browser, f"!!{FOCUSED}.closest('dialog[open]')")
    keyboard.press("Escape")
    wait_for(browser, f"{FOCUSED}.matches('#player [data-do=sheet]')")
    # Keeping by keyboard leaves the focus where it is.
    browser.run("document.querySelector('main .tracks [data-keep]').focus(); return 0;")
    keyboard.press("Enter")
    wait_for(browser, f"{FOCUSED}.matches('.tracks [data-keep][aria-pressed=true]')")
    still_playing(browser)
    assert not browser.errors


def test_a_search_is_typed_walked_through_and_opened(keys, house):
    browser, keyboard = keys
    browser.visit(f"{house.url}/search")
    wait_for(browser, "!!document.querySelector('audio')")
    browser.run("document.querySelector('#q').focus(); return 0;")
    keyboard.type("odd", delay=20)
    wait_for(browser, "document.querySelectorAll('#found a.over').length > 3")
    assert browser.run(f"return {FOCUSED}.id;") == "q", "results come and the focus stays"
    wait_for(browser, "document.querySelector('#found-said').textContent.length > 0", what="saying how many")
    keyboard.press("ArrowDown")
    keyboard.press("ArrowDown")
    assert browser.run(f"return {FOCUSED}.matches('#found a.over');")
    keyboard.press("Escape")
    assert browser.run(f"return {FOCUSED}.id;") == "q"
    assert not browser.errors
