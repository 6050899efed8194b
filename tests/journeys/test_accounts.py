"""An account's whole life on a phone while music plays: passkey, two steps, data along, leaving and coming back."""

import re
import time
import zipfile

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from journeys import installation as installations
from journeys.browsers import opened, pretend_fingers, wait_for
from journeys.conftest import furnish
from journeys.playing import press_play
from journeys.post_office import open_office

pytestmark = pytest.mark.journey

EMAIL = "mei@listener.example"
TIME = "document.querySelector('audio').currentTime"


@pytest.fixture
def place(tmp_path):
    """An installation that must confirm addresses, its mail server, and the name that passkeys need."""
    with open_office() as office:
        house = furnish(tmp_path / "data", access="open", mail_url=f"smtp://127.0.0.1:{office.port}")
        with installations.running(house.installation):
            yield house, office, house.url.replace("127.0.0.1", "localhost")


@pytest.fixture
def phone(playwright, home):
    with opened("chromium", playwright, home, free_autoplay=True) as browser:
        pretend_fingers(browser.page)
        yield browser


def still_playing(phone):
    before = phone.run(f"return {TIME};")
    wait_for(phone, f"{TIME} > {before} + 0.3")
    assert phone.run("return window.neverReloaded === true;")


def fill(phone, name, value):
    phone.page.locator(f"main input[name={name}]").fill(value)


def follow(phone, path):
    """Follow a link of the page, as a finger does: htmx swaps, the player stays."""
    phone.press(f"main a[href='{path}']:not([data-back])")
    wait_for(phone, f"location.pathname === '{path}'")


def code_of(secret):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def prove(phone):
    """Show the passkey once more, where the page asks for it."""
    wait_for(phone, "!!document.querySelector('main form[data-passkey=use]:not([hidden])')")
    phone.press("main form[data-passkey] button")


def test_a_life(phone, place):
    house, office, url = place
    press_play(phone, f"{url}/recording/{house.recording(house.long.title)}")
    wait_for(phone, f"{TIME} > 1")
    phone.run("window.neverReloaded = true; return 0;")

    # Sign up by passkey: the address is confirmed by a code, and the music goes on.
    follow(phone, "/account/login/")
    follow(phone, "/account/signup/")
    follow(phone, "/account/signup/passkey/")
    fill(phone, "email", EMAIL)
    phone.press("main form[action$='signup/passkey/'] button")
    wait_for(phone, "!!document.querySelector('main input[name=code]')")
    code = re.search(r"^ {4}(\S+)\s*$", office.letter(to=EMAIL, subject="code"), re.MULTILINE)[1]
    fill(phone, "code", code)
    phone.press("main form:has(input[name=code]) button")
    wait_for(phone, "!!document.querySelector('main form[data-passkey=add]:not([hidden])')")
    phone.press("main form[data-passkey] button")
    wait_for(phone, "document.body.dataset.account !== ''")
    still_playing(phone)

    # Two steps, with the passkey as proof.
    follow(phone, "/device")
    follow(phone, "/account/")
    follow(phone, "/account/2fa/")
    phone.press("main a[href$='/totp/activate/']")
    prove(phone)
    wait_for(phone, "!!document.querySelector('[data-totp]')")
    fill(phone, "code", code_of(phone.run("return document.querySelector('[data-totp]').innerText;")))
    phone.press("main form:has(input[name=code]) button")
    wait_for(phone, "document.querySelectorAll('[data-recovery-codes] li').length === 10")
    still_playing(phone)

    # The data to take along.
    follow(phone, "/account/")
    follow(phone, "/account/export")
    phone.press("main form[action$='/export'] button")
    wait_for(phone, "!!document.querySelector('main a[href$=\".zip\"]')", seconds=60)
    with phone.page.expect_download() as loading:
        phone.press("main a[href$='.zip']")
    with zipfile.ZipFile(loading.value.path()) as archive:
        assert EMAIL in archive.read("account.json").decode()
    office.letter(to=EMAIL, subject="data is ready")
    still_playing(phone)

    # Leaving signs out; signing in by passkey brings everything back.
    follow(phone, "/account/")
    follow(phone, "/account/delete")
    phone.press("main button.danger")
    wait_for(phone, "location.pathname === '/account/deleted'")
    office.letter(to=EMAIL, subject="will be deleted")
    follow(phone, "/account/login/")
    wait_for(phone, "!!document.querySelector('main form[data-passkey=login]:not([hidden])')")
    phone.press("main form[data-passkey] button")
    wait_for(phone, "document.body.dataset.account !== ''")
    office.letter(to=EMAIL, subject="account stays")
    assert phone.errors == []
