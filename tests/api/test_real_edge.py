"""Press play against the real edge: its first batch comes along, and what is heard is counted."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import music
import pytest
from edge import kit

from alpheus.listening import fold
from alpheus.listening.models import KeyLogFault, Play
from alpheus.listening.terms import Edge
from alpheus.storage.blobs import Blobs

pytestmark = [pytest.mark.django_db, pytest.mark.journey]


def free_port():
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return trial.getsockname()[1]


@pytest.fixture
def edge(tmp_path, settings):
    """A running edge; gives its address, and takes it down sealed."""
    port = free_port()
    options = kit.options(tmp_path, keylog=tmp_path / "keylog" / "edge-1")
    process = subprocess.Popen(
        [sys.executable, "-m", "alpheus.edge.serve", "--port", str(port)],
        env=os.environ | {"ALPHEUS_EDGE_OPTIONS": options.to_json()},
    )
    url = f"http://127.0.0.1:{port}"
    settings.LISTENING = replace(
        settings.LISTENING,
        edges=(Edge("edge-1", url, port, url),),
        grant_key=kit.SIGNER,
        internal_key=kit.INTERNAL_KEY,
        edge_timeout_seconds=5,
    )
    for _ in range(100):
        try:
            urlopen(f"{url}/healthz", timeout=1).close()
            break
        except URLError:
            time.sleep(0.1)
    yield url, process, options
    process.send_signal(signal.SIGTERM)
    process.wait(15)


def post(url, stream, **body):
    request = Request(f"{url}/v1/streams/{stream}/batches", data=json.dumps(body).encode(), method="POST")
    with urlopen(request, timeout=5) as answer:
        return json.load(answer)


def test_play_hear_count(guest, edge, tmp_path):
    url, process, options = edge
    recording, other = music.recording("Ebb", seconds=12), music.recording("Flood", seconds=12)
    for row in (recording, other):
        kit.make_rendition(Blobs.open(options.objects_url), asset=row.asset.key, samples=row.asset.samples)
    got = guest.post("/play", {"queue": [str(recording.gid), str(other.gid)]}).json()
    first = got["grants"][0]["id"]
    (more,) = guest.post(f"/streams/{got['stream']}/grants", {"recordings": [str(other.gid)]}).json()[
        "grants"
    ]
    second = more["id"]
    batch = got["batch"]
    assert (batch["sequence"], batch["strategy"]) == (0, "ladder")
    assert batch["tracks"][first]["samples"] == recording.asset.samples
    with urlopen(url + batch["released"][0]["url"], timeout=5) as segment:
        assert segment.status == 200
    time.sleep(2.0)
    passed = int(1.8 * music.RATE_HZ)
    post(
        url, got["stream"], sequence=1, grants=[more["token"]], at={"grant": first, "sample": passed}, want=[]
    )
    assert guest.post(f"/streams/{got['stream']}/cancel", {"grants": [second]}).status_code == 204
    want = {"grant": second, "rendition": "aac-128", "segment": 2}
    with pytest.raises(HTTPError) as refused:
        post(url, got["stream"], sequence=2, grants=[], at=None, want=[want], ahead_seconds=60)
    assert refused.value.code == 410
    process.send_signal(signal.SIGTERM)
    process.wait(15)
    done = fold.fold_all(tmp_path / "keylog", now=datetime.now(UTC))
    assert (done.records, done.faults) == (2, [])
    play = Play.objects.get()
    assert (play.recording, play.heard_ms, play.grant.gid.hex) == (recording, 1800, first)
    assert not KeyLogFault.objects.exists()
