"""A musician chooses in the studio what their shop shows first, and the picture above its name; a listener sees it there and hears it."""

from uuid import uuid4

import pytest
from journeys import every_page
from journeys.browsers import opened, wait_for
from journeys.inspection import faults, faults_in_the_dark, faults_when_wide, prepare
from journeys.playing import wait_until_past
from journeys.test_applying import follow
from PIL import Image, ImageDraw

pytestmark = pytest.mark.journey

KEPT = "document.querySelector('main').innerText.includes('Your shop is kept as you wrote it.')"


def choose(phone, house, *, label=None):
    """Have a track shown first, or nothing in particular; the gid of what was chosen."""
    page = phone.page
    page.goto(f"{house.url}/studio/shop")
    if label is None:
        page.select_option("#thing", "")
    else:
        page.select_option("#thing", value=_recording(page, label))
    page.locator("#featured button", has_text="Show it first").tap()
    wait_for(phone, KEPT)
    return page.locator("#thing").input_value()


def _recording(page, label):
    """The value of the option that begins with a title: what is a release is said to be whole."""
    return page.locator("#thing option", has_text=label).first.get_attribute("value")


def test_what_is_chosen_comes_first_and_is_heard(playwright, house, home):
    for folder in "ab":
        (home / folder).mkdir()
    staged = every_page.stage(house, f"{uuid4().hex[:12]}@featured.example")
    shop = f"{house.url}/@{staged.routes['@{handle}']}"
    with (
        opened("chromium", playwright, home / "a") as phone,
        opened("chromium", playwright, home / "b", free_autoplay=True) as guest,
    ):
        prepare(guest.page)
        guest.visit(shop)
        assert guest.page.locator("#featured").count() == 0
        follow(phone.page, house.url + staged.link)
        chosen = choose(phone, house, label="1 雨夜の電車")
        guest.visit(shop)
        first = guest.page.locator("#featured")
        assert first.locator("a").first.get_attribute("href") == f"/recording/{chosen}"
        assert "1 雨夜の電車" in first.inner_text()
        assert guest.page.locator("main section").first.get_attribute("id") == "featured"
        assert faults(guest.page) == []
        guest.press("#featured [data-play]")
        wait_until_past(guest, 1)
        assert guest.run("return window.alpheus.recording;") == chosen.replace("-", "")
        choose(phone, house)
        guest.visit(shop)
        assert guest.page.locator("#featured").count() == 0
        for browser in (phone, guest):
            assert not browser.errors


HEADER = """(() => { const it = document.querySelector('main img.banner'); if (!it?.complete || !it.naturalWidth) return null;
    const box = it.getBoundingClientRect(), name = document.querySelector('h1').getBoundingClientRect();
    return { natural: it.naturalWidth / it.naturalHeight, shown: box.width / box.height, left: box.left, right: box.right,
             wide: document.documentElement.clientWidth, over: name.top < box.bottom, source: it.currentSrc }; })()"""


def wide_picture(folder):
    """A photograph's stand-in: a light sky over a dark sea, a sun in its middle."""
    image = Image.new("RGB", (2600, 1500), (150, 190, 225))
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 900, 2600, 1500), fill=(20, 50, 90))
    pen.ellipse((1150, 600, 1450, 900), fill=(250, 200, 90))
    image.save(folder / "sea.png")
    return folder / "sea.png"


def test_a_header_picture_is_given_seen_on_every_screen_and_taken_away(playwright, house, home):
    for folder in "ab":
        (home / folder).mkdir()
    staged = every_page.stage(house, f"{uuid4().hex[:12]}@header.example")
    shop = f"{house.url}/@{staged.routes['@{handle}']}"
    with (
        opened("chromium", playwright, home / "a") as phone,
        opened("chromium", playwright, home / "b") as guest,
    ):
        for browser in (phone, guest):
            prepare(browser.page)
        follow(phone.page, house.url + staged.link)
        phone.page.goto(f"{house.url}/studio/shop")
        (home / "no.png").write_bytes(b"<svg/>")
        phone.page.set_input_files("#header-image", home / "no.png")
        phone.page.locator("#header button", has_text="Keep the picture").tap()
        wait_for(phone, "document.querySelector('#header-error')?.innerText.includes('at least 320 pixels')")
        phone.page.set_input_files("#header-image", wide_picture(home))
        phone.page.locator("#header button", has_text="Keep the picture").tap()
        wait_for(phone, KEPT)
        assert faults(phone.page) == []
        for width, height in ((1440, 900), (844, 390), (390, 844), (320, 640)):
            guest.page.set_viewport_size({"width": width, "height": height})
            guest.visit(shop)
            seen = wait_for(guest, HEADER)
            assert abs(seen["natural"] - 2) < 0.01
            assert 1.9 < seen["shown"] < 4.5, (width, seen)
            assert not seen["over"], "nothing is written over it"
            assert seen["right"] <= seen["wide"] + 0.5
            assert seen["source"].endswith(".avif")
            if width < 900:
                assert (seen["left"], round(seen["right"])) == (0, seen["wide"])
        assert [*faults(guest.page), *faults_in_the_dark(guest.page), *faults_when_wide(guest.page)] == []
        phone.page.locator("#header button", has_text="Remove the picture").tap()
        wait_for(phone, f"{KEPT} && !document.querySelector('#header img')")
        guest.visit(shop)
        assert guest.page.locator("main img.banner").count() == 0
