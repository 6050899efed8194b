"""A real edge process behind granian: music over the wire, killed and started again, drained on SIGTERM."""

import http.client
import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time

import pytest
from edge.kit import RATE, make_rendition, new_id, want
from edge.serving import Server, listener, metric, play

from alpheus.edge.chain import files, read
from alpheus.edge.options import VARIABLE


@pytest.fixture
def server(tmp_path):
    made = Server(tmp_path, posts_per_second=1e6, posts_burst=10**6)  # tests POST as fast as they can
    yield made
    if made.process.poll() is None:
        made.stop(signal.SIGKILL)


def test_music_over_the_wire(server):
    index = make_rendition(server.blobs, asset=new_id(), samples=60 * RATE)
    for _ in range(3):
        assert len(play(server, listener(), index)) == 2


def test_what_is_ready_in_memory_is_answered_without_the_event_loop(server):
    index = make_rendition(server.blobs, asset=new_id(), samples=60 * RATE)
    item = play(server, listener(), index)[0]
    assert metric(server, "alpheus_edge_at_once_total") == 0
    made = server.request("GET", item["url"])
    assert made.status == 200
    assert metric(server, "alpheus_edge_at_once_total") == 1
    assert metric(server, "alpheus_edge_blends_total") == 2
    assert server.request("GET", item["url"] + "x").status == 403
    assert server.request("GET", "/s/" + "A" * 56).status == 404
    assert metric(server, "alpheus_edge_refused_total") == 2


def test_headers_on_the_wire(server):
    index = make_rendition(server.blobs, asset=new_id(), samples=60 * RATE)
    item = play(server, listener(), index)[0]
    segment = server.request("GET", item["url"])
    assert segment.headers["Cache-Control"] == "no-store"
    assert segment.headers["CDN-Cache-Control"].startswith("public, max-age=")
    assert segment.headers["Content-Type"] == "application/octet-stream"
    assert segment.headers["Access-Control-Allow-Origin"] == "*"
    assert int(segment.headers["Content-Length"]) == len(segment.data)
    assert not {"ETag", "Last-Modified", "Expires", "Set-Cookie"} & set(segment.headers.keys())
    batch = server.post(listener().stream, sequence=0)
    assert batch.status == 410
    assert batch.headers["Cache-Control"] == batch.headers["CDN-Cache-Control"] == "no-store"
    assert batch.headers["Content-Type"] == "application/problem+json"


def test_oversize_bodies_are_refused_announced_or_not(server):
    big = b" " * 200_000
    path = f"/v1/streams/{new_id()}/batches"
    assert server.request("POST", path, big).status == 413
    chunked = {"Transfer-Encoding": "chunked"}
    pieces = (big[at : at + 10_000] for at in range(0, len(big), 10_000))
    assert server.request("POST", path, pieces, chunked).status == 413
    assert server.request("GET", "/healthz").status == 200


def test_killed_and_started_again_the_music_resumes_and_the_budget_does_not(server):
    index = make_rendition(server.blobs, asset=new_id(), samples=600 * RATE)
    me = listener()
    grant = me.grant(index)
    for number in range(4):
        play(server, me, index, sequence=number, segment=10 * number, grant=grant)
    server.stop(signal.SIGKILL)
    server.start()
    stale = server.post(me.stream, sequence=3, want=[want(grant[0], 60)], ahead_seconds=7)
    assert stale.json["code"] == "sequence_stale"
    play(server, me, index, sequence=4, segment=60, grant=grant)
    got, number = 0, 5
    while number < 60:
        answer = server.post(me.stream, sequence=number, want=[want(grant[0], number * 2)], ahead_seconds=60)
        got += len(answer.json.get("released", []))
        number += 1
    assert got * 3.994 <= 80 - 5 * 2 * 3.994 + 4 + 8, (
        "what was released before counts, plus seconds that passed"
    )
    assert server.stop() == 0
    records = [record for path in files(server.options.keylog) for record in read(path)]
    assert [record["seq"] for record in records if "seq" in record][:5] == [0, 1, 2, 3, 4]
    assert sum("seal" in record for record in records) == 2


def test_sigterm_answers_who_is_being_answered_and_seals_the_log(server):
    index = make_rendition(server.blobs, asset=new_id(), samples=600 * RATE)
    failures = []
    stopping = threading.Event()

    def listen():
        me = listener()
        grant = me.grant(index)
        connection = server.connect()
        for number in range(10_000):
            body = {"sequence": number, "grants": [grant[1]], "at": {"grant": grant[0], "sample": number}}
            try:
                connection.request("POST", f"/v1/streams/{me.stream}/batches", json.dumps(body))
                answer = connection.getresponse()
            except (OSError, http.client.HTTPException):
                if not stopping.is_set():
                    failures.append("an answer was lost before SIGTERM")
                return
            if answer.status != 200 or "sequence" not in json.loads(answer.read()):
                failures.append(answer.status)
                return

    threads = [threading.Thread(target=listen) for _ in range(4)]
    for thread in threads:
        thread.start()
    time.sleep(0.5)
    stopping.set()
    assert server.stop() == 0
    for thread in threads:
        thread.join()
    assert not failures
    *records, seal = read(files(server.options.keylog)[-1])
    assert seal["seal"] is True
    assert len(records) > 10


@pytest.mark.slow
def test_a_second_edge_on_one_log_says_so(server):
    again = subprocess.run(
        [sys.executable, "-m", "alpheus.edge.serve", "--port", "1"],
        env=os.environ | {VARIABLE: server.options.to_json()},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert again.returncode == 1
    assert "Another edge is running" in again.stderr
    assert "Traceback" not in again.stderr


@pytest.mark.parametrize("environment", ["", "{}", '{"kek": 5}'])
def test_unusable_options_end_it_with_a_sentence(environment):
    done = subprocess.run(
        [sys.executable, "-m", "alpheus.edge.serve"],
        env=os.environ | {VARIABLE: environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert "The edge cannot start." in done.stderr
    assert "Traceback" not in done.stderr


def test_logs_name_no_token_and_no_grant(tmp_path):
    server = Server(tmp_path)
    index = make_rendition(server.blobs, asset=new_id(), samples=60 * RATE)
    me = listener()
    gid, token = me.grant(index)
    item = play(server, me, index, grant=(gid, token))[0]
    server.request("GET", item["url"] + "x")
    pack = tmp_path / "objects" / index.pack_path(0)
    pack.write_bytes(bytes(pack.stat().st_size))
    server.process.send_signal(signal.SIGTERM)
    log = server.process.communicate(timeout=30)[1].decode()
    assert "edge is listening" in log
    for secret in (token, token.split(".")[2], item["url"].partition("t=")[2], me.stream, me.account, gid):
        assert secret not in log
    for line in log.splitlines():
        assert json.loads(line)["part"] == "edge"


def test_tls_and_http2(tmp_path, certificate):
    server = Server(tmp_path, tls=certificate)
    index = make_rendition(server.blobs, asset=new_id(), samples=60 * RATE)
    play(server, listener(), index)
    context = ssl.create_default_context(cafile=str(certificate[0]))
    context.set_alpn_protocols(["h2", "http/1.1"])
    with (
        socket.create_connection(("127.0.0.1", server.port)) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as wrapped,
    ):
        assert wrapped.selected_alpn_protocol() == "h2"
    assert server.stop() == 0
