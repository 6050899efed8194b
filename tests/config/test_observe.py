"""What monitoring is told stays small, whatever clients send."""

from django.db import OperationalError
from django.http import HttpResponse
from django.test import RequestFactory
from prometheus_client.registry import REGISTRY

from alpheus.config import observe


def test_words_that_are_no_methods_are_one_series():
    def series():
        return len(next(iter(observe.REQUESTS.collect())).samples)

    measured = observe.measure_requests(lambda _request: HttpResponse())
    requests = RequestFactory()
    measured(requests.generic("BREW", "/"))
    before = series()
    for number in range(20):
        measured(requests.generic(f"BREW{number}", "/"))
    assert series() == before
    labels = {"method": "other", "route": "none", "status": "200"}
    assert REGISTRY.get_sample_value("alpheus_web_requests_total", labels) >= 20


def test_health_keeps_the_databases_words_to_the_log(monkeypatch, caplog):
    class Silent:
        def cursor(self):
            raise OperationalError("password authentication failed for user alpheus at 10.0.0.3")

    monkeypatch.setattr(observe, "connection", Silent())
    answer = observe.health(RequestFactory().get("/healthz"))
    assert answer.status_code == 503
    assert b"10.0.0.3" not in answer.content
    assert "10.0.0.3" in caplog.text
