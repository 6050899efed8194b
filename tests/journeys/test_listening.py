"""Music goes on whatever a listener does: walking through pages, changing the language, a restarted server."""

import json

import pytest
from journeys.browsers import opened, wait_for
from journeys.playing import TIME, press_play, still_playing, wait_until_past

pytestmark = pytest.mark.journey

MAIN = "document.querySelector('main').innerText"


@pytest.fixture
def browser(browser_name, playwright, sound_device, home):
    with opened(browser_name, playwright, home, sound=sound_device) as running:
        yield running


@pytest.fixture
def playing(browser, house):
    """A browser in which the long piece has been playing for a moment, started by a press alone."""
    press_play(browser, f"{house.url}/recording/{house.recording(house.long.title)}")
    wait_until_past(browser, 1.3)
    browser.run("window.neverReloaded = true; return 0;")
    return browser


def test_the_player_says_what_plays(playing, house):
    wait_for(
        playing, f"document.querySelector('[data-now=title]').innerText === {json.dumps(house.long.title)}"
    )
    before = playing.run(f"return {TIME};")
    playing.press("#player [data-do=toggle]")
    wait_for(playing, "document.querySelector('audio').paused")
    playing.press("#player [data-do=toggle]")
    wait_until_past(playing, before + 0.5)


def test_now_playing_says_who_did_what(playing, house):
    """The house's music credits nobody beyond its artist, so that the recording's page is given some."""
    address = f"/recording/{house.recording(house.long.title)}"
    playing.run(
        """
        const real = window.fetch, [address] = arguments;
        window.fetch = async (asked, ...more) => {
          const answer = await real(asked, ...more);
          if (!String(asked).endsWith(address)) return answer;
          const facts = '<dl id="credits"><div><dt>Drums</dt><dd><a href="/artist/1">Tove &amp; Co</a></dd></div></dl>';
          return new Response((await answer.text()).replace("</main>", `${facts}</main>`), { status: 200 });
        };
        return 0;
        """.replace("arguments", f"[{json.dumps(address)}]")
    )
    playing.press("#player .who a, #player a.who")
    wait_for(playing, "document.querySelector('[data-now=roles] dt')?.innerText === 'Drums'")
    assert playing.run("return document.querySelector('[data-now=roles] dd').innerText;") == "Tove & Co"


def test_walking_back_and_forth_does_not_stop_the_music(playing, house):
    start = playing.run("return location.href;")
    for place in ("search", "device", "home"):
        playing.press(f"#tabs a[data-nav={place}]")
        wait_for(playing, f"document.querySelector('#tabs [data-nav={place}]').ariaCurrent === 'page'")
        still_playing(playing)
    for _ in range(3):
        playing.run("history.back(); return 0;")
        still_playing(playing)
    wait_for(playing, f"location.href === {json.dumps(start)}")
    wait_for(playing, f"{MAIN}.includes({json.dumps(house.long.title)})")
    playing.run("history.forward(); return 0;")
    still_playing(playing)
    assert playing.run("return window.neverReloaded;")


def test_changing_the_language_does_not_stop_the_music(playing, house):
    playing.run("document.querySelector('button[name=language][lang=zh-Hans]').click(); return 0;")
    wait_for(playing, "document.documentElement.lang === 'zh-Hans'")
    wait_for(playing, f"/[\\u4e00-\\u9fff]/.test({MAIN})")
    still_playing(playing)
    assert playing.run("return window.neverReloaded;")


@pytest.mark.parametrize(
    "browser_name", ["firefox"], indirect=True
)  # test_killed does more than that to Chromium
def test_a_restarted_server_does_not_stop_the_music(playing, house):
    house.installation.stop()
    house.installation.start()
    wait_until_past(playing, 25, seconds=90)
    assert playing.run("return window.neverReloaded;")
    assert not playing.run("return document.querySelector('audio').paused;")


def test_signing_up_then_playing(browser, house):
    browser.visit(f"{house.url}/account/signup/")
    name = f"{browser.name}@listener.example"
    browser.run(
        f"""
        const form = document.querySelector("main form:has(input[name=email])");
        for (const input of form.querySelectorAll("input")) {{
          if (input.type === "email") input.value = {json.dumps(name)};
          else if (input.type === "password") input.value = "an unlikely pass phrase 77";
        }}
        return 0;
        """
    )
    browser.press("main form:has(input[name=email]) button:not([type=button])")
    wait_for(browser, "!location.pathname.startsWith('/account/signup')", what="signing up")
    press_play(browser, f"{house.url}/recording/{house.recording(house.album[0].title)}")
    wait_until_past(browser, 2)
    assert browser.run("return !!document.body.dataset.account;")
