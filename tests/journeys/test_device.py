"""The device page shows what the device keeps, cleans it at a tap, and sign-out has the browser forget it all."""

import pytest
from journeys.browsers import opened, wait_for
from journeys.playing import press_play, still_playing, wait_until_past

pytestmark = pytest.mark.journey

PASSWORD = "four ordinary words do"
PLANTED = 300_000  # bytes
SHOWN = "document.querySelector('[data-holds={}]').textContent"

PLANT = f"""
    for (const name of await caches.keys()) await (await caches.open(name)).put("/marked", new Response("x"));
    localStorage.setItem("planted", "x".repeat(5000));
    sessionStorage.setItem("planted", "x");
    const cache = await caches.open("planted");
    await cache.put("/planted", new Response(new Uint8Array({PLANTED})));
    await new Promise((done, failed) => {{
        const opening = indexedDB.open("planted", 1);
        opening.onupgradeneeded = () => opening.result.createObjectStore("things").put("x".repeat(1000), 1);
        opening.onsuccess = () => {{ opening.result.close(); done(); }};
        opening.onerror = failed;
    }});
    const folder = await navigator.storage.getDirectory();
    const file = await (await folder.getFileHandle("planted", {{ create: true }})).createWritable();
    await file.write(new Uint8Array(1000));
    await file.close();
    return 0;
"""
LEFT = """
    const files = [];
    for await (const name of (await navigator.storage.getDirectory()).keys()) files.push(name);
    return {
        caches: (await caches.keys()).filter((name) => !name.startsWith("alpheus-shelf-")),
        marked: !!(await caches.match("/marked")),
        databases: (await indexedDB.databases()).map((it) => it.name),
        files,
        local: localStorage.getItem("planted"),
        session: sessionStorage.getItem("planted"),
    };
"""
CACHED = """
    const address = document.querySelector("script[src]").src;
    const kept = await fetch(address, { cache: "only-if-cached", mode: "same-origin" }).catch(() => null);
    return kept?.ok ?? false;
"""
NOTHING = {"caches": [], "marked": False, "databases": [], "files": [], "local": None, "session": None}


def go_to_the_device_page(browser):
    """As a listener does, so that the music goes on: by a link, without loading the page anew."""
    browser.run("document.querySelector('a[href=\"/device\"]').click(); return 0;")
    wait_for(browser, "!!document.querySelector('#holds [data-holds-clean]:not([disabled])')")


def test_what_is_kept_is_shown_and_gone_at_a_tap_while_music_goes_on(playwright, house, home):
    recording = house.recording(house.long.title)
    with opened("chromium", playwright, home, free_autoplay=True) as browser:
        press_play(browser, f"{house.url}/recording/{recording}")
        wait_until_past(browser, 1.5)
        go_to_the_device_page(browser)
        wait_for(
            browser, f"{SHOWN.format('stores')} === '1'", what="only the app's own shelf is there at first"
        )
        assert browser.run(f"return parseFloat({SHOWN.format('stored')});") == 0
        wait_for(browser, f"parseFloat({SHOWN.format('memory')}) > 0", what="music in memory is shown")
        assert browser.run(LEFT) == NOTHING

        assert browser.run(CACHED), "the page's own script is in the browser's cache"
        browser.run(PLANT)
        wait_for(browser, f"{SHOWN.format('stores')} === '4'", what="cache, database and file are shown")
        wait_for(browser, f"parseFloat({SHOWN.format('stored')}) > 0", what="their bytes are shown")
        wait_for(browser, f"parseFloat({SHOWN.format('settings')}) >= 10", what="10 kB of settings are shown")

        browser.page.locator("[data-holds-clean]").tap()
        wait_for(browser, f"{SHOWN.format('cleaned')}.startsWith('Clean.')", what="the page says so")
        assert browser.run(LEFT) == NOTHING
        assert browser.run("return await caches.keys();") == [], "the shelf too"
        assert not browser.run(CACHED), "the browser's own cache is empty too"
        assert browser.run(f"return {SHOWN.format('stores')};") == "0"
        assert browser.run(f"return parseFloat({SHOWN.format('stored')});") == 0
        still_playing(browser)
        assert not browser.errors


def test_signing_out_says_clear_site_data_and_chromium_does(playwright, house, home):
    with opened("chromium", playwright, home) as browser:
        browser.visit(f"{house.url}/account/signup/")
        browser.run(
            "document.querySelector('[name=email]').value = 'mei@example.org';"
            f"document.querySelector('[name=password1]').value = {PASSWORD!r}; return 0;"
        )
        with browser.page.expect_navigation():
            browser.page.locator("main form[action*=signup] button, main form button").first.click()
        browser.visit(f"{house.url}/device")
        wait_for(browser, "(await caches.keys()).length === 1", what="the app's own shelf is there")
        browser.run(PLANT)
        with browser.page.expect_response(lambda it: it.request.method == "POST") as answer:
            browser.press("form[action='/account/logout/'] button")
        said = answer.value.all_headers()
        assert said.get("clear-site-data") == '"cache", "storage"', (
            answer.value.url,
            answer.value.status,
            said,
        )
        browser.page.wait_for_load_state()
        browser.visit(f"{house.url}/device")
        assert browser.run(LEFT) == NOTHING
