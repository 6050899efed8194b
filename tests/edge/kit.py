"""What tests of the edge share: clocks that can be moved, grants, renditions whose variants can be told apart."""

import asyncio
import base64
import json
import uuid
from dataclasses import dataclass, field

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from alpheus.edge.app import EdgeApp
from alpheus.edge.edge import Edge
from alpheus.edge.options import EdgeOptions
from alpheus.packaging import layout
from alpheus.packaging.boxes import Packet, aac_init, aac_mime, fragment
from alpheus.packaging.rendition import RenditionWriter
from alpheus.packaging.segments import decrypt
from alpheus.storage.blobs import Blobs

KEK, CODEWORD_KEY, INTERNAL_KEY = b"k" * 32, b"c" * 32, b"i" * 32
SIGNER = Ed25519PrivateKey.from_private_bytes(b"s" * 32)
PUBLIC_PEM = (
    SIGNER.public_key()
    .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    .decode()
)
START = 1_800_000_000.0
RATE = 44_100
FRAME = 1024


class MovedClock:
    """Time that passes when it is told to; its wall can jump."""

    def __init__(self):
        self.now = 1000.0
        self.jumped = 0.0

    def monotonic(self):
        return self.now

    def steady(self):
        return START + self.now

    def wall(self):
        return self.steady() + self.jumped

    def passes(self, seconds):
        self.now += seconds


def new_id():
    return uuid.uuid4().hex


def packet(variant, number):
    """A frame nobody would take for its sibling."""
    return Packet(f"{'AB'[variant]}{number:07}".encode() * 40, FRAME)


def make_rendition(blobs, *, asset, name="aac-128", samples=20 * RATE, rate_hz=RATE):
    """Publish a rendition of fake packets; variant B differs from A in every one."""
    grid = layout.aac(rate_hz)
    with RenditionWriter(
        blobs,
        kek=KEK,
        asset=asset,
        name=name,
        mime=aac_mime(),
        layout=grid,
        delay_samples=FRAME,
        init=aac_init(rate_hz, b"\x12\x10"),
    ) as writer:
        for number in range(1 + -(-samples // FRAME)):
            writer.add(packet(0, number), packet(1, number))
        return writer.finish(samples=samples)


def expected_segment(index, segment, variants):
    """The plain bytes of a segment whose chunks are of these variants."""
    frames = index.layout.frames_per_chunk
    packets = 1 + -(-index.samples // FRAME)
    parts = []
    for chunk, variant in zip(index.chunks_of(segment), variants, strict=True):
        numbers = range(chunk * frames, min((chunk + 1) * frames, packets))
        parts.append(
            fragment(
                chunk,
                chunk * index.layout.chunk_samples,
                [packet(variant, number) for number in numbers],
                frame_samples=FRAME,
            )
        )
    return b"".join(parts)


@dataclass
class Listener:
    """Mints what web would, for one stream of one account."""

    clock: MovedClock
    account: str = field(default_factory=new_id)
    stream: str = field(default_factory=new_id)
    network: str = ""
    edge_id: str = "edge-1"

    def grant(self, index, *, signer=SIGNER, seconds=600, **changed):
        """Give a grant's id and token for a rendition's recording."""
        issued = int(self.clock.wall())
        claims = {
            "iss": "alpheus",
            "aud": self.edge_id,
            "jti": new_id(),
            "iat": issued,
            "exp": issued + seconds,
            "acc": self.account,
            "net": self.network,
            "str": self.stream,
            "rec": index.asset[::-1],
            "ast": index.asset,
            "rnd": [index.name],
            "win": [0, index.samples],
            "pre": False,
            "ter": "NL",
        } | changed
        return claims["jti"], jwt.encode(claims, signer, algorithm="EdDSA")


def options(tmp_path, **changed):
    values = {
        "edge_id": "edge-1",
        "objects_url": (tmp_path / "objects").as_uri(),
        "grant_public_key": PUBLIC_PEM,
        "kek": KEK,
        "codeword_key": CODEWORD_KEY,
        "internal_key": INTERNAL_KEY,
        "keylog": tmp_path / "keylog",
        "cache_bytes": 8 * 2**20,
    } | changed
    return EdgeOptions(**values)


class Site:
    """An edge over a folder of renditions, in this process."""

    def __init__(self, tmp_path, **changed):
        self.clock = MovedClock()
        self.options = options(tmp_path, **changed)
        self.blobs = Blobs.open(self.options.objects_url)
        self.start()

    def start(self):
        self.edge = Edge(self.options, blobs=self.blobs, clock=self.clock)
        self.app = EdgeApp(self.edge, internal_key=INTERNAL_KEY)

    def restart(self):
        self.edge.close()
        self.start()

    def listener(self, **changed):
        return Listener(self.clock, **changed)

    def rendition(self, **changed):
        return make_rendition(self.blobs, **({"asset": new_id()} | changed))

    async def post(self, stream, **body):
        answer = await self.request("POST", f"/v1/streams/{stream}/batches", body=json.dumps(body).encode())
        return Answer(answer.status, answer.headers, json.loads(answer.body))

    async def get(self, url):
        path, _, query = url.partition("?")
        return await self.request("GET", path, query=query)

    async def internal(self, path, body=None, method="POST", key=INTERNAL_KEY):
        headers = {"authorization": f"Bearer {key.hex()}"}
        data = b"" if body is None else json.dumps(body).encode()
        answer = await self.request(method, f"/internal/{path}", headers=headers, body=data)
        return Answer(answer.status, answer.headers, json.loads(answer.body))

    async def request(self, method, path, *, query="", headers=None, body=b""):
        protocol = FakeProtocol(body)
        await self.app.__rsgi__(FakeScope(method, path, query, headers or {}), protocol)
        return protocol.answer

    async def heard(self, released):
        """Fetch and decrypt one released segment."""
        answer = await self.get(released["url"])
        assert answer.status == 200, answer
        return decrypt(answer.body, unbase64(released["key"]), unbase64(released["iv"]))


@dataclass
class Answer:
    status: int
    headers: dict
    body: object

    def __getitem__(self, key):
        return self.body[key]


@dataclass
class FakeScope:
    method: str
    path: str
    query_string: str
    headers: dict
    proto: str = "http"


class FakeProtocol:
    """A body that arrives in two parts, and whatever is answered."""

    def __init__(self, body, *, pause=0.0):
        self._parts = [body[: len(body) // 2], body[len(body) // 2 :]]
        self._pause = pause
        self.answer = None

    async def __call__(self):
        return b"".join([part async for part in self])

    async def __aiter__(self):
        for part in self._parts:
            await asyncio.sleep(self._pause)
            yield part

    def response_bytes(self, status, headers, body):
        assert self.answer is None
        names = [name for name, _ in headers]
        assert len(set(names)) == len(names)
        self.answer = Answer(status, dict(headers), body)


def unbase64(text):
    return base64.b64decode(text, validate=True)


def want(grant, segment=0, rendition="aac-128"):
    return {"grant": grant, "rendition": rendition, "segment": segment}
