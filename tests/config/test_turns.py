"""A thread of web's that only computes keeps readers waiting no longer than a thousandth of a second at a time."""

import sys

from alpheus.config import web_server


def test_turns_are_short_once_web_serves(monkeypatch):
    before = sys.getswitchinterval()
    monkeypatch.setattr(web_server, "keep_what_is_loaded", lambda: None)
    monkeypatch.setattr(web_server, "_serve", lambda *_: None)
    monkeypatch.setattr(web_server.uvloop, "run", lambda _: None)
    try:
        web_server.serve(None)
        assert sys.getswitchinterval() <= 0.0011
    finally:
        sys.setswitchinterval(before)
