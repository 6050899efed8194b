"""A weak network: music starts and never stalls on 3G; without any the page says so, and goes on by itself after."""

import json

import pytest
from journeys.browsers import opened, wait_for
from journeys.playing import TIME, open_page, press_play, wait_until_past

pytestmark = pytest.mark.journey

THIRD_GENERATION = {"latency": 300, "downloadThroughput": 1_600_000 / 8, "uploadThroughput": 750_000 / 8}
UNBOUNDED = {"latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
# A stall with sound still held ahead is the machine's, whose decoder found no time, not the network's.
STALLS = """
window.stalls = [];
const audio = document.querySelector('audio');
audio.addEventListener('playing', () => {
    window.soundsAfter ??= performance.now() - window.pressedAt;
    audio.addEventListener('waiting', () => {
        if (audio.seeking) return;
        const { buffered, currentTime } = audio;
        const ahead = [...Array(buffered.length).keys()]
            .filter((at) => buffered.start(at) <= currentTime)
            .map((at) => buffered.end(at) - currentTime);
        if (Math.max(0, ...ahead) < 1) stalls.push([currentTime, ...ahead]);
    });
}, { once: true });
document.addEventListener('click', () => { window.pressedAt = performance.now(); }, { once: true, capture: true });
return 0;
"""
TROUBLE = "document.querySelector('[data-now=trouble-title]')"


@pytest.fixture
def tab(playwright, house, home):
    """A phone that asks for AAC 64, and its network."""
    with opened("chromium", playwright, home, free_autoplay=True) as browser:
        kept = json.dumps({"volume": 1, "muted": False, "quality": "aac-64"})
        browser.page.add_init_script(f"localStorage.setItem('alpheus.player', {kept!r});")
        network = browser.page.context.new_cdp_session(browser.page)
        network.send("Network.enable")

        def conditions(*, offline=False, **link):
            network.send("Network.emulateNetworkConditions", {"offline": offline, **(link or UNBOUNDED)})

        yield browser, conditions


def test_3g_starts_and_never_stalls(tab, house):
    """How long it took from press to sound is printed; its bar stands in `benchmarks/play.py`."""
    browser, conditions = tab
    open_page(browser, f"{house.url}/recording/{house.recording(house.long.title)}")
    conditions(**THIRD_GENERATION)
    browser.run(STALLS)
    browser.press("main [data-play], main [data-play-index]")
    wait_until_past(browser, 28)
    taken = browser.run("return window.soundsAfter;")
    print(f"3G, AAC 64: {taken:.0f} ms from press to sound")  # noqa: T201 - `pytest -s` shows it
    assert browser.run("return alpheus.placements.map(({ rendition }) => rendition);") == ["aac-64"]
    assert browser.run("return window.stalls;") == [], "where it stalled, and what was held"


def test_without_network_the_page_says_so_and_goes_on_by_itself(tab, house):
    browser, conditions = tab
    press_play(browser, f"{house.url}/recording/{house.recording(house.long.title)}")
    wait_until_past(browser, 2)
    conditions(offline=True)
    wait_for(browser, "alpheus.trouble === 'offline'", seconds=40, what="the player knows")
    wait_for(
        browser, f"{TROUBLE}.checkVisibility() && {TROUBLE}.textContent.length > 0", what="the page says so"
    )
    stopped = float(str(browser.run(f"return {TIME};")))
    conditions()
    wait_until_past(browser, stopped + 3)
    assert browser.run("return alpheus.trouble;") is None
    assert not browser.run(f"return {TROUBLE}.checkVisibility();")
    assert not browser.errors


NOTHING_SAID = "Object.defineProperty(navigator, 'connection', { value: undefined });"
"""As Firefox and Safari: a browser that says nothing of its network."""
NARROW = {"latency": 100, "downloadThroughput": 75_000 / 8, "uploadThroughput": 75_000 / 8}


def test_a_piece_that_starves_goes_on_in_the_small_rendition(playwright, house, home):
    with opened("chromium", playwright, home, free_autoplay=True) as browser:
        browser.page.add_init_script(NOTHING_SAID)
        network = browser.page.context.new_cdp_session(browser.page)
        network.send("Network.enable")
        press_play(browser, f"{house.url}/recording/{house.recording(house.long.title)}")
        wait_until_past(browser, 1)
        rendition = "alpheus.placements.at(-1)?.rendition"
        assert browser.run(f"return {rendition};") == "aac-128", "good quality until it proves too much"
        network.send("Network.emulateNetworkConditions", {"offline": False, **NARROW})
        wait_for(browser, f"{rendition} === 'aac-64'", seconds=60, what="the small rendition")
        begun = float(str(browser.run(f"return {TIME};")))
        wait_until_past(browser, begun + 3)
        assert browser.run(f"return {rendition};") == "aac-64", "and stays there while it is narrow"
        assert not browser.errors
