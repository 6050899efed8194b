"""A stream's history as plain values, for the row that keeps it between two chunks of the key log."""

from dataclasses import asdict
from typing import Any

from alpheus.listening.rules import GrantFacts, KeyRecord, Playhead, PlayHeard, Release, Span, StreamHistory


def to_plain(history: StreamHistory) -> dict[str, Any]:
    """Values that JSON can hold."""
    return asdict(history) | {"released": list(history.released.items())}


def from_plain(plain: dict[str, Any]) -> StreamHistory:
    """What `to_plain` made; pieces keep their order, which JSON objects do not promise."""
    at, play = plain["at"], plain["play"]
    return StreamHistory(
        sequence=plain["sequence"],
        at=Playhead(**at) if at else None,
        wall_ms=plain["wall_ms"],
        slack_ms=plain["slack_ms"],
        grants={gid: _facts(facts) for gid, facts in plain["grants"].items()},
        released={piece: [_span(span) for span in spans] for piece, spans in plain["released"]},
        plays=plain["plays"],
        play=_play(play) if play else None,
        waiting=[_record(record) for record in plain.get("waiting", [])],
    )


def _record(plain: dict[str, Any]) -> KeyRecord:
    at = plain["at"]
    return KeyRecord(
        wall_ms=plain["wall_ms"],
        stream=plain["stream"],
        sequence=plain["sequence"],
        at=Playhead(**at) if at else None,
        released=tuple(Release(item["grant"], _span(item["span"])) for item in plain["released"]),
        closing=plain["closing"],
        grants={gid: _facts(facts) for gid, facts in plain["grants"].items()},
    )


def _span(plain: list[int]) -> Span:
    return (plain[0], plain[1])


def _facts(plain: dict[str, Any]) -> GrantFacts:
    return GrantFacts(**{**plain, "window": _span(plain["window"])})


def _play(plain: dict[str, Any]) -> PlayHeard:
    return PlayHeard(**{**plain, "covered": tuple(_span(span) for span in plain["covered"])})
