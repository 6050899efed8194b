"""A real edge process for tests: started on a free port, asked over the wire, stopped."""

import http.client
import json
import os
import re
import signal
import socket
import ssl
import subprocess
import sys
import time

import pytest
from edge.kit import CODEWORD_KEY, Listener, expected_segment, options, unbase64, want

from alpheus.edge.options import VARIABLE
from alpheus.packaging.segments import decrypt
from alpheus.storage.blobs import Blobs
from alpheus.watermark.codeword import symbols


class WallClock:
    def wall(self):
        return time.time()


class Server:
    """An edge process on a free port."""

    def __init__(self, tmp_path, *, tls=None, **changed):
        self.options = options(tmp_path, **changed)
        self.tls = tls
        self.blobs = Blobs.open(self.options.objects_url)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.start()

    def start(self):
        command = [sys.executable, "-m", "alpheus.edge.serve", "--port", str(self.port)]
        if self.tls:
            command += ["--tls-certificate", str(self.tls[0]), "--tls-key", str(self.tls[1])]
        self.process = subprocess.Popen(
            command, env=os.environ | {VARIABLE: self.options.to_json()}, stderr=subprocess.PIPE
        )
        for _ in range(600):
            if self.process.poll() is not None:
                pytest.fail(self.process.stderr.read().decode())
            try:
                assert self.request("GET", "/healthz").status == 200
            except OSError:
                time.sleep(0.05)
            else:
                return
        pytest.fail("the edge does not answer")

    def connect(self):
        if not self.tls:
            return http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        context = ssl.create_default_context(cafile=str(self.tls[0]))
        return http.client.HTTPSConnection("localhost", self.port, timeout=20, context=context)

    def request(self, method, path, body=None, headers=None):
        connection = self.connect()
        chunked = "Transfer-Encoding" in (headers or {})
        connection.request(method, path, body=body, headers=headers or {}, encode_chunked=chunked)
        answer = connection.getresponse()
        answer.data = answer.read()
        connection.close()
        return answer

    def post(self, stream, **body):
        headers = {"Content-Type": "text/plain;charset=UTF-8"}
        answer = self.request("POST", f"/v1/streams/{stream}/batches", json.dumps(body).encode(), headers)
        answer.json = json.loads(answer.data)
        return answer

    def stop(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        code = self.process.wait(timeout=30)
        self.process.stderr.close()
        return code


def listener():
    return Listener(WallClock())


def play(server, me, index, *, sequence=0, segment=0, grant=None):
    gid, token = grant or me.grant(index)
    answer = server.post(
        me.stream, sequence=sequence, grants=[token], want=[want(gid, segment)], ahead_seconds=7
    )
    assert answer.status == 200, answer.data
    for item in answer.json["released"]:
        segment = server.request("GET", item["url"])
        assert segment.status == 200
        plain = decrypt(segment.data, unbase64(item["key"]), unbase64(item["iv"]))
        chunks = index.chunks_of(item["segment"])
        mine = symbols(
            CODEWORD_KEY,
            account=me.account,
            recording=index.asset[::-1],
            start=chunks.start,
            count=len(chunks),
        )
        assert plain == expected_segment(index, item["segment"], mine)
    return answer.json["released"]


def metric(server, name):
    lines = server.request("GET", "/metrics").data.decode().splitlines()
    return sum(float(line.rsplit(" ", 1)[1]) for line in lines if re.match(rf"{name}[ {{]", line))
