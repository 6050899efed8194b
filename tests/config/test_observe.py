"""What monitoring is told stays small, whatever clients send."""

from uuid import uuid4

import music
import pytest
from django.db import OperationalError
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from prometheus_client.registry import REGISTRY

from alpheus.config import observe
from alpheus.listening.models import Grant, Listener, Play


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


@pytest.mark.django_db
def test_health_is_well_while_the_database_answers(client):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


@pytest.mark.django_db
def test_metrics_count_assets_tasks_and_plays(client):
    DBTaskResult.objects.create(
        task_path="alpheus.nothing",
        args_kwargs={"args": [], "kwargs": {}},
        backend_name="default",
        run_after=timezone.now(),
    )
    listener, now = Listener.objects.create(), timezone.now()
    recording = music.recording("Tide")
    grant = Grant.objects.create(
        stream=uuid4(), edge="edge-1", gate=listener.gid, listener=listener, recording=recording, window_start=0,
        window_end=9, issued_at=now, expires_at=now,
    )  # fmt: skip
    Play.objects.create(
        listener=listener,
        recording=recording,
        grant=grant,
        stream=grant.stream,
        ordinal=0,
        started_at=now,
        qualified=True,
    )
    text = client.get("/metrics").content.decode()
    assert 'alpheus_assets{state="ready"} 1.0' in text
    assert 'alpheus_tasks{status="ready"} 1.0' in text
    assert 'alpheus_plays{qualified="true"} 1.0' in text
