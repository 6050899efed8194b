"""Keep, make a playlist, put it in order by finger and by keys, undo, share, take it out and in again: on a phone."""

import json
import re

import pytest
from journeys.browsers import opened, wait_for
from journeys.fingers import drag_by_finger

pytestmark = pytest.mark.journey

PASSWORD = "four ordinary words do"
TITLES = "[...document.querySelectorAll('#items [data-item] .t')].map((it) => it.textContent)"
HEART = "main .tracks [data-keep=recording]"


def sign_up(page, url, email):
    page.goto(f"{url}/account/signup/")
    page.locator("main [name=email]").fill(email)
    page.locator("main [name=password1]").fill(PASSWORD)
    with page.expect_navigation():
        page.locator("main form[action*=signup] button, main form button").first.click()


def titles(browser):
    return browser.run(f"return {TITLES};")


def test_a_guest_keeps_signs_up_and_still_has_it(playwright, house, home):
    with opened("chromium", playwright, home) as browser:
        page = browser.page
        page.goto(f"{house.url}/library")
        assert "Nothing kept yet." in page.locator("main").inner_text()
        page.goto(f"{house.url}/release/{house.release(house.album[0].album)}")
        heart = page.locator(HEART).first
        heart.tap()
        wait_for(browser, "document.querySelector('#toasts').textContent.includes('Kept')")
        assert heart.get_attribute("aria-pressed") == "true"
        page.reload()
        wait_for(browser, f"document.querySelector({HEART!r}).ariaPressed === 'true'")
        sign_up(page, house.url, "keeper@example.org")
        page.goto(f"{house.url}/library/recordings")
        assert page.locator("main .rows li").count() == 1
        wait_for(browser, "document.querySelector('main [data-keep]').ariaPressed === 'true'")
        page.locator("main [data-keep]").tap()
        page.locator("#toasts button").tap()
        wait_for(browser, "document.querySelector('main [data-keep]').ariaPressed === 'true'")
        assert not browser.errors


def make_playlist(browser, house, email):
    """A new account's playlist of the album, open; the titles of its tracks."""
    page = browser.page
    sign_up(page, house.url, email)
    page.goto(f"{house.url}/release/{house.release(house.album[0].album)}")
    page.locator("main [data-add-all]").first.tap()
    page.locator("#new-playlist").fill("Rain <b> 夜")
    page.locator("#add-sheet [data-new] button").tap()
    wait_for(browser, "document.querySelector('#toasts').textContent.includes('Added to')")
    page.goto(f"{house.url}/library/playlists")
    page.locator("main .rows a").first.tap()
    wait_for(browser, "document.querySelectorAll('#items [data-item]').length > 3")
    return titles(browser)


def shows(browser, expected):
    wait_for(browser, f"JSON.stringify({TITLES}) === JSON.stringify({json.dumps(expected)})")


def test_a_playlist_is_put_in_order_by_finger_and_by_keys_and_undone(playwright, house, home):
    with opened("chromium", playwright, home) as browser:
        page = browser.page
        before = make_playlist(browser, house, "maker@example.org")
        rows = page.locator("#items [data-item]")
        with page.expect_response(lambda it: it.url.endswith("/move")):
            drag_by_finger(page, rows.nth(0).locator("[data-grip]"), rows.nth(2))
        by_finger = [before[1], before[2], before[0], *before[3:]]
        assert titles(browser) == by_finger
        page.locator("#toasts button", has_text="Undo").press("Enter")
        shows(browser, before)
        with page.expect_response(lambda it: it.url.endswith("/move")):
            drag_by_finger(page, rows.nth(0).locator("[data-grip]"), rows.nth(2))
        assert titles(browser) == by_finger
        page.locator("#items [data-item] [data-grip]").first.focus()
        with page.expect_response(lambda it: it.url.endswith("/move")):
            page.keyboard.press("ArrowDown")
        by_keys = [by_finger[1], by_finger[0], *by_finger[2:]]
        assert titles(browser) == by_keys
        assert re.search(r"now 2 of \d+", page.locator("#moves").text_content())
        focused = "document.activeElement.closest('li').querySelector('.t').textContent"
        assert page.evaluate(focused) == by_keys[1]
        page.reload()
        assert titles(browser) == by_keys, "the server has it so"
        for expected in (by_finger, before):
            page.get_by_role("button", name="Undo the last move").tap()
            shows(browser, expected)
        page.locator("#items [data-more]").first.tap()
        page.locator("#more-sheet [data-act=remove]").tap()
        shows(browser, before[1:])
        page.locator("#toasts button").tap()
        shows(browser, before)
        assert not browser.errors


def test_a_playlist_is_shared_edited_by_a_friend_and_taken_along(playwright, house, home, tmp_path):
    with (
        opened("chromium", playwright, home / "a") as browser,
        opened("chromium", playwright, home / "b") as other,
    ):
        page, friend = browser.page, other.page
        before = make_playlist(browser, house, "sharer@example.org")
        page.get_by_role("button", name="Invite to edit").tap()
        page.locator("#invitation-link").wait_for()
        sign_up(friend, house.url, "friend@example.org")
        friend.goto(page.locator("#invitation-link").input_value())
        friend.get_by_role("button", name="Accept and edit").tap()
        friend.locator("#items [data-more]").last.wait_for()
        friend.locator("#items [data-more]").last.tap()
        with friend.expect_response(lambda it: it.url.endswith("/remove")):
            friend.locator("#more-sheet [data-act=remove]").tap()
        page.reload()
        assert titles(browser) == before[:-1]
        with page.expect_download() as saved:
            page.get_by_role("link", name="XSPF").tap()
        saved.value.save_as(tmp_path / "rain.xspf")
        page.goto(f"{house.url}/library/import")
        page.locator("[name=file]").set_input_files(tmp_path / "rain.xspf")
        page.locator("main form button").tap()
        page.get_by_role("link", name="To the playlist").tap()
        shows(browser, before[:-1])
        assert not browser.errors
        assert not other.errors


def test_back_finds_the_place_in_a_long_playlist(playwright, house, home):
    """Some windows down, away by a link and back: as many rows as before, and the row that was left in view."""
    made = """
      const recordings = Array.from({ length: 350 }, () => arguments[0]);
      const token = document.cookie.match(/csrftoken=([^;]+)/)?.[1] ?? document.querySelector('[name=csrfmiddlewaretoken]').value;
      return fetch("/api/v1/playlists", {
        method: "POST", headers: { "Content-Type": "application/json", "X-CSRFToken": token },
        body: JSON.stringify({ title: "Long", recordings }),
      }).then((it) => it.json()).then((it) => it.gid);
    """
    rows = "document.querySelectorAll('#items [data-item]').length"
    with opened("chromium", playwright, home) as browser:
        page = browser.page
        sign_up(page, house.url, "reader@example.org")
        gid = page.evaluate(
            f"(given) => {{ const arguments = [given]; {made} }}", house.recording(house.long.title)
        )
        page.goto(f"{house.url}/library/playlists")
        page.locator(f"main a[href='/playlist/{gid}']").tap()
        wait_for(browser, f"{rows} === 100")
        for shown in (200, 300):
            page.locator("#items .more").scroll_into_view_if_needed()
            wait_for(browser, f"{rows} === {shown}")
        left = page.locator("#items [data-item]").nth(230)
        left.scroll_into_view_if_needed()
        item = left.get_attribute("data-item")
        page.locator("#tabs a[data-nav=search]").tap()
        page.locator("#q").wait_for()
        browser.run("history.back(); return 0;")
        wait_for(browser, f"{rows} >= 300")
        in_view = f"""(() => {{
          const place = document.querySelector("[data-item='{item}']").getBoundingClientRect();
          return place.bottom > 0 && place.top < innerHeight;
        }})()"""
        wait_for(browser, in_view)
        page.reload()
        wait_for(browser, f"{rows} >= 300")
        assert not browser.errors
