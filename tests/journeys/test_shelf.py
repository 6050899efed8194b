"""The service worker's shelf: pictures and the app's files up to 8 MB, oldest out first; no music, ever; no network, our page."""

import re
from hashlib import sha256

import numpy as np
import pytest
from journeys.browsers import opened, wait_for
from journeys.playing import press_play, wait_until_past

pytestmark = pytest.mark.journey

MOST_BYTES = 8 * 2**20
PICTURE_BYTES = 900_000
ALLOWED = re.compile(
    r"/offline|/static/built/[\w./-]+\.(js|css|svg|png|woff2)|/cover/[0-9a-f]{64}/\d+\.(avif|webp|jpg)"
)
CONTROLLED = "navigator.serviceWorker.controller !== null && (await caches.keys()).length === 1"
SHELF = """
const found = [];
for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
        const response = await cache.match(request, { ignoreVary: true });
        found.push({ store: name, url: request.url, type: response.headers.get("content-type"),
                     bytes: (await response.blob()).size, told: Number(response.headers.get("x-alpheus-bytes")) });
    }
}
return found;
"""


def controlled(browser):
    """Wait until the worker runs, has its shelf, and stands between this page and the network."""
    wait_for(browser, CONTROLLED, what="the service worker took over")


def test_after_listening_the_shelf_holds_no_music(playwright, house, home):
    recording = house.recording(house.long.title)
    with opened("chromium", playwright, home, free_autoplay=True) as browser:
        browser.visit(house.url)
        controlled(browser)
        press_play(browser, f"{house.url}/recording/{recording}")
        wait_until_past(browser, 12)
        browser.press("a[href='/device']:visible")
        wait_until_past(browser, 16)
        kept = browser.run(SHELF)
        assert {it["store"][:14] for it in kept} == {"alpheus-shelf-"}
        for it in kept:
            assert it["url"].startswith(f"{house.url}/"), it
            assert ALLOWED.fullmatch(it["url"].removeprefix(house.url)), it
            assert not re.search("audio|video|octet", it["type"]), it
            assert it["bytes"] == it["told"], "what is counted is what is there"
        assert any(it["url"].endswith("/offline") for it in kept)
        assert sum(it["bytes"] for it in kept) <= MOST_BYTES
        shown = "document.querySelector('[data-holds={}]')?.textContent"
        wait_for(browser, f"parseFloat({shown.format('shelf')}) > 0", what="its size is shown")
        assert browser.run(f"return {shown.format('stored')};").startswith("0")


def test_the_oldest_pictures_make_room(playwright, house, home):
    random = np.random.default_rng(3)
    names = []
    for _ in range(14):
        data = random.bytes(PICTURE_BYTES)
        digest = sha256(data).hexdigest()
        folder = house.installation.data / "objects" / "covers" / digest[:2] / digest
        folder.mkdir(parents=True)
        (folder / "600.webp").write_bytes(data)
        names.append(f"/cover/{digest}/600.webp")
    with opened("chromium", playwright, home) as browser:
        browser.visit(house.url)
        controlled(browser)
        for name in names:
            browser.run(f"await (await fetch('{name}')).arrayBuffer(); return 0;")
            wait_for(browser, f"!!(await caches.match('{name}'))", what="the newest is kept")
            assert sum(it["bytes"] for it in browser.run(SHELF)) <= MOST_BYTES
        kept = browser.run(SHELF)
        pictures = [it["url"].removeprefix(house.url) for it in kept if it["bytes"] == PICTURE_BYTES]
        assert pictures == names[-len(pictures) :], "those that stay are the newest"
        assert len(pictures) >= 8
        assert any(it["url"].endswith("/offline") for it in kept), "the page without network stays"


def test_without_network_our_own_page_stands_in_and_goes_on_by_itself(playwright, house, home):
    with opened("chromium", playwright, home) as browser:
        browser.visit(house.url)
        controlled(browser)
        context = browser.page.context
        context.set_offline(True)
        browser.page.goto(f"{house.url}/search")
        assert "No network" in browser.page.inner_text("h1")
        context.set_offline(False)
        browser.page.wait_for_selector("input[type=search]")
        # In the language that was chosen meanwhile.
        context.add_cookies([{"name": "language", "value": "zh-hans", "url": house.url}])
        browser.visit(house.url)
        wait_for(
            browser,
            "(await caches.match('/offline')).headers.get('content-language') === 'zh-Hans'",
            what="the page is kept in the new language",
        )
        context.set_offline(True)
        browser.page.goto(f"{house.url}/search")
        assert browser.page.inner_text("h1") == "没有网络"
        assert not browser.errors
