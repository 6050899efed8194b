"""What an operator's monitoring asks of web: `/healthz` and `/metrics` (Prometheus text format).

Metrics carry route names, never addresses, accounts or titles.
"""

import logging
import time
from collections.abc import Awaitable, Callable, Iterator

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.db import DatabaseError, connection
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.decorators import sync_and_async_middleware
from django_tasks_db.models import DBTaskResult
from prometheus_client import CONTENT_TYPE_LATEST, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import REGISTRY, Collector

from alpheus.catalogue.models import Asset
from alpheus.listening.models import Play

log = logging.getLogger("alpheus.web")

REQUESTS = Counter("alpheus_web_requests", "Requests answered by web.", ["method", "route", "status"])
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
"""A method is any word that a client likes to send, and every word would be a series that is kept for ever."""
SECONDS = Histogram(
    "alpheus_web_request_seconds",
    "Time that web took to answer.",
    ["route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)


class _Tables(Collector):
    """Gauges counted in the database when they are asked for."""

    def describe(self) -> list[GaugeMetricFamily]:
        """Name nothing ahead: the registry would otherwise collect, and so read the database, at import."""
        return []

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield the gauges; none while the database does not answer, so that the rest is still served."""
        try:
            yield self._by_state("alpheus_assets", "Assets by state of ingest.", Asset.objects, "state")
            yield self._by_state("alpheus_tasks", "Tasks by state.", DBTaskResult.objects, "status")
            yield self._by_state(
                "alpheus_plays", "Plays folded, by whether they qualify.", Play.objects, "qualified"
            )
        except DatabaseError:
            return

    @staticmethod
    def _by_state(name: str, text: str, rows: "object", field: str) -> GaugeMetricFamily:
        gauge = GaugeMetricFamily(name, text, labels=[field])
        for row in rows.values(field).annotate(n=Count("pk")).order_by(field):  # type: ignore[attr-defined]
            gauge.add_metric([str(row[field]).lower()], row["n"])
        return gauge


REGISTRY.register(_Tables())


def health(_request: HttpRequest) -> JsonResponse:
    """Whether web can do its work: 200 with `{"status": "ok"}`, or 503 with what is wrong."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        # The server's own words name hosts, users and files: they are for the operator's log.
        log.exception("database_unavailable")
        return JsonResponse({"status": "bad", "database": "does not answer; the log says more"}, status=503)
    return JsonResponse({"status": "ok"})


def metrics(_request: HttpRequest) -> HttpResponse:
    """All metrics of web in Prometheus' text format."""
    return HttpResponse(generate_latest(), content_type=CONTENT_TYPE_LATEST)


def _note(request: HttpRequest, response: HttpResponse, started: float) -> HttpResponse:
    match = request.resolver_match
    route = match.route if match else "none"
    method = request.method if request.method in METHODS else "other"
    REQUESTS.labels(method, route, response.status_code).inc()
    SECONDS.labels(route).observe(time.perf_counter() - started)
    return response


@sync_and_async_middleware
def measure_requests(
    get_response: Callable[[HttpRequest], HttpResponse | Awaitable[HttpResponse]],
) -> Callable[[HttpRequest], HttpResponse | Awaitable[HttpResponse]]:
    """Count and time every request by its route."""
    if iscoroutinefunction(get_response):

        async def measured_async(request: HttpRequest) -> HttpResponse:
            started = time.perf_counter()
            return _note(request, await get_response(request), started)

        return markcoroutinefunction(measured_async)

    def measured(request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        return _note(request, get_response(request), started)  # type: ignore[arg-type]

    return measured
