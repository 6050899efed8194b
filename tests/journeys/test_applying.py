"""Apply on a phone, be heard in another browser, refused, appeal, be accepted by another; an upload outlives a kill."""

import base64
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import time
from contextlib import closing
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest
from journeys import installation as installations
from journeys import recordings, visiting
from journeys.browsers import opened, wait_for
from journeys.playing import wait_until_past

pytestmark = pytest.mark.journey

TITLE = "雨夜の手紙"
STATE = "document.querySelector('main .tag')?.textContent ?? ''"


def flac(folder, *, seconds=8):
    """A real FLAC with a title in Japanese."""
    sound = recordings.compose(2026, seconds * recordings.RATE_HZ)
    return recordings.write_flac(recordings.Piece(TITLE, "Letters", 1, sound), folder)


def sign_in(page, house, role, email):
    """By the link that the command prints."""
    follow(page, house.installation.command(role, email).strip().splitlines()[-1])


def follow(page, link):
    """Sign in by a link of the operator's."""
    page.goto(link)
    with page.expect_navigation():
        page.locator("main form button").first.click()


def sign_up(page, house, email):
    page.goto(f"{house.url}/account/signup/")
    page.locator("main [name=email]").fill(email)
    page.locator("main [name=password1]").fill("four ordinary words do")
    with page.expect_navigation():
        page.locator("main form[action*=signup] button, main form button").first.click()


def apply(browser, house, file):
    """Fill the draft as it is typed, upload, hand in; the application's address."""
    page = browser.page
    sign_up(page, house, "yuki@example.org")
    page.goto(f"{house.url}/studio")
    page.locator("main form button", has_text="Begin an application").tap()
    page.wait_for_url("**/studio/application/*")
    cut_and_go_on(browser, file)
    page.select_option("#country", "JP")
    page.locator("label.pick", has_text="No AI").tap()
    for name in ("owns_recording", "owns_composition", "no_cover"):
        page.locator(f"[name={name}]").tap()
    wait_for(browser, "document.querySelector('#upload [data-play]') !== null", seconds=40, what="prepared")
    page.reload()  # what was typed is kept, and what the file says is filled in
    assert page.locator("#title").input_value() == TITLE
    assert page.locator("#artist").input_value() == "The Test Tones"
    assert page.locator("[name=no_cover]").is_checked()
    page.locator("#artist").fill("夜汽車")
    page.locator("main button", has_text="Hand in for audit").tap()
    wait_for(browser, "document.body.innerText.includes('It waits in the queue.')")
    return page.url


def cut_and_go_on(browser, file):
    """Send the file over a slow network, reload in the middle, choose it again: it goes on where it was."""
    page, chosen = browser.page, "#upload input[type=file]"
    network = page.context.new_cdp_session(page)
    offsets = []
    page.on(
        "request",
        lambda it: it.method == "PATCH" and offsets.append(int(it.headers["upload-offset"])),
    )
    slow = {
        "offline": False,
        "latency": 0,
        "downloadThroughput": -1,
        "uploadThroughput": file.stat().st_size // 4,
    }
    network.send("Network.enable")
    network.send("Network.emulateNetworkConditions", slow)
    page.locator(chosen).set_input_files(str(file))
    wait_for(browser, "Number(document.querySelector('#upload .meter').ariaValueNow) > 60", what="sending")
    page.reload()
    network.send("Network.emulateNetworkConditions", slow | {"uploadThroughput": -1})
    assert "of it is here. Choose the same file again" in page.locator("#upload [data-begun]").inner_text()
    page.locator(chosen).set_input_files(str(file))
    wait_for(browser, "!document.querySelector('#upload [data-begun]')", what="sent")
    assert offsets[0] == 0
    assert 0 < offsets[-1] < file.stat().st_size


def waits_longest(house):
    """Let it have waited since before what other journeys left in the queue of the house that they share."""
    with closing(sqlite3.connect(house.installation.data / "alpheus.sqlite3", timeout=20)) as tables, tables:
        first = "UPDATE submissions_submission SET submitted_at = '2020-01-01 00:00:00' WHERE title = ?"
        assert tables.execute(first, [TITLE]).rowcount >= 1


def decide(browser, house, *, key, words="", reason=""):
    """Take the first in the queue, hear it, and decide by keyboard."""
    waits_longest(house)
    page = browser.page
    page.goto(f"{house.url}/office/audit")
    page.wait_for_selector("[data-followed]")
    page.keyboard.press("t")
    page.wait_for_url("**/office/audit/*-*")
    page.wait_for_selector("[data-followed][data-own]")
    assert TITLE in page.locator("h1").inner_text()
    assert "LUFS" in page.locator(".evidence", has_text="Loudness").inner_text()
    page.keyboard.press("2")  # the loudest passage, by the real stream
    wait_for(browser, "window.alpheus.state === 'playing' && window.alpheus.position > 0.2", what="sound")
    # What is found appears by itself, and only then it is accepted.
    wait_for(browser, "document.querySelector('#comparing') === null", seconds=60, what="compared")
    if reason:
        page.select_option("#reason", reason)
    if words:
        page.locator("#words").fill(words)
        page.keyboard.press("Escape")
    decided = page.url
    page.keyboard.press(key)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url != decided)  # to the queue, or to what else waits in it


def open_shop(browser):
    """Do what is left before it opens: say who is paid, choose an address; then open it."""
    page = browser.page
    page.locator("main a", has_text="Your details are given").tap()
    page.locator("main input[type=password]").fill(
        "four ordinary words do"
    )  # whoever sees details proves who they are
    page.locator("main form button").first.tap()
    page.wait_for_url("**/studio/details")
    page.locator("#legal_name").fill("夜野 雪")
    page.locator("#address").fill("港通り 1\n小樽")
    page.select_option("#country", "JP")
    page.locator("label.pick", has_text="A person").tap()
    page.locator("label.pick", has_text="Alipay").tap()
    page.locator("#alipay_account").fill("yuki@example.org")
    page.locator("main form button", has_text="Keep").tap()
    page.wait_for_url("**/studio/shop")
    page.locator("#handle").fill("Night-Train")
    page.locator("#biography").fill("夜の汽車で録音しています。")
    page.get_by_role("button", name="Keep", exact=True).tap()
    wait_for(browser, "document.body.innerText.includes('Your shop is kept as you wrote it.')")
    page.locator("main button", has_text="Open the shop").tap()
    wait_for(browser, "document.body.innerText.includes('Your shop is open.')")


def test_refused_appealed_and_accepted_by_another(playwright, house, home, tmp_path):
    file = flac(tmp_path)
    (home / "a").mkdir()
    (home / "b").mkdir()
    (home / "c").mkdir()
    with opened("chromium", playwright, home / "a") as phone:
        address = apply(phone, house, file)
        with opened("chromium", playwright, home / "b") as desk:
            sign_in(desk.page, house, "auditor", "owl@example.org")
            decide(desk, house, key="n", reason="cover", words="The chorus is another's.")
            desk.page.context.clear_cookies()
            phone.page.goto(address)
            assert "It is a cover of somebody else's work" in phone.page.locator("main").inner_text()
            phone.page.locator("#words").fill("I wrote every note of it.")
            phone.page.locator("main button", has_text="Appeal").tap()
            wait_for(phone, "document.body.innerText.includes('It waits in the queue.')")
            sign_in(desk.page, house, "auditor", "kite@example.org")
            decide(desk, house, key="y")
            assert not desk.errors
        phone.page.goto(address)
        phone.page.locator("main a", has_text="Go to your shop").tap()
        open_shop(phone)
        with opened("chromium", playwright, home / "c", free_autoplay=True) as listener:
            listener.visit(f"{house.url}/@night-train")
            assert TITLE in listener.page.locator("main").inner_text()
            listener.press("main [data-play]")
            wait_until_past(listener, 1)
            assert not listener.errors
        phone.page.locator("main summary", has_text="Close the shop").tap()
        phone.page.locator("main button", has_text="Close it").tap()
        wait_for(phone, "document.body.innerText.includes('Your shop is closed.')")
        assert not phone.errors


class Program:
    """A program that uploads with a token."""

    def __init__(self, installation, secret):
        self.url, self.secret = installation.url, secret

    def call(self, method, path, data=None, **headers):
        sent = {"Authorization": f"Bearer {self.secret}", "Tus-Resumable": "1.0.0"}
        sent |= {name.replace("_", "-"): str(value) for name, value in headers.items()}
        request = Request(self.url + path, data=data, headers=sent, method=method)
        with urlopen(request, timeout=20) as answer:
            return answer.headers, answer.read()


def copied(house, data):
    """An installation of its own, with the tables and keys of the house: making them takes longer than all else."""
    shutil.copytree(house.installation.data / "secrets", data / "secrets")
    with (
        sqlite3.connect(house.installation.data / "alpheus.sqlite3") as tables,
        sqlite3.connect(data / "alpheus.sqlite3") as copy,
    ):
        tables.backup(copy)
    return installations.prepared(data, kek=house.installation.kek)


def token_of(house):
    """A token by password, as a program gets one."""
    given = {"email": "cut@example.org", "password": "four ordinary words do"}
    visiting.sign_up(house.url, given["email"], given["password"])
    sent = json.dumps(given | {"name": "t", "scopes": ["studio"]}).encode()
    asked = Request(f"{house.url}/api/v1/tokens", sent, {"Content-Type": "application/json"}, method="POST")
    with urlopen(asked, timeout=20) as answer:
        return json.load(answer)["token"]


class Web:
    """web alone, that can be killed."""

    def __init__(self, installation):
        self.installation = installation
        self.process = None

    def start(self):
        self.process = subprocess.Popen(
            [installations.sys.executable, "-m", "alpheus", "web"], env=self.installation.environment,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        until = time.monotonic() + 60
        while not installations._well(f"{self.installation.url}/healthz"):
            assert self.process.poll() is None
            assert time.monotonic() < until
            time.sleep(0.1)

    def kill(self):
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()


def test_an_upload_cut_by_a_kill_goes_on(house, tmp_path):
    file = flac(tmp_path, seconds=6)
    data = file.read_bytes()
    secret = token_of(house)
    installation = copied(house, tmp_path / "data")
    web = Web(installation)
    web.start()
    try:
        program = Program(installation, secret)
        draft = json.loads(
            program.call("POST", "/api/v1/studio/submissions", b"{}", Content_Type="application/json")[1]
        )
        told = {"filename": file.name, "submission": draft["gid"]}
        metadata = ",".join(
            f"{name} {base64.b64encode(text.encode()).decode()}" for name, text in told.items()
        )
        path = program.call("POST", "/api/v1/uploads", Upload_Length=len(data), Upload_Metadata=metadata)[0][
            "Location"
        ]
        begun = len(data) * 9 // 10
        with send_without_end(installation, program, path, data[:begun], len(data)):
            web.kill()
        web.start()
        offset = int(program.call("HEAD", path)[0]["Upload-Offset"])
        assert offset == begun, "what was on the disk before the kill is told, and is there"
        stored = installation.data / "uploads" / f"{Path(path).name.replace('-', '')}.part"
        assert stored.read_bytes() == data[:begun]
        with pytest.raises(HTTPError) as refused:
            program.call(
                "PATCH", path, data[:5], Upload_Offset=0, Content_Type="application/offset+octet-stream"
            )
        assert refused.value.code == 409
        rest = {"Upload_Offset": offset, "Content_Type": "application/offset+octet-stream"}
        assert int(program.call("PATCH", path, data[offset:], **rest)[0]["Upload-Offset"]) == len(data)
        assert stored.read_bytes() == data
    finally:
        web.kill()


def send_without_end(installation, program, path, data, length):
    """Send a part of what was announced and keep the line open, until it is on the disk."""
    parts = urlsplit(installation.url)
    line = socket.create_connection((parts.hostname, parts.port))
    head = (
        f"PATCH {path} HTTP/1.1\r\nHost: {parts.netloc}\r\nAuthorization: Bearer {program.secret}\r\n"
        "Tus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\nContent-Type: application/offset+octet-stream\r\n"
        f"Content-Length: {length}\r\n\r\n"
    )
    line.sendall(head.encode() + data)
    stored = installation.data / "uploads" / f"{Path(path).name.replace('-', '')}.part"
    until = time.monotonic() + 20
    while stored.stat().st_size < len(data):
        assert time.monotonic() < until, "the bytes never reached the disk"
        time.sleep(0.05)
    return line
