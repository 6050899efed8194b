import gzip
from dataclasses import replace

import pytest
from django.http import HttpResponse, StreamingHttpResponse

from alpheus.listening.terms import Edge
from alpheus.web.middleware import LANGUAGE_COOKIE, compressed


def policy(response):
    parts = (part.split() for part in response["Content-Security-Policy"].split(";"))
    return {name: set(sources) for name, *sources in parts}


@pytest.mark.parametrize("path", ["/", "/search", "/device", "/nowhere", "/healthz", "/account/login/"])
def test_every_answer_keeps_to_itself(guest, path):
    response = guest.get(path)
    rules = policy(response)
    assert rules["script-src"] == {"'self'"}
    assert rules["default-src"] == {"'none'"}
    assert rules["frame-ancestors"] == {"'none'"}
    assert rules["media-src"] == {"blob:"}
    assert "'unsafe-inline'" not in rules["style-src-elem"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"


def test_the_page_may_reach_its_edge_at_its_own_host(guest):
    assert policy(guest.get("/"))["connect-src"] == {"'self'", "http://testserver:8001"}


def test_the_page_may_reach_an_edge_elsewhere(guest, settings):
    edge = Edge("edge-2", "https://edge.example.org/base", 443, "http://127.0.0.1:9")
    settings.LISTENING = replace(settings.LISTENING, edges=(edge,))
    assert policy(guest.get("/"))["connect-src"] == {"'self'", "https://edge.example.org"}


def test_an_edge_beside_an_ipv6_page_is_reached_in_brackets(guest, settings):
    settings.ALLOWED_HOSTS = ["[::1]"]
    response = guest.get("/", HTTP_HOST="[::1]:8000")
    assert "http://[::1]:8001" in policy(response)["connect-src"]


@pytest.mark.parametrize("host", ["[::1", "evil; script-src *", "a b", "x/y", "\u00e9"])
def test_a_host_of_nonsense_reaches_no_header(guest, host):
    response = guest.get("/", HTTP_HOST=host)
    assert response.status_code == 400
    assert policy(response)["script-src"] == {"'self'"}
    assert policy(response)["connect-src"] == {"'self'", "http://localhost:8001"}


def test_a_secure_page_asks_to_stay_secure(guest):
    assert "Strict-Transport-Security" in guest.get("/", secure=True)
    assert "Strict-Transport-Security" not in guest.get("/")


def test_no_page_runs_script_of_its_own(guest):
    for path in ("/", "/search?q=x", "/device", "/account/login/"):
        html = guest.get(path).content.decode()
        scripts = [tag.split(">")[0] for tag in html.split("<script")[1:]]
        assert all("src=" in tag or 'type="application/json"' in tag for tag in scripts)
        assert " onclick=" not in html
        assert "javascript:" not in html


@pytest.mark.parametrize(
    ("asked", "spoken"),
    [
        ("en", "en"),
        ("zh-CN,zh;q=0.9", "zh-Hans"),
        ("zh-Hans", "zh-Hans"),
        ("ja", "ja"),
        ("ko-KR", "ko"),
        ("fr-FR", "en"),
        ("", "en"),
    ],
)
def test_pages_speak_what_the_browser_asks_for(guest, asked, spoken):
    response = guest.get("/", headers={"accept-language": asked})
    assert response["Content-Language"] == spoken
    assert f'<html lang="{spoken}"' in response.content.decode()
    assert {"Accept-Language", "Cookie"} <= {it.strip() for it in response["Vary"].split(",")}


def test_the_cookie_counts_more_than_the_browser(guest):
    guest.cookies[LANGUAGE_COOKIE] = "zh-hans"
    assert guest.get("/", headers={"accept-language": "en"})["Content-Language"] == "zh-Hans"


def test_an_address_may_ask_for_a_language_and_changes_nothing_else(guest):
    guest.cookies[LANGUAGE_COOKIE] = "ja"
    response = guest.get("/?language=ko")
    assert response["Content-Language"] == "ko"
    assert LANGUAGE_COOKIE not in response.cookies
    assert guest.get("/?language=tlh")["Content-Language"] == "ja"


def test_a_page_names_itself_in_every_language(guest):
    html = guest.get("/search?q=a%26b&language=ja").content.decode()
    for tag, code in [("en", "en"), ("zh-Hans", "zh-hans"), ("ja", "ja"), ("ko", "ko")]:
        assert f'hreflang="{tag}" href="http://testserver/search?q=a%26b&amp;language={code}"' in html
    assert 'hreflang="x-default" href="http://testserver/search?q=a%26b"' in html
    assert "hreflang=" not in guest.get("/device").content.decode()


def test_a_cookie_of_nonsense_is_passed_over(guest):
    guest.cookies[LANGUAGE_COOKIE] = "../../etc"
    assert guest.get("/")["Content-Language"] == "en"


def test_pages_are_private(guest):
    assert "private" in guest.get("/")["Cache-Control"]


@pytest.mark.parametrize("path", ["/", "/api/v1/openapi.json", "/account/login/"])
def test_who_takes_it_gets_text_compressed(guest, path):
    plain, packed = guest.get(path), guest.get(path, HTTP_ACCEPT_ENCODING="gzip, br")
    assert "Content-Encoding" not in plain.headers
    assert packed["Content-Encoding"] == "gzip"
    assert int(packed["Content-Length"]) == len(packed.content) < len(plain.content) / 2
    assert "Accept-Encoding" in packed["Vary"]
    assert "Accept-Encoding" in plain["Vary"]
    assert gzip.decompress(packed.content).startswith(plain.content[:40])


def test_a_picture_and_what_streams_travel_as_they_are(rf):
    def answered(made):
        return compressed(lambda _: made)(rf.get("/", HTTP_ACCEPT_ENCODING="gzip"))

    assert "Content-Encoding" not in answered(HttpResponse(bytes(5000), content_type="image/webp")).headers
    events = StreamingHttpResponse(["data: 1\n\n"], content_type="text/event-stream")
    assert "Content-Encoding" not in answered(events).headers
    assert (
        answered(HttpResponse("a" * 5000, content_type="application/problem+json"))["Content-Encoding"]
        == "gzip"
    )
