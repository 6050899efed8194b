"""A seek lands within a sample of where it was asked to, forwards, backwards, in and out of what is in memory."""

import json

import pytest
from journeys import capture
from journeys.browsers import opened, wait_for
from journeys.playing import PLAY, TIMELINE_STARTS, move_to, open_page, press_own, wait_until_past
from journeys.recordings import LONG_LENGTH, RATE_HZ

pytestmark = pytest.mark.journey

STRETCH = 16_384
SETTLE = 2_048  # the first AAC frame after a seek carries aliasing (FORMAT §3): compared from here on

# In samples: near and far, before and behind, mid-segment and on a segment's edge, at the very start.
TARGETS = (523_457, 1_400_009, 176_128 * 3 - 1024, 88_211, 0)


def test_a_seek_lands_within_a_sample(browser_name, playwright, house, sound_device, home):
    recording = house.recording(house.long.title)
    with opened(
        browser_name, playwright, home, sound=sound_device, free_autoplay=True, bypass_csp=True
    ) as browser:
        ear = capture.Ear(browser)
        open_page(browser, f"{house.url}/recording/{recording}")
        ear.start()
        browser.press(PLAY)
        wait_until_past(browser, TIMELINE_STARTS + 0.5)
        sounds = {target: sought(browser, ear, target) for target in TARGETS}
    for target, sound in sounds.items():
        begin = capture.first_sound(sound)
        known = house.long.left[target + SETTLE : target + SETTLE + STRETCH]
        place, likeness = capture.place_near(sound, known, begin + SETTLE)
        off = place - SETTLE - begin
        assert likeness > 0.9, f"{target}: not what lies there: {likeness:.3f} at {off:+.1f} samples"
        assert abs(off) <= 1, f"{target}: the seek landed {off:+.2f} samples off"


def sought(browser, ear, target):
    """What is heard from a seek on."""
    assert target < LONG_LENGTH - 3 * STRETCH
    browser.run("document.querySelector('audio').pause(); return 0;")
    seek(browser, target / RATE_HZ)
    ear.forget()
    browser.run("await new Promise((done) => setTimeout(done, 900)); return 0;")
    wait_for(browser, "window.heard.length > 0")
    browser.run("await document.querySelector('audio').play(); return 0;")
    wait_until_past(browser, TIMELINE_STARTS + target / RATE_HZ + 1.2)
    browser.run("await new Promise((done) => setTimeout(done, 600)); return 0;")
    return ear.heard()


def seek(browser, seconds):
    """Move the player's own slider, to a place finer than its usual steps, and wait until the element is there."""
    browser.run(
        f"""
        const slider = document.querySelector("#player [data-do=seek]");
        slider.step = "any";
        slider.value = {seconds!r};
        slider.dispatchEvent(new Event("input", {{ bubbles: true }}));
        slider.dispatchEvent(new Event("change", {{ bubbles: true }}));
        return 0;
        """
    )
    wait_for(
        browser,
        f"Math.abs(window.alpheus.position - {seconds!r}) < 0.01 && !window.alpheus.element.seeking"
        " && window.alpheus.element.readyState >= 3",
        what=f"landing at {seconds:.3f} s",
    )


NOW = "document.querySelector('#player [data-now=title]').textContent"
HELD_BACK = """
    const { fetch } = window;
    window.fetch = async (asked, options) => {
        const answer = await fetch(asked, options);
        if (window.hold && String(asked).endsWith("/api/v1/play")) await new Promise((tell) => { window.tell = tell; });
        return answer;
    };
"""


def test_who_seeks_before_the_first_sound_hears_it_from_there(playwright, house, home):
    with opened("chromium", playwright, home, free_autoplay=True) as browser:
        browser.page.add_init_script(HELD_BACK)
        open_page(browser, f"{house.url}/recording/{house.recording(house.long.title)}")
        for title in (
            house.long.title,
            house.album[0].title,
        ):  # how long a piece is must be known to seek in it
            press_own(browser, play={"queue": [house.recording(title)], "index": 0})
            wait_for(browser, f"{NOW} === {json.dumps(title)} && window.alpheus.state === 'playing'")
        browser.run("window.hold = true; return 0;")
        press_own(browser, play={"queue": [house.recording(house.long.title)], "index": 0})
        wait_for(browser, "!!window.tell && window.alpheus.state === 'starting'")
        move_to(browser, 20)
        assert browser.run("return window.alpheus.position;") == 20
        browser.run("window.tell(); return 0;")
        wait_for(browser, "window.alpheus.state === 'playing' && window.alpheus.position > 20.3")
        assert browser.run("return window.alpheus.position;") < 26, "from there, not from before"
        assert not browser.errors
