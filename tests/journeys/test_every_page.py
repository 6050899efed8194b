"""Every page there is, looked at once in each language: axe, small and wide, light and dark, zoomed, with fingers."""

import pytest
from journeys.browsers import opened, pretend_fingers
from journeys.every_page import PASSWORD, Visitor, routes
from journeys.inspection import PHONE, faults, prepare, told

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]

MORE = ("/search?q=odd", "/search?q=lonjer+walc", "/search?q=qqqqxxxx", "/recordings?sort=title", "/nowhere")
"""Pages in states of their own."""


class Tour:
    """Goes through all pages as a member and as a guest, and remembers which routes it has seen."""

    def __init__(self, house, browser, *, language, thoroughly):
        self.page, self.thoroughly = browser.page, thoroughly
        self.visitor = Visitor(house, browser.page.context)
        self.page.context.add_cookies([{"name": "language", "value": language, "url": self.visitor.url}])
        self.wanted = {it.name: it for it in routes()}
        self.found = {}
        prepare(self.page)
        self.page.set_viewport_size(PHONE)

    def look(self, path):
        """Open a page and remember what is wrong with it."""
        self.page.goto(self.visitor.url + path, wait_until="load")
        self.found[path] = faults(self.page, thoroughly=self.thoroughly)

    def look_at_routes(self, names, values):
        """Look at those of these routes that show this visitor a page; they are not wanted any more."""
        for name in list(names):
            path = self.wanted[name].address(values)
            if self.visitor.shows(path):
                self.look(path)
                del self.wanted[name]

    def forms_only(self):
        """Leave out the routes that answer nothing but forms."""
        for name, route in list(self.wanted.items()):
            if not route.parameters and self.visitor.get(route.address({})).status == 405:
                del self.wanted[name]

    def as_member(self):
        visitor = self.visitor
        visitor.sign_in()
        values = visitor.furnish(self.page)
        self.look_at_routes(["account_set_password"], values)
        visitor.set_password()
        self.look_at_routes(["mfa_activate_totp"], values)
        visitor.set_two_steps()
        values["pk"] = self.add_passkey()
        self.look_at_routes(self.wanted, values)
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

    def as_guest(self, values):
        self.page.context.clear_cookies(name="sessionid")
        self.look("/")
        for path in MORE:
            self.look(path)
        self.look_at_routes(self.wanted, values)
        self.visitor.post("/account/login/", login=self.visitor.email, password=PASSWORD)
        self.look_at_routes(["mfa_authenticate"], values)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_page_is_for_everybody(playwright, house, home, language):
    with opened("chromium", playwright, home) as browser:
        tour = Tour(house, browser, language=language, thoroughly=language == "en")
        tour.forms_only()
        tour.as_guest(tour.as_member())
        assert not tour.wanted, f"never seen: {sorted(tour.wanted)}"
        assert told(tour.found) == ""
        assert not browser.errors
