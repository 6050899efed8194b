"""By keyboard alone, and as a screen reader is told: to the content, through a list, to a page and back, through the player."""

import json

import pytest
from journeys.browsers import opened, wait_for
from journeys.playing import press_own, still_playing

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


def test_single_letters_work_in_the_player_and_nowhere_else(keys, house):
    browser, keyboard = keys
    titles = [piece.title for piece in house.album]
    title = "document.querySelector('#player [data-now=title]').textContent"
    browser.visit(f"{house.url}/release/{house.release(house.album[0].album)}")
    wait_for(browser, "!!document.querySelector('audio')")
    gids = [house.recording(house.long.title), *map(house.recording, titles)]
    press_own(browser, play={"queue": gids, "index": 0})
    still_playing(browser)

    def press(key, expected, what):
        """In the player, where letters mean something."""
        browser.run("document.querySelector('#player .right [data-do=sheet]').focus(); return 0;")
        keyboard.press(key)
        wait_for(browser, expected, what=what)

    press(
        "m",
        "window.alpheus.element.muted && document.querySelector('#player [data-do=mute]').ariaPressed === 'true'",
        "muting",
    )
    press("m", "!window.alpheus.element.muted", "sounding again")
    press("k", "window.alpheus.element.paused", "pausing")
    at = float(str(browser.run("return window.alpheus.position;")))
    press("l", f"window.alpheus.position > {at} + 5", "leaping ahead")
    leapt = float(str(browser.run("return window.alpheus.position;")))
    press("j", f"window.alpheus.position < {leapt} - 5", "leaping back")
    press("k", "!window.alpheus.element.paused", "going on")
    press("r", "document.querySelector('#player [data-do=repeat]').ariaPressed !== 'false'", "repeating")
    press("n", f"{title} === {json.dumps(titles[0])}", "the next one")
    press("p", f"{title} !== {json.dumps(titles[0])}", "the one before")
    # Last: the order itself is the cloud's, and comes a moment after the sign that it was asked for.
    press("s", "document.querySelector('#player [data-do=shuffle]').ariaPressed === 'true'", "shuffling")
    press(
        "s", "document.querySelector('#player [data-do=shuffle]').ariaPressed === 'false'", "putting in order"
    )
    press("?", "document.getElementById('keys-sheet').open", "the list of keys")
    keyboard.press("Escape")
    wait_for(browser, "!document.getElementById('keys-sheet').open")
    # Where somebody types, and outside the player, they are letters.
    browser.press("#side a[data-nav=search]")
    wait_for(browser, "!!document.querySelector('#q')")
    browser.run("document.querySelector('#q').focus(); return 0;")
    keyboard.type("mkn")
    assert browser.run("return document.querySelector('#q').value;") == "mkn"
    browser.run("document.activeElement.blur(); return 0;")
    keyboard.press("m")
    assert not browser.run("return window.alpheus.element.muted;")
    still_playing(browser)
    assert not browser.errors
