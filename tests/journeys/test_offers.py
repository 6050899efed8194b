"""Prices set on a phone, seen by a guest who signs up and asks to be told, sales opened, the letter; and what is free is kept and sounds."""

import pytest
from journeys.browsers import opened, wait_for
from journeys.every_page import stage
from journeys.playing import wait_until_past

pytestmark = pytest.mark.journey

MUSICIAN, LISTENER = "plover@example.org", "listener@example.org"
SAYS = "document.querySelector('main').innerText.includes({!r})"


def set_price(page, *, which, kind, amount=""):
    """One price for many, by the form."""
    page.select_option("#which", which)
    page.locator(f"main label.pick:has(input[value={kind}])").tap()
    page.locator("#amount").fill(amount)
    page.locator("main button", has_text="Set this price").tap()


def set_told(count):
    return "1 price is set." if count == 1 else f"{count} prices are set."


def price_all(browser, house, link):
    """The releases get a minimum, the tracks are free; a slip is said, and nothing is lost by it."""
    page = browser.page
    page.goto(house.url + link)
    with page.expect_navigation():
        page.locator("main form button").first.tap()
    page.goto(f"{house.url}/studio/prices")
    every = page.locator("main li:has(input[name=thing])")
    tracks = every.filter(has_text="Track").count()
    releases = every.count() - tracks
    set_price(page, which="releases", kind="minimum", amount="1,5")
    wait_for(browser, SAYS.format("Nothing was changed yet."))
    assert page.locator("#amount").input_value() == "1,5"
    set_price(page, which="releases", kind="minimum", amount="1.5")
    wait_for(browser, SAYS.format(set_told(releases)))
    set_price(page, which="tracks", kind="free")
    wait_for(browser, SAYS.format(set_told(tracks)))
    assert every.filter(has_text="from ¥1.50").count() == releases


def ask_to_be_told(browser, house, shop):
    """As a guest, who signs up on the way and comes back to it done."""
    page = browser.page
    page.goto(f"{house.url}/@{shop}")
    single = page.locator("main .tile", has_text=f"Rain {shop}")
    assert "from CNY" in single.inner_text()
    single.locator("a").tap()
    wait_for(browser, "document.querySelector('#offer') !== null")
    page.locator("#offer button", has_text="Tell me when it is on sale").tap()
    wait_for(browser, "location.pathname === '/account/login/'")
    page.locator("main a[href*='signup']").first.tap()
    wait_for(browser, "location.pathname === '/account/signup/'")
    page.locator("main [name=email]").fill(LISTENER)
    page.locator("main [name=password1]").fill("four ordinary words do")
    page.locator("main form button").first.tap()
    wait_for(browser, SAYS.format("You get one letter when it is on sale."))


def keep_and_hear(browser, house):
    """Keep the track, which is free, and hear it from the library."""
    page = browser.page
    page.goto(house.url + page.locator("main .tracks a").first.get_attribute("href"))
    page.locator("#offer button", has_text="Keep it for free").tap()
    wait_for(browser, SAYS.format("It is yours."))
    page.locator("#offer a", has_text="Yours for ever").tap()
    wait_for(browser, "location.pathname === '/library/locker'")
    browser.press("main [data-play-index]")
    wait_until_past(browser, 1)


def test_from_a_price_to_the_letter(playwright, house, home):
    staged = stage(house, MUSICIAN)
    for name in ("a", "b"):
        (home / name).mkdir()
    with opened("chromium", playwright, home / "a") as phone:
        price_all(phone, house, staged.link)
        assert not phone.errors
    with opened("chromium", playwright, home / "b", free_autoplay=True) as listener:
        ask_to_be_told(listener, house, staged.routes["@{handle}"])
        said = house.installation.command("sales", "open", f"{house.url}/device", "--yes")
        assert "Listeners who wait to hear: 1" in said
        keep_and_hear(listener, house)
        letter = house.office.letter(to=LISTENER, subject="on sale")
        assert "Rain plover" in letter
        listener.page.goto(next(it for it in letter.split() if "/release/" in it))
        assert "Buy" in listener.page.locator("#offer").inner_text()
        assert not listener.errors
