"""The site as an app: its manifest, the service worker's file, the page without network, what others share."""

import json
import struct
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

ICONS = {"built/icon-192.png": 192, "built/icon-512.png": 512, "built/maskable-512.png": 512}


def test_the_manifest_is_complete(guest):
    response = guest.get("/manifest.webmanifest", headers={"accept-language": "en"})
    assert response["Content-Type"] == "application/manifest+json"
    told = json.loads(response.content)
    assert (told["start_url"], told["scope"], told["display"]) == ("/", "/", "standalone")
    purposes = {icon["purpose"] for icon in told["icons"]}
    assert purposes == {"any", "maskable"}
    assert [shortcut["url"] for shortcut in told["shortcuts"]] == ["/search", "/playing", "/device"]
    assert told["share_target"]["action"] == "/share"


def test_the_manifest_speaks_the_readers_language(guest):
    told = json.loads(guest.get("/manifest.webmanifest", headers={"accept-language": "zh-Hans"}).content)
    assert told["lang"] == "zh-Hans"
    assert told["shortcuts"][0]["name"] == "搜索"


@pytest.mark.parametrize("name", ICONS)
def test_icons_have_the_size_they_say(name):
    found = finders.find(name)
    if not found:
        pytest.skip("the browser code is not built: run `make assets`")
    head = Path(found).read_bytes()[:24]
    assert struct.unpack(">II", head[16:24]) == (ICONS[name], ICONS[name])


def test_the_worker_is_served_for_the_whole_site_and_named_by_its_build(guest):
    response = guest.get("/sw.js")
    if response.status_code == 404:
        pytest.skip("the browser code is not built: run `make assets`")
    assert response["Content-Type"].startswith("text/javascript")
    assert response["Service-Worker-Allowed"] == "/"
    assert response["Cache-Control"] == "no-cache"
    first, code = response.content.decode().split("\n", 1)
    facts = json.loads(first.removeprefix("self.alpheus=").removesuffix(";"))
    assert len(facts["build"]) == 12
    assert facts["pinned"][0] == "/offline"
    assert "alpheus-shelf-" in code


def test_every_page_names_the_manifest_and_may_run_the_worker(guest):
    response = guest.get("/")
    assert '<link rel="manifest" href="/manifest.webmanifest">' in response.content.decode()
    policy = response["Content-Security-Policy"]
    assert "worker-src 'self'" in policy
    assert "manifest-src 'self'" in policy


def test_the_page_without_network_says_so_in_the_readers_language_and_is_not_cached(guest):
    response = guest.get("/offline", headers={"accept-language": "zh-Hans"})
    assert "没有网络" in response.content.decode()
    assert response["Content-Language"] == "zh-Hans"
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("given", "leads_to"),
    [
        ({"url": "http://testserver/release/7?x=1"}, "/release/7?x=1"),
        (
            {"text": "http://testserver/search?q=%E5%A4%9C&kind=artist#found"},
            "/search?q=%E5%A4%9C&kind=artist",
        ),
        ({"text": "A song https://elsewhere.example/song"}, "/search?q=A+song"),
        ({"text": "Listen: https://testserver//elsewhere.example/x"}, "/elsewhere.example/x"),
        ({"text": "夜"}, "/search?q=%E5%A4%9C"),
        ({"title": "A song", "url": "https://elsewhere.example/song"}, "/search?q=A+song"),
        ({"text": "https://elsewhere.example/song"}, "/search"),
        ({}, "/search"),
    ],
)
def test_what_is_shared_opens_or_is_searched_for(guest, given, leads_to):
    response = guest.get("/share", given)
    assert (response.status_code, response["Location"]) == (302, leads_to)
