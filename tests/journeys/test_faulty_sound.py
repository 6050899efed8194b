"""Sound that cannot be deciphered or decoded, and streams that are refused: the player mends it by itself, or says what is wrong and goes on when told."""

import json

import pytest
from journeys.browsers import opened, wait_for
from journeys.playing import TIMELINE_STARTS, open_page, press_play, still_playing, wait_until_past

pytestmark = pytest.mark.journey

SEGMENTS = "**/s/**"
TITLE = "document.querySelector('#player [data-now=trouble-title]').textContent"
SAYS = "[...document.querySelectorAll('[data-now=trouble]')].some((it) => it.checkVisibility())"
BROKEN = """
    window.broken = 0;
    window.breaking = 0;
    window.rubbish = [];
    const append = SourceBuffer.prototype.appendBuffer;
    SourceBuffer.prototype.appendBuffer = function (bytes) {
        const view = new Uint8Array(bytes.buffer ?? bytes, bytes.byteOffset ?? 0, bytes.byteLength);
        if (window.breaking > 0 && view.length > 1000) {
            window.breaking -= 1;
            window.broken += 1;
            view.set(window.rubbish);
        }
        return append.call(this, bytes);
    };
"""


@pytest.fixture
def tab(playwright, home):
    with opened("chromium", playwright, home, free_autoplay=True) as browser:
        browser.page.add_init_script(BROKEN)
        yield browser


RUBBISH = {
    # A box of a kind that there is not: the parser gives up at once, and the element with it.
    "unknown": [0, 0, 0, 8, 1, 2, 3, 4],
    # One that goes on far beyond what comes: the parser waits for the rest, and nobody says that anything is wrong.
    "endless": [7, 7, 7, 7, *b"mdat"],
}


@pytest.fixture(params=RUBBISH)
def rubbish(request):
    """What a segment's sound is replaced with, as a script."""
    return f"window.rubbish = {json.dumps(RUBBISH[request.param])};"


def begin(tab, house):
    """Press play on the first of twelve."""
    open_page(tab, f"{house.url}/release/{house.release('Twelve Odd Lengths')}")
    tab.run("window.stayed = true; return 0;")
    tab.press("main :is([data-play], [data-play-index])")


def spoiled(body):
    """Ciphertext whose last block, which holds the padding, is another one."""
    return body[:-16] + bytes(byte ^ 0x5A for byte in body[-16:])


def test_a_segment_that_no_decoder_takes_is_fetched_anew(tab, house, rubbish):
    press_play(tab, f"{house.url}/recording/{house.recording(house.long.title)}")
    tab.run("window.stayed = true; return 0;")
    wait_until_past(tab, TIMELINE_STARTS + 1)
    tab.run(f"{rubbish} window.breaking = 1; return 0;")
    wait_for(tab, "window.broken === 1", what="a segment being broken")
    wait_for(
        tab, "window.alpheus.position > 16 && window.alpheus.state === 'playing'", what="playing past it"
    )
    assert tab.run("return window.alpheus.trouble;") is None
    assert tab.run("return window.stayed;"), "without loading the page again"


def test_a_segment_that_its_key_does_not_open_is_fetched_anew(tab, house):
    spoils = []

    def spoil_one(route):
        answer = route.fetch()
        body = answer.body()
        if answer.ok and len(spoils) < 1:
            spoils.append(route.request.url)
            body = spoiled(body)
        route.fulfill(response=answer, body=body)

    tab.page.route(SEGMENTS, spoil_one)
    press_play(tab, f"{house.url}/recording/{house.recording(house.long.title)}")
    tab.run("window.stayed = true; return 0;")
    wait_for(tab, "window.alpheus.position > 6", what="playing past it")
    assert spoils, "a segment was spoiled"
    assert tab.run("return window.alpheus.trouble;") is None
    assert tab.run("return window.stayed;"), "without loading the page again"


def told_of(tab, rubbish):
    """Have nothing decoded any more, until the page says so."""
    tab.run(f"{rubbish} window.breaking = Infinity; return 0;")
    wait_for(
        tab,
        f"window.alpheus.trouble === 'decoder' && {SAYS}",
        seconds=60,
        what="the page says that it cannot",
    )
    assert tab.run(f"return {TITLE};") == "This browser could not decode the sound"
    tab.run("window.breaking = 0; return 0;")


def sounds_again(tab):
    still_playing(tab)
    assert tab.run("return window.alpheus.trouble;") is None
    assert not tab.run(f"return {SAYS};")
    assert tab.run("return window.stayed;"), "without loading the page again"


def test_sound_that_cannot_be_decoded_at_all_is_told_and_tried_again_when_asked(tab, house, rubbish):
    begin(tab, house)
    wait_until_past(tab, TIMELINE_STARTS + 1)
    told_of(tab, rubbish)
    where = "[window.alpheus.recording, Math.round(window.alpheus.position)]"
    stood = tab.run(f"return {where};")
    tab.press("[data-now=trouble-retry]:visible")
    wait_for(tab, "!window.alpheus.element.paused && window.alpheus.state === 'playing'")
    assert tab.run(f"return {where};")[0] == stood[0], "on from where it was"
    sounds_again(tab)


def test_after_sound_that_cannot_be_decoded_the_next_piece_plays(tab, house, rubbish):
    begin(tab, house)
    wait_until_past(tab, TIMELINE_STARTS + 1)
    told_of(tab, rubbish)
    before = tab.run("return window.alpheus.recording;")
    tab.run("document.querySelector('#player [data-do=next]').click(); return 0;")
    wait_for(
        tab,
        f"window.alpheus.recording !== '{before}' && window.alpheus.position > 1",
        what="the next one sounds",
    )
    sounds_again(tab)


def refuse(route):
    problem = {"title": "Damaged", "code": "segment_corrupt", "detail": "What is stored of this is damaged."}
    route.fulfill(
        status=500,
        content_type="application/problem+json",
        headers={"Access-Control-Allow-Origin": "*"},
        body=json.dumps(problem),
    )


def test_a_refused_stream_is_told_and_the_next_piece_plays(tab, house):
    tab.page.route(SEGMENTS, refuse)
    begin(tab, house)
    first = house.recording(house.album[0].title)
    wait_for(tab, f"window.alpheus.trouble === 'refused' && {SAYS}", what="the page says that it is refused")
    assert tab.run(f"return {TITLE};") == "This cannot be played here"
    assert "What is stored of this is damaged." in str(tab.run("return document.body.innerText;"))
    assert tab.run("return window.alpheus.recording;") == first.replace("-", "")
    tab.page.unroute(SEGMENTS)
    tab.run("document.querySelector('#player [data-do=next]').click(); return 0;")
    second = house.recording(house.album[1].title).replace("-", "")
    wait_for(
        tab,
        f"window.alpheus.recording === '{second}' && window.alpheus.position > 1",
        what="the next one sounds",
    )
    assert tab.run("return window.alpheus.trouble;") is None
    assert not tab.run(f"return {SAYS};")
