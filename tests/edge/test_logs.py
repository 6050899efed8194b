"""Logs are JSON lines and hold no tokens."""

import json
import logging

from edge.kit import Listener, MovedClock

from alpheus.edge.logs import JsonLines


class Index:
    asset, name, samples = "ab" * 16, "aac-128", 1000


def test_an_event_is_one_line_without_tokens():
    _, token = Listener(MovedClock()).grant(Index)
    record = logging.LogRecord("alpheus.edge", 40, "", 0, f"bad /s/abc?t=1.secret and {token}", (), None)
    record.fields = {"object": "assets/ab", "what": f"{token} ?t=2.hidden"}
    line = JsonLines().format(record)
    assert "\n" not in line
    data = json.loads(line)
    assert data["level"] == "error"
    assert data["object"] == "assets/ab"
    assert token not in line
    assert "secret" not in line
    assert "hidden" not in line
