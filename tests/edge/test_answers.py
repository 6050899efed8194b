"""Headers: nothing for browsers to keep, ciphertext for CDNs while its epoch lasts, any origin may ask."""

import json

from edge.kit import RATE, new_id, want


def early_in_its_epoch(site):
    """An asset whose epoch is not about to end, as some asset's always is: each has a phase of its own."""
    epochs = site.edge.epochs

    def left(asset):
        return epochs.honoured_seconds(epochs.of(asset, "aac-128").number, asset, "aac-128")

    return max((new_id() for _ in range(20)), key=left)


async def released_url(site):
    index = site.rendition(asset=early_in_its_epoch(site), samples=100 * RATE)
    me = site.listener()
    gid, token = me.grant(index)
    answer = await site.post(me.stream, sequence=0, grants=[token], want=[want(gid)], ahead_seconds=4)
    return answer, answer["released"][0]["url"], index


async def test_a_segment_is_for_cdns_until_its_epoch_is_over_and_never_for_browsers(site):
    _, url, index = await released_url(site)
    answer = await site.get(url)
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["cache-control"] == "no-store"
    public, _, age = answer.headers["cdn-cache-control"].partition(", max-age=")
    epoch = site.edge.epochs.of(index.asset, "aac-128").number
    assert public == "public"
    assert 0 < int(age) <= site.edge.epochs.honoured_seconds(epoch, index.asset, "aac-128")


async def test_in_the_grace_no_cdn_may_keep_it(site):
    _, url, _ = await released_url(site)
    site.edge.turn()
    assert (await site.get(url)).headers["cdn-cache-control"] == "no-store"


async def test_a_batch_is_for_nobody_to_keep(site):
    answer, _, _ = await released_url(site)
    assert answer.headers["cache-control"] == answer.headers["cdn-cache-control"] == "no-store"


async def test_any_origin_may_ask(site):
    answer, url, _ = await released_url(site)
    for headers in (answer.headers, (await site.get(url)).headers, (await site.get("/s/x?t=y")).headers):
        assert headers["access-control-allow-origin"] == "*"
        assert headers["timing-allow-origin"] == "*"
        assert headers["cross-origin-resource-policy"] == "cross-origin"
    preflight = await site.request("OPTIONS", "/v1/streams/" + "a" * 32 + "/batches")
    assert preflight.status == 204
    assert "POST" in preflight.headers["access-control-allow-methods"]
    assert preflight.headers["access-control-allow-headers"] == "Content-Type"


async def test_internal_routes_are_for_no_origin(site):
    preflight = await site.request("OPTIONS", "/internal/cancel")
    assert preflight.status == 401
    assert "access-control-allow-methods" not in preflight.headers


async def test_health_and_metrics(site):
    _, url, _ = await released_url(site)
    await site.get(url)
    await site.get("/s/nonsense")
    assert json.loads((await site.request("GET", "/healthz")).body) == {"status": "ok"}
    answer = await site.request("GET", "/metrics")
    text = answer.body.decode()
    assert answer.headers["content-type"].startswith("text/plain")
    assert 'alpheus_edge_requests_total{route="segment",status="200"} 1\n' in text
    assert 'alpheus_edge_refused_total{code="name_forged"} 1\n' in text
    assert "alpheus_edge_streams 1\n" in text
    assert "alpheus_edge_keylog_records_total 1\n" in text


async def test_metrics_are_what_prometheus_reads(site):
    from prometheus_client.parser import text_string_to_metric_families

    await released_url(site)
    text = (await site.request("GET", "/metrics")).body.decode()
    families = list(text_string_to_metric_families(text))
    assert len(families) == text.count("# TYPE")


async def test_the_operator_sees_the_state(site):
    await released_url(site)
    state = await site.internal("state", method="GET")
    assert state["streams"] == 1
    assert state["strategy"] == "ladder"
    assert state["damaged"] == []
