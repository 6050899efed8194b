"""Segments per CPU-second beside nginx's sendfile of files of the same size, in the same run, on the same core.

What is counted: the CPU time, user and system, of all threads of the server's process, from the scheduler's own
nanoseconds, divided by the segments it served; never the client's, which runs on the other core. Every connection is
kept alive, 16 are busy at once, and the client reads in pieces of 8 KiB (see `support/pinned.py`).

*Included*: a listener's round is what a player does every twelve seconds: one POST (gate, codeword, names, keys, key log
flushed to disk) and the three segments that it released. Everything that the server's core does for it is charged to the
three segments, so that a segment bears the third of a POST beside its token check. *Alone*: the segments of rounds whose
POSTs were made before; the token check is in it, the POST and the key log are not.

*hit*: the blend is ready in memory (16 accounts' blends of 100 segments, 100 MB). *miss*: its stored chunks are opened,
joined and encrypted. *bare granian*: an RSGI application of one line that answers a constant of the same size with the
same headers, checks nothing and has no POST: what any app in this server and language costs at least, and so how
near to nginx's sendfile, which copies nothing, any edge in it can come. *bare crypto*: AES-CBC of a segment alone, in a
loop: what HLS asks of a miss at least.
"""

import datetime as dt
import json
import os
import random
import ssl
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from alpheus.edge.options import VARIABLE, EdgeOptions
from alpheus.packaging import layout
from alpheus.packaging.boxes import Packet, aac_init, aac_mime
from alpheus.packaging.rendition import RenditionIndex, RenditionWriter
from alpheus.packaging.segments import encrypt
from alpheus.storage.blobs import Blobs
from benchmarks.report import Row, at_least, publish
from benchmarks.support.pinned import (
    CLIENT_CORE,
    Connection,
    cost_us,
    free_port,
    get,
    pin,
    post,
    started,
    wait_for,
)

RATE = 44_100
RENDITION = "aac-128"
PACKET_BYTES = 372  # 128 kbit/s: segments of 64 KiB
SEGMENT_BYTES = 4 * 43 * PACKET_BYTES + 4 * 276  # four chunks of 43 packets and their boxes
SEGMENTS = 100
HIT_TRACKS, MISS_TRACKS = 1, 8
LISTENERS = 16
PER_ROUND = 3
CACHE_BYTES = 1 << 30
MISS_CACHE_BYTES = 144 * 2**20  # holds the stored chunks of all tracks, and 2% of their blends
BLOCKS = 5

NGINX = """
{user}
worker_processes 1; daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log crit;
events {{ worker_connections 1024; }}
http {{
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000000; keepalive_timeout 600s;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  server {{ listen 127.0.0.1:{port}; root {folder}/files; }}
  server {{ listen 127.0.0.1:{tls_port} ssl; ssl_protocols TLSv1.3; root {folder}/files;
    ssl_certificate {folder}/cert.pem; ssl_certificate_key {folder}/key.pem; }}
}}
"""


def main() -> None:
    """Measure and publish. `ALPHEUS_BENCH_QUICK=1` runs a short block of each, to see that it works."""
    quick = bool(os.environ.get("ALPHEUS_BENCH_QUICK"))
    pin(CLIENT_CORE)
    with tempfile.TemporaryDirectory(prefix="alpheus-bench-") as name:
        costs = _measured(Path(name), rounds=250 if quick else 1000, blocks=1 if quick else BLOCKS)
    publish("edge", _rows(costs))


@dataclass
class Costs:
    """Microseconds of CPU per segment, by block."""

    nginx: list[float] = field(default_factory=list)
    nginx_tls: list[float] = field(default_factory=list)
    hit: list[float] = field(default_factory=list)
    hit_alone: list[float] = field(default_factory=list)
    miss: list[float] = field(default_factory=list)
    miss_alone: list[float] = field(default_factory=list)
    tls: list[float] = field(default_factory=list)
    tls_alone: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)
    cipher: list[float] = field(default_factory=list)


def _measured(folder: Path, *, rounds: int, blocks: int) -> Costs:
    """Run all peers at once, idle but for the one being asked, and ask them by turns."""
    _certificate(folder)
    trust = ssl.create_default_context(cafile=str(folder / "cert.pem"))
    costs = Costs()
    with ExitStack() as stack:
        peer = stack.enter_context(_nginx(folder))
        bare = stack.enter_context(_bare(folder))
        hot = stack.enter_context(_edge(folder / "hit", HIT_TRACKS, CACHE_BYTES, tls=None))
        cold = stack.enter_context(_edge(folder / "miss", MISS_TRACKS, MISS_CACHE_BYTES, tls=None))
        secret = stack.enter_context(_edge(folder / "tls", HIT_TRACKS, CACHE_BYTES, tls=folder))
        hot_crowd, cold_crowd = Crowd(hot), Crowd(cold)
        tls_crowd = Crowd(secret, trust=trust)
        for crowd in (hot_crowd, cold_crowd, tls_crowd):
            crowd.warm()
        for _ in range(blocks):
            costs.nginx.append(peer.cost_us(rounds * LISTENERS, trust=None))
            costs.bare.append(bare.cost_us(rounds * LISTENERS, trust=None))
            costs.cipher.append(_cipher_us(rounds))
            costs.hit.append(hot_crowd.cost_us(rounds))
            costs.hit_alone.append(hot_crowd.segments_cost_us(rounds))
            costs.miss.append(cold_crowd.cost_us(rounds // 2))
            costs.miss_alone.append(cold_crowd.segments_cost_us(rounds // 2))
            costs.nginx_tls.append(peer.cost_us(rounds * LISTENERS // 2, trust=trust))
            costs.tls.append(tls_crowd.cost_us(rounds // 2))
            costs.tls_alone.append(tls_crowd.segments_cost_us(rounds // 2))
    return costs


def _rows(costs: Costs) -> list[Row]:
    def share(peer: list[float], ours: list[float]) -> float:
        return statistics.median(a / b for a, b in zip(peer, ours, strict=True))

    plain, tls = "nginx sendfile, one worker, same core and size", "nginx TLS 1.3, same core and size"
    median = statistics.median
    return [
        at_least(
            "hit: token, POST and key log included", share(costs.nginx, costs.hit), "x", 0.55, peer=plain
        ),
        at_least(
            "miss: token, POST and key log included", share(costs.nginx, costs.miss), "x", 0.22, peer=plain
        ),
        at_least("TLS hit: POST and key log included", share(costs.nginx_tls, costs.tls), "x", 1.0, peer=tls),
        Row("hit, segments alone", round(share(costs.nginx, costs.hit_alone), 4), "x", peer=plain),
        Row("miss, segments alone", round(share(costs.nginx, costs.miss_alone), 4), "x", peer=plain),
        Row("TLS hit, segments alone", round(share(costs.nginx_tls, costs.tls_alone), 4), "x", peer=tls),
        Row("bare granian", round(share(costs.nginx, costs.bare), 4), "x", peer=plain),
        Row("hit, segments alone, beside bare granian", round(share(costs.bare, costs.hit_alone), 4), "x"),
        Row("nginx", round(median(costs.nginx), 1), "us of CPU a segment"),
        Row("nginx TLS", round(median(costs.nginx_tls), 1), "us of CPU a segment"),
        Row("bare granian", round(median(costs.bare), 1), "us of CPU a segment"),
        Row("bare crypto", round(median(costs.cipher), 1), "us of CPU a segment", peer="AES-128-CBC"),
        Row("hit, segments alone", round(median(costs.hit_alone), 1), "us of CPU a segment"),
        Row("miss, segments alone", round(median(costs.miss_alone), 1), "us of CPU a segment"),
        Row("hit, a third of a POST included", round(median(costs.hit), 1), "us of CPU a segment"),
        Row("miss, a third of a POST included", round(median(costs.miss), 1), "us of CPU a segment"),
        Row("miss", round(1e6 / median(costs.miss)), "segments a CPU-second"),
        Row(
            "a POST",
            round(PER_ROUND * (median(costs.hit) - median(costs.hit_alone)), 1),
            "us of CPU",
            peer="gate, codeword, names, keys, key log flushed",
        ),
    ]


@dataclass(frozen=True)
class Peer:
    """nginx, or granian with nothing in it."""

    pid: int
    port: int
    tls_port: int
    paths: list[str]

    def cost_us(self, requests: int, *, trust: ssl.SSLContext | None) -> float:
        """Fetch files over as many connections as there are listeners."""
        port = self.tls_port if trust else self.port
        connections = [Connection(port, trust=trust) for _ in range(LISTENERS)]
        asked = [get(path) for path in self.paths]

        def run() -> int:
            for number in range(requests // LISTENERS):
                for connection in connections:
                    connection.send(asked[number % len(asked)])
                for connection in connections:
                    if connection.read().status != 200:
                        raise RuntimeError("a peer does not serve its files")
            return requests // LISTENERS * LISTENERS

        return cost_us(self.pid, run)


@contextmanager
def _nginx(folder: Path) -> Iterator[Peer]:
    files = folder / "files"
    files.mkdir()
    for number in range(SEGMENTS):
        (files / str(number)).write_bytes(os.urandom(SEGMENT_BYTES))
    port, tls_port = free_port(), free_port()
    # Started by root, nginx's worker would be somebody who may not read our files.
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder, port=port, tls_port=tls_port, user=user))
    process = started(["nginx", "-c", str(folder / "nginx.conf"), "-p", str(folder)])
    try:
        wait_for(port)
        yield Peer(process.pid, port, tls_port, [f"/{number}" for number in range(SEGMENTS)])
    finally:
        process.terminate()
        process.wait()


@contextmanager
def _bare(folder: Path) -> Iterator[Peer]:
    """granian, embedded and set as the edge's, with an app that does nothing."""
    port = free_port()
    body = folder / "files" / "0"
    process = started([sys.executable, "-m", "benchmarks.support.bare", str(port), str(body)])
    try:
        wait_for(port)
        yield Peer(
            process.pid, port, 0, [f"/s/{number:056}?t=6b49d2b8.{number:022}" for number in range(SEGMENTS)]
        )
    finally:
        process.terminate()
        process.wait()


def _cipher_us(rounds: int) -> float:
    """CPU of the encryption alone, on the client's core, which is the same kind."""
    plain, key, iv = os.urandom(SEGMENT_BYTES), os.urandom(16), os.urandom(16)
    began = time.process_time()
    for _ in range(rounds):
        encrypt(plain, key, iv)
    return (time.process_time() - began) / rounds * 1e6


@dataclass(frozen=True)
class Served:
    """A running edge and what it serves."""

    pid: int
    port: int
    tracks: list[RenditionIndex]
    signer: Ed25519PrivateKey


@contextmanager
def _edge(folder: Path, tracks: int, cache_bytes: int, *, tls: Path | None) -> Iterator[Served]:
    signer = Ed25519PrivateKey.generate()
    options = EdgeOptions(
        edge_id="edge-1",
        objects_url=(folder / "objects").as_uri(),
        grant_public_key=signer.public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        .decode(),
        kek=b"k" * 32,
        codeword_key=b"c" * 32,
        internal_key=b"i" * 32,
        keylog=folder / "keylog",
        lead_seconds=1e9,  # the gate counts, and never shuts
        posts_per_second=1e6,  # rounds are hurried: twelve seconds of music in a moment
        posts_burst=10**6,
        cache_bytes=cache_bytes,
    )
    blobs = Blobs.open(options.objects_url)
    made = [new_rendition(blobs, options.kek) for _ in range(tracks)]
    port = free_port()
    command = [sys.executable, "-m", "alpheus.edge.serve", "--port", str(port)]
    if tls:
        command += ["--tls-certificate", str(tls / "cert.pem"), "--tls-key", str(tls / "key.pem")]
    process = started(command, environment={VARIABLE: options.to_json()})
    try:
        wait_for(port)
        yield Served(process.pid, port, made, signer)
    finally:
        process.terminate()
        process.wait()


def new_rendition(blobs: Blobs, kek: bytes) -> RenditionIndex:
    """Publish a rendition of noise: `SEGMENTS` segments of 64 KiB."""
    grid = layout.aac(RATE)
    samples = SEGMENTS * grid.segment_samples - 2 * grid.frame_samples
    with RenditionWriter(
        blobs,
        kek=kek,
        asset=uuid.uuid4().hex,
        name=RENDITION,
        mime=aac_mime(),
        layout=grid,
        delay_samples=1024,
        init=aac_init(RATE, b"\x12\x10"),
    ) as writer:
        for _ in range(1 + -(-samples // 1024)):
            writer.add(Packet(os.urandom(PACKET_BYTES), 1024), Packet(os.urandom(PACKET_BYTES), 1024))
        return writer.finish(samples=samples)


@dataclass
class Listener:
    """One stream of one account over its own connection."""

    connection: Connection
    stream: str
    grants: list[tuple[str, str]]
    sequence: int = 0
    urls: list[str] = field(default_factory=list)

    def ask(self, track: int, segment: int) -> None:
        """POST for the next three segments; tokens travel with the first."""
        grant, _ = self.grants[track]
        body = {
            "sequence": self.sequence,
            "grants": [] if self.sequence else [token for _, token in self.grants],
            "at": {"grant": grant, "sample": 4410 * self.sequence},
            "want": [{"grant": grant, "rendition": RENDITION, "segment": segment}],
            "ahead_seconds": 3.99 * PER_ROUND - 1,
        }
        self.sequence += 1
        self.connection.send(post(f"/v1/streams/{self.stream}/batches", json.dumps(body).encode()))

    def told(self) -> None:
        """Read what was released."""
        reply = self.connection.read()
        if reply.status != 200:
            raise RuntimeError(reply.body.decode())
        self.urls = [item["url"] for item in json.loads(reply.body)["released"]]

    def fetch(self, number: int) -> None:
        """GET one of the segments."""
        self.connection.send(get(self.urls[number]))

    def fetched(self) -> None:
        """Read it."""
        reply = self.connection.read()
        if reply.status != 200:
            raise RuntimeError(reply.body.decode())


class Crowd:
    """Listeners of different accounts, in step, on random passages."""

    def __init__(self, served: Served, *, trust: ssl.SSLContext | None = None) -> None:
        self._served = served
        self._random = random.Random(7)
        self._trust = trust
        self._listeners = [self._listener() for _ in range(LISTENERS)]

    def warm(self) -> None:
        """Bring every stored chunk into memory, and of few tracks every blend these accounts meet."""
        self._reconnect()
        for track in range(len(self._served.tracks)):
            for segment in range(0, SEGMENTS - PER_ROUND, PER_ROUND):
                self._round([(track, segment)] * LISTENERS)
        for _ in range(3):
            self.cost_us(20)

    def cost_us(self, rounds: int) -> float:
        """CPU a segment, its share of the POST included."""
        self._reconnect()

        def run() -> int:
            for _ in range(rounds):
                self._round([self._passage() for _ in self._listeners])
            return rounds * PER_ROUND * LISTENERS

        return cost_us(self._served.pid, run)

    def segments_cost_us(self, rounds: int) -> float:
        """CPU a segment, without the POSTs, which are made before."""
        self._reconnect()
        urls: list[list[str]] = []
        for _ in range(max(1, rounds // 4)):
            self._ask([self._passage() for _ in self._listeners])
            urls += [list(listener.urls) for listener in self._listeners]
        self._random.shuffle(urls)

        def run() -> int:
            for at in range(0, len(urls), LISTENERS):
                for listener, given in zip(self._listeners, urls[at : at + LISTENERS], strict=True):
                    listener.urls = given
                self._fetch()
            return len(urls) * PER_ROUND

        return cost_us(self._served.pid, run)

    def _passage(self) -> tuple[int, int]:
        return self._random.randrange(len(self._served.tracks)), self._random.randrange(SEGMENTS - PER_ROUND)

    def _round(self, passages: list[tuple[int, int]]) -> None:
        self._ask(passages)
        self._fetch()

    def _ask(self, passages: list[tuple[int, int]]) -> None:
        for listener, (track, segment) in zip(self._listeners, passages, strict=True):
            listener.ask(track, segment)
        for listener in self._listeners:
            listener.told()

    def _fetch(self) -> None:
        for number in range(PER_ROUND):
            for listener in self._listeners:
                listener.fetch(number)
            for listener in self._listeners:
                listener.fetched()

    def _reconnect(self) -> None:
        """Servers close connections that idle while another peer has its turn."""
        for listener in self._listeners:
            listener.connection = Connection(self._served.port, trust=self._trust)

    def _listener(self) -> Listener:
        stream, account = uuid.uuid4().hex, uuid.uuid4().hex
        grants = [self._grant(index, stream, account) for index in self._served.tracks]
        return Listener(Connection(self._served.port, trust=self._trust), stream, grants)

    def _grant(self, index: RenditionIndex, stream: str, account: str) -> tuple[str, str]:
        now, gid = int(time.time()), uuid.uuid4().hex
        claims = {
            "iss": "alpheus",
            "aud": "edge-1",
            "jti": gid,
            "iat": now,
            "exp": now + 3600,
            "acc": account,
            "str": stream,
            "rec": index.asset,
            "ast": index.asset,
            "rnd": [RENDITION],
            "win": [0, index.samples],
        }
        return gid, jwt.encode(claims, self._served.signer, algorithm="EdDSA")


def _certificate(folder: Path) -> None:
    """A self-signed certificate for localhost, used by both peers."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
