"""Bodies that do not come."""

import json

from edge.kit import FakeProtocol, FakeScope, new_id

from alpheus.edge import body


async def test_a_slow_body_is_refused(site, monkeypatch):
    monkeypatch.setattr(body, "_SECONDS_MAX", 0.01)
    protocol = FakeProtocol(b"{}" * 100, pause=0.05)
    await site.app.__rsgi__(FakeScope("POST", f"/v1/streams/{new_id()}/batches", "", {}), protocol)
    assert protocol.answer.status == 408
    assert json.loads(protocol.answer.body)["code"] == "body_too_slow"
