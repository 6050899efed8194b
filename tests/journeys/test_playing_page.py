"""The now-playing page while music plays: its words as they are sung, its waveform, and the system's own controls."""

import json
import subprocess
import sys

import pytest
from journeys.browsers import opened, wait_for
from journeys.playing import TIMELINE_STARTS, open_page, press_play, wait_until_past

pytestmark = pytest.mark.journey

WORDS = """
import sys
import django; django.setup()
from alpheus.catalogue.models import Recording
from alpheus.catalogue.set_lyrics import set_lyrics
set_lyrics(recording=Recording.objects.get(gid=sys.argv[1]), text=sys.argv[2], language="en")
"""
PICTURE = """
import io, sys
import django; django.setup()
from PIL import Image
from alpheus.catalogue.keep_cover import keep_cover
from alpheus.catalogue.models import Release
from alpheus.config import wiring
image = io.BytesIO()
Image.new("RGB", (900, 900), (30, 90, 120)).save(image, "PNG")
cover = keep_cover(image.getvalue(), blobs=wiring.blobs()) if sys.argv[2] else None
Release.objects.filter(gid=sys.argv[1]).update(cover=cover)
"""
LINES = ("The kettle sings", "Rain on the sill", "", "A longer walk", "And home again")
TIMES = (1, 3, 5, 20, 40)
LRC = "\n".join(f"[00:{at:02}.00]{line}" for at, line in zip(TIMES, LINES, strict=True))
SUNG = "document.querySelector('[data-now=lyrics] [aria-current=true]')"
CAPTURED = """
    window.actions = {};
    const own = navigator.mediaSession.setActionHandler;
    navigator.mediaSession.setActionHandler = function (action, handler) {
        window.actions[action] = handler;
        return own.call(navigator.mediaSession, action, handler);
    };
"""


@pytest.fixture
def tab(playwright, home):
    with opened("chromium", playwright, home, free_autoplay=True) as browser:
        browser.page.add_init_script(CAPTURED)
        yield browser


def do_there(house, script, *arguments):
    environment = house.installation.environment | {"DJANGO_SETTINGS_MODULE": "alpheus.config.django"}
    subprocess.run([sys.executable, "-c", script, *arguments], env=environment, check=True)


@pytest.fixture
def sung(house):
    """The long recording's gid, while it has words with times."""
    gid = house.recording(house.long.title)
    do_there(house, WORDS, gid, LRC)
    yield gid
    do_there(house, WORDS, gid, "")


@pytest.fixture
def pictured(house):
    """The album's gid, while it has a cover."""
    gid = house.release("Twelve Odd Lengths")
    do_there(house, PICTURE, gid, "with")
    yield gid
    do_there(house, PICTURE, gid, "")


def test_words_follow_the_music_and_lead_to_where_they_are_sung(tab, house, sung):
    press_play(tab, f"{house.url}/recording/{sung}")
    tab.press("#player a[href$='/playing']")
    for line, until in ((LINES[0], 3), (LINES[1], 5)):
        wait_for(tab, f"{SUNG}?.textContent === {json.dumps(line)}", what=f"“{line}” being sung")
        assert until - 2.2 < tab.run("return window.alpheus.position;") < until + 1
    shown = tab.run(
        "return [...document.querySelector('[data-now=lyrics]').children].map((it) => it.textContent.trim());"
    )
    assert shown == list(LINES)
    assert tab.run("return document.querySelector('[data-now=lyrics]').lang;") == "en"
    tab.press(f"[data-now=lyrics] button:has-text('{LINES[3]}')")
    wait_for(
        tab, f"{SUNG}?.textContent === {json.dumps(LINES[3])}", what="the line that was pressed being sung"
    )
    assert 20 <= tab.run("return window.alpheus.position;") < 30
    wait_until_past(tab, TIMELINE_STARTS + 21)
    before = (
        "[...document.querySelector('[data-now=lyrics]').children].map((it) => it.classList.contains('sung'))"
    )
    assert tab.run(f"return {before};") == [True, True, True, False, False]
    assert not tab.errors


def test_the_waveform_is_drawn_of_what_plays(tab, house, sung):
    press_play(tab, f"{house.url}/recording/{sung}")
    tab.press("#player a[href$='/playing']")
    wave = "document.querySelector('[data-playing-page] [data-now=wave]').getAttribute('d')"
    wait_for(tab, f"document.querySelector('[data-playing-page] [data-now=wave]') && {wave}.length > 0")
    path = str(tab.run(f"return {wave};"))
    assert path.count("M") >= 100, "a stroke for each hundredth"
    strokes = {stroke.strip() for stroke in path.split("M") if stroke}
    heights = {stroke.partition("V")[2] for stroke in strokes}
    assert len(heights) > 5, "they differ as the music does"


def test_the_systems_own_controls_show_what_plays_and_act_on_it(tab, house, pictured):
    open_page(tab, f"{house.url}/release/{pictured}")
    tab.press("main :is([data-play], [data-play-index])")
    first, second = house.album[:2]
    titled = "navigator.mediaSession.metadata?.title"
    wait_for(tab, f"{titled} === {json.dumps(first.title)}")
    wait_until_past(tab, TIMELINE_STARTS + 0.5)
    shown = tab.run("const { artist, album } = navigator.mediaSession.metadata; return [artist, album];")
    assert shown == ["The Test Tones", first.album]
    assert tab.run("return navigator.mediaSession.playbackState;") == "playing"
    artwork = tab.run(
        "return navigator.mediaSession.metadata.artwork.map(({ src, sizes, type }) => [src, sizes, type]);"
    )
    assert artwork
    for source, sizes, kind in artwork:
        width = tab.run(
            f"const image = new Image(); image.src = {json.dumps(source)}; await image.decode(); return image.naturalWidth;"
        )
        assert (sizes, kind) == (f"{width}x{width}", "image/jpeg"), "each is there, and as large as it says"
    act = "window.actions.{}; return 0;".format
    tab.run(act("seekto({ seekTime: 3 })"))
    wait_for(tab, "window.alpheus.position >= 3")
    tab.run(act("seekbackward({ seekOffset: 2 })"))
    wait_for(tab, "window.alpheus.position < 2.9")
    tab.run(act("nexttrack({})"))
    wait_for(tab, f"{titled} === {json.dumps(second.title)} && window.alpheus.state === 'playing'")
    tab.run(act("previoustrack({})"))
    wait_for(tab, f"{titled} === {json.dumps(first.title)} && window.alpheus.state === 'playing'")
    tab.run(act("pause({})"))
    wait_for(tab, "window.alpheus.element.paused && navigator.mediaSession.playbackState === 'paused'")
    tab.run(act("seekforward({ seekOffset: 1 })"))
    tab.run(act("play({})"))
    wait_for(tab, "!window.alpheus.element.paused && navigator.mediaSession.playbackState === 'playing'")
    assert not tab.errors
