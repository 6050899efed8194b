import json
import threading
from contextlib import ExitStack
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer

import music
import pytest
from django.utils import timezone
from stub_edge import StubEdge

from alpheus.catalogue.models import Asset
from alpheus.exchange.folder.models import ImportedFile, ImportedFolder
from alpheus.listening import duty, edge_state
from alpheus.listening.terms import Edge


@pytest.fixture
def edge(settings):
    """An edge that answers, and what it was asked with."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append((self.path, self.headers["Authorization"]))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps({"epoch": 7, "cache": {"bytes": 4096}, "streams": []}).encode())

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    made = Edge("edge-1", "", 8001, f"http://127.0.0.1:{server.server_port}")
    settings.LISTENING = replace(settings.LISTENING, edges=(made,))
    yield made, asked
    server.shutdown()
    server.server_close()


def test_guests_are_asked_to_sign_in(guest):
    response = guest.get("/office")
    assert response.status_code == 302
    assert response["Location"] == "/account/login/?next=%2Foffice"


def test_members_are_refused(signed_in):
    assert signed_in.get("/office").status_code == 403


def test_the_door_is_shown_to_operators_only(signed_in, office):
    assert 'href="/office"' not in signed_in.get("/").content.decode()
    assert 'href="/office"' in office.get("/").content.decode()


def test_an_edge_that_does_not_answer_is_told_with_what_to_do(office):
    html = office.get("/office").content.decode()
    assert "does not answer" in html
    assert "alpheus edge" in html


def test_an_edge_tells_its_state(office, edge, settings):
    html = office.get("/office").content.decode()
    assert "cache bytes" in html
    assert "4.1 kB" in html
    assert edge[1] == [("/internal/state", f"Bearer {settings.LISTENING.internal_key.hex()}")]


def test_an_edge_that_talks_nonsense_is_told_not_raised(settings):
    state = edge_state.ask(Edge("edge-1", "", 1, "http://127.0.0.1:1"), settings.LISTENING)
    assert not state.answers
    assert state.reason


def test_what_was_refused_stands_with_its_reason_and_remedy(office):
    folder = ImportedFolder.objects.create(key="k" * 64, path="/srv/music")
    ImportedFile.objects.create(
        folder=folder, key="f" * 64, path="a/<b>.mp3", size_bytes=1, modified_ns=1, state="refused",
        reason="It is protected (FairPlay).", remedy="Buy it without protection.",
    )  # fmt: skip
    html = office.get("/office").content.decode()
    for told in (
        "a/&lt;b&gt;.mp3",
        "It is protected (FairPlay).",
        "Buy it without protection.",
        "/srv/music",
    ):
        assert told in html


def test_running_imports_show_phases_and_ask_again(office):
    Asset.objects.create(key="a" * 32, source_sha256="b" * 64, state="working", phase="decode", fraction=0.05)
    html = office.get("/office").content.decode()
    assert "1 file to go" in html
    assert 'hx-trigger="every 3s"' in html
    assert 'aria-current="step"' in html


@pytest.fixture
def told(settings):
    """Edges that say these states."""
    with ExitStack() as stack:

        def tell(*states):
            urls = [stack.enter_context(StubEdge(body=state)).url for state in states]
            edges = tuple(Edge(f"edge-{n}", "", 8000 + n, url) for n, url in enumerate(urls, 1))
            settings.LISTENING = replace(settings.LISTENING, edges=edges, edge_timeout_seconds=5)

        yield tell


def test_what_an_edge_could_not_open_is_told_with_the_recording_and_what_to_do(office, told):
    recording = music.recording("Ebb & Flood")
    path = f"assets/{recording.asset.key[:2]}/{recording.asset.key}/aac-128.json segment 3"
    lost = {"object": path, "what": "the tag does not fit"}
    told({"damaged": [lost]}, {"damaged": [lost, {"object": "covers/x", "what": "short"}]})
    html = office.get("/office").content.decode()
    assert html.count("the tag does not fit") == 1, "told once, though two edges met it"
    assert "“Ebb &amp; Flood” is damaged in the object store" in html
    assert "An object is damaged in the object store" in html
    assert "Import its file again" in html


def test_an_edge_that_is_drained_is_shown_so(office, told, settings):
    told({"streams": 4, "listening": 1}, {"streams": 0, "listening": 0})
    assert ">draining<" not in office.get("/office").content.decode()
    duty.put(edge="edge-2", serving=False, terms=settings.LISTENING, now=timezone.now())
    html = office.get("/office").content.decode()
    assert html.count(">draining<") == 1
    assert html.index("edge-2") < html.index(">draining<")
