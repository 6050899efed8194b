"""What players POST, read strictly: everything is checked here once, and plain values go on."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from alpheus.edge.errors import Malformed

BODY_BYTES_MAX = 64 * 1024
_GRANTS_MAX = 64
_WANTS_MAX = 32
_SEQUENCE_MAX = 2**53  # what JSON numbers hold exactly everywhere
_SAMPLE_MAX = 2**53
_SEGMENT_MAX = 2**32 - 1  # the field in a segment's name
_AHEAD_SECONDS_MAX = 3600.0
_ID = re.compile(r"[0-9a-f]{32}\Z")


@dataclass(frozen=True, slots=True)
class Playhead:
    """Where a player says it is: a sample of a grant's recording."""

    grant: str
    sample: int


@dataclass(frozen=True, slots=True)
class Want:
    """From where on a player wants a grant's recording."""

    grant: str
    rendition: str
    segment: int


@dataclass(frozen=True, slots=True)
class BatchRequest:
    """One POST of a player."""

    sequence: int
    tokens: tuple[str, ...]
    at: Playhead | None
    wants: tuple[Want, ...]
    describe: frozenset[str]
    ahead_seconds: float
    closing: bool


def read_stream(text: str) -> str:
    """Read a stream's id from its URL: 32 hexadecimal digits, dashes allowed.

    Raises:
        Malformed: it is none.
    """
    stream = text.replace("-", "").lower()
    if not _ID.match(stream):
        raise Malformed("A stream is named by 32 hexadecimal digits.")
    return stream


def read_batch_request(body: bytes) -> BatchRequest:
    """Read a POST's body.

    Raises:
        Malformed: it is not what docs/protocol.md says; the detail names the member.
    """
    data = read_object(body)
    return BatchRequest(
        sequence=_whole(data, "sequence", 0, _SEQUENCE_MAX),
        tokens=tuple(_text(item, "grants") for item in _items(data, "grants", _GRANTS_MAX)),
        at=_playhead(data.get("at")),
        wants=tuple(_want(item) for item in _items(data, "want", _WANTS_MAX)),
        describe=frozenset(_text(item, "describe") for item in _items(data, "describe", _GRANTS_MAX)),
        ahead_seconds=_seconds(data, "ahead_seconds"),
        closing=_flag(data, "closing"),
    )


def read_object(body: bytes) -> Mapping[str, object]:
    """Read a JSON object.

    Raises:
        Malformed: it is none.
    """
    try:
        data = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Malformed("The body is no JSON.") from error
    if not isinstance(data, dict):
        raise Malformed("The body is no JSON object.")
    return data


def texts(data: Mapping[str, object], name: str, *, most: int) -> list[str]:
    """Read a list of strings, empty when absent.

    Raises:
        Malformed: it is none, or longer than `most`.
    """
    return [_text(item, name) for item in _items(data, name, most)]


def _items(data: Mapping[str, object], name: str, most: int) -> list[object]:
    value = data.get(name)
    if value is None:
        return []
    if not isinstance(value, list) or len(value) > most:
        raise Malformed(f"'{name}' is a list of at most {most}.")
    return value


def _text(value: object, name: str) -> str:
    if not isinstance(value, str):
        raise Malformed(f"'{name}' holds something that is no string.")
    return value


def _whole(data: Mapping[str, object], name: str, least: int, most: int, *, within: str = "") -> int:
    value = data.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise Malformed(f"'{within}{name}' is a whole number from {least} to {most}.")
    return value


def _seconds(data: Mapping[str, object], name: str) -> float:
    value = data.get(name, 0)
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= _AHEAD_SECONDS_MAX:
        raise Malformed(f"'{name}' is seconds from 0 to {_AHEAD_SECONDS_MAX:g}.")
    return float(value)


def _flag(data: Mapping[str, object], name: str) -> bool:
    value = data.get(name, False)
    if not isinstance(value, bool):
        raise Malformed(f"'{name}' is true or false.")
    return value


def _playhead(value: object) -> Playhead | None:
    if value is None:
        return None
    if not isinstance(value, dict):
        raise Malformed("'at' is null or an object.")
    return Playhead(_grant(value, "at."), _whole(value, "sample", 0, _SAMPLE_MAX, within="at."))


def _want(value: object) -> Want:
    if not isinstance(value, dict):
        raise Malformed("'want' holds something that is no object.")
    rendition = _text(value.get("rendition"), "want.rendition")
    return Want(_grant(value, "want."), rendition, _whole(value, "segment", 0, _SEGMENT_MAX, within="want."))


def _grant(value: Mapping[str, object], within: str) -> str:
    """A grant's id. Whatever stands here is written to the key log, so that it is no place for a listener's prose."""
    grant = value.get("grant")
    if not isinstance(grant, str) or not _ID.match(grant):
        raise Malformed(f"'{within}grant' is 32 hexadecimal digits.")
    return grant
