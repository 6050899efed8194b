"""HTTP answers: status, headers, body. Browsers store nothing (`no-store`); a CDN is told apart (RFC 9213)."""

import json
import math
from dataclasses import dataclass

from alpheus.edge.errors import EdgeError

Headers = list[tuple[str, str]]

_OPEN = [
    # Grants are bearer tokens and there are no cookies, so any origin may ask.
    ("access-control-allow-origin", "*"),
    ("access-control-expose-headers", "Retry-After"),
    ("cross-origin-resource-policy", "cross-origin"),
    ("timing-allow-origin", "*"),
    ("x-content-type-options", "nosniff"),
]
_NEVER_STORED = [("cache-control", "no-store"), ("cdn-cache-control", "no-store")]
_JSON: Headers = [("content-type", "application/json"), *_NEVER_STORED, *_OPEN]
_PROBLEM: Headers = [("content-type", "application/problem+json"), *_NEVER_STORED, *_OPEN]
_TEXT: Headers = [*_NEVER_STORED, ("x-content-type-options", "nosniff")]
_PREFLIGHT: Headers = [
    ("access-control-allow-methods", "GET, POST, OPTIONS"),
    ("access-control-allow-headers", "Content-Type"),
    ("access-control-max-age", "86400"),
    ("cache-control", "no-store"),
    *_OPEN,
]


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes out."""

    status: int
    headers: Headers
    body: bytes


def json_answer(body: bytes) -> Answer:
    """200 with JSON that nobody may store."""
    return Answer(200, _JSON, body)


def text_answer(text: str, content_type: str) -> Answer:
    """200 with text."""
    return Answer(200, [("content-type", content_type), *_TEXT], text.encode())


def preflight_answer() -> Answer:
    """204 to a CORS preflight."""
    return Answer(204, _PREFLIGHT, b"")


def problem_answer(error: EdgeError) -> Answer:
    """A refusal as problem+json (RFC 9457), with Retry-After where time helps."""
    headers = _PROBLEM
    if error.retry_after_seconds is not None:
        headers = [*headers, ("retry-after", str(max(1, math.ceil(error.retry_after_seconds))))]
    body = {
        "type": f"urn:alpheus:edge:{error.code}",
        "title": error.title,
        "status": error.status,
        "code": error.code,
        "detail": error.detail,
        **error.extra,
    }
    return Answer(error.status, headers, json.dumps(body, separators=(",", ":")).encode())


def segment_headers(cdn_seconds: int) -> Headers:
    """Headers of a segment's ciphertext: no browser stores it; a CDN may until its epoch is over."""
    cdn = f"public, max-age={cdn_seconds}" if cdn_seconds > 0 else "no-store"
    return [
        ("content-type", "application/octet-stream"),
        ("cache-control", "no-store"),
        ("cdn-cache-control", cdn),
        *_OPEN,
    ]
