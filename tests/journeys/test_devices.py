"""What one device does to another: sends the music there, has it emptied, signs it out; also where there are no Web Locks."""

import pytest
from journeys.browsers import wait_for
from journeys.pair import SHOWN_ELSEWHERE
from journeys.playing import still_playing

pytestmark = pytest.mark.journey

OTHER = "#devices li:has(form[action$='/clean'])"
PLANT = """
    localStorage.setItem("planted", "x".repeat(5000));
    await (await caches.open("planted")).put("/planted", new Response(new Uint8Array(300_000)));
    return 0;
"""
PLANTED = "(localStorage.getItem('planted') !== null || (await caches.keys()).includes('planted'))"
HEARD = "document.querySelector('audio').currentTime"


def open_devices(browser, house):
    """The device page, with the other device's forms unfolded."""
    browser.visit(f"{house.url}/device")
    browser.press(f"{OTHER} summary")


def test_the_music_is_sent_to_another_device_and_back(pair, house):
    first, second = pair.begin(house.long.title)
    at = first.run("return window.alpheus.position;")
    first.press("#player .narrow[data-do=sheet]")
    wait_for(first, "document.querySelectorAll('#player-sheet [data-device]').length === 2")
    first.press("#player-sheet [data-device]:not([data-device=here])")
    wait_for(
        second,
        "window.alpheus.state === 'playing' && !window.alpheus.element.paused",
        what="beginning by itself",
    )
    wait_for(first, "window.alpheus.element.paused", what="falling silent")
    still_playing(second)
    assert at - 1 < second.run("return window.alpheus.position;") < at + 15
    wait_for(first, SHOWN_ELSEWHERE)
    first.press("#player-sheet [data-device=here]")
    wait_for(second, "window.alpheus.element.paused")
    still_playing(first)
    assert not first.errors + second.errors


def test_a_device_is_emptied_from_another_and_then_signed_out(pair, house):
    first, second = pair.begin(house.long.title)
    first.run(PLANT)
    assert first.run(f"return {PLANTED};")
    open_devices(second, house)
    second.press(f"{OTHER} form[action$='/clean'] button")
    wait_for(first, f"!{PLANTED}", what="emptying itself as it was asked")
    devices = "(await (await fetch('/api/v1/devices', { cache: 'no-store' })).json()).items"
    wait_for(
        second,
        f"{devices}.every((it) => it.clean_asked_at === null) && {devices}.some((it) => it.stored_bytes === 0)",
        what="hearing that it is done, and what is left there",
    )
    still_playing(first)
    assert first.run("return document.body.dataset.account !== '';"), "it is only clean, not signed out"
    open_devices(second, house)
    first.run(PLANT)
    account = second.run("return document.body.dataset.account;")
    with first.page.expect_navigation():  # it begins anew as nobody
        second.press(f"{OTHER} form[action$='/sign-out'] button")
    wait_for(first, "document.body?.dataset.account === ''", what="being signed out")
    wait_for(first, f"!{PLANTED}", what="forgetting all it stored")
    wait_for(first, f"!({HEARD} > 0) || document.querySelector('audio').paused", what="falling silent")
    assert second.run("return document.body.dataset.account;") == account
    wait_for(second, "document.querySelectorAll('#devices li').length === 1", what="being the only one")


def test_without_web_locks_each_tab_that_is_seen_hears(pair, house):
    for browser in pair.both:
        browser.page.add_init_script("Object.defineProperty(navigator, 'locks', { value: undefined });")
    opened = []
    second = pair.both[1]
    second.page.context.on(
        "request", lambda request: opened.append(request.url) if "session/events" in request.url else None
    )
    first, second = pair.begin(house.long.title)
    assert second.run("return navigator.locks === undefined;")
    tab = second.page.context.new_page()
    tab.add_init_script("Object.defineProperty(navigator, 'locks', { value: undefined });")
    tab.goto(house.url)
    wait_for(second, f"{SHOWN_ELSEWHERE}")
    first.press("#player [data-do=toggle]")
    wait_for(second, f"!({SHOWN_ELSEWHERE})", what="hearing that the other paused")
    assert len(opened) >= 2, "each has one of its own"
    tab.close()
    first.press("#player [data-do=toggle]")
    wait_for(second, SHOWN_ELSEWHERE, what="hearing on when the other tab is gone")
    assert not first.errors + second.errors
