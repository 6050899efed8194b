"""Every page there is, looked at once in each language: axe, small and wide, light and dark, zoomed, with fingers."""

from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

import pytest
from journeys.browsers import opened, pretend_fingers
from journeys.every_page import PASSWORD, STATUSES, Visitor, routes
from journeys.inspection import faults, faults_in_the_dark, faults_over, faults_when_wide, prepare, told
from journeys.pictures import Pictures
from journeys.playing import press_own, press_play, wait_until_past

pytestmark = pytest.mark.journey

MORE = ("/search?q=odd", "/search?q=lonjer+walc", "/search?q=qqqqxxxx", "/recordings?sort=title", "/nowhere")
"""Pages in states of their own."""
OVER_A_RELEASE = {
    "#more-sheet": ["main [data-more]"],
    "#add-sheet": ["main [data-more]", "#more-sheet [data-act=add]"],
    "#player-sheet": ["#player [data-do=sheet]"],
    ".toasts": ["main [data-more]", "#more-sheet [data-act=queue]"],
}
"""What opens over a page, and what is pressed for it."""
TURN_TO = """
(path) => new Promise((done) => {
    document.addEventListener("htmx:before:response", (event) => {
        const { status, raw } = event.detail.ctx.response;
        const shown = status !== 405 && !raw.redirected;
        if (!shown) event.preventDefault();
        else document.addEventListener("alpheus:page", () => done(status), { once: true });
        if (!shown) done(raw.redirected ? 302 : 405);
    }, { once: true });
    const link = document.querySelector("#tabs a[data-nav=home]");
    const href = link.getAttribute("href");
    link.setAttribute("href", path);
    link.click();
    link.setAttribute("href", href);
})
"""
"""Turn to a page as a link does; its status, 302 where it leads elsewhere, and then what was there stays."""


class Tour:
    """Goes through all pages as a member and as a guest, and remembers which routes it has seen."""

    def __init__(self, house, browser):
        self.browser, self.page = browser, browser.page
        self.visitor = Visitor(house, browser.page.context)
        self.wanted = {it.name: it for it in routes()}
        self.found = {}
        self.pictures = Pictures(self.page)
        prepare(self.page)
        self.speak("en")

    def speak(self, language):
        self.page.context.add_cookies([{"name": "language", "value": language, "url": self.visitor.url}])

    def look(self, path, *, status=200, around=False, state=""):
        """Turn to a page, and to it again in the other language; whether that was all there is for this visitor."""
        came = self.page.evaluate(TURN_TO, path)
        if came in {302, 405}:
            return came == 405
        assert came == status, f"{path}: {came}"
        self.pictures.take(path + state)
        self.found[path + state] = faults(self.page, around=around)
        self.speak("zh-hans")
        self.page.evaluate(TURN_TO, path)
        self.pictures.take(path + state, "zh-Hans")
        self.found[f"{path}{state} in Chinese"] = faults_in_the_dark(self.page, around=around)
        self.speak("en")
        return True

    def look_at_routes(self, names, values):
        """Look at those of these routes that show this visitor a page; they are not wanted any more."""
        for name in list(names):
            if self.look(self.wanted[name].address(values), status=STATUSES.get(name, 200)):
                del self.wanted[name]

    def as_member(self, staged):
        visitor = self.visitor
        visitor.sign_in(staged.link)
        values = visitor.furnish(self.page, staged)
        self.look_at_routes(["account_set_password"], values)
        visitor.set_password()
        self.look_at_routes(["mfa_activate_totp"], values)
        visitor.set_two_steps()
        values["account/2fa/webauthn/keys/{pk}"] = self.add_passkey()
        self.look_at_routes(self.wanted, values)
        visitor.post("/studio", to="/shop/choose", shop=values["label's shop"])
        self.look_at_routes(self.wanted, values)
        for path in ("/studio", "/studio/shop", "/studio/prices"):
            self.look(path, state=", of a label")
        for path in staged.more:
            self.look(path, state=", staged")
        waiting = f"/office/audit/{values['office/audit/{gid}']}"
        visitor.post(waiting, to="/decide", event="refuse", reason="unfit", words="Not in this house.")
        self.look(waiting, state=", refused")
        return values

    def add_passkey(self):
        """Have a passkey, of a device that this browser pretends to have; its number."""
        pretend_fingers(self.page)
        self.page.goto(f"{self.visitor.url}/account/2fa/webauthn/add/")
        self.page.locator("main form[data-passkey=add] button").click()
        self.page.wait_for_url("**/2fa/")
        self.page.goto(f"{self.visitor.url}/account/2fa/webauthn/")
        edit = self.page.locator("main a[href$='/edit/']").first.get_attribute("href")
        return edit.split("/")[-3]

    def as_guest(self):
        self.page.goto(self.visitor.url)
        self.look("/", around=True)
        self.found["/, wide"] = faults_when_wide(self.page)
        for path in MORE:
            self.look(path, status=404 if path == "/nowhere" else 200)

    def while_it_plays(self, values):
        release = f"/release/{values['release/{gid}']}"
        press_play(self.browser, self.visitor.url + release)
        wait_until_past(self.browser, 1.5)
        self.look("/playing", around=True, state=" while it plays")
        self.found["/playing, wide"] = faults_when_wide(self.page)
        self.page.evaluate(TURN_TO, release)
        self.open_sheets(values)
        self.speak("zh-hans")
        self.page.goto(self.visitor.url + release)
        self.open_sheets(values, " in Chinese")
        self.speak("en")

    def open_sheets(self, values, state=""):
        """Look at what opens over a release's page, which is open, and over a playlist's."""
        for over, buttons in OVER_A_RELEASE.items():
            self.press(*buttons)
            self.look_over(over, state)
        press_own(self.browser, do="keys")
        self.look_over("#keys-sheet", state)
        self.page.evaluate(TURN_TO, f"/playlist/{values['playlist/{gid}']}")
        self.press("main [data-grip] ~ [data-more]")
        self.look_over("#more-sheet", f", of a playlist{state}")

    def press(self, *buttons):
        for button in buttons:
            self.page.locator(button).first.click()

    def look_over(self, over, state):
        """Look at what is open over the page, once there is something in it, and close it."""
        self.page.locator(f"{over} :is(.menu button, .chip, dl, .toast):visible").first.wait_for()
        self.pictures.take(f"over {over}{state}", "zh-Hans" if "Chinese" in state else "en")
        self.found[f"{over}{state}"] = faults_over(self.page, over)
        self.page.keyboard.press("Escape")

    def after(self, values):
        """What only somebody sees who is not signed in, or not wholly."""
        self.page.context.clear_cookies(name="sessionid")
        self.page.goto(self.visitor.url)
        self.look_at_routes(self.wanted, values)
        self.visitor.post("/account/login/", login=self.visitor.email, password=PASSWORD)
        self.look_at_routes(["mfa_authenticate"], values)


def test_every_page_is_for_everybody(playwright, house, home):
    with (
        opened("chromium", playwright, home, free_autoplay=True) as browser,
        ThreadPoolExecutor(1) as meanwhile,
    ):
        tour = Tour(house, browser)
        staged = meanwhile.submit(tour.visitor.stage)
        tour.as_guest()
        values = tour.as_member(staged.result())
        tour.while_it_plays(values)
        tour.after(values)
        assert not tour.wanted, f"never seen: {sorted(tour.wanted)}"
        assert told(tour.found) == ""
        assert not browser.errors


POOR = """
<!doctype html><title>Poor</title><meta name="viewport" content="width=device-width">
<style>button { width: 20px; height: 20px } p { color: #aaa } @keyframes on { to { opacity: .9 } } h2 { animation: on 1s infinite }
div { width: 400px } h3 { width: 12rem } nav { position: fixed; height: 300px; top: 0; left: 250px }</style>
<main id="main"><h1>Poor</h1><button></button><p>Pale</p><h2>Moves</h2><div>Wide</div><h3>Grows</h3><details><summary>Folded</summary><img src="data:,"></details><nav>Covers</nav></main>
"""


def test_what_is_wrong_with_a_page_is_found(playwright, home):
    with opened("chromium", playwright, home) as browser:
        prepare(browser.page)
        browser.visit(f"data:text/html,{quote(POOR)}")
        found = told({"page": [*faults(browser.page), *faults_in_the_dark(browser.page)]})
        for fault in ("button-name", "html-has-lang", "light, color-contrast", "dark, color-contrast"):
            assert fault in found
        for fault in (
            "moves: on",
            "small, 20 x 20",
            "sideways: <div>",
            "large letters, sideways: <h3>",
            "image-alt",
            "covers half of the window: <nav>",
        ):
            assert fault in found
