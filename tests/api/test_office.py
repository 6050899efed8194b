"""The office's first page as JSON: what the page shows, for the operator alone."""

import json
from dataclasses import replace

import music
import pytest
from django.utils import timezone
from stub_edge import StubEdge

from alpheus.catalogue.models import Asset
from alpheus.exchange.folder.models import ImportedFile, ImportedFolder
from alpheus.listening import duty
from alpheus.listening.terms import Edge

pytestmark = pytest.mark.django_db


def test_it_tells_what_the_page_shows(operator, program, settings):
    album = music.release("Tide", tracks=["Ebb", "Flood"])
    lost = album.media.get().tracks.first().recording
    folder = ImportedFolder.objects.create(key="k" * 64, path="/srv/music")
    working = Asset.objects.create(
        key="a" * 32, source_sha256="b" * 64, state="working", phase="decode", fraction=0.25
    )
    files = {"folder": folder, "size_bytes": 1, "modified_ns": 1}
    ImportedFile.objects.create(key="f" * 64, path="a.mp3", state="refused", reason="It is short.", remedy="Take it again.", **files)  # fmt: skip
    ImportedFile.objects.create(key="g" * 64, path="b.flac", state="imported", asset=working, **files)
    state = {"epoch": 7, "cache": {"bytes": 4096}, "damaged": [{"object": f"assets/{lost.asset.key[:2]}/{lost.asset.key}/x", "what": "short"}]}  # fmt: skip
    with StubEdge(body=state) as edge:
        edges = (Edge("edge-1", "", 1, edge.url), Edge("edge-2", "", 2, "http://127.0.0.1:1"))
        settings.LISTENING = replace(settings.LISTENING, edges=edges, edge_timeout_seconds=5)
        duty.put(edge="edge-2", serving=False, terms=settings.LISTENING, now=timezone.now())
        told = program(operator).get("/office").json()
    assert (told["releases"], told["recordings"], told["accounts"]) == (1, 2, 1)
    assert told["assets"]["working"] == 1
    assert told["at_work"] == [{"path": "b.flac", "asset": "a" * 32, "phase": "decode", "fraction": 0.25}]
    assert [(it["path"], it["imported"], it["refused"], it["finished_at"]) for it in told["folders"]] == [
        ("/srv/music", 1, 1, None)
    ]
    (failure,) = told["failures"]
    assert (failure["path"], failure["reason"], failure["remedy"]) == (
        "a.mp3",
        "It is short.",
        "Take it again.",
    )
    assert told["failure_count"] == 1
    first, second = told["edges"]
    assert (first["answers"], first["serving"], first["figures"]["cache bytes"]) == (True, True, 4096)
    assert (second["answers"], second["serving"]) == (False, False)
    assert second["reason"]
    assert [(it["what"], it["recording"]) for it in told["damaged"]] == [("short", str(lost.gid))]
    assert told["plays"] == {"all": 0, "qualified": 0, "last": None}
    assert settings.LISTENING.internal_key.hex() not in json.dumps(told)


def test_nobody_else_is_told(member, program):
    assert program(member).get("/office").json()["code"] == "not_allowed"
