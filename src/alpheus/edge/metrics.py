"""What an operator's monitoring asks of an edge: counters kept by hand, in Prometheus' text format.

By hand, because a counter is touched on every segment and the client library's import alone costs more than the
edge's own start. Text format: https://prometheus.io/docs/instrumenting/exposition_formats/
"""

import threading
from collections.abc import Callable

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Counter:
    """A number that grows, kept per value of its labels; counted from any thread."""

    __slots__ = ("_lock", "labels", "name", "text", "values")

    def __init__(self, name: str, text: str, *labels: str) -> None:
        self.name = name
        self.text = text
        self.labels = labels
        self.values: dict[tuple[str, ...], float] = {} if labels else {(): 0}
        self._lock = threading.Lock()

    def add(self, amount: float = 1, *values: str) -> None:
        """Count `amount` under these values of the labels."""
        with self._lock:
            self.values[values] = self.values.get(values, 0) + amount

    @property
    def total(self) -> float:
        """The sum over all labels."""
        return sum(list(self.values.values()))

    def lines(self) -> list[str]:
        """Write it in Prometheus' text format."""
        head = [f"# HELP {self.name} {self.text}", f"# TYPE {self.name} counter"]
        return head + [_line(self.name, self.labels, values, n) for values, n in sorted(self.values.items())]


class Gauge:
    """A number read when it is asked for."""

    __slots__ = ("name", "read", "text")

    def __init__(self, name: str, text: str, read: Callable[[], float]) -> None:
        self.name = name
        self.text = text
        self.read = read

    def lines(self) -> list[str]:
        """Write it in Prometheus' text format."""
        head = [f"# HELP {self.name} {self.text}", f"# TYPE {self.name} gauge"]
        return [*head, _line(self.name, (), (), self.read())]


def _line(name: str, labels: tuple[str, ...], values: tuple[str, ...], number: float) -> str:
    pairs = ",".join(f'{label}="{value}"' for label, value in zip(labels, values, strict=True))
    written = int(number) if float(number).is_integer() else round(number, 6)
    return f"{name}{{{pairs}}} {written}" if pairs else f"{name} {written}"


class Metrics:
    """All counters of one edge; gauges are added by who can read them."""

    def __init__(self) -> None:
        self.requests = Counter("alpheus_edge_requests_total", "Requests answered.", "route", "status")
        self.refused = Counter("alpheus_edge_refused_total", "Wants and requests refused.", "code")
        self.at_once = Counter(
            "alpheus_edge_at_once_total", "Segments answered from memory without the event loop."
        )
        self.segment_bytes = Counter("alpheus_edge_segment_bytes_total", "Ciphertext sent.")
        self.released_seconds = Counter("alpheus_edge_released_seconds_total", "Music whose keys left.")
        self.blends = Counter("alpheus_edge_blends_total", "Segments blended and encrypted.")
        self.store_reads = Counter("alpheus_edge_store_reads_total", "Reads from the object store.")
        self.store_errors = Counter("alpheus_edge_store_errors_total", "Reads that failed.")
        self.corrupt = Counter("alpheus_edge_corrupt_total", "Stored objects found damaged, never served.")
        self.cache_hits = Counter("alpheus_edge_cache_hits_total", "Found in the cloud cache.", "tier")
        self.cache_misses = Counter(
            "alpheus_edge_cache_misses_total", "Not found in the cloud cache.", "tier"
        )
        self.cache_evictions = Counter(
            "alpheus_edge_cache_evictions_total", "Dropped from the cloud cache.", "tier"
        )
        self.epoch_turns = Counter("alpheus_edge_epoch_turns_total", "Epochs turned by command.")
        self.keylog_records = Counter("alpheus_edge_keylog_records_total", "Records on disk.")
        self.keylog_bytes = Counter("alpheus_edge_keylog_bytes_total", "Bytes of records on disk.")
        self.keylog_syncs = Counter("alpheus_edge_keylog_syncs_total", "fdatasync calls, one a group.")
        self.keylog_flush_seconds = Counter(
            "alpheus_edge_keylog_flush_seconds_total", "Time that writing and flushing groups took."
        )
        self.keylog_turned_away = Counter(
            "alpheus_edge_keylog_turned_away_total", "Releases refused because too many waited for the disk."
        )
        self.keylog_errors = Counter("alpheus_edge_keylog_errors_total", "Groups that could not be written.")
        self._gauges: list[Gauge] = []

    def gauge(self, name: str, text: str, read: Callable[[], float]) -> None:
        """Add a number that is read whenever the metrics are."""
        self._gauges.append(Gauge(name, text, read))

    def exposition(self) -> str:
        """Write all of them in Prometheus' text format."""
        counters = [value for value in vars(self).values() if isinstance(value, Counter)]
        metrics: list[Counter | Gauge] = [*counters, *self._gauges]
        lines = [line for metric in metrics for line in metric.lines()]
        return "\n".join(lines) + "\n"
