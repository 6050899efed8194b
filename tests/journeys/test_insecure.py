"""On a plain http address of the local network the browser has no WebCrypto: music sounds all the same, and the page says how to mend it."""

import pytest
from journeys.browsers import opened, wait_for
from journeys.conftest import LAN_HOST
from journeys.playing import TIMELINE_STARTS, press_play, wait_until_past

pytestmark = pytest.mark.journey

CHUNKS = """(
    performance.getEntriesByType("resource").map(({ name }) => new URL(name).pathname)
      .filter((path) => /[/]chunks[/](fallback|insecure)-/.test(path)).map((path) => path.match(/(fallback|insecure)-/)[1])
)"""
NOTE = "document.querySelector('[data-now=insecure]')"


@pytest.fixture
def phone(playwright, home):
    """A phone that finds the house under a name of the local network."""
    flags = [f"--host-resolver-rules=MAP {LAN_HOST} 127.0.0.1"]
    with opened("chromium", playwright, home, free_autoplay=True, flags=flags) as browser:
        yield browser


@pytest.fixture(params=["ladder", "braid", "tide"])
def strategy(request, house):
    house.installation.command("strategies", "force", request.param)
    yield request.param
    house.installation.command("strategies", "draw")


def test_music_sounds_where_the_browser_deciphers_nothing(strategy, phone, house):
    at_home = house.url.replace("127.0.0.1", LAN_HOST)
    press_play(phone, f"{at_home}/recording/{house.recording(house.long.title)}")
    assert phone.run("return [isSecureContext, typeof crypto.subtle];") == [False, "undefined"]
    wait_until_past(
        phone, TIMELINE_STARTS + 5
    )  # into the second segment: the first one's end was deciphered as well
    wait_for(phone, "window.alpheus.stats.segmentsAppended > 1")
    fetched = phone.run(f"return {CHUNKS};")
    assert "fallback" in fetched, "what deciphers segments here is loaded only here"
    assert strategy == "ladder" or "insecure" in fetched, "so is what the strategy needs"
    assert phone.run("return window.alpheus.trouble;") is None
    phone.press("#player a[href$='/playing']")
    wait_for(phone, f"{NOTE}?.checkVisibility()", what="the page says that it is not encrypted")
    told = phone.run(f"return {NOTE}.textContent;")
    assert "ALPHEUS_TLS_CERTIFICATE" in told
    assert "ALPHEUS_TLS_KEY" in told
    assert not phone.errors


def test_on_this_machine_nothing_of_it_is_loaded_or_said(playwright, home, house):
    with opened("chromium", playwright, home, free_autoplay=True) as browser:
        press_play(browser, f"{house.url}/recording/{house.recording(house.long.title)}")
        wait_until_past(browser, TIMELINE_STARTS + 1)
        assert browser.run(f"return {CHUNKS};") == []
        browser.press("#player a[href$='/playing']")
        wait_for(browser, f"!!{NOTE} && document.querySelector('[data-now=full]').checkVisibility()")
        assert not browser.run(f"return {NOTE}.checkVisibility();")
