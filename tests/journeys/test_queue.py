"""The queue on the now-playing page: ten thousand long, put in order by mouse, finger and keys, and silent in time."""

import json

import pytest
from journeys.browsers import opened, wait_for
from journeys.fingers import drag_by_finger, drag_by_mouse
from journeys.pair import TITLE
from journeys.playing import open_page, press_own, press_play, still_playing, wait_until_past

pytestmark = pytest.mark.journey

MANY = 10_000
ROWS = "[...document.querySelectorAll('[data-now=queue] [data-entry]')].map((it) => it.dataset.entry)"
FOLLOW = "document.querySelector('[data-now=queue-more]').textContent"
LENGTH = "(await (await fetch('/api/v1/session/entries?limit=1', {cache: 'no-store'})).json()).length"
LAST = f"(await (await fetch('/api/v1/session/entries?offset={MANY - 2}')).json()).entries.at(-1).id"
TITLED = "document.querySelectorAll('[data-now=queue] [data-entry] [data-do=jump]').length"
PLACE = "(await (await fetch('/api/v1/session', {cache: 'no-store'})).json()).entry"
FROM_THE_MIDDLE = f"""
    const answer = await fetch("/api/v1/session/entries?offset={MANY // 2}&limit=500", {{ cache: "no-store" }});
    return (await answer.json()).entries.map(({{ id }}) => id);
"""
ORDER = """
    const { entries } = await (await fetch("/api/v1/session/entries?limit=100", { cache: "no-store" })).json();
    return entries.map(({ id }) => id);
"""
HURRIED = """
    const later = window.setTimeout;
    window.setTimeout = (work, ms, ...more) => later(work, ms > 800_000 ? 1_500 : ms, ...more);
"""

# The first answer with grants comes just after the second, or late where there is none; the edge's answers take a while.
CROSSED = """
    const [ask, later] = [window.fetch, (ms) => new Promise((resolve) => setTimeout(resolve, ms))];
    let [count, second] = [0, null];
    const crossed = new Promise((resolve) => (second = resolve));
    window.fetch = async (input, init) => {
        const path = String(input.url ?? input);
        if (path.includes("/batches")) await later(600);
        const place = /streams.*grants/.test(path) ? count++ : -1;
        const answer = await ask(input, init);
        if (place === 0) await Promise.race([crossed.then(() => later(50)), later(1500)]);
        if (place === 1) second();
        return answer;
    };
"""


def go_to_the_player(browser):
    """As a listener does, by the bar's own link, so that the music goes on."""
    browser.press("#player .who a")
    wait_for(browser, f"{ROWS}.length > 0", what="showing the queue")


def more_rows_come_as_one_scrolls(browser, shown):
    """In the cloud's order, however the music goes on meanwhile; and who is at a row with the keyboard stays there."""
    for more in (1, 2):
        browser.run("document.querySelector('[data-now=queue-more]').scrollIntoView(); return 0;")
        wait_for(browser, f"{ROWS}.length >= {shown + 100 * more - 20}", what="further rows")
    rows = browser.run(f"return {ROWS};")
    told = browser.run(FROM_THE_MIDDLE)
    start = told.index(rows[0])
    assert rows == told[start : start + len(rows)]
    wait_for(browser, f"{TITLED} >= 150", what="naming them")
    browser.run(f"document.querySelector('[data-entry=\"{rows[120]}\"] [data-do=jump]').focus(); return 0;")
    browser.run("document.querySelector('#player [data-do=next]').click(); return 0;")  # the focus stays
    wait_for(browser, f"!{ROWS}.includes({rows[0]!r})", what="the queue going on")
    focused = "document.activeElement.closest('[data-entry]')?.dataset.entry"
    assert browser.run(f"return {focused};") == rows[120]
    browser.press(f"[data-entry='{rows[150]}'] [data-do=jump]")
    # A piece of three seconds may be over before one has asked where the queue is: it is there, or has been.
    place = int(rows[150][-8:], 16)
    wait_for(
        browser,
        f"parseInt({PLACE}.slice(-8), 16) >= {place}",
        what="playing what the session did not tell by itself",
    )


def test_ten_thousand_entries_are_played_shown_and_edited_on_both(pair, house):
    first, second = pair.begin(house.long.title)
    gids = [house.recording(piece.title) for piece in house.album]
    many = (gids * (MANY // len(gids) + 1))[:MANY]
    press_own(first, play={"queue": many, "index": MANY // 2})
    wait_for(first, f"{TITLE} === {json.dumps(house.album[MANY // 2 % len(gids)].title)}")
    still_playing(first)
    assert first.run(f"return {LENGTH};") == MANY
    go_to_the_player(first)
    shown = len(first.run(f"return {ROWS};"))
    assert 10 < shown < 200, "a window of it"
    following = f"Number({FOLLOW}.replace(/\\D/g, ''))"
    wait_for(first, f"{following} > {MANY // 2 - 100}", what="saying how many more follow")
    assert first.run(f"return {following};") < MANY // 2
    more_rows_come_as_one_scrolls(first, shown)
    # The other sees it, takes out what follows, and both have one entry less.
    second.press("#player .who a")
    wait_for(second, f"{ROWS}.length > 5")
    gone = second.run(f"return {ROWS};")[5]
    second.press(f"[data-entry='{gone}'] [data-do=remove]")
    wait_for(first, f"!{ROWS}.includes({gone!r})", what="losing what the other took out")
    assert first.run(f"return {LENGTH};") == MANY - 1
    # The last plays, and after it, on repeat, the first.
    first.press("[data-playing-page] [data-do=repeat]")
    press_own(first, do="jump", place=first.run(f"return {LAST};"))
    wait_for(first, f"{TITLE} === {json.dumps(house.album[(MANY - 1) % len(gids)].title)}")
    still_playing(first)
    wait_for(first, f"{TITLE} === {json.dumps(house.album[0].title)}", what="going round")
    still_playing(first)
    first.press("[data-now=queue-clear]")
    wait_for(second, f"({LENGTH}) === 1", what="an empty queue on both")
    assert not first.errors + second.errors


def test_its_rows_are_put_in_order_by_mouse_by_finger_and_by_keys(playwright, house, home):
    with opened("chromium", playwright, home, free_autoplay=True) as browser:
        page = browser.page
        gids = [house.recording(piece.title) for piece in house.album[:5]]
        press_play(browser, f"{house.url}/recording/{house.recording(house.long.title)}")
        wait_until_past(browser, 1.5)
        press_own(browser, play={"queue": [house.recording(house.long.title), *gids], "index": 0})
        wait_for(browser, f"{TITLE} === {json.dumps(house.long.title)}")
        go_to_the_player(browser)
        wait_for(browser, f"{ROWS}.length === 5")
        playing, *before = browser.run(ORDER)
        assert browser.run(f"return {ROWS};") == before

        def reordered(expected):
            wait_for(browser, f"JSON.stringify({ROWS}) === JSON.stringify({json.dumps(expected)})")
            wait_for(
                browser,
                f"JSON.stringify(await (async () => {{ {ORDER} }})()) === {json.dumps(json.dumps([playing, *expected], separators=(',', ':')))}",
                what="the server having it so",
            )
            return expected

        rows = page.locator("[data-now=queue] [data-entry]")
        drag_by_mouse(page, rows.nth(0).locator("[data-drag]"), rows.nth(2))
        order = reordered([before[1], before[2], before[0], *before[3:]])
        drag_by_finger(page, rows.nth(1).locator("[data-drag]"), rows.nth(3))
        order = reordered([order[0], order[2], order[3], order[1], order[4]])
        rows.nth(4).locator("[data-drag]").focus()
        page.keyboard.press("ArrowUp")
        order = reordered([*order[:3], order[4], order[3]])
        focused = "document.activeElement.closest('[data-entry]')?.dataset.entry"
        assert browser.run(f"return {focused};") == order[3], "the focus goes along"
        said = "document.querySelector('#player [data-now=announcement]').textContent"
        wait_for(browser, f"{said}.includes('4')", what="saying where it stands now")
        page.keyboard.press("ArrowUp")
        order = reordered([*order[:2], order[3], order[2], order[4]])
        assert browser.run(f"return {focused};") == order[2]
        # What is taken out leaves the focus with its neighbour.
        rows.nth(2).locator("[data-do=remove]").focus()
        page.keyboard.press("Enter")
        order = reordered([*order[:2], *order[3:]])
        assert browser.run(f"return {focused};") == order[2]
        still_playing(browser)
        assert not browser.errors


def test_it_falls_silent_by_itself_after_a_while_and_after_a_piece(playwright, house, home):
    with opened("chromium", playwright, home, free_autoplay=True) as browser:
        page = browser.page
        page.add_init_script(HURRIED)  # a quarter of an hour is one and a half seconds
        press_play(browser, f"{house.url}/release/{house.release(house.album[0].album)}")
        wait_until_past(browser, 1.5)
        browser.press("#player .narrow[data-do=sheet]")
        wait_for(browser, "document.getElementById('player-sheet').open")
        browser.press("#player-sheet [data-stop='15']")
        wait_for(browser, "document.querySelector('[data-sheet=stop]').textContent.includes('15')")
        still_playing(browser, seconds=3)
        wait_for(
            browser,
            "window.alpheus.element.paused && window.alpheus.state === 'paused'",
            what="falling silent",
        )
        browser.press("#player-sheet [data-stop=end]")
        page.keyboard.press("Escape")
        titles = [piece.title for piece in house.album]
        heard = browser.run(f"return {TITLE};")
        browser.press("#player [data-do=toggle]")
        still_playing(browser)
        wait_for(browser, "window.alpheus.state === 'paused'", what="stopping after the piece")
        following = titles[titles.index(heard) + 1]
        assert browser.run(f"return {TITLE};") == following, "who falls asleep here wakes up at the next"
        assert not browser.errors


def test_what_follows_is_played_when_its_grant_was_on_its_way_already(playwright, house, home):
    with opened("chromium", playwright, home, free_autoplay=True) as browser:
        browser.page.add_init_script(CROSSED)
        open_page(browser, f"{house.url}/recording/{house.recording(house.long.title)}")
        gids = [house.recording(piece.title) for piece in house.album[:2]]
        press_own(browser, play={"queue": gids, "index": 0})
        wait_for(browser, f"{TITLE} === {json.dumps(house.album[1].title)}", seconds=20, what="going on")
        still_playing(browser)
        assert not browser.errors
