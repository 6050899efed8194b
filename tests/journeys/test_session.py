"""One queue in the cloud on two devices: seen, told, taken over, continued, edited at once; never two at once."""

import json
import re

import pytest
from journeys.browsers import opened, wait_for
from journeys.pair import HERE, QUEUE, SHOWN_ELSEWHERE, TITLE
from journeys.playing import PLAY, press_own, still_playing
from journeys.test_killed import counted, in_the_tables

pytestmark = pytest.mark.journey

WATCH = """
    window.watched = [];
    setInterval(() => {
        const { element, recording, state } = window.alpheus;
        const placed = window.alpheus.placements.findLast(({ start }) => start <= element.currentTime);
        const sounds = !element.paused && element.readyState >= 3;
        window.watched.push([Date.now(), sounds, placed ? element.currentTime - placed.origin : -1]);
    }, 20);
    return 0;
"""
VOLUME = "document.querySelector('#player-sheet [data-do=volume]')"
DEAFENED = """
    window.EventSource = class extends EventSource {
        addEventListener(kind, heard, options) {
            super.addEventListener(kind, (event) => window.deaf || heard(event), options);
        }
    };
"""
COUNTED = """
    window.told = 0;
    window.EventSource = class extends EventSource {
        addEventListener(kind, heard, options) {
            super.addEventListener(kind, (event) => { window.told += 1; heard(event); }, options);
        }
    };
"""
HELD = """
    const { fetch } = window;
    const gate = new Promise((let_go) => { window.letGo = let_go; });
    window.fetch = async (asked, options) => {
        if (String(asked.url ?? asked).endsWith("/session/ops")) await gate;
        return fetch(asked, options);
    };
    return 0;
"""
ROWS = "[...document.querySelectorAll('[data-now=queue] [data-entry]')].map((it) => it.dataset.entry)"
LATE = """
    const { fetch } = window;
    window.fetch = async (asked, options) => {
        const answer = await fetch(asked, options);
        if (String(asked).endsWith("/api/v1/session")) await new Promise((tell) => { window.tell = tell; });
        return answer;
    };
"""


def never_both(first, second):
    """At no moment did both sound: moments are 20 ms apart, and both clocks are this machine's."""
    sounding = []
    for browser in (first, second):
        moments = browser.run("return window.watched ?? [];")
        sounding.append({at // 40 for at, sounds, _ in moments if sounds})
    assert sounding[0]
    assert sounding[1]
    both = sorted(sounding[0] & sounding[1])
    assert len(both) <= 3, f"both sounded for {len(both) * 40} ms"  # what a busy machine delays a timer


def test_a_second_device_sees_what_plays_takes_over_at_the_same_second_and_is_told(pair, house):
    first, second = pair.begin(house.long.title)
    wait_for(second, f"{TITLE} === {json.dumps(house.long.title)}")
    for browser in (first, second):
        browser.run(WATCH)
    still_playing(first)
    second.press(HERE)
    wait_for(second, "window.alpheus.state === 'playing' && !window.alpheus.element.paused")
    wait_for(first, "window.alpheus.element.paused", what="falling silent")
    still_playing(second)
    left = [at for _, sounds, at in first.run("return window.watched;") if sounds][-1]
    taken = next(at for _, sounds, at in second.run("return window.watched;") if sounds)
    assert abs(taken - left) < 1, f"left at {left:.2f} s, taken over at {taken:.2f} s"
    never_both(first, second)
    # The first shows it now, and tells the second what to do.
    wait_for(first, SHOWN_ELSEWHERE)
    first.press("#player [data-do=toggle]")
    wait_for(second, "window.alpheus.element.paused", what="pausing as it was told")
    first.press("#player [data-do=toggle]")
    wait_for(second, "!window.alpheus.element.paused", what="going on as it was told")
    first.run(
        "const at = document.querySelector('#player [data-do=seek]'); at.value = 30;"
        "at.dispatchEvent(new Event('change', { bubbles: true })); return 0;"
    )
    wait_for(second, "Math.abs(window.alpheus.position - 31) < 3", what="seeking as it was told")
    first.press("#player .narrow[data-do=sheet]")
    wait_for(first, f"document.getElementById('player-sheet')?.open && !{VOLUME}.hidden")
    first.run(
        f"const it = {VOLUME}; it.value = 40;"
        "it.dispatchEvent(new Event('input', { bubbles: true })); return 0;"
    )
    wait_for(second, f"{VOLUME}.value === '40'", what="its volume")
    assert not first.errors + second.errors


HURRIED = """
    const later = window.setTimeout;
    window.setTimeout = (work, ms, ...more) => later(work, ms > 800_000 ? 2_500 : ms, ...more);
"""
"""A quarter of an hour is two and a half seconds."""


def test_the_music_stops_where_it_plays_whichever_device_was_told(pair, house):
    first, second = pair.both
    first.page.add_init_script(HURRIED)
    pair.begin(house.long.title)
    second.press("#player .narrow[data-do=sheet]")
    wait_for(second, "document.getElementById('player-sheet').open")
    second.press("#player-sheet [data-stop=end]")
    wait_for(first, f"{QUEUE}.stops_after === {QUEUE}.entry", what="the cloud knows")
    first.press("#player .narrow[data-do=sheet]")
    chosen = "document.querySelector('#player-sheet [data-stop][aria-pressed=true]')?.dataset.stop ?? ''"
    wait_for(first, f"{chosen} === 'end'", what="the one that plays knows")
    second.press("#player-sheet [data-stop='15']")
    wait_for(second, "document.querySelector('[data-sheet=stop]').textContent.includes('15')")
    wait_for(
        first, "window.alpheus.element.paused && window.alpheus.state === 'paused'", what="falling silent"
    )
    wait_for(first, f"{chosen} === 'off'", what="and then it is over")
    wait_for(second, f"!{QUEUE}.playing", what="and the other knows")
    assert not first.errors
    assert not second.errors


def test_a_second_device_is_told_what_plays_and_asks_for_nothing(pair, house):
    pair.both[1].page.add_init_script(COUNTED)
    first, second = pair.begin(house.long.title)
    asked = []
    second.page.on(
        "request",
        lambda it: asked.append(it.url) if re.search(r"/api/v1/session(?!/events)", it.url) else None,
    )
    before = second.run("return window.told;")
    press_own(first, play={"queue": [house.recording(it.title) for it in house.album], "index": 1})
    wait_for(second, f"{TITLE} === {json.dumps(house.album[1].title)}", what="being told of another piece")
    first.press("#player [data-do=toggle]")
    wait_for(second, f"!({SHOWN_ELSEWHERE})", what="being told that it was paused")
    assert second.run("return window.told;") >= before + 2
    assert asked == []
    assert not first.errors + second.errors


def test_a_page_that_slept_hears_again(pair, house):
    """Frozen and without network, as a phone's browser in a pocket: it missed an event, and has it once it wakes."""
    first, second = pair.begin(house.long.title)
    context = second.page.context
    devtools = context.new_cdp_session(second.page)
    context.set_offline(True)
    devtools.send("Page.setWebLifecycleState", {"state": "frozen"})
    press_own(
        first, play={"queue": [house.recording(house.album[1].title), house.recording(house.long.title)]}
    )
    wait_for(first, "window.alpheus.state === 'playing'")
    devtools.send("Page.setWebLifecycleState", {"state": "active"})
    assert second.run(f"return {TITLE};") == house.long.title, "nobody could tell it yet"
    context.set_offline(False)
    press_own(first, play={"queue": [house.recording(house.album[2].title)], "index": 0})
    first.run(
        "document.querySelector('#player [data-do=repeat]').click(); return 0;"
    )  # it is over in seconds
    wait_for(
        second,
        f"{TITLE} === {json.dumps(house.album[2].title)}",
        seconds=90,
        what="hearing what came while it slept",
    )
    # And events come as before.
    press_own(first, play={"queue": [house.recording(house.long.title)], "index": 0})
    wait_for(second, f"{TITLE} === {json.dumps(house.long.title)}", what="hearing what comes next")


def test_two_devices_that_put_one_queue_in_order_at_once_lose_nothing(pair, house):
    first, second = pair.begin(house.long.title)
    gids = [house.recording(it.title) for it in house.album]
    queue = [house.recording(house.long.title), *(gids * 5)[:5]]
    press_own(first, play={"queue": queue, "index": 0})
    for browser in (first, second):
        wait_for(browser, f"{QUEUE}.length === {len(queue)}")
        browser.run("document.querySelector('a[href=\"/playing\"]').click(); return 0;")
        wait_for(browser, f"{ROWS}.length === 5")
        browser.run(HELD)
    a, b, c, d, e = first.run(f"return {ROWS};")
    assert second.run(f"return {ROWS};") == [a, b, c, d, e]
    for browser, place, key in ((first, 0, "ArrowDown"), (second, 4, "ArrowUp")):
        browser.page.locator("[data-now=queue] [data-entry]").nth(place).locator("[data-drag]").focus()
        browser.page.keyboard.press(key)
    wait_for(first, f"JSON.stringify({ROWS}) === JSON.stringify({json.dumps([b, a, c, d, e])})")
    wait_for(second, f"JSON.stringify({ROWS}) === JSON.stringify({json.dumps([a, b, c, e, d])})")
    for browser in (first, second):
        browser.run("window.letGo(); return 0;")
    for browser in (first, second):
        both = json.dumps([b, a, c, e, d])
        wait_for(browser, f"JSON.stringify({ROWS}) === JSON.stringify({both})", what="having both moves")
    entries = [it["id"] for it in first.run(f"return {QUEUE};")["entries"]]
    assert entries[1:] == [b, a, c, e, d]
    still_playing(first)


def test_what_a_closed_laptop_left_goes_on_on_the_phone(pair, house):
    first, second = pair.begin(house.long.title)
    left = first.run("return window.alpheus.position;")
    first.visit("about:blank")
    wait_for(second, f"!({SHOWN_ELSEWHERE})", what="hearing that nothing plays any more")
    second.press("#player [data-do=toggle]")
    wait_for(second, f"window.alpheus.state === 'playing' && window.alpheus.position >= {left}")
    still_playing(second)
    assert second.run("return window.alpheus.position;") < left + 20


def test_what_was_told_before_the_press_of_play_and_comes_after_it_ends_nothing(house, playwright, home):
    with opened("chromium", playwright, home, free_autoplay=True) as browser:
        browser.page.add_init_script(LATE)
        browser.visit(f"{house.url}/recording/{house.recording(house.long.title)}")
        wait_for(browser, "!!window.tell", what="asking what plays, which is nothing yet")
        browser.press(PLAY)
        wait_for(browser, "window.alpheus.state === 'playing'")
        browser.run("window.tell(); return 0;")
        still_playing(browser)


def test_a_restarted_server_is_found_again_by_both(pair, house):
    first, second = pair.begin(house.long.title)
    house.installation.stop()
    house.installation.start()
    still_playing(first, seconds=90)
    first.press("#player [data-do=toggle]")
    wait_for(second, f"!({SHOWN_ELSEWHERE})", seconds=60, what="hearing again after the restart")


def test_who_did_not_hear_that_another_took_over_ends_by_its_grants(pair, house):
    recording = house.recording(house.long.title)
    known = {key for key, _, _ in in_the_tables(house, recording)["plays"]}
    pair.both[0].page.add_init_script(DEAFENED)
    first, second = pair.begin(house.long.title)
    first.page.route("**/api/v1/session/**", lambda route: route.abort())
    first.run("window.deaf = true; return 0;")
    second.press(HERE)
    wait_for(second, "window.alpheus.state === 'playing'")
    wait_for(first, "window.alpheus.element.paused", what="ending by its grants")
    sounded = first.run("return window.alpheus.position;")
    assert sounded < 40, "it did not just come to its end"
    # The report that its edge refused said where it was; its last word says so too, and counts.
    counted(house, recording, known, sounded)


def test_two_devices_that_edit_at_once_end_with_one_queue(pair, house):
    first, second = pair.begin(house.album[0].title)
    gids = [house.recording(piece.title) for piece in house.album]
    half = len(gids) // 2
    for browser, words in ((first, gids[:half]), (second, gids[half:])):
        browser.run(
            f"""
            const button = document.createElement("button");
            button.id = "many";
            button.dataset.enqueue = {json.dumps(json.dumps(words))};
            document.querySelector("main").append(button);
            return 0;
            """
        )
    for _ in range(3):
        for browser in (first, second):
            browser.run("document.getElementById('many').click(); return 0;")
    wait_for(first, f"{QUEUE}.length === {1 + 3 * len(gids)}", what="no insert lost")
    orders = [browser.run(f"return {QUEUE}.entries.map(({{ id }}) => id);") for browser in (first, second)]
    assert orders[0] == orders[1]
    for browser in (first, second):
        browser.run("document.querySelector('a[href=\"/playing\"]').click(); return 0;")
        wait_for(browser, "document.querySelectorAll('[data-now=queue] [data-place]').length > 0")


def test_a_clock_that_is_a_day_wrong_changes_nothing(pair, house):
    first, second = pair.begin(house.long.title)
    second.page.add_init_script("const now = Date.now; Date.now = () => now() - 86_400_000;")
    second.page.reload()
    wait_for(second, SHOWN_ELSEWHERE)
    second.press(HERE)
    wait_for(second, "window.alpheus.state === 'playing'")
    wait_for(first, "window.alpheus.element.paused")
    still_playing(second)


def shown_in(tab, condition):
    """Wait in a tab of its own; Playwright's own waiting evaluates strings, which the page's policy forbids."""
    tab.wait_for_load_state()
    for _ in range(600):
        if tab.evaluate(condition):
            return
        tab.wait_for_timeout(100)
    pytest.fail(f"{condition} never happened in a tab")


def test_fifty_tabs_have_one_connection(pair, house):
    first, _ = pair.begin(house.long.title)
    # It outlasts fifty pages.
    first.run("document.querySelector('#player [data-do=repeat]').click(); return 0;")
    opened_at = []
    first.page.context.on(
        "request", lambda request: opened_at.append(request.url) if "session/events" in request.url else None
    )
    tabs = []
    for _ in range(49):
        tab = first.page.context.new_page()
        tab.goto(f"{house.url}/device", wait_until="commit")
        tabs.append(tab)
    shown_in(tabs[-1], SHOWN_ELSEWHERE)
    assert len(opened_at) == 0, "the first tab leads already"
    still_playing(first)
    first.page.goto("about:blank")
    shown_in(tabs[-1], f"!({SHOWN_ELSEWHERE})")
    assert len(opened_at) == 1, "another leads now, and no two do"
