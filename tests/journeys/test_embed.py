"""A preview in somebody else's page: heard there by a press, without a cookie, and nothing of it stays."""

import http.server
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.request import urlopen

import pytest
from journeys.browsers import opened
from journeys.conftest import House
from journeys.inspection import faults, faults_in_the_dark, prepare, told

pytestmark = pytest.mark.journey

KEPT = """async () => {
  const counts = [
    () => localStorage.length, () => sessionStorage.length,
    async () => (await caches.keys()).length, async () => (await indexedDB.databases()).length,
  ];
  // A browser that keeps frames of other sites from storing anything refuses even to say so.
  const told = await Promise.all(counts.map(async (count) => count()).map((it) => it.catch(() => 0)));
  return told.reduce((sum, count) => sum + count, 0);
}"""
"""How much the page has stored."""


@contextmanager
def foreign_page(frame: str) -> Iterator[str]:
    """Serve a page of another site that holds a frame; gives its address."""

    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(f"<!doctype html><title>Somebody's page</title><h1>My week</h1>{frame}".encode())

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        # Another host than the installation's 127.0.0.1: for browsers another site, whose frames get no cookies of ours.
        yield f"http://localhost:{server.server_port}/"
        server.shutdown()


def test_a_release_is_heard_in_a_foreign_page_and_nothing_stays(house: House, playwright, home):
    album = f"{house.url}/release/{house.release(house.album[0].album)}"
    with urlopen(f"{house.url}/oembed?url={album}", timeout=20) as answer:
        said = json.load(answer)
    with (
        foreign_page(said["html"]) as address,
        opened("chromium", playwright, home) as browser,
    ):
        browser.visit(address)
        page = browser.page
        frame = page.frame_locator("iframe")
        toggle = frame.locator("[data-do=toggle]")
        inner = next(it for it in page.frames if it != page.main_frame)
        with page.expect_response(lambda it: it.url.endswith("/preview")) as asked:
            toggle.click()
        assert "cookie" not in asked.value.request.all_headers()
        grant = asked.value.json()["grant"]
        assert grant["preview"]
        length_ms = grant["window_ms"][1] - grant["window_ms"][0]
        assert 0 < length_ms < len(house.album[0].samples) * 1000 // 44_100
        inner.wait_for_function(
            "() => parseFloat(document.querySelector('[data-now=reach]').style.getPropertyValue('--lo')) > 5"
        )
        # One follows the other by itself.
        second = inner.locator("[data-piece]").nth(1)
        inner.wait_for_function(
            "() => document.querySelectorAll('[data-piece]')[1].ariaCurrent === 'true'", timeout=60_000
        )
        assert frame.locator("[data-now=line]").inner_text() == second.locator(".t").inner_text()
        toggle.click()
        inner.wait_for_function("() => document.querySelector('[data-do=toggle]').ariaLabel === 'Play'")
        assert page.context.cookies() == []
        assert inner.evaluate(KEPT) == 0


def test_the_frame_is_for_everybody(house: House, playwright, home):
    found = {}
    with opened("chromium", playwright, home) as browser:
        prepare(browser.page)
        for path in (
            f"/embed/release/{house.release(house.album[0].album)}",
            f"/embed/recording/{house.recording(house.long.title)}",
        ):
            browser.visit(house.url + path)
            found[path] = faults(browser.page)
            browser.visit(f"{house.url}{path}?language=zh-hans")
            found[f"{path} in Chinese"] = faults_in_the_dark(browser.page)
    assert not any(found.values()), told(found)
