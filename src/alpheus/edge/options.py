"""All that an edge is told, as one frozen value that travels between processes as JSON."""

import base64
import binascii
import json
from dataclasses import dataclass, field, fields
from pathlib import Path

from alpheus.edge.errors import OptionsError

VARIABLE = "ALPHEUS_EDGE_OPTIONS"
"""The environment variable from which `python -m alpheus.edge.serve` reads its options."""

SEGMENT_SECONDS_MAX = 4.02
"""Four chunks of 48,128 samples at 48 kHz last 4.011 s, of 44,032 at 44.1 kHz 3.994 s."""

_KEY_BYTES = {"kek": 32, "codeword_key": 32, "internal_key": 16}


@dataclass(frozen=True)
class EdgeOptions:
    """An edge's options.

    Attributes:
        edge_id: what grants call this edge (their audience).
        objects_url: where renditions lie; see `storage.blobs.Blobs.open`.
        grant_public_key: Ed25519 public key of web, PEM.
        kek: key-encryption key that unwraps storage keys, 32 bytes.
        codeword_key: derives codewords, 32 bytes.
        internal_key: authenticates web on internal routes.
        keylog: folder of this edge's key log; one edge process holds it at a time.
        epoch_seconds: how long an epoch lasts.
        epoch_grace_seconds: how long names of the last epoch are still honoured.
        lead_seconds: music released ahead of real time at most.
        seek_seconds: further music that jumps may release.
        cache_bytes: memory of the cloud cache, both tiers together.
        token_seconds: how long a segment's URL holds.
        guests_per_network: how many guests' gates one network may have the flow of.
        stream_idle_seconds: after how long an idle stream is forgotten.
        posts_per_second: how often one account may POST, over all its streams.
        posts_burst: how many POSTs it may make at once.
        streams_max: streams held at once; the longest idle go first.
        keylog_segment_bytes: size at which a key log segment is sealed and the next begun.
        keylog_segment_seconds: age at which it is.
        store_timeout_seconds: how long one read from the object store may take.
        connections_max: connections held at once; more wait to be let in. Fewer where files run out first.
        idle_seconds: how long a connection may be silent, send its headers, or take nothing of what it asked for.
        drain_seconds: how long answers in flight may take after SIGTERM; a supervisor waits at least as long.
        strategies: delivery strategies from which epochs draw until the operator chooses others.
        log_level: debug, info, warning or error.
    """

    edge_id: str
    objects_url: str
    grant_public_key: str
    kek: bytes = field(repr=False)
    codeword_key: bytes = field(repr=False)
    internal_key: bytes = field(repr=False)
    keylog: Path
    epoch_seconds: int = 3600
    epoch_grace_seconds: int = 120
    lead_seconds: float = 20.0
    seek_seconds: float = 60.0
    cache_bytes: int = 256 * 2**20
    token_seconds: int = 120
    guests_per_network: int = 8
    stream_idle_seconds: int = 900
    posts_per_second: float = 4.0
    posts_burst: int = 40
    streams_max: int = 20_000
    keylog_segment_bytes: int = 16 * 2**20
    keylog_segment_seconds: int = 3600
    store_timeout_seconds: float = 10.0
    connections_max: int = 16_384
    idle_seconds: float = 30.0
    drain_seconds: float = 10.0
    strategies: tuple[str, ...] = ("ladder",)
    log_level: str = "info"

    def __post_init__(self) -> None:
        for name, least in _KEY_BYTES.items():
            if len(getattr(self, name)) < least:
                raise OptionsError(f"{name} must be at least {least} random bytes.")
        if self.lead_seconds < SEGMENT_SECONDS_MAX:
            raise OptionsError(
                f"lead_seconds is {self.lead_seconds}: below one segment ({SEGMENT_SECONDS_MAX} s) nothing would "
                "ever be released. Set ALPHEUS_LEAD_SECONDS to 5 or more; 20 is usual."
            )
        if self.epoch_seconds <= 0 or self.epoch_grace_seconds <= 0 or self.token_seconds <= 0:
            raise OptionsError("An epoch, its grace and a token must last at least a second.")
        if self.posts_per_second <= 0 or self.posts_burst < 1:
            raise OptionsError("posts_per_second and posts_burst must let some POST in; 4 and 40 are usual.")
        if self.connections_max < 1 or self.idle_seconds <= 0 or self.drain_seconds <= 0:
            raise OptionsError("connections_max, idle_seconds and drain_seconds must let somebody in.")
        if not self.strategies:
            raise OptionsError("At least one strategy must be installed, such as 'ladder'.")

    def to_json(self) -> str:
        """Write the options as JSON; it holds keys, so pass it by environment and never log it."""
        return json.dumps({f.name: _plain(getattr(self, f.name)) for f in fields(self)})

    @classmethod
    def from_json(cls, text: str) -> "EdgeOptions":
        """Read what `to_json` wrote.

        Raises:
            OptionsError: it is not such options.
        """
        try:
            data = json.loads(text)
            for name in _KEY_BYTES:
                data[name] = base64.b64decode(data[name], validate=True)
            data["keylog"] = Path(data["keylog"])
            data["strategies"] = tuple(data["strategies"])
            return cls(**data)
        except (ValueError, KeyError, TypeError, binascii.Error) as error:
            raise OptionsError(f"{VARIABLE} holds no options of an edge: {error!r}") from error


def _plain(value: object) -> object:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, Path):
        return str(value)
    return list(value) if isinstance(value, tuple) else value
