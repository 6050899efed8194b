"""An iPhone's ManagedMediaSource, which says when it wants more: Chromium is given one in place of its MediaSource."""

import pytest
from journeys.browsers import opened, wait_for
from journeys.playing import TIMELINE_STARTS, press_play, wait_until_past

pytestmark = pytest.mark.journey

ONLY_MANAGED = """
    const Own = window.MediaSource;
    window.sources = [];
    window.ManagedMediaSource = class ManagedMediaSource extends Own {
        #streaming = false;
        constructor() {
            super();
            window.sources.push(this);
            this.addEventListener("sourceopen", () => this.want(true), { once: true });
        }
        get streaming() {
            return this.#streaming;
        }
        want(more) {
            this.#streaming = more;
            this.dispatchEvent(new Event(more ? "startstreaming" : "endstreaming"));
        }
    };
    delete window.MediaSource;
"""
APPENDED = "window.alpheus.stats.segmentsAppended"
HELD_UNTIL = "(() => { const { buffered } = window.alpheus.element; return buffered.length ? buffered.end(buffered.length - 1) : 0; })()"


@pytest.fixture
def phone(playwright, home):
    with opened("chromium", playwright, home, free_autoplay=True) as browser:
        browser.page.add_init_script(ONLY_MANAGED)
        yield browser


def test_it_plays_by_a_managed_source_and_fetches_only_when_that_wants_more(phone, house):
    press_play(phone, f"{house.url}/recording/{house.recording(house.long.title)}")
    assert phone.run("return typeof MediaSource;") == "undefined"
    wait_until_past(phone, TIMELINE_STARTS + 1)
    assert phone.run("return window.alpheus.element.disableRemotePlayback;") is True, (
        "else an iPhone opens none"
    )
    assert phone.run("return window.sources.length;") == 1
    phone.run("window.sources[0].want(false); return 0;")
    # What is on its way still comes; then nothing does, though less is held than is kept ahead otherwise.
    wait_for(
        phone, f"{HELD_UNTIL} - window.alpheus.element.currentTime < 3", what="what is held becoming little"
    )
    held = phone.run(f"return {APPENDED};")
    wait_for(phone, f"{HELD_UNTIL} - window.alpheus.element.currentTime < 1", what="it becoming less")
    assert phone.run(f"return {APPENDED};") == held
    phone.run("window.sources[0].want(true); return 0;")
    wait_for(phone, f"{APPENDED} > {held}", what="fetching as soon as more is wanted")
    wait_until_past(phone, float(phone.run(f"return {HELD_UNTIL};")) - 0.5)
    assert not phone.errors
