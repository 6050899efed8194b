"""Many files into a release's draft: a folder that is dropped, one that fails and is tried again, and a server that is killed."""

import hashlib
import json
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from uuid import uuid4

import pytest
from journeys import every_page, recordings
from journeys.browsers import opened, wait_for
from journeys.inspection import faults, prepare
from journeys.test_applying import Web, copied, follow

pytestmark = pytest.mark.journey

SECONDS = 4
TITLES = ("夜明け", "汽笛", "港の灯", "灯台", "引き潮")
REASON = "There is no room for it here at the moment."
SHARES = (
    "[...document.querySelectorAll('[data-sending-list] .meter')].map((it) => Number(it.ariaValueNow ?? 0))"
)


def flac(folder, number, seconds=SECONDS):
    """A FLAC with its number and its title, unlike every other."""
    sound = recordings.compose(uuid4().int % 2**32, seconds * recordings.RATE_HZ)
    piece = recordings.Piece(TITLES[number - 1], "港", number, sound)
    return recordings.write_flac(piece, folder)


def begin_a_release(page, house, link):
    follow(page, house.url + link)
    page.goto(f"{house.url}/studio")
    page.locator("main button", has_text="Begin a release").tap()
    page.wait_for_url("**/studio/application/*")
    page.wait_for_selector("[data-send-many]")


def throttle(network, *, bytes_a_second):
    """So many bytes a second leave the phone; -1 is as many as can."""
    network.send("Network.enable")
    slow = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": bytes_a_second}
    network.send("Network.emulateNetworkConditions", slow)


def drop(page, devtools, *paths):
    """Drop files and folders of the disk as a file manager does: by the browser's own input."""
    zone = page.locator("[data-send-many] [data-drop]")
    zone.scroll_into_view_if_needed()
    box = zone.bounding_box()
    at = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    data = {"items": [], "files": [str(it) for it in paths], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        devtools.send("Input.dispatchDragEvent", {"type": kind, "data": data, **at})


def items(page):
    """Titles in the draft's list, in order."""
    return [it.strip() for it in page.locator("#items .t").all_inner_texts()]


def test_a_folder_is_dropped_and_what_fails_is_tried_again(playwright, house, home, tmp_path):
    folder = tmp_path / "album"
    files = [flac(folder / ("disc 1" if number < 3 else "disc 2"), number) for number in range(1, 5)]
    (folder / "notes.txt").write_text("no music")
    fifth = flac(tmp_path / "more", 5)
    staged = every_page.stage(house, f"{uuid4().hex[:12]}@sending.example")
    with opened("chromium", playwright, home) as phone:
        page = phone.page
        prepare(page)
        begin_a_release(page, house, staged.link)
        devtools = page.context.new_cdp_session(page)
        throttle(devtools, bytes_a_second=files[0].stat().st_size // 4)
        page.wait_for_function("window.alpheus !== undefined")
        drop(page, devtools, folder)

        # Each file has its own line: two travel, the others wait for their turn; what is no music is said to be left out.
        wait_for(phone, f"{SHARES}.filter((it) => it > 0 && it < 100).length === 2", what="two travel")
        lines = page.locator("[data-sending-list] > li")
        assert lines.count() == 4
        assert lines.last.locator("[data-sent]").inner_text() == "Waits for its turn"
        assert page.locator("[data-sending-list] [role=progressbar]").first.get_attribute("aria-label")
        assert "no music: 1" in page.locator("[data-send-many] > [data-said]").inner_text()
        assert faults(page) == []
        throttle(devtools, bytes_a_second=-1)
        wait_for(
            phone, "document.querySelectorAll('#items [data-play]').length === 4", seconds=90, what="prepared"
        )
        assert items(page) == list(TITLES[:4])
        assert lines.count() == 0

        # One that the server refuses says why in the server's words, and goes on where it was: no track is there twice.
        refused = json.dumps({"title": "No room", "status": 400, "detail": REASON})
        page.route(
            "**/uploads/**",
            lambda it: (
                it.fulfill(status=400, body=refused, content_type="application/problem+json")
                if it.request.method == "PATCH"
                else it.continue_()
            ),
        )
        page.locator("[data-send-many] input[multiple]:not([webkitdirectory])").set_input_files(str(fifth))
        said = lines.locator("[data-said]", has_text=REASON)
        said.wait_for()
        assert faults(page) == []
        page.unroute("**/uploads/**")
        lines.get_by_role("button", name="Try again").tap()
        wait_for(phone, "document.querySelectorAll('#items [data-play]').length === 5", seconds=60)
        assert items(page) == list(TITLES)
        page.reload()
        assert items(page) == list(TITLES), "the first try left no track behind"
        assert not phone.errors


@pytest.fixture
def own_web(house, tmp_path):
    """web alone, on tables and keys of the house's."""
    web = Web(copied(house, tmp_path / "data"))
    shutil.copytree(house.installation.data / "static", tmp_path / "data" / "static")
    web.start()
    yield web
    web.kill()
    shutil.rmtree(tmp_path / "data")


def test_several_files_go_on_after_the_server_was_killed(playwright, house, home, tmp_path, own_web):
    files = [flac(tmp_path / "music", number, seconds=12) for number in range(1, 5)]
    size = files[0].stat().st_size
    here = replace(house, installation=own_web.installation)
    staged = every_page.stage(here, f"{uuid4().hex[:12]}@killed.example")
    with opened("chromium", playwright, home) as phone:
        page = phone.page
        begin_a_release(page, here, staged.link)
        devtools = page.context.new_cdp_session(page)
        throttle(devtools, bytes_a_second=size // 6)
        offsets = []
        page.on(
            "request", lambda it: it.method == "PATCH" and offsets.append(int(it.headers["upload-offset"]))
        )
        page.locator("[data-send-many] input[multiple]:not([webkitdirectory])").set_input_files(
            [str(it) for it in files]
        )
        wait_for(phone, f"{SHARES}.slice(0, 2).every((it) => it >= 88)", seconds=60, what="nearly there")
        own_web.kill()
        lines = page.locator("[data-sending-list] > li")
        lines.first.locator("[data-said]", has_text="No connection.").wait_for()
        assert offsets == [0, 0]
        throttle(devtools, bytes_a_second=-1)
        own_web.start()

        # The page goes on by itself, from where each file was, with the others after them.
        wait_for(phone, "document.querySelectorAll('[data-sending-list] > li').length === 0", seconds=90)
        again = sorted(it for it in offsets[2:] if it)
        assert len(again) == 2
        assert all(size // 2 < it < size for it in again)
        wait_for(phone, "document.querySelectorAll('#items > li').length === 4", what="a track of each")
        assert not phone.errors
    assert stored(own_web.installation) == sorted(
        hashlib.sha256(it.read_bytes()).hexdigest() for it in files
    ), "each came whole, and once"


def stored(installation):
    """What lies in the folder of uploads, by what it is."""
    with closing(sqlite3.connect(installation.data / "alpheus.sqlite3")) as tables:
        whole = tables.execute("SELECT count(*) FROM submissions_upload WHERE state = 'whole'").fetchone()[0]
    found = [hashlib.sha256(it.read_bytes()).hexdigest() for it in (installation.data / "uploads").iterdir()]
    assert whole == len(found)
    return sorted(found)
